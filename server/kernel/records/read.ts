import { Refused, refused } from '#contract'
import { filterSql, params, readableLens, type Context, type Lens, type Params } from '#kernel/access'
import { openCursor, sealCursor } from './cursor.ts'
import type { Row } from './image.ts'
import { tenantKeys, type TenantKeys } from './keys.ts'
import { planOf, type ObjectPlan } from './plan.ts'
import { searchSql } from './search.ts'
import { afterSql, orderOf, orderSql, phasesOf, phaseSql, positionSql, type Order, type Phase, type Position, written } from './sort.ts'
import type { Count, ListPage, ListQuery, RecordView } from './types.ts'
import { selectionOf, shapeOf, viewOf, type Held, type Shape, type Viewing } from './view.ts'

export const PAGE_LIMIT = 200

/**
 * One page of what the reader may see, keyset-paged, newest first unless sorted; empty values come last in both directions.
 * Refused NOT_FOUND (object), FIELD_NOT_AVAILABLE, CONDITION_INVALID, SORT_NOT_AVAILABLE, CURSOR_INVALID. One statement; two on the page where the empty values begin.
 */
export async function listRecords(ctx: Context, object: string, query: ListQuery): Promise<ListPage> {
  const [plan, lens, keys] = [planHere(ctx, object), readableLens(ctx, object), await tenantKeys(ctx)]
  const order = await orderOf(ctx, plan, lens, query.sort)
  const shape = shapeOf(plan, lens, query.fields)
  const limit = Math.min(Math.max(1, query.limit), PAGE_LIMIT)
  const bound = JSON.stringify([object, lens.version, query.filter ?? null, query.search ?? null, order.keys.map(({ field, descending }) => [field, descending])])
  const from = query.cursor === undefined ? null : openCursor<Position>(keys, query.cursor, bound)
  const rows = await readPhases({ ctx, plan, lens, shape, order, query, from, wanted: limit + 1 })
  const page = rows.slice(0, limit)
  return { records: page.map(({ row, held }) => viewOf({ ctx, plan, lens, shape, keys, held }, row)), next: rows.length > limit ? nextCursor(keys, page.at(-1)!.row, order, bound) : null }
}

interface Reading { ctx: Context; plan: ObjectPlan; lens: Lens; shape: Shape; order: Order; query: Pick<ListQuery, 'filter' | 'search'>; from: Position | null; wanted: number }

/** A row with the selection that it was read by. */
interface Found { row: Row; held: Held }

async function readPhases(reading: Reading): Promise<Found[]> {
  const rows: Found[] = []
  for (const phase of phasesOf(reading.order, reading.from)) {
    if (rows.length < reading.wanted) rows.push(...(await readPhase(reading, phase, reading.wanted - rows.length)))
  }
  return rows
}

async function readPhase({ order: wanted, ...asked }: Reading, phase: Phase, limit: number): Promise<Found[]> {
  const given = params()
  const order = written(wanted, given)
  const reading: Reading = { ...asked, order }
  const { ctx, lens, query } = reading
  const byCreation = order.keys[0]!.field === 'created_at'
  const ways = lens.ways('r', given, byCreation)
  const { columns, beside, held } = selectionOf(lens, reading.shape, given)
  const made: Made = { given, limit, ways, byCreation, what: `${columns}, ${positionSql(order)}` }
  const text = beside === '' ? pageSql(reading, phase, made) : shownLate(reading, phase, { ...made, beside })
  // Named, so that a page costs no planning; a search is not, its best plan depends on how common the words are (docs/decisions/named-reads.md).
  const rows = await ctx.tx.query<Row>(text, given.values, { instants: 'text', ...(!query.search && { name: `list ${lens.object}` }) })
  return rows.map((row) => ({ row, held }))
}

/** `what`: is selected of each row. */
interface Made { given: Params; limit: number; ways: readonly string[]; byCreation: boolean; what: string }

/** The page is found first, and what policies ask is asked of its rows only: 1.2 against 290 ms where the planner sorts all that may be seen. */
function shownLate(reading: Reading, phase: Phase, { beside, what, ...made }: Made & { beside: string }): string {
  const page = pageSql(reading, phase, { ...made, what: made.ways.length === 1 ? `r.id, ${keysSql(reading)}` : 'r.id' })
  return `SELECT ${what} FROM (${page}) k JOIN ${reading.plan.object.table} r ON r.id = k.id${beside} ORDER BY ${orderSql(keyed(reading.order, 'k'), phase)}`
}

/**
 * What is one's own is gathered from everybody's rows. In order of creation each way of seeing a record follows its own index
 * (measured 0.7 against 9 ms at 1 % of 200,000); in any other order it is found first and sorted then (250 against 1,100 ms at 1 % of 1,000,000).
 */
function pageSql(reading: Reading, phase: Phase, made: Made): string {
  if (made.ways.length === 1) return alongSql(reading, phase, made)
  return made.byCreation ? mergedSql(reading, phase, made) : gatheredSql(reading, phase, made)
}

/** Along one index, as far as the page goes. The limit is written out: of a parameter, a planner that plans for every reader at once assumes a tenth of all rows. */
const alongSql = (reading: Reading, phase: Phase, { given, limit, what, ways: [rows] }: Made): string =>
  `SELECT ${what} FROM ${reading.plan.object.table} r WHERE ${metSql(reading, phase, { given, rows: rows! })} ORDER BY ${orderSql(reading.order, phase)} LIMIT ${limit}`

/** Each way along its own index, merged in order and cut once. */
function mergedSql(reading: Reading, phase: Phase, made: Made): string {
  const cut = `ORDER BY ${orderSql(reading.order, phase)} LIMIT ${made.limit}`
  return sortedAgain(reading, phase, { limit: made.limit, rows: made.ways.map((rows) => `(${keyedSql(reading, phase, { ...made, rows })} ${cut})`).join(' UNION ALL ') })
}

/** Found first, sorted then: materialized, so that nobody walks an index of everybody's values instead. */
const gatheredSql = (reading: Reading, phase: Phase, made: Made): string =>
  `WITH seen AS MATERIALIZED (${made.ways.map((rows) => keyedSql(reading, phase, { ...made, rows })).join(' UNION ALL ')}) ${sortedAgain(reading, phase, { limit: made.limit, rows: 'SELECT * FROM seen' })}`

const keyedSql = (reading: Reading, phase: Phase, { given, what, rows }: Pick<Made, 'given' | 'what'> & { rows: string }): string =>
  `SELECT ${what}, ${keysSql(reading)} FROM ${reading.plan.object.table} r WHERE ${metSql(reading, phase, { given, rows })}`

const keysSql = ({ order }: Reading): string => order.keys.map(({ sql }, i) => `${sql} AS "$key${i}"`).join(', ')
const keyed = (order: Order, alias: string): Order => ({ ...order, keys: order.keys.map((key, i) => ({ ...key, sql: `${alias}."$key${i}"` })) })

const sortedAgain = ({ order }: Reading, phase: Phase, { limit, rows }: { limit: number; rows: string }): string =>
  `SELECT * FROM (${rows}) r ORDER BY ${orderSql(keyed(order, 'r'), phase)} LIMIT ${limit}`

const metSql = ({ ctx, plan, lens, order, query, from }: Reading, phase: Phase, { given, rows }: { given: Params; rows: string }): string =>
  `${whereSql({ ctx, plan, lens }, query, given, rows)} AND ${phaseSql(order, phase)} AND ${afterSql(order, phase, from, given)}`

const nextCursor = (keys: TenantKeys, row: Row, { keys: sorted }: Order, bound: string): string =>
  sealCursor(keys, { at: sorted.map((_, i) => row[`$at${i}`]), id: row['id'] } satisfies { at: unknown[]; id: unknown }, bound)

/** Visible rows that meet the filter and contain the words. The only place where a list, a count and an aggregate say which rows they mean. */
export function whereSql({ ctx, plan, lens }: Pick<Reading, 'ctx' | 'plan' | 'lens'>, { filter, search }: Pick<ListQuery, 'filter' | 'search'>, given: Params, rows = lens.rows('read', 'r', given)): string {
  const parts = [rows]
  if (filter) {
    const met = filterSql(ctx, plan.object.key, filter, { alias: 'r', params: given })
    if (!met.ok) throw new Refused(met.refusal)
    parts.push(`(${met.sql})`)
  }
  const found = search ? searchSql(plan, lens, search, { alias: 'r', params: given }) : null
  return [...parts, ...(found ? [found] : [])].join(' AND ')
}

/** What is known of an object; refused NOT_FOUND. */
export const planHere = (ctx: Context, object: string): ObjectPlan => planOf(ctx.metadata, object) ?? refused('NOT_FOUND')

/** One record with `fields` (default: all readable). Refused NOT_FOUND, the same for unknown and invisible. One statement. */
export async function getRecord(ctx: Context, object: string, id: string, fields?: readonly string[]): Promise<RecordView> {
  const [record] = await getRecords(ctx, object, [id], fields)
  return record ?? refused('NOT_FOUND')
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** Those of the records that the reader may see, in the order asked for. One statement. */
export async function getRecords(ctx: Context, object: string, ids: readonly string[], fields?: readonly string[]): Promise<RecordView[]> {
  const [plan, lens] = [planHere(ctx, object), readableLens(ctx, object)]
  const given = params()
  const shape = shapeOf(plan, lens, fields)
  const { columns, beside, held } = selectionOf(lens, shape, given)
  const viewing: Viewing = { ctx, plan, lens, shape, keys: await tenantKeys(ctx), held }
  const rows = await ctx.tx.query<Row>(`SELECT ${columns} FROM ${plan.object.table} r${beside}
    WHERE r.id = ANY(${given.add(ids.filter((id) => UUID.test(id)), 'uuid[]')}) AND ${lens.rows('read', 'r', given)}`, given.values, { instants: 'text' })
  const byId = new Map(rows.map((row) => [row['id'] as string, row]))
  return ids.map((id) => byId.get(id.toLowerCase())).filter((row) => row !== undefined).map((row) => viewOf(viewing, row))
}

const EXACT = 10_000

/** Exact up to 10,000, then `{atLeast: 10000}`. One statement. */
export async function countRecords(ctx: Context, object: string, query: Pick<ListQuery, 'filter' | 'search'>): Promise<Count> {
  const [plan, lens, given] = [planHere(ctx, object), readableLens(ctx, object), params()]
  const [row] = await ctx.tx.query<{ n: number }>(`SELECT count(*)::int AS n FROM (SELECT FROM ${plan.object.table} r WHERE ${whereSql({ ctx, plan, lens }, query, given)} LIMIT ${EXACT + 1}) c`, given.values)
  return row!.n > EXACT ? { atLeast: EXACT } : { exact: row!.n }
}

/** How many of what meets the query may also be taken along; `most` and one more at most. One statement. */
export async function countTaken(ctx: Context, object: string, query: Pick<ListQuery, 'filter' | 'search'>, most: number): Promise<number> {
  const [plan, lens, given] = [planHere(ctx, object), readableLens(ctx, object), params()]
  const [row] = await ctx.tx.query<{ n: number }>(`SELECT count(*)::int AS n FROM (SELECT FROM ${plan.object.table} r WHERE ${whereSql({ ctx, plan, lens }, query, given)} AND ${lens.rows('export', 'r', given)} LIMIT ${given.add(most + 1, 'int')}) c`, given.values)
  return row!.n
}

/** Ids of what meets the query, newest first, at most `limit`; `more`: there are others. One statement. */
export async function selectIds(ctx: Context, object: string, query: Pick<ListQuery, 'filter' | 'search'>, limit = EXACT): Promise<{ ids: string[]; more: boolean }> {
  const [plan, lens, given] = [planHere(ctx, object), readableLens(ctx, object), params()]
  const rows = await ctx.tx.query<{ id: string }>(`SELECT r.id FROM ${plan.object.table} r WHERE ${whereSql({ ctx, plan, lens }, query, given)} ORDER BY r.created_at DESC, r.id DESC LIMIT ${given.add(limit + 1, 'int')}`, given.values)
  return { ids: rows.slice(0, limit).map(({ id }) => id), more: rows.length > limit }
}
