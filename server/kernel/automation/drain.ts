import type { Database, Tenant } from '#platform/db'
import { openArmed } from './arm.ts'
import type { Outcome } from './batch.ts'
import { pumpTimers } from './pump.ts'
import { openProgress, workQueue } from './worker.ts'

/** Answers all that a tenant has waiting, in this call, and what follows from it; for jobs, seeds and tests. Timers that are not due stay. */
export async function drain(db: Database, tenant: Tenant): Promise<Outcome> {
  const [progress, armed] = [openProgress(), openArmed()]
  const total: Outcome = { events: 0, runs: 0, notices: 0, outbox: 0 }
  for (;;) {
    const outcome = (await workQueue(db, tenant, progress)) ?? (await pumpTimers(db, tenant, armed))
    if (!outcome) return total
    for (const key of Object.keys(total) as (keyof Outcome)[]) total[key] += outcome[key]
  }
}
