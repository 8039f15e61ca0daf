import { refuse } from '#contract'
import { params, type Context, type Lens } from '#kernel/access'
import type { ReadState } from '#language/definitions'
import { draftKey, no, type Batch, type Wish } from './batch.ts'

/** What policies say of one field of one record to whoever writes: how much they read of it, and whether they may change it. */
export interface Holding { state: ReadState; writable: boolean; /** Hidden, and nothing may tell. */ secret?: boolean }
export type Holdings = ReadonlyMap<string, Holding>
const NOTHING: Holdings = new Map()

/** Ask the locked rows what policies keep from this principal. One statement per object that has such policies, none elsewhere. */
export async function learnHoldings(batch: Batch): Promise<void> {
  const asking = batch.wishes.filter(({ op, lens, plan, id }) => (op === 'update' || op === 'revert') && lens.varying.length > 0 && batch.rows.has(draftKey(plan.object.key, id)))
  for (const [object, wishes] of Map.groupBy(asking, ({ plan }) => plan.object.key)) {
    const found = await holdingsOf(batch.ctx, wishes[0]!.lens, wishes.map(({ id }) => id))
    for (const [id, held] of found) batch.held.set(draftKey(object, id), held)
  }
}

/** By record: each varying field of it. Deleted records included. */
export async function holdingsOf(ctx: Context, lens: Lens, ids: readonly string[]): Promise<Map<string, Holdings>> {
  const table = ctx.metadata.objects.get(lens.object)?.table
  if (lens.varying.length === 0 || table === undefined || ids.length === 0) return new Map()
  const place = { alias: 'r', params: params([...new Set(ids)]) }
  const columns = lens.varying.flatMap(({ varies }, i) => [`${varies!.state(place)} as "$s${i}"`, `${varies!.writable(place)} as "$w${i}"`, ...(varies!.secret ? [`${varies!.secret(place)} as "$h${i}"`] : [])])
  const rows = await ctx.tx.query<Record<string, unknown>>(`select r.id, ${columns.join(', ')} from ${table} r where r.id = any($1::uuid[])`, place.params.values)
  return new Map(rows.map((row) => [row['id'] as string, new Map(lens.varying.map(({ key }, i) => [key, { state: row[`$s${i}`] as ReadState, writable: row[`$w${i}`] === true, ...(row[`$h${i}`] === true && { secret: true }) }]))]))
}

/** As lens.see for one record of those whose holdings are known. */
export const seenIn = (lens: Lens, held: Holdings = NOTHING) => (key: string, value: unknown): unknown => lens.field(key)?.see(value, held.get(key)?.state)

/** Refuse what a policy keeps from being written in this very record. */
export function refuseHeld(batch: Batch, { op, index, plan, id, values }: Wish): void {
  const held = batch.held.get(draftKey(plan.object.key, id))
  if (op !== 'update' || !held) return
  for (const [key] of values) {
    const holding = held.get(key)
    if (holding && holding.state !== 'full' && !holding.secret) no(batch, index, refuse('MASKED_VALUE', key, { field: key }))
    else if (holding && !holding.writable) no(batch, index, refuse('FIELD_LOCKED', key, { field: key }))
  }
}

/** May it be changed back in this record? */
export const isHeld = (batch: Batch, { plan, id }: Wish, key: string): boolean => batch.held.get(draftKey(plan.object.key, id))?.get(key)?.writable === false
