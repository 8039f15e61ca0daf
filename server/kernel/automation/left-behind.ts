import type { Tx } from '#platform/db'
import { TOGETHER, triedNext } from './suspects.ts'

export interface Left { key: string; attempts: number }

/** Timers that are due and were in hand when a process ended, those least often so first: a few together that were so once, else one. `met`: without these. */
export async function leftBehind(tx: Tx, met: ReadonlySet<string>): Promise<readonly Left[]> {
  return triedNext(await tx.query<Left>('select key, attempts from {t}.timer where due_at <= $1 and attempts > 0 and key <> all($2::text[]) order by attempts, due_at limit $3', [tx.now, [...met], TOGETHER]))
}

/** They are about to be taken: should the process end, the next one knows. */
export const countEnding = (tx: Tx, keys: readonly string[]): Promise<unknown> =>
  tx.query('update {t}.timer set attempts = attempts + 1 where key = any(array(select key from {t}.timer where key = any($1::text[]) order by key for update skip locked))', [keys])

/** As `countEnding`, of the oldest that are due. */
export const countOldest = (tx: Tx, limit: number): Promise<unknown> =>
  tx.query('update {t}.timer set attempts = attempts + 1 where key = any(array(select key from {t}.timer where due_at <= $1 order by due_at limit $2 for update skip locked))', [tx.now, limit])
