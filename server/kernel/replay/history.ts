import { actorOf, eventOf, type FieldChanges } from '#kernel/changes'
import type { Actor, Cause } from '#kernel/access'
import { timerEvent, type Event, type EventTimer } from '#kernel/automation'
import type { Tx } from '#platform/db'
import type { Log, Logged } from './log.ts'
import type { Told, ToldChange, ToldRun } from './replay.ts'

/** A batch as the engine noted it. */
export interface Answered { id: number; position: number; at: Date; events: number[]; timers: (EventTimer & { seq: number; object: string; record: string })[] | null }
/** `changes`: how many the act of the run made. */
interface Ran extends ToldRun { changes: number }
export interface Page { batches: Answered[]; runs: ReadonlyMap<number, readonly Ran[]> }

/** Batches that are read at once, with what was told of them. */
const PAGE = 12

/** Everything that the engine answered, in its order; the next page is on its way while one is gone through. */
export async function* historyOf(live: Tx): AsyncGenerator<Page> {
  for (let next = pageOf(live, { position: -1, id: 0 }); ;) {
    const page = await next
    if (page.batches.length === 0) return
    next = pageOf(live, page.batches.at(-1)!)
    next.catch(() => {})
    yield page
  }
}

async function pageOf(live: Tx, { position, id }: { position: number; id: number }): Promise<Page> {
  const batches = await live.query<Answered>(`select id, position, at, events, timers from {t}.answered where (position, id) > ($1, $2) order by position, id limit ${PAGE}`, [position, id])
  if (batches.length === 0) return { batches, runs: new Map() }
  const runs = await live.query<Ran>(`${RUNS.replace('act', 'act, (select count(*)::int from {t}.change c where c.act = run.act) as changes')}`, [batches.flatMap(({ events }) => events)])
  return { batches, runs: Map.groupBy(runs, ({ event }) => event) }
}

const RUNS = `select event, rule, version, status, object, record, seen, steps, error, act from {t}.run where event = any($1::bigint[]) order by event, started_at, rule`

/** Runs by event and rule; changes in the order of the log. */
export async function told(tx: Tx, events: readonly number[]): Promise<Told> {
  const runs = await tx.query<ToldRun>(RUNS, [events])
  const acts = [...new Set(runs.flatMap(({ act }) => act ?? []))]
  const changes = await tx.query<ToldChange>(`select (a.cause->>'event')::bigint as event, c.object, c.record, c.record_version as version, c.fields from {t}.change c join {t}.act a on a.id = c.act where c.act = any($1::bigint[]) order by c.seq`, [acts])
  return { runs, changes }
}

/** As `told`, of what has been read ahead; null: not all of it has. */
export function toldAhead(log: Log, runs: readonly Ran[]): Told | null {
  const acts = new Map(runs.flatMap(({ act, changes }) => (act === null ? [] : [[act, changes] as const])))
  const rows: Logged[] = []
  for (const [act, count] of acts) {
    const found = log.changesOf(act)
    if (found.length !== count) return null
    rows.push(...found)
  }
  rows.sort((a, b) => a.seq - b.seq)
  return { runs: [...runs], changes: rows.map(({ cause, object, record, version, fields }) => ({ event: cause.event!, object, record, version, fields })) }
}

/** In the order in which they were answered. */
export async function eventsOf(live: Tx, { events: seqs, timers, position }: Answered, log: Pick<Log, 'change'>): Promise<Event[]> {
  // What another system sent stands in the runs that saw it, and nowhere else.
  const sent = timers?.some(({ pushed }) => pushed) ? await live.query<{ event: number; pushed: NonNullable<EventTimer['pushed']> }>(`select event, seen->'pushed' as pushed from {t}.run where event = any($1::bigint[]) and seen ? 'pushed'`, [seqs]) : []
  const due = new Map((timers ?? []).map((timer) => [timer.seq, timerEvent({ ...timer, ...(timer.pushed && { pushed: sent.find(({ event }) => event === timer.seq)?.pushed ?? timer.pushed }), position })]))
  const known = new Map(seqs.map((seq) => [seq, due.get(seq) ?? eventFrom(log.change(seq), position)]))
  const missing = seqs.filter((seq) => known.get(seq) === undefined)
  if (missing.length > 0) for (const row of await live.query<Missing>(MISSING, [missing])) known.set(row.seq, eventFrom(row, position))
  return seqs.flatMap((seq) => known.get(seq) ?? [])
}

interface Missing { seq: number; object: string; record: string; version: number; fields: FieldChanges; kind: Actor['kind']; ref: string; cause: Cause }
const MISSING = `select c.seq, c.object, c.record, c.record_version as version, c.fields, a.actor_kind as kind, a.actor_ref as ref, a.cause from {t}.change c join {t}.act a on a.id = c.act where c.seq = any($1::bigint[])`

const eventFrom = (row: Missing | undefined, position: number): Event | undefined =>
  row && { seq: row.seq, object: row.object, record: row.record, recordVersion: row.version, fields: row.fields, cause: row.cause, kind: eventOf(row.version, row.fields), actor: actorOf(row.kind, row.ref, row.cause), attempts: 0, position }
