import { decisionsJson, insertDecisions } from '#kernel/assignment'
import { announceNotices, insertNotices, insertOutbox, noticesJson, outboxJson } from '#kernel/delivery'
import type { Plan } from './plan.ts'
import type { Event, RunDraft, TimerDraft } from './types.ts'

interface Rest { events: readonly Event[]; acts: ReadonlyMap<number, number>; timers: readonly TimerDraft[]; lift: readonly string[] }

/**
 * What was answered, and its runs, timers, episodes, notifications, deliveries and decisions: one statement. Nobody waits for a timer with records in hand:
 * who takes timers that are due locks their records afterwards. Held by such a one, 55P03 lets the transaction begin again (decision 14).
 */
export async function persist(plan: Plan, { events, acts, timers, lift }: Rest): Promise<void> {
  const { ctx, runs, notices, outbox, numbered, episodes } = plan
  await ctx.tx.query(PERSIST, [
    JSON.stringify(runs.map((run) => runRow(run, acts.get(run.event)))), JSON.stringify(timers.map(timerRow)), lift,
    noticesJson(notices), outboxJson(outbox), decisionsJson(ctx, numbered.map(({ decision }) => decision)), ctx.now, ctx.metadata.epoch,
    JSON.stringify(episodes.map(({ rule, record, at }) => ({ r: rule, i: record, a: at }))),
    Math.max(...events.map(({ position }) => position)), events.map(({ seq }) => seq), timersIn(events),
    [...timers.map(({ key }) => key), ...lift],
  ], { name: 'persist' })
  announceNotices(ctx.tx, { members: notices.map(({ member }) => member), outbox: outbox.length > 0 })
}

function runRow({ event, rule, version, status, object, record, seen, steps, error, attempts, head }: RunDraft, act: number | undefined) {
  return { e: event, r: rule, v: version, s: status, o: object, i: record, n: seen ?? undefined, p: steps, x: error ?? undefined, a: act, t: attempts, h: head }
}
const timerRow = ({ key, dueAt, kind, payload }: TimerDraft) => ({ k: key, d: dueAt, c: kind, p: payload })

const timersIn = (events: readonly Event[]): string | null => {
  const timers = events.flatMap(({ timer, seq, object, record }) => (timer ? [{ seq, ...timer, ...(timer.pushed && { pushed: { id: timer.pushed.id } }), object, record }] : []))
  return timers.length === 0 ? null : JSON.stringify(timers)
}

export const INSERT_RUNS = (runs: number, now: number, epoch: number): string => `insert into {t}.run (event, rule, version, status, object, record, started_at, finished_at, seen, steps, error, act, epoch, attempts, head)
  select e, r, v, s, o, i, $${now}::timestamptz, $${now}::timestamptz, n, p, x, a, $${epoch}::bigint, t, h
  from json_to_recordset($${runs}::json) as x(e bigint, r text, v int, s text, o text, i uuid, n jsonb, p jsonb, x text, a bigint, t smallint, h bigint)
  on conflict (event, rule) do nothing`

const PERSIST = `with runs as (${INSERT_RUNS(1, 7, 8)}),
  held as materialized (select key from {t}.timer where key = any($13::text[]) order by key for update nowait),
  timers as (
    insert into {t}.timer (key, due_at, kind, payload) select k, d, c, p from json_to_recordset($2::json) as x(k text, d timestamptz, c text, p jsonb) where (select count(*) from held) >= 0 order by k
    on conflict (key) do update set due_at = excluded.due_at, payload = excluded.payload where timer.due_at <> excluded.due_at),
  lifted as (delete from {t}.timer where key = any($3::text[]) and (select count(*) from held) >= 0),
  notices as (${insertNotices(4, 7)}), outbox as (${insertOutbox(5, 7)}), decisions as (${insertDecisions(6)}),
  episodes as (insert into {t}.episode (rule, record, opened_at, closed_at) select r, i, a, $7::timestamptz from json_to_recordset($9::json) as x(r text, i uuid, a timestamptz) on conflict do nothing)
  insert into {t}.answered (position, at, epoch, events, timers) values ($10, $7::timestamptz, $8::bigint, $11::bigint[], $12::jsonb)`
