import { refused } from '#contract'
import { sha256 } from '#platform/crypto'
import type { Database, Tenant, Tx } from '#platform/db'

export interface Claim { key: string; route: string; request: unknown }
export interface StoredAnswer { status: number; answer: unknown }

/**
 * Claim a key for one request, in the transaction of its work. Null: it is ours, do the work and keep the answer.
 * An equal request before us: its answer. Another one under the same key: refused IDEMPOTENCY_CONFLICT. 24 hours.
 * Two at once: the second waits for the first one's commit.
 */
export async function claimOnce(tx: Tx, { key, route, request }: Claim): Promise<StoredAnswer | null> {
  const hash = sha256(JSON.stringify(request))
  const claimed = await tx.query(`insert into {t}.idempotency as i (key, route, request_hash, at) values ($1, $2, $3, clock_timestamp())
    on conflict (key) do update set route = excluded.route, request_hash = excluded.request_hash, at = excluded.at, answer = null, status = null
      where i.at < clock_timestamp() - interval '24 hours' returning 1`, [key, route, hash], { name: 'claim once' })
  if (claimed.length > 0) return null
  const [stored] = await tx.query<{ route: string; hash: Buffer; status: number; answer: unknown }>(`select route, request_hash as hash, status, answer from {t}.idempotency where key = $1`, [key])
  if (!stored || stored.route !== route || !stored.hash.equals(hash)) return refused('IDEMPOTENCY_CONFLICT')
  return { status: stored.status, answer: stored.answer }
}

export const keepAnswer = (tx: Tx, key: string, { status, answer }: StoredAnswer): Promise<unknown> =>
  tx.query(`update {t}.idempotency set answer = $2, status = $3 where key = $1`, [key, JSON.stringify(answer ?? null), status], { name: 'keep answer' })

const ABANDONED = "interval '1 minute'"

/**
 * Once for work that brings its own transactions: claim, work, keep the answer. Work that fails gives the key back; work that
 * a crash cut short does so after a minute. While the first is at it, refused BUSY.
 */
export async function onceFor(db: Database, tenant: Tenant, claim: Claim, work: () => Promise<StoredAnswer>): Promise<StoredAnswer> {
  const stored = await db.mutate(tenant, (tx) => claimOnce(tx, claim))
  if (stored?.status) return stored
  if (stored && !(await db.mutate(tenant, (tx) => takeOver(tx, claim.key)))) refused('BUSY')
  try {
    const done = await work()
    await db.mutate(tenant, (tx) => keepAnswer(tx, claim.key, done))
    return done
  } catch (error) {
    await db.mutate(tenant, (tx) => tx.query(`delete from {t}.idempotency where key = $1 and status is null`, [claim.key])).catch(() => {})
    throw error
  }
}

const takeOver = async (tx: Tx, key: string): Promise<boolean> =>
  (await tx.query(`update {t}.idempotency set at = clock_timestamp() where key = $1 and status is null and at < clock_timestamp() - ${ABANDONED} returning 1`, [key])).length > 0

export const sweepIdempotency = (tx: Tx): Promise<unknown> => tx.query(`delete from {t}.idempotency where at < clock_timestamp() - interval '24 hours'`)
