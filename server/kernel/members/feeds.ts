import type { Context } from '#kernel/access'
import { refused } from '#contract'
import { secretToken, sha256 } from '#platform/crypto'
import type { Database, Tenant } from '#platform/db'
import { logEdit } from './log.ts'

export interface CalendarFeed { madeAt: Date; readAt: Date | null }

/** The secret of a member's calendar address, told this once; the address that was there before ends. */
export async function makeFeed(ctx: Context, member: number): Promise<string> {
  const token = secretToken()
  const [row] = await ctx.tx.query<{ at: Date }>(`insert into {t}.calendar_feed (member, hash, made_at) values ($1, $2, clock_timestamp())
    on conflict (member) do update set hash = excluded.hash, made_at = excluded.made_at, read_at = null returning made_at as at`, [member, sha256(token)])
  await logEdit(ctx, 'member', member, 'changed', { calendar_feed: [null, row!.at.toISOString()] })
  return token
}

export async function feedOf({ tx }: Context, member: number): Promise<CalendarFeed | null> {
  const [feed] = await tx.query<CalendarFeed>(`select made_at as "madeAt", read_at as "readAt" from {t}.calendar_feed where member = $1`, [member])
  return feed ?? null
}

/** Refused NOT_FOUND when the member has no address. */
export async function endFeed(ctx: Context, member: number): Promise<void> {
  const [row] = await ctx.tx.query<{ at: Date }>(`delete from {t}.calendar_feed where member = $1 returning made_at as at`, [member])
  if (!row) return refused('NOT_FOUND')
  await logEdit(ctx, 'member', member, 'changed', { calendar_feed: [row.at.toISOString(), null] })
}

/** Whose calendar a secret opens; null when it is unknown, was ended or replaced, or its member is not active. */
export async function feedHolder(db: Database, tenant: Tenant, token: string): Promise<number | null> {
  const [row] = await db.read(tenant, (tx) => tx.query<{ member: number; stale: boolean }>(
    `select f.member, f.read_at is null or f.read_at < clock_timestamp() - interval '5 minutes' as stale
     from {t}.calendar_feed f join {t}.member m on m.id = f.member where f.hash = $1 and m.state = 'active'`, [sha256(token)], { name: 'calendar feed' }))
  if (row?.stale) await db.mutate(tenant, (tx) => tx.query(`update {t}.calendar_feed set read_at = clock_timestamp() where hash = $1`, [sha256(token)]))
  return row?.member ?? null
}
