import { refused } from '#contract'
import { markRead, noticesOf, unreadCount } from '#kernel/delivery'
import { iso, isoOrNull } from './presenting.ts'
import type { Some } from './types.ts'

/** One's own messages only, newest first. */
export const notifications: Some<'notifications' | 'unread' | 'markRead'> = {
  notifications: async ({ tx }, { query: { limit, cursor, unread } }, { signedIn }) => {
    const { member } = signedIn!
    const rows = await noticesOf(tx, { member, unread, before: before(cursor), limit: limit + 1 })
    const page = rows.slice(0, limit).map(({ groupKey, member: _, event: _event, at, readAt, anchor = null, ...row }) => ({ ...row, anchor, group: groupKey, at: iso(at), readAt: isoOrNull(readAt) }))
    return { items: page, next: rows.length > limit ? String(page.at(-1)!.id) : null, unread: await unreadCount(tx, member) }
  },
  unread: async ({ tx }, _input, { signedIn }) => ({ unread: await unreadCount(tx, signedIn!.member) }),
  markRead: async ({ tx, tenant }, { body }, { signedIn, api }) => {
    await markRead(tx, signedIn!.member, 'all' in body ? 'all' : body)
    tx.afterCommit(() => api.live.hint(tenant.id, []))
    return { unread: await unreadCount(tx, signedIn!.member) }
  },
}

/** Cursors of lists that are numbered: the last number seen. Refused CURSOR_INVALID. */
export function before(cursor: string | undefined): number | undefined {
  if (cursor === undefined) return undefined
  return /^\d{1,15}$/.test(cursor) ? Number(cursor) : refused('CURSOR_INVALID', 'cursor')
}
