import { eventOf } from '#kernel/changes'
import { timerEvent, type Event, type EventTimer } from '#kernel/automation'
import type { Tx } from '#platform/db'
import { ahead } from './ahead.ts'
import { entriesIn, type Entry } from './entries.ts'
import type { Log } from './log.ts'
import type { Told, ToldRun } from './replay.ts'

/** A batch as the engine noted it. */
export interface Answered { id: number; position: number; at: Date; events: number[]; timers: (EventTimer & { seq: number; object: string; record: string })[] | null }
/** `changes`: how many the act of the run made. */
export interface Ran extends ToldRun { changes: number }
export interface Page { batches: Answered[]; runs: ReadonlyMap<number, readonly Ran[]> }

/** Batches that are read at once, with what was told of them. */
const PAGE = 12

/** Everything that the engine answered, in its order; the next page is on its way while one is gone through. */
export const historyOf = (live: Tx): AsyncGenerator<Page> => ahead(pagesOf(live), 1)

async function* pagesOf(live: Tx): AsyncGenerator<Page> {
  for (let last: Pick<Answered, 'position' | 'id'> = { position: -1, id: 0 }; ;) {
    const page = await pageOf(live, last)
    if (page.batches.length === 0) return
    yield page
    last = page.batches.at(-1)!
  }
}

async function pageOf(live: Tx, { position, id }: { position: number; id: number }): Promise<Page> {
  const batches = await live.query<Answered>(`select id, position, at, events, timers from {t}.answered where (position, id) > ($1, $2) order by position, id limit ${PAGE}`, [position, id])
  if (batches.length === 0) return { batches, runs: new Map() }
  return { batches, runs: Map.groupBy(await runsOf(live, batches.flatMap(({ events }) => events)), ({ event }) => event) }
}

/** As one value, like the log. */
async function runsOf(tx: Tx, events: readonly number[]): Promise<Ran[]> {
  const [told] = await tx.query<{ rows: RunRow[] | null }>(`select json_agg(json_build_array(event, rule, version, status, object, record, seen, steps, error, act, (select count(*) from {t}.change c where c.act = run.act)) order by event, started_at, rule) as rows
    from {t}.run where event = any($1::bigint[])`, [events])
  return (told?.rows ?? []).map(([event, rule, version, status, object, record, seen, steps, error, act, changes]) => ({ event, rule, version, status, object, record, seen, steps, error, act, changes }))
}
type RunRow = readonly [Ran['event'], Ran['rule'], Ran['version'], Ran['status'], Ran['object'], Ran['record'], Ran['seen'], Ran['steps'], Ran['error'], Ran['act'], Ran['changes']]

/** Runs by event and rule; changes in the order of the log. `log`: as far as it has been read, it is not asked for again. */
export async function told(tx: Tx, events: readonly number[], { log, runs: known }: { log?: Pick<Log, 'changesOf'>; runs?: readonly Ran[] } = {}): Promise<Told> {
  const runs = known ?? (await runsOf(tx, events))
  const acts = new Map(runs.flatMap(({ act, changes }) => (act === null ? [] : [[act, changes] as const])))
  const ahead = [...acts].map(([act, count]) => ({ act, count, rows: log?.changesOf(act) ?? [] }))
  const missing = ahead.filter(({ count, rows }) => rows.length !== count).map(({ act }) => act)
  const rows = ahead.flatMap((each) => (each.rows.length === each.count ? each.rows : []))
  if (missing.length > 0) rows.push(...(await entriesIn(tx, 'where c.act = any($1::bigint[]) order by c.seq', [missing])))
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
  if (missing.length > 0) for (const row of await entriesIn(live, 'where c.seq = any($1::bigint[]) order by c.seq', [missing])) known.set(row.seq, eventFrom(row, position))
  return seqs.flatMap((seq) => known.get(seq) ?? [])
}

const eventFrom = (row: Entry | undefined, position: number): Event | undefined =>
  row && { seq: row.seq, object: row.object, record: row.record, recordVersion: row.version, fields: row.fields, cause: row.cause, kind: eventOf(row.version, row.fields), actor: row.actor, attempts: 0, position }
