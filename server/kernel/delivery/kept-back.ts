import type { Tx } from '#platform/db'
import { announceNotices } from './notices.ts'

/** Until when what rules say is kept back for a member (null: it is not), and the rules that leave their records alone. */
export interface Keeping { member: number; until: Date | null; paused: readonly string[] }

/** A member has settled anew what is kept back: what waits already follows it. Three statements. */
export async function keepBack(tx: Tx, { member, until, paused }: Keeping): Promise<void> {
  await tx.query(`update {t}.notification set held_until = $2 where member = $1 and held_until is not null`, [member, until ?? tx.now], { name: 'keep notices' })
  await tx.query(`update {t}.outbox set not_before = $2 where owner = $1 and state in ('ready', 'held')`, [member, until], { name: 'keep messages' })
  await tx.query(`update {t}.outbox set state = 'ready', next_at = clock_timestamp() where owner = $1 and state = 'held' and not restored and rule <> all($2::text[])`, [member, paused], { name: 'free messages' })
  announceNotices(tx, { members: [member], outbox: true })
}

/** Shows what was kept back until now, as its members want it shown by then. Answers how many. One statement. */
export async function showKept(tx: Tx): Promise<number> {
  const rows = await tx.query<{ member: number }>(`update {t}.notification n set held_until = null, shown = coalesce((select (s.settings #>> array['kinds', n.family, 'inside'])::boolean from {t}.notice_setting s where s.member = n.member), true)
    where n.held_until <= $1 returning n.member`, [tx.now], { name: 'show kept' })
  announceNotices(tx, { members: rows.map(({ member }) => member), outbox: false })
  return rows.length
}

/** How much is kept back for a member: messages to them, and messages to the outside about their records. One statement. */
export async function keptFor(tx: Tx, member: number): Promise<{ notices: number; outside: number }> {
  const [row] = await tx.query<{ notices: number; outside: number }>(`select (select count(*) from {t}.notification where member = $1 and held_until > $2)::int as notices,
    (select count(*) from {t}.outbox where owner = $1 and (state = 'held' or (state = 'ready' and not_before > $2)))::int as outside`, [member, tx.now], { name: 'kept for' })
  return row!
}

/** A tenant has come back from a backup: what would still go out waits until it is released, whatever else was to let it go. Answers how many. One statement. */
export const holdRestored = async (tx: Tx): Promise<number> =>
  (await tx.query(`update {t}.outbox set state = 'held', restored = true where state in ('ready', 'held') returning 1`)).length

/** Releases that; what a rule that is off has left is held again before it is sent. Answers how many. One statement. */
export async function releaseRestored(tx: Tx): Promise<number> {
  const rows = await tx.query(`update {t}.outbox set state = 'ready', restored = false, next_at = clock_timestamp() where restored returning 1`)
  announceNotices(tx, { members: [], outbox: rows.length > 0 })
  return rows.length
}
