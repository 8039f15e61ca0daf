import type { Context } from '#kernel/access'
import type { Tx } from '#platform/db'

const held = new WeakMap<Tx, Set<number>>()
const holdsRecords = new WeakSet<Tx>()

/**
 * Lock the load rows of these members in the one order of the house: before any record is locked. Members already held are not asked for again.
 * Where the transaction holds records already, waiting could deadlock, so it does not wait: 55P03 lets the transaction begin again.
 */
export async function lockCapacity({ tx }: Context, members: readonly number[]): Promise<void> {
  const mine = held.get(tx) ?? new Set<number>()
  held.set(tx, mine)
  const wanted = [...new Set(members)].filter((id) => !mine.has(id))
  if (wanted.length === 0) return
  await tx.query(`select member from {t}.member_load where member = any($1::int[]) order by member, kind for update${holdsRecords.has(tx) ? ' nowait' : ''}`, [wanted], { name: 'lock capacity' })
  for (const id of wanted) mine.add(id)
}

/** Said by whoever locks records of this transaction. */
export const noteRecordLocks = (tx: Tx): void => void holdsRecords.add(tx)
