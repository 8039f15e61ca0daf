import { params, readableLens, remembered, type Context, type Lens } from '#kernel/access'
import type { ObjectPlan } from './plan.ts'
import { afterSql, orderOf, orderSql, phaseSql, positionSql, type Order, type Phase, type Position, written } from './sort.ts'
import type { ListQuery } from './types.ts'
import { selectionOf, shapeOf, type Held, type Shape } from './view.ts'
import { meeting, planHere } from './where.ts'

/** A list as somebody asks for it, whatever the page. `bound`: what its cursors are bound to. */
export interface List { plan: ObjectPlan; lens: Lens; query: Wanted; order: Order; shape: Shape; bound: string; /** First pages that were written, by phase and limit. */ pages: Map<string, Page> }
/** The statement of a page, and what policies keep of its rows. */
export interface Page { text: string; values: unknown[]; held: Held }
type Wanted = Pick<ListQuery, 'filter' | 'search' | 'sort' | 'fields'>

/** Of one reader and object, the lists that were asked for last. A search is asked once. */
const LISTS = 30
const lists = new WeakMap<Lens, Map<string, List>>()

/**
 * Worked out once for as long as the reader's lens lasts: under two hundred policies that takes longer than the query.
 * Refused NOT_FOUND (object), FIELD_NOT_AVAILABLE, SORT_NOT_AVAILABLE.
 */
export async function listOf(ctx: Context, object: string, { filter, search, sort, fields }: ListQuery): Promise<List> {
  const [plan, lens] = [planHere(ctx, object), readableLens(ctx, object)]
  const [known, name] = [remembered(lists, lens, () => new Map<string, List>()), JSON.stringify([filter ?? null, sort ?? null, fields ?? null, search ?? null])]
  const found = known.get(name)
  if (found) return found
  const order = await orderOf(ctx, plan, lens, sort)
  const bound = JSON.stringify([object, lens.version, filter ?? null, search ?? null, order.keys.map(({ field, descending }) => [field, descending])])
  const list: List = { plan, lens, query: { filter, search, sort, fields }, order, shape: shapeOf(plan, lens, fields), bound, pages: new Map() }
  if (search) return list
  if (known.size === LISTS) known.delete(known.keys().next().value!)
  known.set(name, list)
  return list
}

interface Asking { ctx: Context; list: List; from: Position | null }

/** First pages are kept, as long as the clock does not stand in their filter. Refused CONDITION_INVALID. */
export function pageOf({ ctx, list, from }: Asking, phase: Phase, limit: number): Page {
  const name = `${phase} ${limit}`
  const known = from ? undefined : list.pages.get(name)
  if (known) return known
  const { moves, ...page } = writtenPage({ ctx, list, from }, phase, limit)
  if (from || moves) return page
  if (list.pages.size === PAGES) list.pages.clear()
  const kept = { ...page, text: shared(ctx, page.text) }
  list.pages.set(name, kept)
  return kept
}

const PAGES = 8

/** Members of the same roles ask in the same words: kept once. */
function shared({ metadata }: Context, text: string): string {
  const known = remembered(texts, metadata, () => new Map<string, string>())
  const found = known.get(text) ?? text
  if (known.size === TEXTS) known.clear()
  known.set(found, found)
  return found
}
const TEXTS = 500
const texts = new WeakMap<Context['metadata'], Map<string, string>>()

function writtenPage({ ctx, list, from }: Asking, phase: Phase, limit: number): Page & { moves: boolean } {
  const { lens, plan } = list
  const given = params()
  const order = written(list.order, given)
  const byCreation = order.keys[0]!.field === 'created_at'
  const { columns, beside, held } = selectionOf(lens, list.shape, given)
  const met = lens.ways('r', given, byCreation).map((way) => meeting({ ctx, plan, lens }, list.query, given, way))
  const ways = met.map(({ sql }) => [sql, phaseSql(order, phase), afterSql(order, phase, from, given)].join(' AND '))
  const made: Made = { plan, order, phase, limit, ways, byCreation, what: `${columns}, ${positionSql(order)}` }
  return { text: beside === '' ? pageSql(made) : shownLate(made, beside), values: given.values, held, moves: met.some(({ moves }) => moves) }
}

/** `what`: is selected of each row; `ways`: which rows. */
interface Made { plan: ObjectPlan; order: Order; phase: Phase; limit: number; ways: readonly string[]; byCreation: boolean; what: string }

/** The page is found first, and what policies ask is asked of its rows only: 1.2 against 290 ms where the planner sorts all that may be seen. */
function shownLate({ what, ...made }: Made, beside: string): string {
  const page = pageSql({ ...made, what: made.ways.length === 1 ? `r.id, ${keysSql(made)}` : 'r.id' })
  return `SELECT ${what} FROM (${page}) k JOIN ${made.plan.object.table} r ON r.id = k.id${beside} ORDER BY ${orderSql(keyed(made.order, 'k'), made.phase)}`
}

/**
 * What is one's own is gathered from everybody's rows. In order of creation each way of seeing a record follows its own index
 * (measured 0.7 against 9 ms at 1 % of 200,000); in any other order it is found first and sorted then (250 against 1,100 ms at 1 % of 1,000,000).
 */
function pageSql(made: Made): string {
  if (made.ways.length === 1) return alongSql(made)
  return made.byCreation ? mergedSql(made) : gatheredSql(made)
}

/** Along one index, as far as the page goes. The limit is written out: of a parameter, a planner that plans for every reader at once assumes a tenth of all rows. */
const alongSql = ({ plan, order, phase, limit, what, ways: [rows] }: Made): string =>
  `SELECT ${what} FROM ${plan.object.table} r WHERE ${rows} ORDER BY ${orderSql(order, phase)} LIMIT ${limit}`

/** Each way along its own index, merged in order and cut once. */
function mergedSql(made: Made): string {
  const cut = `ORDER BY ${orderSql(made.order, made.phase)} LIMIT ${made.limit}`
  return sortedAgain(made, made.ways.map((rows) => `(${keyedSql(made, rows)} ${cut})`).join(' UNION ALL '))
}

/** Found first, sorted then: materialized, so that nobody walks an index of everybody's values instead. */
const gatheredSql = (made: Made): string =>
  `WITH seen AS MATERIALIZED (${made.ways.map((rows) => keyedSql(made, rows)).join(' UNION ALL ')}) ${sortedAgain(made, 'SELECT * FROM seen')}`

const keyedSql = (made: Made, rows: string): string => `SELECT ${made.what}, ${keysSql(made)} FROM ${made.plan.object.table} r WHERE ${rows}`

const keysSql = ({ order }: Pick<Made, 'order'>): string => order.keys.map(({ sql }, i) => `${sql} AS "$key${i}"`).join(', ')
const keyed = (order: Order, alias: string): Order => ({ ...order, keys: order.keys.map((key, i) => ({ ...key, sql: `${alias}."$key${i}"` })) })

const sortedAgain = ({ order, phase, limit }: Made, rows: string): string =>
  `SELECT * FROM (${rows}) r ORDER BY ${orderSql(keyed(order, 'r'), phase)} LIMIT ${limit}`
