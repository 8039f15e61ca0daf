import { answer, openMemory, Outdated, timerEvent, type Event, type EventTimer, type SeenKept, type Step } from '#kernel/automation'
import { eventOf, actorOf, type FieldChanges } from '#kernel/changes'
import type { Actor, Cause, Context } from '#kernel/access'
import type { Tx } from '#platform/db'
import type { Past } from './past.ts'

/** What was done about one event by one rule, as history or a replay tells it. */
export interface ToldRun { event: number; rule: string; version: number; status: string; object: string; record: string; seen: SeenKept | null; steps: Step[]; error: string | null; act: number | null }
export interface ToldChange { event: number; object: string; record: string; version: number; fields: FieldChanges }
export interface Told { runs: ToldRun[]; changes: ToldChange[] }

/** One batch of the engine. `history`: what it did then. `replayed`: what the same rules do on what the log says stood then. */
export interface Replayed { position: number; at: Date; events: readonly Event[]; history: Told; replayed: Told }

interface Answered { id: number; position: number; at: Date; events: number[]; timers: (EventTimer & { seq: number; object: string; record: string })[] | null }
const PAGE = 500

/**
 * Answers everything again that the engine answered, batch by batch, on the past alone; nothing of it stays, and nothing leaves the house.
 * `visit` is given each batch while the past still stands where the batch began: `past.at(at)` shows it.
 */
export async function replay(live: Tx, past: Past, visit: (batch: Replayed) => void | Promise<void>): Promise<void> {
  for (let after = { position: -1, id: 0 }, page: Answered[]; (page = await pageOf(live, after)).length > 0; after = page.at(-1)!) {
    for (const batch of page) await replayBatch(live, past, batch, visit)
  }
}

const pageOf = (live: Tx, { position, id }: { position: number; id: number }): Promise<Answered[]> =>
  live.query<Answered>(`select id, position, at, events, timers from {t}.answered where (position, id) > ($1, $2) order by position, id limit ${PAGE}`, [position, id])

async function replayBatch(live: Tx, past: Past, { position, at, events: seqs, timers }: Answered, visit: (batch: Replayed) => void | Promise<void>): Promise<void> {
  await past.advance(position)
  const events = await eventsOf(live, { seqs, timers: timers ?? [], position })
  const { replayed, came, waits } = await answerAgain(past, at, events)
  await visit({ position, at, events, history: await told(live, seqs), replayed })
  await keep(await past.at(at), replayed, { came, waits, runs: runsOf(events) })
}

/** A deadline that has come for a record. */
interface Came { rule: string; record: string; at: Date }

/** Runs that begin with these events, or go on by them. */
const runsOf = (events: readonly Event[]): number[] => events.map(({ seq, timer }) => timer?.run ?? seq)

async function answerAgain(past: Past, at: Date, events: readonly Event[]): Promise<{ replayed: Told; came: Came[]; waits: object[] }> {
  const memory = openMemory()
  for (;;) {
    const ctx = await past.at(at)
    await ctx.tx.query('savepoint replay')
    try {
      await answer(ctx, events, { barred: new Map() }, memory)
      return { replayed: await told(ctx.tx, events.map(({ seq }) => seq)), waits: await ctx.tx.query<object>('select * from {t}.wait where run = any($1::bigint[])', [runsOf(events)]), came: await cameTo(ctx.tx, events.filter(({ timer }) => timer).map(({ record }) => record)) }
    } catch (error) {
      if (!(error instanceof Outdated)) throw error
    } finally {
      await ctx.tx.query('rollback to savepoint replay')
    }
  }
}

const cameTo = async (tx: Tx, records: readonly string[]): Promise<Came[]> =>
  records.length === 0 ? [] : tx.query<Came>('select rule, record, opened_at as at from {t}.episode where record = any($1::uuid[])', [records])

/** Runs are what the next batches ask for: which rule has been here, which deadline has come, where a run waits. Everything else they read comes from the log. */
async function keep({ tx, metadata }: Context, { runs }: Told, { came, waits, runs: standing }: { came: readonly Came[]; waits: readonly object[]; runs: readonly number[] }): Promise<void> {
  await tx.query('delete from {t}.wait where run = any($1::bigint[])', [standing])
  if (waits.length > 0) await tx.query('insert into {t}.wait select * from jsonb_populate_recordset(null::{t}.wait, $1)', [JSON.stringify(waits)])
  await tx.query(`insert into {t}.episode (rule, record, opened_at, closed_at) select rule, record, at, $2 from json_to_recordset($1) as x(rule text, record uuid, at timestamptz) on conflict do nothing`, [JSON.stringify(came), tx.now])
  await tx.query(`insert into {t}.run (event, rule, version, status, object, record, started_at, finished_at, epoch)
    select event, rule, version, status, object, record, $2, $2, $3 from json_to_recordset($1) as x(event bigint, rule text, version int, status text, object text, record uuid)
    on conflict do nothing`, [JSON.stringify(runs.map(({ event, rule, version, status, object, record }) => ({ event, rule, version, status, object, record }))), tx.now, metadata.epoch])
}

/** Runs by event and rule; changes in the order of the log. */
async function told(tx: Tx, events: readonly number[]): Promise<Told> {
  const runs = await tx.query<ToldRun>(`select event, rule, version, status, object, record, seen, steps, error, act from {t}.run where event = any($1::bigint[]) order by event, started_at, rule`, [events])
  const acts = [...new Set(runs.flatMap(({ act }) => act ?? []))]
  const changes = await tx.query<ToldChange>(`select (a.cause->>'event')::bigint as event, c.object, c.record, c.record_version as version, c.fields from {t}.change c join {t}.act a on a.id = c.act where c.act = any($1::bigint[]) order by c.seq`, [acts])
  return { runs, changes }
}

interface Logged { seq: number; object: string; record: string; version: number; fields: FieldChanges; kind: Actor['kind']; ref: string; cause: Cause }

/** In the order in which they were answered. */
async function eventsOf(live: Tx, { seqs, timers, position }: { seqs: readonly number[]; timers: NonNullable<Answered['timers']>; position: number }): Promise<Event[]> {
  const rows = await live.query<Logged>(`select c.seq, c.object, c.record, c.record_version as version, c.fields, a.actor_kind as kind, a.actor_ref as ref, a.cause from {t}.change c join {t}.act a on a.id = c.act where c.seq = any($1::bigint[])`, [seqs])
  const changes = rows.map(({ seq, object, record, version, fields, kind, ref, cause }): Event =>
    ({ seq, object, record, recordVersion: version, fields, cause, kind: eventOf(version, fields), actor: actorOf(kind, ref, cause), attempts: 0, position }))
  const due = timers.map((timer) => timerEvent({ ...timer, position }))
  const bySeq = new Map([...changes, ...due].map((event) => [event.seq, event]))
  return seqs.map((seq) => bySeq.get(seq)).filter((event) => event !== undefined)
}
