import { kernelContext, memberRows, reachedBy } from '#kernel/access'
import { tell } from '#kernel/delivery'
import { recycle, warnOwners } from '#kernel/pools'
import type { OpenDatabase, Tenant } from '#platform/db'
import type { Log } from '#platform/telemetry'

const EVERY_MS = 30_000

/** Owners are warned and records returned to their pools, where that is switched on; within half a minute of the instant. */
export function startRecycling(db: OpenDatabase, log: Log): () => Promise<void> {
  let [working, over]: [Promise<unknown>, boolean] = [Promise.resolve(), false]
  const sweep = async () => { for (const tenant of await db.tenants()) if (!over) await recycleIn(db, tenant) }
  const timer = setInterval(() => { working = working.then(sweep).catch((err: unknown) => log.warn({ err }, 'pools')) }, EVERY_MS).unref()
  return async () => { over = true; clearInterval(timer); await working }
}

/** One round: first what was announced returns, then the next owners are warned. Answers how many of each. */
export async function recycleIn(db: OpenDatabase, tenant: Tenant): Promise<{ returned: number; warned: number }> {
  return db.mutate(tenant, async (tx) => {
    const ctx = await kernelContext(tx, { kind: 'system', reason: 'pool return' }, { kind: 'timer' })
    let [returned, warned] = [0, 0]
    for (const pooling of [...ctx.metadata.poolings.values()].filter((each) => each.recycle.active)) {
      returned += await recycle(ctx, pooling)
      const told = await warnOwners(ctx, pooling)
      const members = await memberRows(tx)
      const reached = told.flatMap((each) => reachedBy(members, [each.member], ctx.now.getTime()).map(({ member, instead }) => ({ ...each, member, title: instead === null ? each.title : `代 ${members.get(instead)!.name}：${each.title}` })))
      await tell(tx, reached.map((each) => ({ ...each, kind: 'pool_warning', groupKey: `pool_warning:${each.object}`, event: null, rule: null })))
      warned += told.length
    }
    return { returned, warned }
  })
}
