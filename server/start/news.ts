import { watchCommits } from '#kernel/changes'
import { tell } from '#kernel/delivery'
import { tellNews } from '#kernel/following'
import type { OpenDatabase, Tenant } from '#platform/db'
import type { Log } from '#platform/telemetry'

const REPAIR_MS = 15_000

/** Followers and mentioned members are told soon after each commit of this process, and within seconds after those of others. */
export function startNews(db: OpenDatabase, log: Log): () => Promise<void> {
  const waiting = new Map<number, Tenant>()
  let [working, over]: [Promise<void>, boolean] = [Promise.resolve(), false]
  const drain = async (): Promise<void> => {
    for (const [id, tenant] of waiting) {
      waiting.delete(id)
      while (!over && (await tellNews(db, tenant, tell)) > 0) { /* as long as there is more */ }
    }
  }
  const wake = (tenant: Tenant): void => {
    if (over) return
    waiting.set(tenant.id, tenant)
    working = working.then(drain).catch((err: unknown) => log.warn({ err }, 'news'))
  }
  const unwatch = watchCommits(({ tenant, news }) => { if (news) wake(tenant) })
  const repair = setInterval(() => void db.tenants().then((all) => { for (const tenant of all) wake(tenant) }, (err: unknown) => log.warn({ err }, 'news')), REPAIR_MS).unref()
  return async () => { over = true; unwatch(); clearInterval(repair); await working }
}
