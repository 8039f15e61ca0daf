import { tell } from '#kernel/delivery'
import { type ExportHands, makeExport, sweepExports, watchExports } from '#kernel/handout'
import type { OpenDatabase, Tenant } from '#platform/db'
import type { FileStore } from '#platform/files'
import type { Log } from '#platform/telemetry'

const LOOK_MS = 5_000

/** Large lists are made ready one after the other: soon after they are asked for, and by looking for those that a process has left. */
export function startExports(db: OpenDatabase, store: FileStore, log: Log): () => Promise<void> {
  const hands: ExportHands = { id: crypto.randomUUID(), store, tell: (tx, notice) => tell(tx, [{ ...notice, kind: 'system', groupKey: null, event: null, rule: null }]) }
  const waiting = new Map<number, Tenant>()
  let [working, over]: [Promise<void> | null, boolean] = [null, false]
  const make = async (): Promise<void> => {
    while (waiting.size > 0 && !over) {
      for (const [id, tenant] of waiting) {
        if (over) return
        const more = await makeExport(db, tenant, hands).catch((err: unknown) => { log.warn({ err, tenant: tenant.key }, 'exports'); return false })
        if (!more) waiting.delete(id)
      }
    }
  }
  const wake = (tenants: readonly Tenant[]): void => {
    for (const tenant of tenants) waiting.set(tenant.id, tenant)
    working ??= make().finally(() => { working = null })
  }
  const unwatch = watchExports((tenant) => wake([tenant]))
  const look = () => void db.tenants().then(wake, (err: unknown) => log.warn({ err }, 'exports'))
  look()
  const timer = setInterval(look, LOOK_MS).unref()
  return async () => { over = true; unwatch(); clearInterval(timer); await working }
}

const DAY_MS = 86_400_000

/** Files whose week is over, and pieces that somebody has left behind. */
export async function tidyExports(db: OpenDatabase, store: FileStore, tenant: Tenant): Promise<void> {
  for (const sha256 of await db.mutate(tenant, sweepExports)) await store.remove(tenant.key, sha256)
  await store.tidy(tenant.key, DAY_MS)
}
