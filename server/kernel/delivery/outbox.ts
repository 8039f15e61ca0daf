import type { Tx } from '#platform/db'
import { announceNotices, announceStanding } from './notices.ts'
import type { Outcome, OutboxDraft, OutboxState } from './types.ts'

/** Inserts the rows of parameter `$rows`, which is `outboxJson(…)`; stands in a WITH list. Due at once, by the real clock, and not before its business time. */
export const insertOutbox = (rows: number, now: number): string => `insert into {t}.outbox (channel, key, body, next_at, run_event, rule, created_at, owner, not_before, object, record)
  select c, k, b, clock_timestamp(), e, r, $${now}::timestamptz, o, n, j, i from json_to_recordset($${rows}::json) as x(c text, k text, b jsonb, e bigint, r text, o int, n timestamptz, j text, i uuid)
  on conflict (key) do nothing`

export const outboxJson = (drafts: readonly OutboxDraft[]): string => JSON.stringify(drafts.map(({ channel, key, body, event, rule, owner, notBefore, about }) => ({ c: channel, k: key, b: body, e: event, r: rule, o: owner ?? undefined, n: notBefore ?? undefined, j: about?.object, i: about?.id })))

/** Leave messages to the outside; a key that is already there is left alone. One statement. */
export async function post(tx: Tx, drafts: readonly OutboxDraft[]): Promise<void> {
  if (drafts.length === 0) return
  await tx.query(insertOutbox(1, 2), [outboxJson(drafts), tx.now], { name: 'post' })
  announceNotices(tx, { members: [], outbox: true })
}

/** A message that this dispatcher may send until its lease ends. `attempts` counts this one; `until` ends its lease and fences every other. `doubtful`: whoever had it before never said what came of it. */
export interface Leased { id: number; channel: string; key: string; body: Record<string, unknown>; attempts: number; rule: string | null; owner: number | null; until: string; doubtful: boolean; destination: string }

const LEASE = '60 seconds'

/** Where a message goes: the host of its address, or its channel. */
const DESTINATION = `coalesce(substring(body ->> 'url' from '^[a-z]+://([^/?#]+)'), channel)`

/** Takes due messages, and those whose dispatcher died; none for the destinations that have `enough`. Real time, but for what is kept back. One statement; commit before sending. */
export const lease = (tx: Tx, limit: number, enough: readonly string[] = []): Promise<Leased[]> =>
  tx.query<Leased>(`with due as materialized (select id, lease_until is not null as doubtful from {t}.outbox
      where state = 'ready' and next_at <= clock_timestamp() and (not_before is null or not_before <= $2)
        and ($3::text[] = '{}' or ${DESTINATION} <> all($3)) order by next_at limit $1 for update skip locked)
    update {t}.outbox o set attempts = attempts + 1, lease_until = clock_timestamp() + interval '${LEASE}', next_at = clock_timestamp() + interval '${LEASE}' from due where o.id = due.id
    returning o.id, o.channel, o.key, o.body, o.attempts, o.rule, o.owner, o.lease_until::text as until, due.doubtful, ${DESTINATION} as destination`, [limit, tx.now, enough], { name: 'lease' })

/** `result`: what came of an attempt, or why there was none. */
export interface Settlement { state: OutboxState; delayMs: number; result: Outcome }

/** Nothing was sent: that is no attempt, and is noted once. */
const UNSENT: readonly Outcome['is'][] = ['missing', 'held', 'cancelled']

/** What came of an attempt. False: a slow twin's word, somebody else has taken over since. The attempt is kept either way, once; what was not sent gives its attempt back. */
export async function settle(tx: Tx, { id, key, attempts, until }: Leased, { state, delayMs, result }: Settlement): Promise<boolean> {
  const { is, ...detail } = result
  const rows = await tx.query(`with noted as (
      insert into {t}.delivery as d (key, attempt, at, result, detail) values ($3, $2, clock_timestamp(), $6, $7)
      on conflict (key, attempt) do update set at = excluded.at, result = excluded.result, detail = excluded.detail where d.result = any($8::text[]) and d.result <> excluded.result)
    update {t}.outbox set state = $4, lease_until = null, attempts = $2 - ($6 = any($8::text[]))::int, next_at = clock_timestamp() + $5::int * interval '1 millisecond' where id = $1 and lease_until = $9::timestamptz and state = 'ready' returning 1`,
    [id, attempts, key, state, Math.round(delayMs), is, detail, UNSENT, until], { name: 'settle' })
  if (rows.length > 0) announceStanding(tx)
  return rows.length > 0
}

/** Milliseconds until the next message is due; null: none waits. */
export async function nextDue(tx: Tx): Promise<number | null> {
  const rows = await tx.query<{ ms: number | null }>(`select greatest(0, extract(epoch from min(greatest(next_at - clock_timestamp(), not_before - $1))) * 1000)::float8 as ms from {t}.outbox where state = 'ready'`, [tx.now], { name: 'next due' })
  return rows[0]!.ms
}

export interface OutboxRow { id: number; channel: string; key: string; state: OutboxState; attempts: number; createdAt: Date; rule: string | null; event: number | null; last: { at: string; result: string; detail: unknown } | null }

/** Messages that have not gone out well (or all), newest first, with what came of the last attempt. */
export const outboxOf = (tx: Tx, { states = ['ready', 'held', 'sent_unknown', 'dead'], limit = 100 }: { states?: readonly OutboxState[]; limit?: number } = {}): Promise<OutboxRow[]> =>
  tx.query<OutboxRow>(`select o.id, o.channel, o.key, o.state, o.attempts, o.created_at as "createdAt", o.rule, o.run_event as event,
      (select json_build_object('at', d.at, 'result', d.result, 'detail', d.detail) from {t}.delivery d where d.key = o.key order by d.attempt desc limit 1) as last
    from {t}.outbox o where o.state = any($1::text[]) order by o.id desc limit $2`, [states, limit])

/** Tries dead, held or doubtful messages again, with the same key. Answers how many. */
export async function retry(tx: Tx, ids: readonly number[]): Promise<number> {
  const rows = await tx.query(`update {t}.outbox set state = 'ready', restored = false, next_at = clock_timestamp(), lease_until = null where id = any($1::bigint[]) and state in ('held', 'dead', 'sent_unknown') returning 1`, [ids])
  announceNotices(tx, { members: [], outbox: rows.length > 0 })
  return rows.length
}

/** Lets go what was held, but for what came back with a backup and what these rules have left: they are off. What a rule that is gone has left ends when it is looked at. Answers how many. */
export async function letGo(tx: Tx, off: readonly string[]): Promise<number> {
  const rows = await tx.query(`update {t}.outbox set state = 'ready', next_at = clock_timestamp() where state = 'held' and not restored and rule <> all($1::text[]) returning 1`, [off], { name: 'let go' })
  announceNotices(tx, { members: [], outbox: rows.length > 0 })
  return rows.length
}
