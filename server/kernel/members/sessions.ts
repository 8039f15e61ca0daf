import { secretToken, sha256 } from '#platform/crypto'
import type { Database, Tenant, Tx } from '#platform/db'
import { Recent } from '#platform/recent'
import { logSignIn, type SignInFacts } from './log.ts'
import { MUST_ENROLL } from './second-factor.ts'
import type { SignedIn } from './types.ts'

export const SESSION_DAYS = 14
const REMEMBERED_MS = 1_000
const NOTED_EVERY = "interval '5 minutes'"

export interface Device { id: string; current: boolean; createdAt: Date; seenAt: Date; ip: string | null; agent: string | null }
export interface DeviceFacts { ip: string | null; agent: string | null }

/** By which provider of company accounts a session came about; `hint`: the id_token to leave with. */
export interface Through { provider: number; name: string; hint: string | null; /** The provider's own name of its session. */ sid: string | null }

/** A new session, in the log; the answer is the cookie's value and exists nowhere else. It begins with the tenant's key. Real time, not business time. */
export async function openSession(tx: Tx, member: number, facts: SignInFacts, through: Through | null = null): Promise<string> {
  const { ip, agent } = facts
  const token = `${tx.tenant.key}.${secretToken()}`
  await tx.query(`insert into {t}.session (hash, member, created_at, seen_at, expires_at, ip, agent, provider, hint, sid)
    values ($1, $2, clock_timestamp(), clock_timestamp(), clock_timestamp() + make_interval(days => ${SESSION_DAYS}), $3, $4, $5, $6, $7)`, [sha256(token), member, ip, agent?.slice(0, 400) ?? null, through?.provider ?? null, through?.hint ?? null, through?.sid ?? null])
  await logSignIn(tx, { member, outcome: 'done', through: through?.name }, facts)
  return token
}

/** Answers by which provider it came about, for those who leave it too. */
export const endSession = async (tx: Tx, token: string): Promise<Pick<Through, 'provider' | 'hint'> | null> => {
  const [ended] = await tx.query<{ provider: number | null; hint: string | null }>(`delete from {t}.session where hash = $1 returning provider, hint`, [sha256(token)])
  tx.afterCommit(() => forget(tx.tenant, token))
  return ended?.provider ? { provider: ended.provider, hint: ended.hint } : null
}

/** All sessions of a member but the one kept. */
export async function endSessions(tx: Tx, member: number, keep: string | null): Promise<void> {
  await tx.query(`delete from {t}.session where member = $1 and hash is distinct from $2`, [member, keep === null ? null : sha256(keep)])
  tx.afterCommit(() => remembered.clear())
}

/**
 * What a provider says is over: its session of this name; without one, all that this person came in by there. Somebody on their way in is turned back as well.
 * Answers whose they were, one entry for each session.
 */
export async function endThrough(tx: Tx, { provider, subject, sid }: { provider: number; subject: string | null; sid: string | null }): Promise<number[]> {
  const given = [provider, sid, subject]
  const known = `(select i.member from {t}.sign_in_identity i where i.provider = $1 and i.subject = $3)`
  // A session whose name the provider did not say when it began goes with the person.
  const which = `provider = $1 and (($2::text is not null and sid = $2 and ($3::text is null or member = any(array${known}))) or (($2::text is null or sid is null) and member = any(array${known})))`
  const ended = await tx.query<{ member: number }>(`delete from {t}.session where ${which} returning member`, given)
  await tx.query(`delete from {t}.sign_in_opening where ${which}`, given)
  tx.afterCommit(() => remembered.clear())
  return ended.map(({ member }) => member)
}

export async function devicesOf(tx: Tx, member: number, current: string | null): Promise<Device[]> {
  const rows = await tx.query<Device & { hash: Buffer }>(
    `select hash, encode(substring(hash from 1 for 12), 'hex') as id, created_at as "createdAt", seen_at as "seenAt", ip, agent
     from {t}.session where member = $1 and expires_at > clock_timestamp() order by seen_at desc`, [member])
  const own = current === null ? null : sha256(current)
  return rows.map(({ hash, ...device }) => ({ ...device, current: own !== null && hash.equals(own) }))
}

/** False when the member has no such device. */
export async function endDevice(tx: Tx, member: number, device: string): Promise<boolean> {
  const ended = await tx.query(`delete from {t}.session where member = $1 and encode(substring(hash from 1 for 12), 'hex') = $2 returning 1`, [member, device])
  tx.afterCommit(() => remembered.clear())
  return ended.length > 0
}

/** A session looked up at most a second ago; the answer may be that long out of date, here and in other processes. */
const remembered = new Recent<string, { at: number; found: Promise<SignedIn | null> }>(10_000)
const cacheKey = (tenant: Tenant, token: string): string => `${tenant.id} ${token}`
const forget = (tenant: Tenant, token: string): void => remembered.delete(cacheKey(tenant, token))

export function sessionOf(db: Database, tenant: Tenant, token: string): Promise<SignedIn | null> {
  const key = cacheKey(tenant, token)
  const known = remembered.get(key)
  if (known && performance.now() - known.at < REMEMBERED_MS) return known.found
  const found = look(db, tenant, token)
  remembered.set(key, { at: performance.now(), found })
  found.catch(() => remembered.delete(key))
  return found
}

const LOOK = `select s.member, m.must_change as "mustChange", ${MUST_ENROLL} as "mustEnroll", s.seen_at < clock_timestamp() - ${NOTED_EVERY} as stale
  from {t}.session s join {t}.member m on m.id = s.member where s.hash = $1 and s.expires_at > clock_timestamp() and m.state = 'active'`

async function look(db: Database, tenant: Tenant, token: string): Promise<SignedIn | null> {
  const [row] = await db.read(tenant, (tx) => tx.query<{ member: number; mustChange: boolean; mustEnroll: boolean; stale: boolean }>(LOOK, [sha256(token)], { name: 'session' }))
  if (!row) return null
  if (row.stale) await db.mutate(tenant, (tx) => tx.query(`update {t}.session set seen_at = clock_timestamp(), expires_at = clock_timestamp() + make_interval(days => ${SESSION_DAYS}) where hash = $1`, [sha256(token)]))
  return { member: row.member, mustChange: row.mustChange, mustEnroll: row.mustEnroll, session: token, scopes: null }
}

/** Sessions that ended long ago leave the table. */
export const sweepSessions = (tx: Tx): Promise<unknown> => tx.query(`delete from {t}.session where expires_at < clock_timestamp()`)

/** Of these sessions, those that are still good: read at once, nothing remembered. For streams that stay open. */
export async function aliveSessions(tx: Tx, tokens: readonly string[]): Promise<ReadonlySet<string>> {
  const byHash = new Map(tokens.map((token) => [sha256(token).toString('hex'), token]))
  const rows = await tx.query<{ hash: string }>(`select encode(s.hash, 'hex') as hash from {t}.session s join {t}.member m on m.id = s.member
    where s.hash = any($1) and s.expires_at > clock_timestamp() and m.state = 'active'`, [tokens.map((token) => sha256(token))], { name: 'alive sessions' })
  return new Set(rows.flatMap(({ hash }) => byHash.get(hash) ?? []))
}
