import { refused } from '#contract'
import { lensOf, may, memberRow, type Context } from '#kernel/access'
import { belongsTo, countRecords, type Count, type Pool, poolsOf } from '#kernel/records'
import type { Pooling } from '#language/definitions'
import { claimedToday, held } from './limits.ts'

/** One pool as a member sees it: how much waits in it, and how much of their limits they have used. `claims`: may they claim here? */
export interface PoolView extends Pool { object: string; waiting: Count; claims: boolean; today: number; held: number }

/** The pools a member may look into: their own, and every one for whoever configures them. Three statements per pooling, one more per pool. */
export async function poolViews(ctx: Context): Promise<PoolView[]> {
  const views: PoolView[] = []
  for (const pooling of ctx.metadata.poolings.values()) {
    if (!lensOf(ctx, pooling.object).can('read')) continue
    const mine = await minePools(ctx, pooling)
    const [today, holding] = mine.length === 0 ? [new Map<string, number>(), 0] : [await claimedToday(ctx, pooling.object), await held(ctx, pooling.object)]
    for (const { pool, claims } of mine) {
      const waiting = await countRecords(intoPool(ctx, pooling, pool.id), pooling.object, {})
      views.push({ ...pool, object: pooling.object, waiting, claims, today: today.get(pool.id) ?? 0, held: holding })
    }
  }
  return views
}

async function minePools(ctx: Context, pooling: Pooling): Promise<{ pool: Pool; claims: boolean }[]> {
  const me = ctx.principal.kind === 'member' ? await memberRow(ctx.tx, ctx.principal.member.id) : undefined
  if (!me) return []
  const teams = ctx.principal.kind === 'member' ? ctx.principal.member.teams : []
  const works = lensOf(ctx, pooling.object).can('edit')
  return (await poolsOf(ctx, pooling)).map((pool) => ({ pool, belongs: belongsTo(pool, { id: me.id, teams }, ctx.metadata) }))
    .filter(({ belongs }) => belongs || may(ctx, 'assignment')).map(({ pool, belongs }) => ({ pool, claims: belongs && works }))
}

/** The pool, with what the member may do there. Refused NOT_FOUND: unknown and somebody else's alike. */
export async function openPool(ctx: Context, object: string, id: string): Promise<{ pooling: Pooling; pool: Pool; claims: boolean }> {
  const pooling = ctx.metadata.pooling(object)
  const found = pooling && lensOf(ctx, object).can('read') ? (await minePools(ctx, pooling)).find(({ pool }) => pool.id === id) : undefined
  return found ? { pooling: pooling!, ...found } : refused('NOT_FOUND')
}

/** The context of a member who looks into a pool they may look into: its lens on the object shows what waits there, as the pool shows it. */
export async function lookInto(ctx: Context, object: string, id: string): Promise<Context> {
  const { pooling } = await openPool(ctx, object, id)
  return intoPool(ctx, pooling, id)
}

function intoPool(ctx: Context, pooling: Pooling, id: string): Context {
  const { principal } = ctx
  return principal.kind === 'member' ? { ...ctx, principal: { ...principal, pool: { id, pooling } } } : ctx
}
