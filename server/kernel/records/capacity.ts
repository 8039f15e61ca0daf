import type { Context } from '#kernel/access'
import type { Tx } from '#platform/db'

/** Members asked for, each with the kinds of load whose rows were there to be locked. */
const held = new WeakMap<Tx, Map<number, Set<string>>>()
const holdsRecords = new WeakSet<Tx>()

/**
 * Lock the load rows of these members in the one order of the house: before any record is locked. Members already held are not asked for again.
 * Answers what this transaction holds by now: a row that another transaction makes later is not among it, though a later statement sees it.
 * Where the transaction holds records already, waiting could deadlock, so it does not wait: 55P03 lets the transaction begin again.
 */
export async function lockCapacity({ tx }: Context, members: readonly number[]): Promise<ReadonlyMap<number, ReadonlySet<string>>> {
  const mine = held.get(tx) ?? new Map<number, Set<string>>()
  held.set(tx, mine)
  const wanted = [...new Set(members)].filter((id) => !mine.has(id))
  if (wanted.length === 0) return mine
  const rows = await tx.query<{ member: number; kind: string }>(`select member, kind from {t}.member_load where member = any($1::int[]) order by member, kind for update${holdsRecords.has(tx) ? ' nowait' : ''}`, [wanted], { name: 'lock capacity' })
  for (const id of wanted) mine.set(id, new Set())
  for (const { member, kind } of rows) mine.get(member)!.add(kind)
  return mine
}

/** Said by whoever locks records of this transaction. */
export const noteRecordLocks = (tx: Tx): void => void holdsRecords.add(tx)
