import { refused } from '#contract'
import { params, readableLens, type Context } from '#kernel/access'
import { openCursor, sealCursor } from './cursor.ts'
import type { Row } from './image.ts'
import { tenantKeys, type TenantKeys } from './keys.ts'
import { listOf, pageOf, type List } from './page.ts'
import { phasesOf, type Order, type Phase, type Position } from './sort.ts'
import type { Count, ListPage, ListQuery, RecordView } from './types.ts'
import { selectionOf, shapeOf, viewOf, type Held, type Viewing } from './view.ts'
import { planHere, whereSql } from './where.ts'

export const PAGE_LIMIT = 200

/**
 * One page of what the reader may see, keyset-paged, newest first unless sorted; empty values come last in both directions.
 * Refused NOT_FOUND (object), FIELD_NOT_AVAILABLE, CONDITION_INVALID, SORT_NOT_AVAILABLE, CURSOR_INVALID. One statement; two on the page where the empty values begin.
 */
export async function listRecords(ctx: Context, object: string, query: ListQuery): Promise<ListPage> {
  const [list, keys] = [await listOf(ctx, object, query), await tenantKeys(ctx)]
  const { plan, lens, shape, order, bound } = list
  const limit = Math.min(Math.max(1, query.limit), PAGE_LIMIT)
  const from = query.cursor === undefined ? null : openCursor<Position>(keys, query.cursor, bound)
  const rows: Found[] = []
  for (const phase of phasesOf(order, from)) if (rows.length <= limit) rows.push(...(await readPhase({ ctx, list, from }, phase, limit + 1 - rows.length)))
  const page = rows.slice(0, limit)
  return { records: page.map(({ row, held }) => viewOf({ ctx, plan, lens, shape, keys, held }, row)), next: rows.length > limit ? nextCursor(keys, page.at(-1)!.row, order, bound) : null }
}

/** A row with the selection that it was read by. */
interface Found { row: Row; held: Held }

async function readPhase({ ctx, list, from }: { ctx: Context; list: List; from: Position | null }, phase: Phase, limit: number): Promise<Found[]> {
  const { text, values, held } = pageOf({ ctx, list, from }, phase, limit)
  // Named, so that a page costs no planning; a search is not, its best plan depends on how common the words are (docs/decisions/named-reads.md).
  const rows = await ctx.tx.query<Row>(text, values, { instants: 'text', ...(!list.query.search && { name: `list ${list.lens.object}` }) })
  return rows.map((row) => ({ row, held }))
}

const nextCursor = (keys: TenantKeys, row: Row, { keys: sorted }: Order, bound: string): string =>
  sealCursor(keys, { at: sorted.map((_, i) => row[`$at${i}`]), id: row['id'] } satisfies { at: unknown[]; id: unknown }, bound)

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
