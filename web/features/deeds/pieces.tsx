import type { DefinitionBody, DefinitionKind } from '#language/definitions'
import type { ReactNode } from 'react'
import { useCatalogue, type Catalogue, type FieldShape } from '../../api/catalogue.ts'
import { useVersions, type Definition } from '../../api/definitions.ts'
import { Button, IconButton } from '../../design/button.tsx'
import { Field, Input } from '../../design/field.tsx'
import { clockTime } from '../../design/format.ts'
import type { Option } from '../../design/options.tsx'
import { Failure, Panel, Skeleton, Tag } from '../../design/pieces.tsx'
import { Picker } from '../../design/picker.tsx'
import { label, t } from '../../i18n/index.ts'
import { FieldEditor } from '../records/field-editor.tsx'
import { publisher } from '../rules/rule-page.tsx'
import css from './deeds.module.css'

export type Literal = string | number | boolean | null

/** What is not said is left out. */
export const said = <T extends object>(body: { [K in keyof T]: T[K] | undefined }): T => Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined)) as T

/** The name in Chinese; the English one goes along until it is another. */
export function NameField({ name, onName }: { name: { zh: string; en: string }; onName: (name: { zh: string; en: string }) => void }) {
  return <Field label={t('definitions.name')} required>{(control) => <Input {...control} value={name.zh} maxLength={40} onText={(zh) => onName({ zh: zh || ' ', en: name.en === name.zh ? zh || ' ' : name.en })} />}</Field>
}

/** Fields of an object that a person could fill, as choices. */
export function fieldsOf(catalogue: Catalogue, object: string, suits: (field: FieldShape) => boolean = () => true): Option[] {
  return (catalogue.object(object)?.fields ?? []).filter((field) => !field.retired && suits(field)).map((field) => ({ value: field.key, label: label(field.label) }))
}
export const isMade = (field: FieldShape): boolean => !field.base && field.formula === undefined && field.rollup === undefined && field.kind !== 'auto'
export const objectsOf = (catalogue: Catalogue): Option[] => catalogue.objects.filter((object) => !object.immutable && !object.part).map((object) => ({ value: object.key, label: label(object.label) }))

/** Field by field, what is written; empty empties. */
export function SetRows({ object, value, onChange }: { object: string; value: Record<string, Literal>; onChange: (value: Record<string, Literal>) => void }) {
  const catalogue = useCatalogue()
  const facts = catalogue.object(object)
  const usable = (field: FieldShape) => isMade(field) && SETTABLE.has(field.kind)
  const free = fieldsOf(catalogue, object, usable).filter(({ value: key }) => !(key in value))
  const without = (key: string) => Object.fromEntries(Object.entries(value).filter(([each]) => each !== key))
  return (
    <>
      {Object.entries(value).map(([key, literal]) => {
        const field = facts?.field.get(key)
        return (
          <div key={key} className={css.pair}>
            <span>{field ? label(field.label) : key}</span><i>=</i>
            {field ? <FieldEditor field={{ ...field, required: false, readOnly: false, write: true }} value={literal} onChange={(next) => onChange({ ...value, [key]: next as Literal })} /> : <span className="hint">{String(literal)}</span>}
            <IconButton small icon="close" label={t('common.remove')} onClick={() => onChange(without(key))} />
          </div>
        )
      })}
      {free.length > 0 && <div className={css.add}><Picker small label={t('deeds.addField')} placeholder={`+ ${t('deeds.addField')}`} value={null} options={free} onPick={(key) => key && onChange({ ...value, [key]: null })} /></div>}
    </>
  )
}
const SETTABLE: ReadonlySet<string> = new Set(['text', 'long', 'select', 'boolean', 'integer', 'decimal', 'money', 'percent', 'date', 'datetime', 'region'])

interface Side<P> { key: keyof P & string; label: string; options: readonly Option[] }
interface PairsProps<P extends object> { rows: readonly P[]; left: Side<P>; right: Side<P>; /** May this stand beside that? Absent: anything. */ fits?: (left: string, right: string) => boolean; sign?: string; add: string; most: number; onChange: (rows: P[]) => void }
/** Rows of two choices: from here to there. Only what fits is offered. */
export function Pairs<P extends object>({ rows, left, right, fits = () => true, sign = '→', add, most, onChange }: PairsProps<P>) {
  const beside = (value: string) => right.options.filter((option) => fits(value, option.value))
  const taken = new Set(rows.map((row) => String(row[right.key])))
  // What nobody has filled yet comes first.
  const next = [...right.options].sort((a, b) => Number(taken.has(a.value)) - Number(taken.has(b.value))).flatMap((to) => { const from = left.options.find((option) => fits(option.value, to.value)); return from ? [{ [left.key]: from.value, [right.key]: to.value } as P] : [] })[0]
  const put = (at: number, row: P) => onChange(rows.map((each, i) => (i === at ? row : each)))
  const pickLeft = (at: number, row: P, value: string) => put(at, { ...row, [left.key]: value, ...(!fits(value, String(row[right.key])) && beside(value)[0] && { [right.key]: beside(value)[0]!.value }) })
  return (
    <>
      {rows.map((row, i) => (
        <div key={i} className={css.pair}>
          <Picker small label={left.label} value={String(row[left.key])} options={[...left.options]} onPick={(value) => value && pickLeft(i, row, value)} />
          <i>{sign}</i>
          <Picker small label={right.label} value={String(row[right.key])} options={beside(String(row[left.key]))} onPick={(value) => value && put(i, { ...row, [right.key]: value })} />
          <IconButton small icon="close" label={t('common.remove')} onClick={() => onChange(rows.filter((_, at) => at !== i))} />
        </div>
      ))}
      {rows.length < most && next && <div className={css.add}><Button small icon="plus" onClick={() => onChange([...rows, next])}>{add}</Button></div>}
    </>
  )
}

/** A value goes where its kind stands, and where text stands. */
export const carries = (catalogue: Catalogue, from: string, to: string) => (left: string, right: string): boolean => {
  const [was, becomes] = [catalogue.object(from)?.field.get(left), catalogue.object(to)?.field.get(right)]
  return was !== undefined && becomes !== undefined && (becomes.kind === 'text' || becomes.kind === 'long' || (was.kind === becomes.kind && was.dictionary === becomes.dictionary && was.to === becomes.to))
}

export const Part = ({ title, hint, children }: { title: string; hint?: string; children: ReactNode }) => <section className={css.part} aria-label={title}><h3>{title}</h3>{hint && <p className="hint">{hint}</p>}{children}</section>

/** Every version that was ever live; an old one is taken up again as a draft. */
export function Versions<K extends DefinitionKind>({ kind, stored, onTake }: { kind: K; stored: Definition<K>; onTake: (body: DefinitionBody<K>) => void }) {
  const { data, error, refetch } = useVersions(kind, stored.key)
  return (
    <Panel title={t('rules.versions')}>
      {error ? <Failure error={error} onRetry={refetch} /> : !data ? <Skeleton rows={2} height={40} /> : <ol>{data.versions.map((version) => (
        <li key={version.version} className={css.version}>
          <b>{t('common.version', { n: version.version })}</b>{version.version === stored.version && <Tag>{t('rules.live')}</Tag>}
          <span className="grow hint">{publisher({ publishedBy: version.by })} · {clockTime(version.at)}</span>
          {version.body && version.version !== stored.version && <Button small look="quiet" onClick={() => onTake(version.body as unknown as DefinitionBody<K>)}>{t('rules.takeUp')}</Button>}
        </li>
      ))}</ol>}
    </Panel>
  )
}
