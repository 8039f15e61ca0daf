import { pgTypeOf } from './kinds.ts'
import { fromMicros } from '../values/instant.ts'
import { foldAscii } from '../values/text.ts'
import { negative, positive } from './normalise.ts'
import { MEANINGS } from './operators.ts'
import type { AggregateNode, Bound, BoundLeaf, BoundNode, CountNode, ExistsNode, FieldRef, LatestNode, ParentNode, RecentNode, Span, SumNode, TrendNode } from './tree.ts'

/** A row in the statement: which object it is of, and the alias its columns are read by (already quoted where needed). */
export interface Row { object: string; alias: string }

/**
 * What a field reference means to the reader. `sql`: the effective value (the column, a mask, NULL when always hidden).
 * `visible`: present when visibility varies by row; a row where it is not true has an unknown, not an empty, value.
 * `object`: of an anyReference, the second column. `cases`: the same value part by part, at most one of which holds in a row; hidden in all others.
 */
export interface Column { sql: string; object?: string | undefined; visible?: string | undefined; cases?: readonly { when: string; sql: string }[] | undefined }

/** Rows of another object as the reader may see them. `visible`: the row scope; deleted rows are excluded here. */
export interface Source { table: string; row: Row; visible?: string | undefined }

/** What the caller hands in; shared by every part of one statement. */
export interface SqlEnv {
  row: Row
  column(row: Row, field: FieldRef): Column
  /** Opens children or a parent under a fresh alias. */
  source(object: string): Source
  /** `$n::type`; equal values may share a number. */
  param(value: unknown, pgType: string): string
  readonly values: readonly unknown[]
}

export interface Statement { text: string; values: readonly unknown[] }

/**
 * A SQL condition that is TRUE exactly for the records that meet `bound`; for WHERE and JOIN.
 *
 * Where the verdict is false or unknown it may be FALSE or NULL: do not negate it (negate the condition), do not show it (`toSqlVerdict`).
 */
export function toSql(bound: Bound, env: SqlEnv): Statement {
  return { text: trueWhen(positive(bound.root), env.row, env).text, values: env.values }
}

/** A boolean expression with the exact verdict: TRUE, FALSE, or NULL when a hidden cell decides. Costs about twice `toSql` when something may be hidden. */
export function toSqlVerdict(bound: Bound, env: SqlEnv): Statement {
  const met = trueWhen(positive(bound.root), env.row, env)
  const text = met.hidden ? `case when ${met.text} then true when ${trueWhen(negative(bound.root), env.row, env).text} then false end` : `((${met.text}) is true)`
  return { text, values: env.values }
}

/** SQL that is TRUE when the node is; `hidden`: whether a cell it reads may be unknown. */
export interface Piece { text: string; hidden: boolean }

/** `node` is normalised. */
export function trueWhen(node: BoundNode, row: Row, env: SqlEnv): Piece {
  switch (node.is) {
    case 'leaf': return leafWhen(node, row, env)
    case 'all': return joined(node.parts.map((part) => trueWhen(part, row, env)), ' and ', 'true')
    case 'any': return joined(node.parts.map((part) => trueWhen(part, row, env)), ' or ', 'false')
    case 'parent': return parentWhen(node, row, env, 'exists')
    case 'not': return absentWhen(node.part, row, env)
    case 'some': case 'none': return childrenWhen(node, row, env)
    case 'count': case 'sum': return comparedWhen(node, row, env)
    case 'latest': return latestWhen(node, row, env)
    case 'recent': return recentWhen(node, row, env)
    case 'trend': return trendWhen(node, row, env)
    case 'changed': case 'changedTo': throw new TypeError('changed has no meaning in SQL: a row has no before')
  }
}

function joined(pieces: readonly Piece[], by: ' and ' | ' or ', none: string): Piece {
  if (pieces.length === 0) return { text: none, hidden: false }
  if (pieces.length === 1) return pieces[0]!
  return { text: `(${pieces.map(({ text }) => text).join(by)})`, hidden: pieces.some(({ hidden }) => hidden) }
}

function leafWhen(leaf: BoundLeaf, row: Row, env: SqlEnv): Piece {
  const column = columnOf(row, leaf.field, env)
  if (column.cases) return { text: casesWhen(leaf, column.cases, env), hidden: column.visible !== undefined }
  return seen(column, leafSql(leaf, leaf.field.part === 'object' ? column.object! : column.sql, env))
}

const casesWhen = (leaf: BoundLeaf, cases: NonNullable<Column['cases']>, env: SqlEnv): string =>
  (cases.length === 0 ? 'false' : `(${cases.map(({ when, sql }) => `(${when} and ${leafSql(leaf, sql, env)})`).join(' or ')})`)

/** An always-hidden field is a bare NULL to the caller; operators and aggregates need to know of which type. */
function columnOf(row: Row, field: FieldRef, env: SqlEnv): Column {
  const column = env.column(row, field)
  const typed = column.sql === 'NULL' ? { ...column, sql: `null::${pgTypeOf({ kind: field.kind })}` } : column
  return field.kind !== 'anyReference' || (typed.object ?? 'NULL') !== 'NULL' ? typed : { ...typed, object: 'null::text' }
}

const seen = ({ visible }: Column, text: string): Piece => (visible === undefined ? { text, hidden: false } : { text: `(${visible} and ${text})`, hidden: true })

/** A leaf about any expression of the field's type. */
export function leafSql(leaf: BoundLeaf, left: string, env: Pick<SqlEnv, 'param'>): string {
  return MEANINGS[leaf.op].sql(wrapped(left), ...params(leaf).map((value) => value && env.param(value.value, value.type)))
}

const wrapped = (sql: string): string => (/^[\w".:]+$/.test(sql) ? sql : `(${sql})`)

type Param = { value: unknown; type: string } | null
function params({ field, op, right }: BoundLeaf): Param[] {
  const type = pgTypeOf(field)
  switch (op) {
    case 'empty': case 'notEmpty': case 'emptySet': case 'notEmptySet': return []
    case 'in': case 'notIn': return [{ value: right, type: `${type}[]` }]
    case 'between': case 'notBetween': return (right as unknown[]).map((value) => ({ value, type }))
    case 'during': case 'outside': return [(right as Span).from, (right as Span).until].map((end) => end === null ? null : { value: typeof end === 'number' ? fromMicros(end) : end, type })
    case 'contains': case 'notContains': return [{ value: `%${escaped(right as string)}%`, type: 'text' }]
    case 'startsWith': case 'notStartsWith': return [{ value: `${escaped(right as string)}%`, type: 'text' }]
    case 'prefixed': case 'notPrefixed': return (right as string[]).flatMap((prefix) => [{ value: prefix, type: 'text' }, { value: following(prefix), type: 'text' }])
    default: return [{ value: right, type }]
  }
}

const escaped = (needle: string): string => foldAscii(needle).replace(/[\\%_]/g, '\\$&')
const following = (prefix: string): string => prefix.slice(0, -1) + String.fromCharCode(prefix.charCodeAt(prefix.length - 1) + 1)

/** The live parent row, as far as the reader sees it: nothing, when the reference is empty, the record deleted or out of scope. */
function parentWhen(node: ParentNode<BoundLeaf>, row: Row, env: SqlEnv, exists: 'exists' | 'not exists'): Piece {
  const reference = columnOf(row, node.field, env)
  const { table, row: parent, visible } = env.source(node.object)
  const where = trueWhen(node.where, parent, env)
  const conditions = [`${parent.alias}.id = ${wrapped(reference.sql)}`, `${parent.alias}.gone_act is null`, visible, where.text === 'true' ? undefined : where.text]
  const piece = seen(reference, `${exists} (select from ${table} ${parent.alias} where ${conjunction(conditions)})`)
  return { ...piece, hidden: piece.hidden || where.hidden }
}

function absentWhen(part: BoundNode, row: Row, env: SqlEnv): Piece {
  if (part.is === 'parent') return parentWhen(part, row, env, 'not exists')
  throw new TypeError(part.is === 'changed' || part.is === 'changedTo' ? 'changed has no meaning in SQL: a row has no before' : 'not a normalised condition')
}

const conjunction = (conditions: readonly (string | undefined)[]): string => conditions.filter(Boolean).join(' and ')

/** Children of `row` that the reader sees, under their alias: the FROM part, the link, and whether each meets `where`. */
interface Children { from: string; alias: Row; link: string; met: Piece }

export function childrenOf(node: AggregateNode<BoundLeaf>, row: Row, env: SqlEnv): Children {
  const { table, row: child, visible } = env.source(node.relation.object)
  const link = columnOf(child, node.relation.via, env)
  const object = node.relation.via.kind === 'anyReference' ? `${link.object} = ${env.param(row.object, 'text')}` : undefined
  const conditions = [`${wrapped(link.sql)} = ${row.alias}.id`, object, `${child.alias}.gone_act is null`, link.visible, visible]
  return { from: `${table} ${child.alias}`, alias: child, link: conjunction(conditions), met: trueWhen(node.where, child, env) }
}

const rowsThat = ({ from, link }: Children, condition: string): string => `from ${from} where ${conjunction([link, condition === 'true' ? undefined : condition])}`

function childrenWhen(node: AggregateNode<BoundLeaf>, row: Row, env: SqlEnv): Piece {
  const children = childrenOf(node, row, env)
  const { text, hidden } = children.met
  if (node.is === 'some') return { text: `exists (select ${rowsThat(children, text)})`, hidden }
  const possible = hidden ? `((${text}) is true or (${failing(node, children, env).text}) is not true)` : text
  return { text: `not exists (select ${rowsThat(children, possible)})`, hidden }
}

const failing = (node: AggregateNode<BoundLeaf>, { alias }: Children, env: SqlEnv): Piece => trueWhen(negative(node.where), alias, env)

function comparedWhen(node: CountNode<BoundLeaf> | SumNode<BoundLeaf>, row: Row, env: SqlEnv): Piece {
  const value = node.is === 'count' ? env.param(node.value, 'int8') : env.param(node.value, 'numeric')
  const { text, hidden } = aggregated(node, row, env)
  return undecided(node, `${text} ${COMPARE[node.op]} ${value}`, hidden, row, env)
}

const COMPARE = { eq: '=', ne: '<>', gt: '>', ge: '>=', lt: '<', le: '<=' } as const

/** The number itself, as a scalar subquery; also what an engine fetches to decide in memory. */
export function aggregated(node: CountNode<BoundLeaf> | SumNode<BoundLeaf>, row: Row, env: SqlEnv): Piece {
  const children = childrenOf(node, row, env)
  if (node.is === 'count') return { text: `(select count(*) ${rowsThat(children, children.met.text)})`, hidden: children.met.hidden }
  const { sql, visible } = columnOf(children.alias, node.of, env)
  return { text: `(select coalesce(sum(${sql}), 0) ${rowsThat(children, children.met.text)})`, hidden: children.met.hidden || visible !== undefined }
}

/** An aggregate says nothing as long as a hidden cell of a visible child decides over it. */
// oxlint-disable-next-line max-params -- what is asked, its answer, and where
function undecided(node: Deciding, verdict: string, hidden: boolean, row: Row, env: SqlEnv, unjudged?: (children: Children) => string): Piece {
  if (!hidden) return { text: verdict, hidden }
  const children = childrenOf(node, row, env)
  const met = `(${children.met.text}) is true`
  const maybe = `(not ${met} and (${failing(node, children, env).text}) is not true)`
  const unread = decidingFields(node).flatMap((field) => env.column(children.alias, field).visible ?? [])
  const unknown = [...(unread.length === 0 ? [] : [`(${unread.join(' and ')}) is not true`]), ...(unjudged ? [unjudged(children)] : [])]
  const open = unknown.length === 0 ? maybe : `(${maybe} or (${met} and (${unknown.join(' or ')})))`
  return { text: `(not exists (select ${rowsThat(children, open)}) and ${verdict})`, hidden }
}

type Deciding = Exclude<AggregateNode<BoundLeaf>, ExistsNode<BoundLeaf>>
function decidingFields(node: Deciding): FieldRef[] {
  switch (node.is) {
    case 'count': return []
    case 'sum': return [node.of]
    case 'latest': return [node.at, node.leaf.field]
    case 'recent': return [node.at]
    case 'trend': return node.of ? [node.of] : []
  }
}

/** How many of the newest children that meet `where` meet `that`, at most `last`. */
export function recentlyMet(node: RecentNode<BoundLeaf>, row: Row, env: SqlEnv): Piece {
  const children = childrenOf(node, row, env)
  const [time, that] = [columnOf(children.alias, node.at, env), trueWhen(node.that, children.alias, env)]
  const rows = rowsThat(children, conjunction([`${wrapped(time.sql)} is not null`, children.met.text === 'true' ? undefined : children.met.text]))
  const newest = `select ${that.text} as met ${rows} order by ${time.sql} desc, ${children.alias.alias}.id desc limit ${env.param(node.last, 'int8')}`
  return { text: `(select count(*) from (${newest}) newest where newest.met)`, hidden: children.met.hidden || time.visible !== undefined || that.hidden }
}

function recentWhen(node: RecentNode<BoundLeaf>, row: Row, env: SqlEnv): Piece {
  const { text, hidden } = recentlyMet(node, row, env)
  const verdict = `${text} ${COMPARE[node.op]} ${env.param(node.last, 'int8')}`
  const unjudged = ({ alias }: Children): string => `((${trueWhen(node.that, alias, env).text}) is not true and (${trueWhen(negative(node.that), alias, env).text}) is not true)`
  return undecided(node, verdict, hidden, row, env, unjudged)
}

/** One row with the number of each span, `v0` the newest. */
export function trendRow(node: TrendNode<BoundLeaf>, row: Row, env: SqlEnv): Piece {
  const children = childrenOf(node, row, env)
  const of = node.of && columnOf(children.alias, node.of, env)
  const numbers = node.spans.map((span, i) => `${of ? `coalesce(sum(${of.sql}) filter (where ${trueWhen(span, children.alias, env).text}), 0)` : `count(*) filter (where ${trueWhen(span, children.alias, env).text})`}::numeric as v${i}`)
  return { text: `select ${numbers.join(', ')} ${rowsThat(children, children.met.text)}`, hidden: children.met.hidden || of?.visible !== undefined }
}

function trendWhen(node: TrendNode<BoundLeaf>, row: Row, env: SqlEnv): Piece {
  const { text, hidden } = trendRow(node, row, env)
  const [sign, bound] = node.move === 'down' ? ['<', 100 - node.percent] : ['>', 100 + node.percent]
  const steps = Array.from({ length: node.periods }, (_, i) => `trend.v${i + 1} > 0 and trend.v${i} * 100 ${sign} trend.v${i + 1} * ${env.param(bound, 'numeric')}`)
  return undecided(node, `${node.met ? 'exists' : 'not exists'} (select from (${text}) trend where ${steps.join(' and ')})`, hidden, row, env)
}

function latestWhen(node: LatestNode<BoundLeaf>, row: Row, env: SqlEnv): Piece {
  const { text: rows, hidden } = latestRow(node, row, env)
  const leaf = node.leaf
  const value = leaf.field.part === 'object' ? 'latest.object' : 'latest.value'
  const absent = leaf.op === 'empty' || leaf.op === 'emptySet'
  const present: BoundLeaf = absent ? { ...leaf, op: MEANINGS[leaf.op].twin } : leaf
  const verdict = `${absent ? 'not exists' : 'exists'} (select from (${rows}) latest where ${leafSql(present, value, env)})`
  return undecided(node, verdict, hidden, row, env)
}

/** The newest child that meets `where`: its value (and object, of an anyReference). */
export function latestRow(node: LatestNode<BoundLeaf>, row: Row, env: SqlEnv): Piece {
  const children = childrenOf(node, row, env)
  const [at, of] = [columnOf(children.alias, node.at, env), columnOf(children.alias, node.leaf.field, env)]
  const object = of.object === undefined ? '' : `, ${of.object} as object`
  const rows = rowsThat(children, conjunction([`${wrapped(at.sql)} is not null`, children.met.text === 'true' ? undefined : children.met.text]))
  const hidden = children.met.hidden || at.visible !== undefined || of.visible !== undefined
  return { text: `select ${of.sql} as value${object} ${rows} order by ${at.sql} desc, ${children.alias.alias}.id desc limit 1`, hidden }
}

