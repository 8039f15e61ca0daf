import { buildIndexes, type OpenDatabase, type Tenant, type Tx } from '#platform/db'
import { metadataOf } from './read.ts'
import { wantedObjects } from './time-indexes.ts'

export interface Indexing { stop(): Promise<void> }
export type OnTrouble = (error: unknown, tenant?: Tenant) => void

const RETRY_MS = 60_000

/**
 * Builds the indexes that publications left because their tables are large, one tenant after another, beside the traffic: first what an earlier
 * process left, in every tenant; then after each publication of this process. What fails is tried again after a minute. `stop` ends a build
 * under way; the next start begins it again.
 */
export function startIndexing(db: OpenDatabase, onTrouble: OnTrouble): Indexing {
  const ending = new AbortController()
  const { signal } = ending
  const retries = new Set<NodeJS.Timeout>()
  const retry = (work: () => void) => {
    const timer = setTimeout(() => { retries.delete(timer); work() }, RETRY_MS).unref()
    retries.add(timer)
  }
  let working = Promise.resolve()
  const next = (work: () => Promise<void>, tenant?: Tenant): void => {
    working = working.then(() => (signal.aborted ? undefined : work())).catch((error: unknown) => {
      if (signal.aborted) return
      onTrouble(error, tenant)
      retry(() => next(work, tenant))
    })
  }
  const build = (tenant: Tenant): void => next(() => buildFor({ db, tenant, signal }), tenant)
  watchers.add(build)
  next(async () => (await db.tenants()).forEach(build))
  return {
    stop: () => {
      watchers.delete(build)
      ending.abort()
      for (const timer of retries) clearTimeout(timer)
      return working
    },
  }
}

/** Nothing for a tenant that is gone. */
async function buildFor(site: { db: OpenDatabase; tenant: Tenant; signal: AbortSignal }): Promise<void> {
  const { db, tenant } = site
  if (!(await db.tenants()).some(({ id }) => id === tenant.id)) return
  await buildIndexes(site, wantedObjects(await db.read(tenant, metadataOf)))
}

const watchers = new Set<(tenant: Tenant) => void>()

/** Some indexes were left: whoever builds hears of it when the publication is in force. */
export const leaveIndexes = (tx: Tx): void => tx.afterCommit(() => { for (const build of watchers) build(tx.tenant) })
