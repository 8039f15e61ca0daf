import { actorOf, eventOf, type FieldChanges, VIRTUAL_QUEUES } from '#kernel/changes'
import type { Actor, Cause } from '#kernel/access'
import type { Tx } from '#platform/db'
import type { Event } from './types.ts'

/** Advisory locks of one tenant: 1 is the publisher's (shared by batches), 100–107 are the queues, 108–115 those of what waits until nothing else does. */
const PUBLISHING = 1
const QUEUES = 100

/**
 * Takes up to `most` virtual queues, in turn after `after`, that have something to do and that nobody else works on; one alone while one that waits is not among `known`.
 * A late queue is taken alone, and only while no other has anything to do. Waits for a publication that is under way, and keeps the next one waiting until this transaction ends.
 */
export async function takeQueues(tx: Tx, { after, known, most }: { after: number; known: readonly number[]; most: number }): Promise<number[]> {
  return (await tx.query<{ sub: number }>(TAKE, [tx.tenant.id, after, known, most], { name: 'take queues' })).map(({ sub }) => sub)
}

const TAKE = `with publishing as materialized (select pg_advisory_xact_lock_shared($1::int, ${PUBLISHING})),
  waiting as materialized (
    select q.sub from publishing, generate_series(0, ${2 * VIRTUAL_QUEUES - 1}) q(sub)
    where exists (select 1 from {t}.todo t where t.sub = q.sub) order by (q.sub - $2::int - 1 + ${2 * VIRTUAL_QUEUES}) % ${VIRTUAL_QUEUES}),
  turn as materialized (select sub from waiting where sub < ${VIRTUAL_QUEUES} or not exists (select from waiting where sub < ${VIRTUAL_QUEUES}))
  select sub from turn where pg_try_advisory_xact_lock($1::int, ${QUEUES} + sub)
  limit (select case when bool_and(sub = any($3::int[])) and min(sub) < ${VIRTUAL_QUEUES} then $4::int else 1 end from turn)`

/** Keeps publications waiting until this transaction ends, and waits for one that is under way. */
export const holdPublications = (tx: Tx): Promise<unknown> => tx.query(`select pg_advisory_xact_lock_shared($1::int, ${PUBLISHING})`, [tx.tenant.id], { name: 'hold publications' })

/** What is configured changed between the opening of the transaction and its lock against publications: begin again. */
export class Outdated extends Error {
  override name = 'Outdated'
  readonly code = '40001'
}

/** Removes the oldest todo rows of these queues, up to `limit` of each, and gives them as events, in order. Must come after takeQueues, as a statement of its own: its snapshot sees what the last holder committed. */
export async function claim(tx: Tx, subs: readonly number[], limit: number): Promise<Event[]> {
  return eventsFrom(tx, await tx.query<Claimed>(CLAIM, [subs, limit], { name: 'claim' }))
}

function eventsFrom(tx: Tx, rows: readonly Claimed[]): Event[] {
  if (rows.some(({ epoch }) => epoch !== tx.epoch)) throw new Outdated('a publication came in between')
  return rows.map(({ epoch: _, ...row }) => eventFrom(row))
}

const COLUMNS = '(select epoch from {t}.state) as epoch, (select last_value from {t}.change_seq) as position, g.seq, g.attempts, c.object, c.record, c.record_version as version, c.fields, a.actor_kind as kind, a.actor_ref as ref, a.cause'
const CLAIM = `with g as (delete from {t}.todo d using unnest($1::smallint[]) q(sub), lateral (select t.seq from {t}.todo t where t.sub = q.sub order by t.seq limit $2) o where d.sub = q.sub and d.seq = o.seq returning d.seq, d.attempts)
  select ${COLUMNS} from g join {t}.change c on c.seq = g.seq join {t}.act a on a.id = c.act order by g.seq`

interface Claimed { epoch: number; seq: number; attempts: number; position: number; object: string; record: string; version: number; fields: FieldChanges; kind: Actor['kind']; ref: string; cause: Cause }

const eventFrom = ({ version, kind, ref, ...row }: Omit<Claimed, 'epoch'>): Event => ({ ...row, recordVersion: version, kind: eventOf(version, row.fields), actor: actorOf(kind, ref, row.cause) })

/** These events, in order, without those that somebody else has answered. Publications must be held, if what is done is to stay. */
export async function claimThese(tx: Tx, sub: number, seqs: readonly number[]): Promise<Event[]> {
  return eventsFrom(tx, await tx.query<Claimed>(CLAIM_THESE, [sub, seqs], { name: 'claim these' }))
}
const CLAIM_THESE = `with g as (delete from {t}.todo where sub = $1 and seq = any($2::bigint[]) returning seq, attempts)
  select ${COLUMNS} from g join {t}.change c on c.seq = g.seq join {t}.act a on a.id = c.act order by g.seq`

/** An event that waits, by its number. */
export interface Waiting { seq: number; attempts: number }

/** The oldest of a queue, without touching them. */
export const peek = (tx: Tx, sub: number, limit: number): Promise<Waiting[]> =>
  tx.query('select seq, attempts from {t}.todo where sub = $1 order by seq limit $2', [sub, limit], { name: 'peek' })

/** The events to look at next when one is careful: of the oldest of each record, those tried least come first. */
export const peekLeastTried = (tx: Tx, sub: number, among: number): Promise<Waiting[]> => tx.query<Waiting>(LEAST_TRIED, [sub, among], { name: 'least tried' })
const LEAST_TRIED = `select seq, attempts from (
    select distinct on (c.record) w.seq, w.attempts from (select seq, attempts from {t}.todo where sub = $1 order by seq limit $2) w join {t}.change c on c.seq = w.seq order by c.record, w.seq) oldest
  order by attempts, seq`

/** Counts one more attempt at the oldest events of a queue, in a transaction of its own: what ends the process is remembered. */
export const countAttempts = (tx: Tx, sub: number, seqs: readonly number[]): Promise<unknown> =>
  tx.query('update {t}.todo set attempts = attempts + 1 where sub = $1 and seq = any($2::bigint[])', [sub, seqs], { name: 'count attempts' })

/** One queue until this transaction ends, publications or not. False: somebody else works on it. */
export async function takeQueueNamed(tx: Tx, sub: number): Promise<boolean> {
  const rows = await tx.query<{ taken: boolean }>('select pg_try_advisory_xact_lock($1::int, $2::int) as taken', [tx.tenant.id, QUEUES + sub], { name: 'take one queue' })
  return rows[0]!.taken
}
