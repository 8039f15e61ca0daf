import { tell } from '#kernel/delivery'
import { isForgotten } from '#kernel/files'
import { type ExportHands, makeExport, sweepExports, takeLeftOver, watchExports } from '#kernel/handout'
import type { OpenDatabase, Tenant } from '#platform/db'
import type { FileStore } from '#platform/files'
import type { Log } from '#platform/telemetry'
import { startJob } from './jobs.ts'

/** Large lists are made ready one after the other. */
export function startExports(db: OpenDatabase, store: FileStore, log: Log): () => Promise<void> {
  const hands = exportHands(db, store)
  return startJob(db, log, { name: 'exports', lookMs: 5_000, watch: watchExports, carry: (tenant) => makeExport(db, tenant, hands) })
}

/** One process's hands. */
export const exportHands = (db: OpenDatabase, store: FileStore): ExportHands => ({
  id: crypto.randomUUID(), store, tell: (tx, notice) => tell(tx, [{ ...notice, kind: 'system', groupKey: null, event: null, rule: null }]),
  // Somebody may have attached the very file to a record.
  forget: (tenant, left) => db.mutate(tenant, async (tx) => { if ((await takeLeftOver(tx, left)) && (await isForgotten(tx, left.sha256))) await store.remove(tenant.key, left.sha256) }),
})

const DAY_MS = 86_400_000

/** Files whose week is over, and pieces that somebody has left behind. */
export async function tidyExports(db: OpenDatabase, store: FileStore, tenant: Tenant): Promise<void> {
  const { id, forget } = exportHands(db, store)
  for (const each of await db.mutate(tenant, sweepExports)) await forget(tenant, { ...each, worker: id })
  await store.tidy(tenant.key, DAY_MS)
}
