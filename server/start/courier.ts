import { type Addresses, carryMail, watchNotices } from '#kernel/delivery'
import type { OpenDatabase, Tenant } from '#platform/db'
import type { Log } from '#platform/telemetry'

const REPAIR_MS = 15_000

/** Addresses of a tenant's pages under one origin. */
export const addressesOf = (origin: string, prefix: string): Addresses => ({ record: (object, id) => `${origin}${prefix}/o/${object}/${id}`, notices: `${origin}${prefix}/notifications`, settings: `${origin}${prefix}/account` })

export interface Courier { /** The clock was moved: look everywhere now. */ wakeAll(): void; stop(): Promise<void> }

/** Members' mail leaves soon after they are told, at the end of their quiet hours, and at the hour of their daily mail. */
export function startCourier(db: OpenDatabase, originOf: () => string, log: Log): Courier {
  const waiting = new Map<number, Tenant>()
  let [working, over]: [Promise<void>, boolean] = [Promise.resolve(), false]
  const drain = async (): Promise<void> => {
    const only = (await db.tenants()).length === 1
    for (const [id, tenant] of waiting) {
      waiting.delete(id)
      while (!over && (await carryMail(db, tenant, addressesOf(originOf(), only ? '' : `/t/${tenant.key}`))) > 0) { /* as long as there is more */ }
    }
  }
  const wake = (tenant: Tenant): void => {
    if (over) return
    waiting.set(tenant.id, tenant)
    working = working.then(drain).catch((err: unknown) => log.warn({ err }, 'mail to members'))
  }
  const wakeAll = (): void => void db.tenants().then((all) => { for (const tenant of all) wake(tenant) }, (err: unknown) => log.warn({ err }, 'mail to members'))
  const unwatch = watchNotices(({ tenant, members }) => { if (members.size > 0) wake(tenant) })
  const repair = setInterval(wakeAll, REPAIR_MS).unref()
  return { wakeAll, stop: async () => { over = true; unwatch(); clearInterval(repair); await working } }
}
