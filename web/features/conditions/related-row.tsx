import type { CompareOperator, Condition } from '#language/conditions'
import { useCatalogue, type FieldShape } from '../../api/catalogue.ts'
import { Button, IconButton } from '../../design/button.tsx'
import { cx } from '../../design/classes.ts'
import { Input } from '../../design/field.tsx'
import { plain } from '../../design/format.ts'
import { Picker } from '../../design/picker.tsx'
import { label, t } from '../../i18n/index.ts'
import css from './builder.module.css'
import { problemAt, type Scope } from './builder.tsx'
import { GroupRows } from './group-rows.tsx'
import { Among, LengthInput } from './length-input.tsx'
import { relationName } from './names.ts'
import { groupOf, newLeaf, operatorsFor, relationsOf, topGroup, withOperator, type RelatedNode } from './tree.ts'
import { RecentMeasure, TrendMeasure } from './related-more.tsx'
import { OneValue, ValueInput } from './value-input.tsx'

type Kind = 'some' | 'none' | 'count' | 'sum' | 'latest' | 'recent' | 'trend'
const KINDS: Kind[] = ['some', 'none', 'count', 'sum', 'latest', 'recent', 'trend']
const SIGNS: CompareOperator[] = ['ge', 'le', 'gt', 'lt', 'eq', 'ne']
const SIGN_TEXT: Record<CompareOperator, string> = { eq: '=', ne: '≠', gt: '>', ge: '≥', lt: '<', le: '≤' }

const kindOfNode = (node: RelatedNode): Kind => KINDS.find((kind) => kind in node)!
const relationIn = (node: RelatedNode) => (node as unknown as Record<Kind, { object: string; via: string }>)[kindOfNode(node)]

/** Rows that point here: whether there are any, how many, how much together, or what the latest says. */
export function RelatedRow({ node, scope, onChange, onRemove }: { node: RelatedNode; scope: Scope; onChange: (node: Condition) => void; onRemove: () => void }) {
  const catalogue = useCatalogue()
  const kind = kindOfNode(node)
  const relation = relationIn(node)
  const relations = relationsOf(catalogue, scope.object, relationName)
  const child = catalogue.object(relation.object)
  const usable = child?.fields.filter((field) => !field.retired) ?? []
  const numeric = usable.filter((field) => field.kind === 'money' || field.kind === 'decimal' || field.kind === 'integer' || field.kind === 'percent')
  const rebuild = (nextKind: Kind, nextRelation = relation) => onChange(blank(nextKind, nextRelation, catalogue.object(nextRelation.object)?.fields ?? []))
  const problem = problemAt(scope, scope.path)
  return (
    <Among value>
    <div className={css.related}>
      <div className={css.leaf}>
        <Picker small label={t('conditions.relation')} value={`${relation.object}.${relation.via}`} options={relations.map((each) => ({ value: `${each.object}.${each.via}`, label: each.label }))} onPick={(text) => { const found = relations.find((each) => `${each.object}.${each.via}` === text); if (found) rebuild(kind, { object: found.object, via: found.via }) }} />
        <Picker small label={t('conditions.measure')} value={kind} options={KINDS.filter((each) => each !== 'sum' || numeric.length > 0).map((each) => ({ value: each, label: t(`conditions.kind_${each}`) }))} onPick={(next) => next && rebuild(next as Kind)} />
        <div className={cx(css.value, 'trend' in node && css.long)}><Measure node={node} fields={usable} numeric={numeric} onChange={onChange} /></div>
        <IconButton small icon="close" label={t('conditions.remove')} onClick={onRemove} />
        {problem && <p className={css.problem} role="alert">{problem}</p>}
      </div>
      {'recent' in node && <GroupRows group={topGroup(node.that)} scope={{ ...scope, object: relation.object, profile: 'filter', depth: scope.depth + 1, path: `${scope.path}.that.all` }} onChange={(group) => onChange({ ...node, that: groupOf(group) })} />}
      {node.where ? <GroupRows group={topGroup(node.where)} scope={{ ...scope, object: relation.object, profile: 'filter', depth: scope.depth + 1, path: `${scope.path}.where.all` }} onChange={(group) => onChange({ ...node, where: groupOf(group) })} onRemove={() => { const { where: _, ...rest } = node; onChange(rest as Condition) }} />
        : <Button small look="quiet" icon="plus" onClick={() => onChange({ ...node, where: { all: usable[0] ? [newLeaf(usable[0])] : [] } })}>{t('conditions.only', { name: label(child?.label) })}</Button>}
    </div>
    </Among>
  )
}

function blank(kind: Kind, relation: { object: string; via: string }, fields: readonly FieldShape[]): Condition {
  if (kind === 'some') return { some: relation }
  if (kind === 'none') return { none: relation }
  if (kind === 'count') return { count: relation, op: 'ge', value: 1 }
  if (kind === 'trend') return { trend: relation, ...alongOf(fields), per: '30d', periods: 2, move: 'down', percent: 40 }
  if (kind === 'recent') return { recent: relation, ...alongOf(fields), last: 2, that: { all: fields[0] ? [newLeaf(fields[0])] : [] } }
  if (kind === 'sum') return { sum: relation, of: fields.find((field) => field.kind === 'money' || field.kind === 'decimal' || field.kind === 'integer')?.key ?? '', op: 'ge', value: '0' }
  const field = fields.find((each) => each.kind === 'select') ?? fields[0]!
  return { latest: relation, of: field.key, op: newLeaf(field).op }
}

/** Along the first time of its own that it always has; else when it was made. */
function alongOf(fields: readonly FieldShape[]): { at?: string } {
  const own = fields.find((field) => !field.base && field.required && (field.kind === 'date' || field.kind === 'datetime')) ?? fields.find((field) => !field.base && (field.kind === 'date' || field.kind === 'datetime'))
  return own ? { at: own.key } : {}
}

function Measure({ node, fields, numeric, onChange }: { node: RelatedNode; fields: readonly FieldShape[]; numeric: readonly FieldShape[]; onChange: (node: Condition) => void }) {
  const fieldPicker = (of: string, list: readonly FieldShape[], pick: (key: string) => void) => <Picker small label={t('conditions.field')} value={of} options={list.map((field) => ({ value: field.key, label: label(field.label) }))} onPick={(key) => key && pick(key)} />
  if ('latest' in node) {
    const field = fields.find((each) => each.key === node.of)
    const leaf = { field: node.of, op: node.op, ...(node.value === undefined ? {} : { value: node.value }) }
    const put = (next: typeof leaf) => { const { value: _, ...rest } = node; onChange({ ...rest, of: next.field, op: next.op, ...(next.value === undefined ? {} : { value: next.value }) }) }
    return <span className={css.measure}>{fieldPicker(node.of, fields, (key) => put(newLeaf(fields.find((each) => each.key === key)!) as typeof leaf))}{field && <Picker small label={t('conditions.comparison')} value={node.op} options={operatorsFor(field).map((op) => ({ value: op, label: t(`conditions.op_${op}` as 'conditions.op_eq') }))} onPick={(op) => op && put(withOperator(leaf, op as typeof leaf.op) as typeof leaf)} />}{field && <ValueInput field={field} leaf={leaf} onChange={(next) => put(next as typeof leaf)} />}</span>
  }
  if ('recent' in node) return <RecentMeasure node={node} fields={fields} onChange={onChange} />
  if ('trend' in node) return <TrendMeasure node={node} fields={fields} numeric={numeric} onChange={onChange} />
  if (!('count' in node) && !('sum' in node)) return null
  const sign = <Picker small label={t('conditions.comparison')} value={node.op} options={SIGNS.map((op) => ({ value: op, label: SIGN_TEXT[op] }))} onPick={(op) => op && onChange({ ...node, op: op as CompareOperator })} />
  const summed = 'sum' in node ? numeric.find((field) => field.key === node.of) : undefined
  return (
    <span className={css.measure}>
      {'sum' in node && fieldPicker(node.of, numeric, (of) => onChange({ ...node, of }))}
      {sign}
      {'sum' in node ? summed && <OneValue field={summed} value={node.value} onChange={(value) => onChange({ ...node, value: plain(value) || '0' })} /> : <Input small inputMode="numeric" aria-label={t('conditions.value')} value={String(node.value)} onText={(text) => onChange({ ...node, value: Number(text.replace(/\D/g, '').slice(0, 6)) })} />}
      <Window within={node.within} onChange={(within) => { const { within: _, ...rest } = node; onChange((within ? { ...rest, within } : rest) as Condition) }} />
    </span>
  )
}

function Window({ within, onChange }: { within: string | undefined; onChange: (within: string | undefined) => void }) {
  if (within === undefined) return <Button small look="quiet" icon="clock" onClick={() => onChange('7d')}>{t('conditions.anyTime')}</Button>
  return <span className={css.measure}><span className="quiet dense">{t('conditions.within')}</span><LengthInput value={within} onChange={onChange} /><IconButton small icon="close" label={t('conditions.anyTime')} onClick={() => onChange(undefined)} /></span>
}
