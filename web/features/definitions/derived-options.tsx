import { checkFormula, FORMULA_KINDS, renamed } from '#language/formulas'
import { ALWAYS, schemaOf } from '#language/conditions'
import type { Field as FieldDefinition, ObjectDefinition, RollUp } from '#language/definitions'
import { useState } from 'react'
import { useCatalogue, type Catalogue } from '../../api/catalogue.ts'
import { Button } from '../../design/button.tsx'
import { Choice, Field, TextArea } from '../../design/field.tsx'
import { Picker } from '../../design/picker.tsx'
import { label, lang, t } from '../../i18n/index.ts'
import { Builder } from '../conditions/builder.tsx'
import css from './definitions.module.css'

interface Props { object: ObjectDefinition; draft: FieldDefinition; onChange: (next: Partial<FieldDefinition>) => void }
type Way = 'hand' | 'formula' | 'rollup'
const NUMBERS: readonly string[] = ['money', 'decimal', 'integer', 'percent']
const TAKES = ['sum', 'count', 'min', 'max', 'latest'] as const

/** Typed by people, or worked out: from other fields of the record, or from its children. */
export function DerivedOptions({ object, draft, onChange }: Props) {
  const way: Way = draft.formula !== undefined ? 'formula' : draft.rollup !== undefined ? 'rollup' : 'hand'
  const rests = { required: undefined, unique: undefined, default: undefined, check: undefined, copy: undefined }
  const choose = (next: Way) => onChange({ ...(next === 'hand' ? {} : rests), formula: next === 'formula' ? (draft.formula ?? '') : undefined, rollup: next === 'rollup' ? (draft.rollup ?? { object: '', via: '', take: 'count' }) : undefined })
  if (!(FORMULA_KINDS as readonly string[]).includes(draft.kind)) return null
  return (
    <fieldset className={css.box}>
      <legend>{t('definitions.source')}</legend>
      <Choice label={t('definitions.source')} value={way} onChoose={choose} options={[{ value: 'hand', label: t('definitions.byHand') }, { value: 'formula', label: t('definitions.formula') }, { value: 'rollup', label: t('definitions.rollup') }]} />
      {way === 'formula' && <FormulaEditor object={object} draft={draft} onChange={onChange} />}
      {way === 'rollup' && <RollUpEditor object={object} draft={draft} onChange={onChange} />}
    </fieldset>
  )
}

/** Written with the names that people know; stored with keys. What is wrong is said while typing. */
function FormulaEditor({ object, draft, onChange }: Props) {
  const catalogue = useCatalogue()
  const facts = catalogue.object(object.key)
  const fields = (facts?.fields ?? []).filter((field) => !field.retired && field.key !== draft.key && !field.base)
  const [byKey, byLabel] = [new Map(fields.map((field) => [field.key, label(field.label)])), new Map(fields.map((field) => [label(field.label), field.key]))]
  const [text, setText] = useState(() => renamed(draft.formula ?? '', (name) => named(byKey.get(name))))
  const put = (next: string) => { setText(next); onChange({ formula: renamed(next, (name) => byLabel.get(name)) }) }
  const problem = text.trim() === '' ? null : problemOf(catalogue, object, draft)
  return (
    <>
      <Field label={t('definitions.formula')} help={t('definitions.formulaHelp')} error={problem}>{(control) => <TextArea {...control} value={text} rows={3} spellCheck={false} onText={put} />}</Field>
      <div className={css.flags}>{fields.filter((field) => NUMBERS.includes(field.kind) || field.kind === 'date').slice(0, 12).map((field) => <Button key={field.key} small look="quiet" icon="plus" onClick={() => put(`${text}${text && !text.endsWith(' ') ? ' ' : ''}${named(label(field.label))!}`)}>{label(field.label)}</Button>)}</div>
    </>
  )
}

/** Names with spaces or signs stand in braces. */
const named = (name: string | undefined): string | undefined => (name === undefined ? undefined : /^[\p{L}_][\p{L}\p{N}_]*$/u.test(name) ? name : `{${name}}`)

function problemOf(catalogue: Catalogue, object: ObjectDefinition, draft: FieldDefinition): string | null {
  const schema = schemaOf(object.key, { objects: catalogue.objects as never, dictionaries: catalogue.dictionaries, tags: catalogue.tags })
  const result = checkFormula(draft.formula ?? '', { object: object.key, kind: draft.kind, dictionary: draft.dictionary, schema })
  return result.ok ? null : lang() === 'zh' ? result.problem.zh : result.problem.en
}

function RollUpEditor({ object, draft, onChange }: Props) {
  const catalogue = useCatalogue()
  const rollup = draft.rollup!
  const put = (next: Partial<RollUp>) => onChange({ rollup: Object.fromEntries(Object.entries({ ...rollup, ...next }).filter(([, value]) => value !== undefined)) as RollUp })
  const links = catalogue.objects.flatMap((child) => child.fields.filter((field) => !field.base && !field.retired && (field.kind === 'reference' || field.kind === 'anyReference') && [field.to ?? []].flat().some((to) => to === object.key || to === '*')).map((field) => ({ value: `${child.key}.${field.key}`, label: `${label(child.label)}（${label(field.label)}）` })))
  const child = catalogue.object(rollup.object)
  const taken = (child?.fields ?? []).filter((field) => !field.retired && (rollup.take === 'latest' ? field.kind === draft.kind : rollup.take === 'sum' ? NUMBERS.includes(field.kind) : field.kind === draft.kind))
  return (
    <div className={css.grid}>
      <Field label={t('definitions.rollupOf')} required>{(control) => <Picker {...control} label={t('definitions.rollupOf')} value={rollup.object ? `${rollup.object}.${rollup.via}` : null} options={links} onPick={(picked) => { const [of = '', via = ''] = (picked ?? '').split('.'); onChange({ rollup: { object: of, via, take: rollup.take } }) }} />}</Field>
      <Field label={t('definitions.rollupTake')} required>{(control) => <Picker {...control} label={t('definitions.rollupTake')} value={rollup.take} options={TAKES.map((take) => ({ value: take, label: t(`definitions.take_${take}`) }))} onPick={(take) => take && put({ take: take as RollUp['take'], of: take === 'count' ? undefined : rollup.of })} />}</Field>
      {rollup.take !== 'count' && child && <Field label={t('definitions.rollupField')} required>{(control) => <Picker {...control} label={t('definitions.rollupField')} value={rollup.of ?? null} options={taken.map((field) => ({ value: field.key, label: label(field.label) }))} onPick={(of) => put({ of: of ?? undefined })} />}</Field>}
      {child && <div className={css.wide}><p className="hint">{t('definitions.rollupWhere')}</p><Builder object={child.key} profile="field-check" value={rollup.where ?? ALWAYS} onChange={(where) => put({ where: 'all' in where && where.all.length === 0 ? undefined : where })} empty={t('definitions.rollupAll')} /></div>}
    </div>
  )
}
