import { Refused, refuse, refused } from '#contract'
import type { Condition } from '#language/conditions'
import type { Grouping, Measure } from '#language/definitions'
import { params, readableLens, type Context, type Lens, type Params } from '#kernel/access'
import { sqlState, type Tx } from '#platform/db'
import { groupSql, measureSql, type GroupSql, type MeasureSql } from './measures.ts'
import type { ObjectPlan } from './plan.ts'
import { planHere, whereSql } from './where.ts'

export interface AggregateQuery {
  filter?: Condition | undefined
  search?: string | undefined
  /** Default: how many records. */
  measures?: readonly Measure[] | undefined
  /** None, one or two levels. */
  groupBy?: readonly Grouping[] | undefined
  /** By the key of the first level, or by the size of a measure (its number); default by the first measure, largest first. Empty keys come last. */
  order?: { by: 'key' | number; direction: 'asc' | 'desc' } | undefined
  /** Only the first so many keys of the first level stand for themselves; all others together are the rest. */
  top?: number | undefined
}
/** A key is null where the field is empty. */
export type AggregateKey = string | number | boolean | null
/** Decimals are text; null: nothing to reckon, or not known of the rest (distinct). */
export type AggregateValue = string | number | null
export interface AggregateRow { keys: AggregateKey[]; rest: boolean; count: number; values: AggregateValue[] }
/** `more`: there are groups beyond these. `total` is that of all records, each once, whatever is left out. */
export interface Aggregate { rows: AggregateRow[]; total: { count: number; values: AggregateValue[] }; more: boolean }

const GROUPS = 1_000
const LEVELS = 2

/**
 * Counts, sums, averages, extremes and distinct values of the visible records that meet the query, through effective values.
 * Refused NOT_FOUND, FIELD_NOT_AVAILABLE, AGGREGATE_NOT_AVAILABLE, CONDITION_INVALID before anything is read. At most 1,000 groups. One statement.
 */
export async function aggregate(ctx: Context, object: string, query: AggregateQuery): Promise<Aggregate> {
  const reckoning = reckoningOf(ctx, object, query)
  const rows = await ctx.tx.query<Row>(textOf(reckoning), reckoning.given.values)
  return answerOf(reckoning, rows)
}

/** The rest of the transaction reckons this long at most; whoever asks for more is told so by AGGREGATE_TOO_LARGE. */
export async function budgeted<T>(tx: Tx, seconds: number, work: () => Promise<T>): Promise<T> {
  await tx.query(`set local statement_timeout = ${Math.round(seconds * 1000)}`)
  try {
    return await work()
  } catch (error) {
    throw sqlState(error) === CANCELLED ? new Refused(refuse('AGGREGATE_TOO_LARGE', undefined, { seconds })) : error
  }
}
const CANCELLED = '57014'

interface Reckoning { ctx: Context; plan: ObjectPlan; lens: Lens; query: AggregateQuery; given: Params; groups: readonly GroupSql[]; measures: readonly MeasureSql[] }
interface Row { k0?: AggregateKey; k1?: AggregateKey; rest?: boolean; n: number; all_n: number; [value: string]: unknown }

function reckoningOf(ctx: Context, object: string, query: AggregateQuery): Reckoning {
  const [plan, lens, given] = [planHere(ctx, object), readableLens(ctx, object), params()]
  const { groupBy = [] } = query
  if (groupBy.length > LEVELS) refused('REQUEST_INVALID', 'groupBy', { reason: `groupBy: ≤ ${LEVELS}` })
  return { ctx, plan, lens, query, given, groups: groupBy.map((each, no) => groupSql(ctx, lens, each, { no, given })), measures: measuresOf(query).map((each, no) => measureSql(lens, each, { no, given })) }
}

/** How many there are is what everybody wants to know first. */
const measuresOf = ({ measures }: AggregateQuery): readonly Measure[] => (measures?.length ? measures : [{ of: 'count' }])

function textOf(made: Reckoning): string {
  const { groups } = made
  return groups.length === 0 ? `SELECT s.n AS all_n, ${totals(made, 's.')} FROM (${gathered(made, [])}) s` : groupedSql(made)
}

/** Partials of each group. */
function gathered({ ctx, plan, lens, query, given, measures }: Reckoning, groups: readonly GroupSql[]): string {
  const columns = [...groups.map(({ key }, i) => `${key} AS k${i}`), 'count(*) AS n', ...measures.flatMap(({ partials }) => partials.map(({ name, sql }) => `${sql} AS ${name}`))]
  const grouped = groups.length > 0 ? ` GROUP BY ${groups.map((_, i) => i + 1).join(', ')}` : ''
  return `SELECT ${columns.join(', ')} FROM ${plan.object.table} r${groups.map(({ join }) => join).join('')} WHERE ${whereSql({ ctx, plan, lens }, query, given)}${grouped}`
}

/** Gathered by key, keys put in their place by the first level, those beyond the top folded into one. */
function groupedSql(made: Reckoning): string {
  const { groups, measures, query: { top } } = made
  const keys = groups.map((_, i) => `k${i}`)
  // Where a record may stand in several groups, or a value in several, all of them together are reckoned apart.
  const apart = groups.some(({ spread }) => spread) || measures.some(({ foldable }) => !foldable)
  const whole = apart ? `SELECT s.n AS all_n, ${totals(made, 's.')} FROM (${gathered(made, [])}) s` : `SELECT s.n AS all_n, ${totals(made, 's.')} FROM (SELECT ${joined(made)} FROM g) s`
  return `WITH g AS (${gathered(made, groups)}), placed AS (${placedSql(made)}), folded AS (${top === undefined ? `SELECT *, FALSE AS rest FROM placed` : foldedSql(made, top)}), whole AS (${whole})
    SELECT ${[...groups.map(({ day }, i) => (day ? `k${i}::text AS k${i}` : `k${i}`)), 'rest', 'n::int AS n', 'all_n', ...shown(made, 'f.'), ...measures.map((_, i) => `t${i}`)].join(', ')} FROM folded f CROSS JOIN whole
    ORDER BY place${keys.length > 1 ? ', k1' : ''} LIMIT ${GROUPS + 1}`
}

function placedSql({ groups, measures, query }: Reckoning): string {
  const order = query.order ?? { by: 0, direction: 'desc' as const }
  const key = `k0${groups[0]!.text ? ' COLLATE "zh-x-icu"' : ''}`
  const direction = order.direction === 'asc' ? 'ASC' : 'DESC'
  if (order.by === 'key') return `SELECT g.*, dense_rank() OVER (ORDER BY ${key} ${direction} NULLS LAST) AS place FROM g`
  const measure = measures[order.by] ?? refused('REQUEST_INVALID', 'order.by', { reason: 'order.by' })
  const join = new Map([['n', 'sum'], ...measure.partials.map(({ name, join: by }) => [name, by === 'max' && !measure.foldable ? 'sum' : by] as const)])
  const size = measure.size((name) => `${join.get(name)!}(${name}) OVER (PARTITION BY k0)`)
  return `SELECT l.*, dense_rank() OVER (ORDER BY size ${direction} NULLS LAST, ${key} NULLS LAST) AS place FROM (SELECT g.*, ${size} AS size FROM g) l`
}

function foldedSql({ groups, measures, given }: Reckoning, top: number): string {
  const most = given.add(top, 'int')
  const beyond = `place > ${most}`
  const partials = measures.flatMap(({ partials: each, foldable }) => each.map(({ name, join }) => (foldable ? `${join}(${name}) AS ${name}` : `CASE WHEN min(place) <= ${most} THEN max(${name}) END AS ${name}`)))
  const keys = [`CASE WHEN ${beyond} THEN NULL ELSE k0 END AS k0`, ...(groups.length > 1 ? ['k1'] : []), `${beyond} AS rest`]
  return `SELECT ${[...keys, 'sum(n) AS n', ...partials, 'min(place) AS place'].join(', ')} FROM placed GROUP BY ${keys.map((_, i) => i + 1).join(', ')}`
}

const joined = ({ measures }: Reckoning): string => ['coalesce(sum(n), 0) AS n', ...measures.flatMap(({ partials }) => partials.map(({ name, join }) => `${join}(${name}) AS ${name}`))].join(', ')
const shown = ({ measures }: Reckoning, from: string): string[] => measures.map((measure, i) => `${measure.shown((name) => `${from}${name}`)} AS v${i}`)
const totals = ({ measures }: Reckoning, from: string): string => measures.map((measure, i) => `${measure.shown((name) => `${from}${name}`)} AS t${i}`).join(', ')

/** Distinct values and counts arrive as text of a whole number. */
function answerOf({ groups, measures, query, ctx }: Reckoning, rows: readonly Row[]): Aggregate {
  const kinds = measuresOf(query)
  const values = (row: Row, letter: 'v' | 't') => measures.map((_, i): AggregateValue => valueOf(kinds[i]!, row[`${letter}${i}`] as AggregateValue))
  const [first] = rows
  const total = first ? { count: Number(first.all_n), values: values(first, 't') } : { count: 0, values: kinds.map((each) => valueOf(each, null)) }
  const named = (key: AggregateKey, no: number) => (query.groupBy![no]!.field === 'tags' && typeof key === 'number' ? (ctx.metadata.tags.byId.get(key)?.key ?? String(key)) : key)
  const shownRows = groups.length === 0 ? [] : rows.slice(0, GROUPS).map((row): AggregateRow => ({ keys: groups.map((_, i) => named(row[`k${i}`] as AggregateKey, i)), rest: row.rest === true, count: row.n, values: values(row, 'v') }))
  return { rows: shownRows, total, more: rows.length > GROUPS }
}

const valueOf = ({ of }: Measure, value: AggregateValue): AggregateValue => (of === 'count' ? Number(value ?? 0) : of === 'distinct' && value !== null ? Number(value) : value)
