import { refused } from '#contract'
import type { Context } from '#kernel/access'
import { markRead, markUnread, noticesOf, unreadCount } from '#kernel/delivery'
import { noticeSettingsOf, setNoticeSettings } from '#kernel/members'
import { iso, isoOrNull } from './presenting.ts'
import type { Call, Some } from './types.ts'

/** One's own messages only, newest first. */
export const notifications: Some<'notifications' | 'unread' | 'markRead' | 'noticeSettings' | 'setNoticeSettings'> = {
  notifications: async ({ tx }, { query: { limit, cursor, unread, kind, search } }, { signedIn }) => {
    const { member } = signedIn!
    const rows = await noticesOf(tx, { member, unread, kind, search: search?.trim(), before: before(cursor), limit: limit + 1 })
    const page = rows.slice(0, limit).map(({ groupKey, member: _, event: _event, at, readAt, anchor = null, ...row }) => ({ ...row, anchor, group: groupKey, at: iso(at), readAt: isoOrNull(readAt) }))
    return { items: page, next: rows.length > limit ? String(page.at(-1)!.id) : null, unread: await unreadCount(tx, member) }
  },
  unread: async ({ tx }, _input, { signedIn }) => ({ unread: await unreadCount(tx, signedIn!.member) }),
  markRead: async ({ tx, tenant }, { body }, { signedIn, api }) => {
    const { member } = signedIn!
    const marked = 'undo' in body ? await markUnread(tx, member, new Date(body.undo)) : await markRead(tx, member, 'all' in body ? 'all' : body)
    tx.afterCommit(() => api.live.hint(tenant.id, []))
    return { unread: await unreadCount(tx, member), undo: marked ? iso(tx.now) : null }
  },
  noticeSettings: (ctx, _input, call) => shown(ctx, call),
  setNoticeSettings: async (ctx, { body }, call) => {
    await setNoticeSettings(ctx, call.signedIn!.member, body)
    return shown(ctx, call)
  },
}

async function shown(ctx: Context, { api, signedIn }: Call) {
  const [row] = await ctx.tx.query<{ email: string | null }>('select email from {t}.member where id = $1', [signedIn!.member])
  return { settings: await noticeSettingsOf(ctx, signedIn!.member), mail: api.mail !== null, email: row?.email ?? null, zone: ctx.tenant.zone }
}

/** Cursors of lists that are numbered: the last number seen. Refused CURSOR_INVALID. */
export function before(cursor: string | undefined): number | undefined {
  if (cursor === undefined) return undefined
  return /^\d{1,15}$/.test(cursor) ? Number(cursor) : refused('CURSOR_INVALID', 'cursor')
}
