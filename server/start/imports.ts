import { carryImports, openHands, watchImports } from '#kernel/imports'
import type { OpenDatabase } from '#platform/db'
import type { Log } from '#platform/telemetry'
import { startJob } from './jobs.ts'

/** Imports are carried on, batch by batch. */
export function startImports(db: OpenDatabase, log: Log): () => Promise<void> {
  const hands = openHands()
  return startJob(db, log, { name: 'imports', lookMs: 5_000, watch: watchImports, carry: (tenant) => carryImports(db, tenant, hands) })
}
