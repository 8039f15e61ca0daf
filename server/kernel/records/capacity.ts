import type { Context } from '#kernel/access'
import type { Tx } from '#platform/db'

const held = new WeakMap<Tx, Set<number>>()

/**
 * Lock the load rows of these members in the one order of the house: before any record is locked. Members already held are not asked for again.
 * `nowait`: records are locked already, so waiting could deadlock; 55P03 lets the transaction begin again.
 */
export async function lockCapacity({ tx }: Context, members: readonly number[], { nowait = false } = {}): Promise<void> {
  const mine = held.get(tx) ?? new Set<number>()
  held.set(tx, mine)
  const wanted = [...new Set(members)].filter((id) => !mine.has(id))
  if (wanted.length === 0) return
  await tx.query(`select member from {t}.member_load where member = any($1::int[]) order by member, kind for update${nowait ? ' nowait' : ''}`, [wanted], { name: 'lock capacity' })
  for (const id of wanted) mine.add(id)
}
