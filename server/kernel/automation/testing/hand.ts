import type { OpenDatabase, Tenant } from '#platform/db'
import { openArmed } from '../arm.ts'
import type { Outcome } from '../batch.ts'
import { pumpTimers } from '../pump.ts'
import { openProgress, workQueue } from '../worker.ts'

/** What the workers of one process remember together. */
export const openProcess = () => ({ progress: openProgress(), armed: openArmed() })
export type Process = ReturnType<typeof openProcess>

/** One batch as a worker of the engine takes it: changes, else timers that are due; null: nothing was there for it. */
export const oneBatch = async (db: OpenDatabase, tenant: Tenant, { progress, armed, limit }: Process & { limit?: number }): Promise<Outcome | null> =>
  (await workQueue(db, tenant, progress, limit)) ?? pumpTimers(db, tenant, armed)
