import { useCatalogue, type Catalogue } from '../../api/catalogue.ts'
import { plainLabel } from '../../api/definitions.ts'
import { Field, Input } from '../../design/field.tsx'
import { MultiPicker, Picker } from '../../design/picker.tsx'
import { label, t } from '../../i18n/index.ts'
import { isAlways } from '../conditions/sentence.ts'
import { Builder } from '../conditions/builder.tsx'
import type { Editing } from './block-editor.tsx'
import css from './prints.module.css'

export interface ChildFact { object: string; via: string; name: string }

/** What points to records of this object, by which of its fields. */
export const childrenOf = (catalogue: Catalogue, object: string): ChildFact[] => catalogue.objects.flatMap((each) => each.fields
  .filter((field) => (field.kind === 'reference' || field.kind === 'anyReference') && (field.to === '*' || [field.to ?? []].flat().includes(object)))
  .map((field) => ({ object: each.key, via: field.key, name: `${label(each.label)}（${label(field.label)}）` })))
export const childKey = ({ object, via }: { object: string; via: string }): string => `${object} ${via}`

/** Which records, which columns, in which order, added up where they can be. */
export function TableEditor({ object, block, onChange }: Editing<'table'>) {
  const catalogue = useCatalogue()
  const children = childrenOf(catalogue, object)
  const facts = catalogue.object(block.object)
  const fields = (facts?.fields ?? []).filter((field) => field.kind !== 'file').map((field) => ({ value: field.key, label: label(field.label) }))
  const sums = fields.filter(({ value }) => ['money', 'decimal', 'integer'].includes(facts?.field.get(value)?.kind ?? '') && block.columns.includes(value))
  const put = (next: { [K in keyof typeof block]?: (typeof block)[K] | undefined }) => onChange(Object.fromEntries(Object.entries({ ...block, ...next }).filter(([, each]) => each !== undefined)) as typeof block)
  const pick = (key: string | null) => { const child = children.find((each) => childKey(each) === key); if (child) onChange({ kind: 'table', object: child.object, via: child.via, columns: [catalogue.object(child.object)!.title] }) }
  return (
    <div className={css.grid}>
      <Field label={t('prints.rowsOf')}>{(control) => <Picker {...control} label={t('prints.rowsOf')} value={childKey(block)} options={children.map((each) => ({ value: childKey(each), label: each.name }))} onPick={pick} />}</Field>
      <Field label={t('prints.tableTitle')}>{(control) => <Input {...control} value={block.title ? label(block.title) : ''} maxLength={60} onText={(text) => put({ title: text ? plainLabel(text) : undefined })} />}</Field>
      <div className={css.whole}><Field label={t('prints.tableColumns')}>{(control) => <MultiPicker {...control} label={t('prints.tableColumns')} value={block.columns} options={fields} onPick={(columns) => columns.length > 0 && columns.length <= 10 && put({ columns: [...columns], sum: block.sum?.filter((key) => columns.includes(key)) })} />}</Field></div>
      <Field label={t('prints.sortBy')}>{(control) => <Picker {...control} clearable label={t('prints.sortBy')} value={block.sort?.field ?? null} options={fields} onPick={(field) => put({ sort: field ? { field, direction: 'asc' } : undefined })} />}</Field>
      <Field label={t('prints.sums')}>{(control) => <MultiPicker {...control} label={t('prints.sums')} value={block.sum ?? []} options={sums} onPick={(sum) => put({ sum: sum.length > 0 ? [...sum].slice(0, 4) : undefined })} />}</Field>
      <div className={css.whole}><Builder object={block.object} value={block.filter ?? { all: [] }} profile="filter" onChange={(filter) => put({ filter: isAlways(filter) ? undefined : filter })} /></div>
    </div>
  )
}
