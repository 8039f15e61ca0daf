import { tell } from '#kernel/delivery'
import { type ExportHands, makeExport, sweepExports, watchExports } from '#kernel/handout'
import type { OpenDatabase, Tenant } from '#platform/db'
import type { FileStore } from '#platform/files'
import type { Log } from '#platform/telemetry'
import { startJob } from './jobs.ts'

/** Large lists are made ready one after the other. */
export function startExports(db: OpenDatabase, store: FileStore, log: Log): () => Promise<void> {
  const hands: ExportHands = { id: crypto.randomUUID(), store, tell: (tx, notice) => tell(tx, [{ ...notice, kind: 'system', groupKey: null, event: null, rule: null }]) }
  return startJob(db, log, { name: 'exports', lookMs: 5_000, watch: watchExports, carry: (tenant) => makeExport(db, tenant, hands) })
}

const DAY_MS = 86_400_000

/** Files whose week is over, and pieces that somebody has left behind. */
export async function tidyExports(db: OpenDatabase, store: FileStore, tenant: Tenant): Promise<void> {
  for (const sha256 of await db.mutate(tenant, sweepExports)) await store.remove(tenant.key, sha256)
  await store.tidy(tenant.key, DAY_MS)
}
