import type { OpenDatabase, Tenant } from '#platform/db'
import type { Log } from '#platform/telemetry'

/** `carry`: one piece of a tenant's work; whether there may be more. `watch`: hear of new work in this process. */
export interface Job { name: string; lookMs: number; watch(hear: (tenant: Tenant) => void): () => void; carry(tenant: Tenant): Promise<boolean> }

/**
 * Carries work on piece by piece, one tenant after the other: soon after it is begun, and by looking for what a process has left.
 * Where a piece fails the tenant waits for the next look. Returns the way to stop, after the piece in hand.
 */
export function startJob(db: OpenDatabase, log: Log, { name, lookMs, watch, carry }: Job): () => Promise<void> {
  const waiting = new Map<number, Tenant>()
  let [working, over]: [Promise<void> | null, boolean] = [null, false]
  const work = async (): Promise<void> => {
    for (const [id, tenant] of waiting) {
      if (over) return
      // Whoever is told of meanwhile comes again, behind the others.
      waiting.delete(id)
      const more = await carry(tenant).catch((err: unknown) => { log.warn({ err, tenant: tenant.key }, name); return false })
      if (more) waiting.set(id, tenant)
    }
  }
  const wake = (tenants: readonly Tenant[]): void => {
    for (const tenant of tenants) waiting.set(tenant.id, tenant)
    working ??= work().finally(() => { working = null })
  }
  const unwatch = watch((tenant) => wake([tenant]))
  const look = () => void db.tenants().then(wake, (err: unknown) => log.warn({ err }, name))
  look()
  const timer = setInterval(look, lookMs).unref()
  return async () => { over = true; unwatch(); clearInterval(timer); await working }
}
