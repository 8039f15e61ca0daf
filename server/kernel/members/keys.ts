import { refused } from '#contract'
import type { Context } from '#kernel/access'
import { secretToken, sha256 } from '#platform/crypto'
import type { Database, Tenant } from '#platform/db'
import { Recent } from '#platform/recent'
import { logEdit } from './log.ts'
import type { KeyScope, SignedIn } from './types.ts'

export interface ApiKey { id: number; name: string; prefix: string; scopes: KeyScope[]; member: number; createdAt: Date; lastUsedAt: Date | null; revokedAt: Date | null }

/** `nm_<tenant>_<random>`: names its tenant, is recognised by secret scanners, and is stored as a hash only. */
export async function createKey(ctx: Context, member: number, name: string, scopes: readonly KeyScope[]): Promise<{ id: number; key: string }> {
  const key = `nm_${ctx.tenant.key}_${secretToken()}`
  const prefix = key.slice(0, key.length - 37)
  const [row] = await ctx.tx.query<{ id: number }>(`insert into {t}.api_key (hash, prefix, member, name, scopes, created_at) values ($1, $2, $3, $4, $5, clock_timestamp()) returning id`, [sha256(key), prefix, member, name, [...new Set(scopes)]])
  await logEdit(ctx, 'api_key', row!.id, 'created', { name: [null, name], member: [null, member], scopes: [null, [...scopes]] })
  return { id: row!.id, key }
}

export const keysOf = ({ tx }: Context, member: number): Promise<ApiKey[]> =>
  tx.query<ApiKey>(`select id, name, prefix, scopes, member, created_at as "createdAt", last_used_at as "lastUsedAt", revoked_at as "revokedAt" from {t}.api_key where member = $1 order by id`, [member])

/** Refused NOT_FOUND when the member has no such key. */
export async function revokeKey(ctx: Context, member: number, id: number): Promise<void> {
  const [row] = await ctx.tx.query<{ revoked: Date }>(`update {t}.api_key set revoked_at = clock_timestamp() where id = $1 and member = $2 and revoked_at is null returning revoked_at as revoked`, [id, member])
  if (!row) return refused('NOT_FOUND')
  await logEdit(ctx, 'api_key', id, 'changed', { revoked_at: [null, row.revoked.toISOString()] })
}

/** The tenant that a key names; null for what is no key. */
export const tenantOfKey = (key: string): string | null => /^nm_([a-z][a-z0-9-]{0,39})_[\w-]{43}$/.exec(key)?.[1] ?? null

const REMEMBERED_MS = 1_000
const remembered = new Recent<string, { at: number; found: Promise<SignedIn | null> }>(10_000)

/** Whom a key stands for, known at most a second ago; null when it is unknown, revoked, or its member is not active. */
export function keyHolder(db: Database, tenant: Tenant, key: string): Promise<SignedIn | null> {
  const cacheKey = `${tenant.id} ${key}`
  const known = remembered.get(cacheKey)
  if (known && performance.now() - known.at < REMEMBERED_MS) return known.found
  const found = look(db, tenant, key)
  remembered.set(cacheKey, { at: performance.now(), found })
  found.catch(() => remembered.delete(cacheKey))
  return found
}

async function look(db: Database, tenant: Tenant, key: string): Promise<SignedIn | null> {
  const [row] = await db.read(tenant, (tx) => tx.query<{ id: number; member: number; scopes: KeyScope[]; stale: boolean }>(
    `select k.id, k.member, k.scopes, k.last_used_at is null or k.last_used_at < clock_timestamp() - interval '5 minutes' as stale
     from {t}.api_key k join {t}.member m on m.id = k.member where k.hash = $1 and k.revoked_at is null and m.state = 'active'`, [sha256(key)], { name: 'api key' }))
  if (!row) return null
  if (row.stale) await db.mutate(tenant, (tx) => tx.query(`update {t}.api_key set last_used_at = clock_timestamp() where id = $1`, [row.id]))
  return { member: row.member, mustChange: false, mustEnroll: false, session: null, scopes: row.scopes }
}
