import type { Conversion } from '#language/definitions'
import { useCatalogue, type Catalogue, type FieldShape, type ObjectFacts } from '../../api/catalogue.ts'
import { IconButton } from '../../design/button.tsx'
import { Check } from '../../design/field.tsx'
import type { Option } from '../../design/options.tsx'
import { Panel } from '../../design/pieces.tsx'
import { MultiPicker } from '../../design/picker.tsx'
import { label, t } from '../../i18n/index.ts'
import { nameOf } from './deeds-page.tsx'
import { carries, fieldsOf, isMade, Pairs, Part, SetRows } from './pieces.tsx'

type Target = Conversion['targets'][number]
type Rows = NonNullable<Target['lines']>[number]

/** Fields of the source that may point to something new, each with the object it points to. */
export const freeTargets = (catalogue: Catalogue, source: string, taken: readonly Target[]): (Option & { object: string })[] =>
  (catalogue.object(source)?.fields ?? []).filter((field) => !field.retired && !field.base && field.kind === 'reference' && typeof field.to === 'string' && !taken.some(({ into }) => into === field.key) && catalogue.object(field.to))
    .map((field) => ({ value: field.key, label: t('deeds.targetIn', { object: nameOf(catalogue, field.to as string), field: label(field.label) }), object: field.to as string }))

interface Props { source: string; target: Target; before: readonly Target[]; onChange: (target: Target) => void; onRemove: () => void }

/** One thing that is made: where its values come from, what is asked, what counts as the same. */
export function TargetEditor({ source, target, before, onChange, onRemove }: Props) {
  const catalogue = useCatalogue()
  const put = (next: { [K in keyof Target]?: Target[K] | undefined }) => onChange(Object.fromEntries(Object.entries({ ...target, ...next }).filter(([, value]) => value !== undefined)) as Target)
  const title = t('deeds.targetIn', { object: nameOf(catalogue, target.object), field: label(catalogue.object(source)?.field.get(target.into)?.label) })
  const [here, there] = [fieldsOf(catalogue, source), fieldsOf(catalogue, target.object, isMade)]
  const [from, to] = [{ key: 'from' as const, label: t('deeds.from'), options: here }, { key: 'to' as const, label: t('deeds.to'), options: there }]
  return (
    <Panel title={title} label={title} acts={<IconButton small icon="trash" label={t('deeds.removeTarget', { name: title })} onClick={onRemove} />}>
      <Part title={t('deeds.mapping')} hint={t('deeds.mappingHint')}><Pairs rows={target.fields} left={from} right={to} fits={carries(catalogue, source, target.object)} add={t('deeds.addMapping')} most={60} onChange={(fields) => put({ fields })} /></Part>
      <Part title={t('deeds.constants')}><SetRows object={target.object} value={target.constants ?? {}} onChange={(constants) => put({ constants: Object.keys(constants).length > 0 ? constants : undefined })} /></Part>
      <Part title={t('deeds.askTarget')}><MultiPicker small label={t('deeds.askTarget')} value={target.ask} options={there} onPick={(ask) => put({ ask: ask.slice(0, 12) })} /></Part>
      <Part title={t('deeds.match')} hint={t('deeds.matchHint')}><Pairs rows={target.match} left={from} right={{ key: 'field', label: t('deeds.to'), options: there }} fits={carries(catalogue, source, target.object)} sign="=" add={t('deeds.addMatch')} most={6} onChange={(match) => put({ match })} /></Part>
      <Links source={source} target={target} before={before} onChange={(links) => put({ links })} />
      <Lines source={source} target={target} onChange={(lines) => put({ lines: lines.length > 0 ? lines : undefined })} />
      <Part title={t('deeds.options')}><Check checked={target.optional === true} onCheck={(on) => put({ optional: on || undefined })}>{t('deeds.optional')}</Check></Part>
    </Panel>
  )
}

const SOURCE = '$source'
/** References of what is made: to where it came from, and to what was made before it. */
function Links({ source, target, before, onChange }: { source: string; target: Target; before: readonly Target[]; onChange: (links: Target['links']) => void }) {
  const catalogue = useCatalogue()
  const pointing = (object: string) => (field: FieldShape) => field.kind === 'reference' && field.to === object
  const ends = [{ value: SOURCE, object: source }, ...before.map(({ into, object }) => ({ value: into, object }))].filter(({ object }) => fieldsOf(catalogue, target.object, pointing(object)).length > 0)
  const references = fieldsOf(catalogue, target.object, (field) => ends.some(({ object }) => pointing(object)(field)))
  if (references.length === 0) return null
  const pointsAt = (to: string, end: string) => { const object = ends.find(({ value }) => value === end)?.object; return object !== undefined && catalogue.object(target.object)?.field.get(to)?.to === object }
  const rows = target.links.map(({ to, target: end }) => ({ to, end: end ?? SOURCE }))
  return (
    <Part title={t('deeds.links')}>
      <Pairs rows={rows} left={{ key: 'to', label: t('deeds.reference'), options: references }} right={{ key: 'end', label: t('deeds.pointsTo'), options: ends.map(({ value, object }) => ({ value, label: value === SOURCE ? t('deeds.theSource', { name: nameOf(catalogue, object) }) : nameOf(catalogue, object) })) }} fits={pointsAt} add={t('deeds.addLink')} most={6}
        onChange={(next) => onChange(next.map(({ to, end }) => ({ to, ...(end !== SOURCE && { target: end }) })))} />
    </Part>
  )
}

/** Rows that are copied, where both have rows. */
function Lines({ source, target, onChange }: { source: string; target: Target; onChange: (lines: Rows[]) => void }) {
  const catalogue = useCatalogue()
  const [mine, theirs] = [linesOf(catalogue.object(source)), linesOf(catalogue.object(target.object))]
  const lines = target.lines ?? []
  if (mine.length === 0 || theirs.length === 0) return null
  const put = (at: number, next: Rows) => onChange(lines.map((each, i) => (i === at ? next : each)))
  const toggle = (on: boolean) => onChange(on ? [{ from: mine[0]!, to: theirs[0]!, fields: alike(catalogue, mine[0]!, theirs[0]!) }] : [])
  return (
    <Part title={t('deeds.rows')}>
      <Check checked={lines.length > 0} onCheck={toggle}>{t('deeds.copyRows', { from: nameOf(catalogue, mine[0]!), to: nameOf(catalogue, theirs[0]!) })}</Check>
      {lines.map((rows, i) => <Pairs key={rows.to} rows={rows.fields} left={{ key: 'from', label: t('deeds.from'), options: fieldsOf(catalogue, rows.from) }} right={{ key: 'to', label: t('deeds.to'), options: fieldsOf(catalogue, rows.to, isMade) }} fits={carries(catalogue, rows.from, rows.to)} add={t('deeds.addMapping')} most={30} onChange={(fields) => put(i, { ...rows, fields })} />)}
    </Part>
  )
}

const linesOf = (object: ObjectFacts | undefined): string[] => (object?.lines ?? []).map(({ object: rows }) => rows)
/** Fields that both kinds of rows have under the same key. */
const alike = (catalogue: Catalogue, from: string, to: string): Rows['fields'] =>
  (catalogue.object(from)?.fields ?? []).filter((field) => isMade(field) && catalogue.object(to)?.field.get(field.key)?.kind === field.kind && !(field.kind === 'reference' && catalogue.object(from)?.scopeVia === field.key)).map(({ key }) => ({ from: key, to: key }))
