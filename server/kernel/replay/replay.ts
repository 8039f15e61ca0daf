import { answer, openMemory, Outdated, type Event, type SeenKept, type Step } from '#kernel/automation'
import type { FieldChanges } from '#kernel/changes'
import { kernelContext, type Context } from '#kernel/access'
import type { Metadata } from '#kernel/metadata'
import type { Tx } from '#platform/db'
import { eventsOf, historyOf, told, type Answered, type Page } from './history.ts'
import type { Past } from './past.ts'
import { provedInMemory } from './quick.ts'
import { Track } from './track.ts'

/** What was done about one event by one rule, as history or a replay tells it. */
export interface ToldRun { event: number; rule: string; version: number; status: string; object: string; record: string; seen: SeenKept | null; steps: Step[]; error: string | null; act: number | null }
export interface ToldChange { event: number; object: string; record: string; version: number; fields: FieldChanges }
export interface Told { runs: ToldRun[]; changes: ToldChange[] }

/** One batch of the engine. `history`: what it did then. `replayed`: what the same rules do on what the log says stood then; the very same object where memory has proved it. */
export interface Replayed { position: number; at: Date; events: readonly Event[]; history: Told; replayed: Told; metadata: Metadata }
type Visit = (batch: Replayed) => void | Promise<void>

/**
 * Answers everything again that the engine answered, batch by batch, on the past alone; nothing of it stays, and nothing leaves the house.
 * Memory, fed by the log in large windows, goes first; a batch that it cannot prove to be what history tells is answered by the past in the database, which
 * is brought there for it. `thorough`: the database answers all.
 */
export async function replay(live: Tx, past: Past, visit: Visit, { thorough = false }: { thorough?: boolean } = {}): Promise<void> {
  const track = await Track.open(await kernelContext(live, { kind: 'system', reason: 'replay' }, { kind: 'backfill' }), past)
  for await (const page of historyOf(live)) for (const batch of page.batches) {
    // What is on its way comes in meanwhile: a database whose answer is not taken waits with the next one.
    await new Promise(setImmediate)
    await replayBatch(live, track, { batch, page, visit, thorough })
  }
}

async function replayBatch(live: Tx, track: Track, { batch, page, visit, thorough }: { batch: Answered; page: Page; visit: Visit; thorough: boolean }): Promise<void> {
  const { position, at, events: seqs } = batch
  await track.follow(position)
  const events = await eventsOf(live, batch, track.log)
  const history = await told(live, seqs, { log: track.log, runs: seqs.flatMap((seq) => page.runs.get(seq) ?? []) })
  const came = thorough ? null : await provedInMemory(track.memory, { at, events, history })
  const { metadata } = track.memory.ctx
  if (came) {
    await visit({ position, at, events, history, replayed: history, metadata })
    return track.proved(seqs, history.runs, { at, events, came })
  }
  const past = await track.bringPast()
  const answered = await answerAgain(past, at, events)
  await visit({ position, at, events, history, replayed: answered.replayed, metadata })
  await keep(await past.at(at), answered.replayed, { ...answered, runs: runsOf(events) })
  track.memory.keep(answered.replayed.runs, { at, events, came: answered.came })
}

/** A deadline that has come for a record. */
export interface Came { rule: string; record: string; at: Date }

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
