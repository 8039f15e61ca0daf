import { refused } from '#contract'
import { secretToken, sha256 } from '#platform/crypto'
import type { Tx } from '#platform/db'
import type { LinkKind } from './types.ts'

export interface Link { kind: LinkKind; member: number | null; expiresAt: Date }
const HOURS: Record<LinkKind, number> = { setup: 24 * 7, invite: 24 * 7, reset: 24 }

/** A one-time link's secret; earlier open links of the same kind and member end. Real time. */
export async function createLink(tx: Tx, kind: LinkKind, member: number | null): Promise<{ token: string; expiresAt: Date }> {
  const token = `${tx.tenant.key}.${secretToken()}`
  await tx.query(`delete from {t}.one_time_link where kind = $1 and member is not distinct from $2 and used_at is null`, [kind, member])
  const [row] = await tx.query<{ expiresAt: Date }>(`insert into {t}.one_time_link (hash, kind, member, created_at, expires_at)
    values ($1, $2, $3, clock_timestamp(), clock_timestamp() + make_interval(hours => $4)) returning expires_at as "expiresAt"`, [sha256(token), kind, member, HOURS[kind]])
  return { token, expiresAt: row!.expiresAt }
}

const OPEN = `used_at is null and expires_at > clock_timestamp()`

/** Refused LINK_INVALID for unknown, used and expired ones alike. */
export async function linkOf(tx: Tx, token: string): Promise<Link> {
  const [link] = await tx.query<Link>(`select kind, member, expires_at as "expiresAt" from {t}.one_time_link where hash = $1 and ${OPEN}`, [sha256(token)])
  return link ?? refused('LINK_INVALID')
}

/** Take the link: it works for one of all who try. */
export async function useLink(tx: Tx, token: string, kinds: readonly LinkKind[]): Promise<Link> {
  const [link] = await tx.query<Link>(`update {t}.one_time_link set used_at = clock_timestamp() where hash = $1 and kind = any($2) and ${OPEN} returning kind, member, expires_at as "expiresAt"`, [sha256(token), kinds])
  return link ?? refused('LINK_INVALID')
}

/** The tenant that a session cookie or a link names. */
export const tenantOfToken = (token: string): string | null => /^([a-z][a-z0-9-]{0,39})\.[\w-]{43}$/.exec(token)?.[1] ?? null
