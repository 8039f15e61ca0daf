import { noticeKind, type NoticeKind } from '#language/values'
import type { Tenant, Tx } from '#platform/db'
import type { Notice, NoticeDraft } from './types.ts'

/**
 * Inserts the rows of parameter `$rows`, which is `noticesJson(…)`, as of `$now`; stands in a WITH list.
 * A member's settings of that moment say whether it is shown and whether it also leaves as mail; what is kept back is neither before its time.
 */
export const insertNotices = (rows: number, now: number): string => `insert into {t}.notification (member, kind, family, title, body, object, record, group_key, event, rule, extra, at, held_until, shown, mail_at)
  select m, k, f, t, b, o, i, g, e, r, case when a is not null then jsonb_build_object('anchor', a) end, $${now}::timestamptz, h,
    h is null and coalesce((s.settings #>> array['kinds', f, 'inside'])::boolean, true), case when (s.settings #>> array['kinds', f, 'mail'])::boolean then coalesce(h, $${now}::timestamptz) end
  from json_to_recordset($${rows}::json) as x(n int, m int, k text, f text, t text, b text, o text, i uuid, g text, e bigint, r text, a text, h timestamptz) left join {t}.notice_setting s on s.member = x.m order by n
  on conflict (member, event, rule, kind) where event is not null do nothing`

export const noticesJson = (notices: readonly NoticeDraft[]): string =>
  JSON.stringify(notices.map((n, i) => ({ n: i, m: n.member, k: n.kind, f: noticeKind(n.kind), t: n.title, b: n.body, o: n.object, i: n.record, g: n.groupKey, e: n.event, r: n.rule, a: n.anchor ?? undefined, h: n.heldUntil ?? undefined })))

/** Tell members; one statement. */
export async function tell(tx: Tx, notices: readonly NoticeDraft[]): Promise<void> {
  if (notices.length === 0) return
  await tx.query(insertNotices(1, 2), [noticesJson(notices), tx.now], { name: 'tell' })
  announceNotices(tx, { members: notices.map(({ member }) => member), outbox: false })
}

export interface Told { tenant: Tenant; members: ReadonlySet<number>; outbox: boolean }
const watchers = new Set<(told: Told) => void>()

/** Hear whom this process has told something, that something waits in the outbox, or that a message of it stands otherwise, after each commit. A hint. Returns the way to stop. */
export function watchNotices(watcher: (told: Told) => void): () => void {
  watchers.add(watcher)
  return () => void watchers.delete(watcher)
}

export function announceNotices(tx: Tx, { members, outbox }: { members: readonly number[]; outbox: boolean }): void {
  if (members.length === 0 && !outbox) return
  tx.afterCommit(() => { for (const watcher of watchers) watcher({ tenant: tx.tenant, members: new Set(members), outbox }) })
}

/** Somebody who looks at a message to the outside may see it stand otherwise. */
export const announceStanding = (tx: Tx): void => tx.afterCommit(() => { for (const watcher of watchers) watcher({ tenant: tx.tenant, members: new Set(), outbox: false }) })

export interface NoticeQuery { member: number; unread?: boolean | undefined; kind?: NoticeKind | undefined; search?: string | undefined; before?: number | undefined; limit: number }

const COLUMNS = `id, member, kind, family, title, body, object, record, group_key as "groupKey", event, rule, extra->>'anchor' as anchor, at, read_at as "readAt"`

/** A member's own messages, newest first; `before` is an id. One statement. */
export const noticesOf = (tx: Tx, { member, unread = false, kind, search, before, limit }: NoticeQuery): Promise<Notice[]> =>
  tx.query<Notice>(`select ${COLUMNS} from {t}.notification where member = $1 and shown ${unread ? 'and read_at is null' : ''} and ($2::bigint is null or id < $2)
    and ($4::text is null or family = $4) and ($5::text is null or title ilike $5 or body ilike $5) order by id desc limit $3`,
    [member, before ?? null, limit, kind ?? null, search ? `%${search.replace(/[\\%_]/g, '\\$&')}%` : null], { name: unread ? 'unread notices' : 'notices' })

/** Messages of one kind and day that came in bursts, counted. `newest` stands for the group; `key` null: alone. */
export interface NoticeGroup { key: string | null; count: number; unread: number; newest: Notice }

/** The newest 500 messages of a member, grouped, newest group first. */
export async function groupedNotices(tx: Tx, member: number): Promise<NoticeGroup[]> {
  const notices = await noticesOf(tx, { member, limit: 500 })
  const groups = Map.groupBy(notices, ({ groupKey, id }) => groupKey ?? id)
  return [...groups.values()].map((same) => ({ key: same[0]!.groupKey, count: same.length, unread: same.filter(({ readAt }) => readAt === null).length, newest: same[0]! }))
}

export async function unreadCount(tx: Tx, member: number): Promise<number> {
  const rows = await tx.query<{ count: number }>('select count(*) as count from {t}.notification where member = $1 and shown and read_at is null', [member], { name: 'unread' })
  return rows[0]!.count
}

/** Marks a member's own messages as read: those named, those of a group, or all. Answers how many were unread. */
export async function markRead(tx: Tx, member: number, which: { ids: readonly number[] } | { group: string } | 'all'): Promise<number> {
  const [ids, group] = which === 'all' ? [null, null] : 'ids' in which ? [which.ids, null] : [null, which.group]
  const rows = await tx.query(`update {t}.notification set read_at = $4 where member = $1 and shown and read_at is null and ($2::bigint[] is null or id = any($2)) and ($3::text is null or group_key = $3) returning 1`, [member, ids, group, tx.now], { name: 'mark read' })
  return rows.length
}

/** Takes that back: everything of theirs that was marked at that instant. */
export async function markUnread(tx: Tx, member: number, at: Date): Promise<void> {
  await tx.query(`update {t}.notification set read_at = null where member = $1 and read_at = $2`, [member, at], { name: 'mark unread' })
}
