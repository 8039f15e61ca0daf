import { setTimeout as sleep } from 'node:timers/promises'
import { isRetryable, type Database, type Tenant } from '#platform/db'
import { add, NOTHING, type Outcome } from './outcome.ts'
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
  let total: Outcome = NOTHING
  const next = async (): Promise<Outcome | null> => (await workQueue(db, tenant, progress)) ?? (await pumpTimers(db, tenant, pump))
  for (;;) {
    const outcome = await next().catch((error: unknown) => { if (isRetryable(error)) return 'later' as const; throw error })
    if (outcome === 'later') await sleep(LOOK_AGAIN_MS * (1 + Math.random()))
    else if (outcome) total = add(total, outcome)
    else if (await isWaiting(db, tenant)) await sleep(LOOK_AGAIN_MS)
    else return total
  }
}

const isWaiting = async (db: Database, tenant: Tenant): Promise<boolean> =>
  (await db.read(tenant, (tx) => tx.query('select from {t}.todo union all select from {t}.timer where due_at <= $1 limit 1', [tx.now]))).length > 0
