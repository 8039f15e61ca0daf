import type { Context } from '#kernel/access'
import { iso, isoOrNull } from './presenting.ts'
import type { Some } from './types.ts'

interface Row { id: number; kind: string; title: string; body: string | null; object: string | null; record: string | null; group: string | null; at: Date; readAt: Date | null; rule: string | null }

/** One's own messages only, newest first. */
export const notifications: Some<'notifications' | 'unread' | 'markRead'> = {
  notifications: async (ctx, { query: { limit, cursor, unread } }, { signedIn }) => {
    const rows = await ctx.tx.query<Row>(
      `select id, kind, title, body, object, record, group_key as "group", at, read_at as "readAt", rule from {t}.notification
       where member = $1 and ($2::bigint is null or id < $2) ${unread ? 'and read_at is null' : ''} order by id desc limit $3`, [signedIn!.member, before(cursor), limit + 1])
    const page = rows.slice(0, limit)
    return { items: page.map((row) => ({ ...row, at: iso(row.at), readAt: isoOrNull(row.readAt) })), next: rows.length > limit ? String(page.at(-1)!.id) : null, unread: await unreadOf(ctx, signedIn!.member) }
  },
  unread: async (ctx, _input, { signedIn }) => ({ unread: await unreadOf(ctx, signedIn!.member) }),
  markRead: async (ctx, { body }, { signedIn }) => {
    const which = 'ids' in body ? [`id = any($3)`, body.ids] : 'group' in body ? [`group_key = $3`, body.group] : [`$3::text is null`, null]
    await ctx.tx.query(`update {t}.notification set read_at = $2 where member = $1 and read_at is null and ${which[0] as string}`, [signedIn!.member, ctx.now, which[1]])
    return { unread: await unreadOf(ctx, signedIn!.member) }
  },
}

/** Cursors of lists that are numbered and one's own: the last number seen. */
export const before = (cursor: string | undefined): number | null => (cursor !== undefined && /^\d{1,15}$/.test(cursor) ? Number(cursor) : null)

export async function unreadOf({ tx }: Context, member: number): Promise<number> {
  const [row] = await tx.query<{ n: number }>(`select count(*)::int as n from (select from {t}.notification where member = $1 and read_at is null limit 1000) unread`, [member], { name: 'unread' })
  return row!.n
}
