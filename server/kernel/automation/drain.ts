import { isRetryable, type Database, type Tenant } from '#platform/db'
import type { Outcome } from './batch.ts'
import { openPump, pumpTimers } from './pump.ts'
import { openProgress, workQueue } from './worker.ts'

const LOOK_AGAIN_MS = 5

/**
 * Answers all that a tenant has waiting, in this call, and what follows from it; for jobs, seeds and tests. Timers that are not due stay.
 * What somebody else holds is waited for: another engine's batch, or the locks of a connection that broke and that the server has not noticed yet;
 * who was in the way again and again is met again later, as the engine does.
 */
export async function drain(db: Database, tenant: Tenant): Promise<Outcome> {
  const [progress, pump] = [openProgress(), openPump()]
  const total: Outcome = { events: 0, runs: 0, notices: 0, outbox: 0 }
  const next = async (): Promise<Outcome | null> => (await workQueue(db, tenant, progress)) ?? (await pumpTimers(db, tenant, pump))
  for (;;) {
    const outcome = await next().catch((error: unknown) => { if (isRetryable(error)) return 'later' as const; throw error })
    if (outcome === 'later') await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS * (1 + Math.random())))
    else if (outcome) for (const key of Object.keys(total) as (keyof Outcome)[]) total[key] += outcome[key]
    else if (await isWaiting(db, tenant)) await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS))
    else return total
  }
}

const isWaiting = async (db: Database, tenant: Tenant): Promise<boolean> =>
  (await db.read(tenant, (tx) => tx.query('select from {t}.todo union all select from {t}.timer where due_at <= $1 limit 1', [tx.now]))).length > 0
