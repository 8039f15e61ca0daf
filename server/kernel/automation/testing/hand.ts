import type { OpenDatabase, Tenant } from '#platform/db'
import type { Outcome } from '../outcome.ts'
import { openPump, pumpTimers } from '../pump.ts'
import { openProgress, workQueue } from '../worker.ts'

/** What the workers of one process remember together. */
export const openProcess = () => ({ progress: openProgress(), pump: openPump() })
export type Process = ReturnType<typeof openProcess>

/** One batch as a worker of the engine takes it: changes, else timers that are due; null: nothing was there for it. */
export const oneBatch = async (db: OpenDatabase, tenant: Tenant, { progress, pump, limit }: Process & { limit?: number }): Promise<Outcome | null> =>
  (await workQueue(db, tenant, progress, limit)) ?? pumpTimers(db, tenant, pump)
