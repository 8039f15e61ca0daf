import type { Tenant, Tx } from '#platform/db'
import type { ChangeDraft } from './types.ts'

/** What a transaction changed, told once after its commit. `todo`: the engine has something to do. `news`: somebody is to be told. */
export interface Committed { tenant: Tenant; objects: ReadonlySet<string>; todo: boolean; news: boolean }

const watchers = new Set<(committed: Committed) => void>()

/** Hear of every committed change of this process: wake-ups and live screens. A hint, never the only way to find work. Returns the way to stop. */
export function watchCommits(watcher: (committed: Committed) => void): () => void {
  watchers.add(watcher)
  return () => void watchers.delete(watcher)
}

const pending = new WeakMap<Tx, { objects: Set<string>; todo: boolean; news: boolean }>()

export function announce(tx: Tx, changes: readonly ChangeDraft[], news = false): void {
  const known = pending.get(tx)
  const note = known ?? { objects: new Set<string>(), todo: false, news: false }
  for (const { object, todo } of changes) {
    note.objects.add(object)
    note.todo ||= todo
  }
  note.news ||= news
  if (known) return
  pending.set(tx, note)
  tx.afterCommit(() => { for (const watcher of watchers) watcher({ tenant: tx.tenant, ...note }) })
}
