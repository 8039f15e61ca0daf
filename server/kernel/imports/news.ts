import type { Tenant, Tx } from '#platform/db'

const watchers = new Set<(tenant: Tenant) => void>()

/** Hear that an import waits to be carried on, once the transaction that began it has committed. A hint: work is also found by looking. */
export function watchImports(watcher: (tenant: Tenant) => void): () => void {
  watchers.add(watcher)
  return () => void watchers.delete(watcher)
}

export const announceImport = (tx: Tx): void => tx.afterCommit(() => { for (const watcher of watchers) watcher(tx.tenant) })
