import { carryImports, openHands, watchImports } from '#kernel/imports'
import type { OpenDatabase, Tenant } from '#platform/db'
import type { Log } from '#platform/telemetry'

const LOOK_MS = 5_000

/** Imports are carried on, batch by batch, one tenant after the other: soon after they are begun, and by looking for those that a process has left. */
export function startImports(db: OpenDatabase, log: Log): () => Promise<void> {
  const hands = openHands()
  const waiting = new Map<number, Tenant>()
  let [working, over]: [Promise<void> | null, boolean] = [null, false]
  const carry = async (): Promise<void> => {
    while (waiting.size > 0 && !over) {
      for (const [id, tenant] of waiting) {
        if (over) return
        const more = await carryImports(db, tenant, hands).catch((err: unknown) => { log.warn({ err, tenant: tenant.key }, 'imports'); return false })
        if (!more) waiting.delete(id)
      }
    }
  }
  const wake = (tenants: readonly Tenant[]): void => {
    for (const tenant of tenants) waiting.set(tenant.id, tenant)
    working ??= carry().finally(() => { working = null })
  }
  const unwatch = watchImports((tenant) => wake([tenant]))
  const look = () => void db.tenants().then(wake, (err: unknown) => log.warn({ err }, 'imports'))
  look()
  const timer = setInterval(look, LOOK_MS).unref()
  return async () => { over = true; unwatch(); clearInterval(timer); await working }
}
