import type { Tx } from '#platform/db'
import type { Outcome, OutboxState } from './types.ts'

/**
 * How a message to the outside stands. waiting: its time is to come, or it is under way. held: its rule is off. restored: it came back with a backup and waits for its release. missing: its channel is not connected.
 * retrying: the receiver could not take it yet. unconfirmed: handed over to somebody who carries it on; whether it arrived nobody has said. delivered: the
 * receiver's own system said yes. refused: it said no. failed: given up after many attempts. cancelled: its rule is gone. unknown: nobody can tell whether it arrived.
 */
export type StandingState = 'waiting' | 'held' | 'restored' | 'missing' | 'retrying' | 'unconfirmed' | 'delivered' | 'refused' | 'failed' | 'cancelled' | 'unknown'

/** `to`: the host it goes to; what else an address carries may be a secret. `at`: of the last attempt, else of its making. */
export interface SentMessage { id: number; key: string; channel: string; to: string | null; rule: string | null; event: number | null; state: StandingState; attempts: number; at: Date; madeAt: Date; reason: string | null }

/** Who answers there is who it is for; others, such as a mail relay, only take it to carry it on. */
const ANSWERED_BY_RECEIVER: ReadonlySet<string> = new Set(['webhook'])

/** Pure. `last`: what came of the last attempt; null: none has ended. */
export function standingOf({ channel, state, last, restored = false }: { channel: string; state: OutboxState; last: Outcome['is'] | null; restored?: boolean }): StandingState {
  switch (state) {
    case 'sent': return ANSWERED_BY_RECEIVER.has(channel) ? 'delivered' : 'unconfirmed'
    case 'sent_unknown': return 'unknown'
    case 'held': return restored ? 'restored' : 'held'
    case 'dead': return last === 'refused' || last === 'cancelled' ? last : last === 'unknown' ? 'unknown' : 'failed'
    case 'ready': return last === 'unknown' ? 'unknown' : last === 'later' ? 'retrying' : last === 'missing' ? 'missing' : 'waiting'
  }
}

interface Row extends Omit<SentMessage, 'state' | 'to' | 'reason'> { state: OutboxState; restored: boolean; url: string | null; last: Outcome['is'] | null; detail: { reason?: string } | null }

/** Messages about a record, the newest first, below one of them where its number is given. One statement. */
export const sentAbout = (tx: Tx, record: string, { below, limit }: { below: number | null; limit: number }): Promise<SentMessage[]> =>
  sentWhere(tx, 'o.record = $1 and ($2::bigint is null or o.id < $2) order by o.id desc limit $3', [record, below, limit])

/** By their keys. One statement, none without. */
export const sentByKeys = async (tx: Tx, keys: readonly string[]): Promise<Map<string, SentMessage>> =>
  new Map((keys.length === 0 ? [] : await sentWhere(tx, 'o.key = any($1::text[])', [keys])).map((each) => [each.key, each]))

/** What rules have sent about these events. One statement. */
export const sentOf = (tx: Tx, events: readonly number[]): Promise<SentMessage[]> => sentWhere(tx, 'o.run_event = any($1::bigint[]) order by o.id', [events])

async function sentWhere(tx: Tx, where: string, given: unknown[]): Promise<SentMessage[]> {
  const rows = await tx.query<Row>(`select o.id, o.key, o.channel, o.rule, o.run_event as event, o.state, o.restored, o.attempts, o.created_at as "madeAt", coalesce(d.at, o.created_at) as at, d.result as last, d.detail, o.body ->> 'url' as url
    from {t}.outbox o left join lateral (select at, result, detail from {t}.delivery d where d.key = o.key order by d.attempt desc limit 1) d on true where ${where}`, given)
  return rows.map(({ url, last, detail, state, restored, ...row }) => ({ ...row, state: standingOf({ channel: row.channel, state, last, restored }), to: url !== null && URL.canParse(url) ? new URL(url).host : null, reason: detail?.reason ?? null }))
}
