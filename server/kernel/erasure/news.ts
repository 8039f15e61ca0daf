import type { Tenant, Tx } from '#platform/db'

const watchers = new Set<(tenant: Tenant) => void>()

/** Hear that an erasure waits to be carried out, once the transaction that agreed to it has committed. A hint: work is also found by looking. */
export function watchErasures(watcher: (tenant: Tenant) => void): () => void {
  watchers.add(watcher)
  return () => void watchers.delete(watcher)
}

export const announceErasure = (tx: Tx): void => tx.afterCommit(() => { for (const watcher of watchers) watcher(tx.tenant) })
