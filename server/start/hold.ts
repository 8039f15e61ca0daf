import { holdRestored, releaseRestored } from '#kernel/delivery'
import { headOf } from '#kernel/sealing'
import type { OpenDatabase, Tenant } from '#platform/db'
import { openAnchors } from './anchors.ts'

export interface Held { deliveries: number; timers: number }

/** A tenant has gone back: what would go out or fall due by itself waits until somebody lets it go, and what the outside was told of later no longer binds. */
export const hold = (db: OpenDatabase, tenant: Tenant, anchorDir: string): Promise<Held> => db.mutate(tenant, async (tx) => {
  const deliveries = await holdRestored(tx)
  const timers = await tx.query('with due as (delete from {t}.timer where due_at <= $1 returning key, due_at, kind, payload) insert into {t}.held_timer (key, due_at, kind, payload) select key, due_at, kind, payload from due on conflict do nothing returning key', [tx.now])
  openAnchors(anchorDir).restored(tenant, await headOf(tx))
  return { deliveries, timers: timers.length }
})

/** Let go what a restore has held back. Whatever lies outside (`anchorDir`) hears now, where it has not, that the log went back. */
export const release = (db: OpenDatabase, tenant: Tenant, anchorDir?: string): Promise<Held> => db.mutate(tenant, async (tx) => {
  const anchors = anchorDir === undefined ? null : openAnchors(anchorDir)
  if ((anchors?.head(tenant)?.incarnation ?? tenant.incarnation) < tenant.incarnation && (await headOf(tx))?.incarnation !== tenant.incarnation) anchors!.restored(tenant, await headOf(tx))
  const deliveries = await releaseRestored(tx)
  const timers = await tx.query('with held as (delete from {t}.held_timer returning key, due_at, kind, payload) insert into {t}.timer (key, due_at, kind, payload) select key, due_at, kind, payload from held on conflict (key) do nothing returning key')
  return { deliveries, timers: timers.length }
})
