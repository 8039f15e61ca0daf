import { lensOf } from '#kernel/access'
import { claim, lookInto, poolViews } from '#kernel/pools'
import { listRecords } from '#kernel/records'
import { outcome } from './commands.ts'
import { relatedTo } from './related.ts'
import type { Some } from './types.ts'

export const pools: Some<'pools' | 'poolRecords' | 'claim'> = {
  pools: async (ctx) => ({ pools: await poolViews(ctx) }),
  poolRecords: async (ctx, { params: { object, pool }, query }) => {
    const inside = await lookInto(ctx, object, pool.toLowerCase())
    const page = await listRecords(inside, object, { ...query, sort: [{ field: 'last_activity_at', direction: 'desc' }] })
    return { ...page, fields: lensOf(inside, object).readable.map(({ key }) => key), related: await relatedTo(inside, page.records) }
  },
  claim: async (ctx, { body: { object, pool, ids } }) => {
    const { written, refused } = await claim(ctx, { object, pool: pool.toLowerCase(), ids: [...new Set(ids.map((id) => id.toLowerCase()))] })
    return outcome(await lookInto(ctx, object, pool.toLowerCase()), written, refused.map((each) => ({ object, ...each })))
  },
}
