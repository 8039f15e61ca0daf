import type { Context } from '#kernel/access'
import type { PublishedRule } from '#kernel/metadata'
import type { Rule } from '#language/definitions'
import type { Tx } from '#platform/db'
import { following, all, sawOf, stepAt, walk, type Halt, type Walked } from './flow.ts'
import { elsewhere, ownerOf } from './own.ts'
import type { Plan } from './plan.ts'
import { isControlled, type CompiledRule } from './program.ts'
import { holds, type Scene } from './scene.ts'
import type { Carried, Event, Step, TimerDraft, WaitDraft } from './types.ts'
import { waitKey, waitKeySql, waitPayloadSql } from './types.ts'

/** A run that has not ended; `body`: of the version with which it began. */
export interface WaitRow extends WaitDraft { body: Rule | null }
export interface WaitQuery { run: number; rule: string }

/** The run stands at a wait: its place, and the timer that comes at the latest. */
export function waitAt({ plan, event, rule: { rule } }: Scene, { path, kind, due }: Halt, { head = event.seq, carries }: { head?: number | undefined; carries: Carried }): void {
  const { root = event.seq, depth = 0, budget } = event.cause
  const wait: WaitDraft = { run: head, rule: rule.key, version: rule.version, object: event.object, record: event.record, path, kind, due, state: 'waiting', go: null, cause: { root, depth, ...(budget !== undefined && { budget }) }, carries, since: plan.ctx.now }
  plan.waits.push(wait)
  plan.timers.push(timerOf(wait))
}

const timerOf = (wait: WaitDraft, dueAt: Date = wait.due): TimerDraft => ({ key: waitKey(wait), dueAt, kind: 'wait', payload: { object: wait.object, record: wait.record, name: wait.rule, run: wait.run } })

/** What came of a run that goes on. */
export type Onward = { scene: Scene; wait: WaitRow } & ({ ended: 'target_gone' | 'other_team' } | { ended: 'broken'; error: string } | { walked: Walked })

/**
 * A run goes on from its wait: on the version with which it began, on the record as it stands under its lock. Woken before its time it looks, and waits on;
 * while its rule is off it is held. Null: nothing is to be told.
 */
export function wake(plan: Plan, event: Event, barred: string | undefined): Onward | null {
  const { name, run } = event.timer!
  const trigger = plan.row(event.object, event.record)
  if (trigger === undefined) return null
  if (trigger) plan.hold(trigger)
  const wait = plan.world.wait({ run: run!, rule: name })
  if (!wait || (wait.state !== 'waiting' && wait.state !== 'held')) return null
  if (plan.ctx.metadata.rules.get(name)?.state !== 'active') { plan.waits.push({ ...wait, state: 'held' }); return null }
  const rule = ruleOf(plan, wait)
  const scene: Scene = { plan, event: { ...event, timer: { ...event.timer!, pushed: wait.carries.pushed }, cause: { ...event.cause, ...wait.cause } }, rule, by: name, trigger: trigger!, view: { values: { ...trigger?.values }, moved: false }, owner: trigger ? ownerOf(trigger) : null, skips: wait.carries.skipped }
  if (!trigger || trigger.gone) return { scene, wait, ended: 'target_gone' }
  if (elsewhere(scene, scene.owner)) return { scene, wait, ended: 'other_team' }
  const error = barred ?? rule.broken
  if (error !== undefined && error !== null) return { scene, wait, ended: 'broken', error }
  const walked = onward(scene, wait)
  return walked ? { scene, wait, walked } : null
}

function ruleOf({ program, ctx: { metadata } }: Plan, { rule, version, body }: WaitRow): CompiledRule {
  const now = program.every.get(rule)
  if (now?.rule.version === version || body === null) return now!
  return program.versioned({ ...body, version, state: metadata.rules.get(rule)!.state } satisfies PublishedRule)
}

/** Undefined while something is being fetched, or when it is too early: then its timer stands again. */
function onward(scene: Scene, wait: WaitRow): Walked | undefined {
  const { plan, rule: { steps } } = scene
  if (wait.kind === 'again') return walk(scene, wait.path === '' ? all(steps) : following(steps, wait.path))
  const [step, isDue] = [stepAt(steps, wait.path), wait.due <= plan.ctx.now]
  if (wait.kind === 'condition' && step && isControlled(step)) {
    if (plan.dry) return void walk(scene, [...following(steps, wait.path, 'yes'), ...following(steps, wait.path, 'no')])
    const met = wait.go === 'met' || (wait.go === null && holds(plan, step.condition, scene.trigger))
    if (met === undefined) return undefined
    if (!met && !isDue && wait.go === null) return void plan.timers.push(timerOf(wait))
    const told = { do: 'waitUntil', path: wait.path, went: met ? 'met' : 'late', ...(wait.go ? { told: true } : { saw: sawOf(scene, step) }) }
    return begun(told, walk(scene, following(steps, wait.path, met ? 'yes' : 'no')))
  }
  if (wait.kind === 'approval' && step) {
    if (plan.dry) return void walk(scene, (['yes', 'no', 'late'] as const).flatMap((lane) => following(steps, wait.path, lane)))
    const { way, ...word } = wait.carries.decided ?? { way: isDue || wait.go === 'late' ? ('late' as const) : null }
    if (way === null) return void plan.timers.push(timerOf(wait))
    return begun({ do: 'approve', path: wait.path, went: way, ...word, ...(wait.go && { told: true }) }, walk(scene, following(steps, wait.path, LANE[way])))
  }
  if (!isDue && wait.go === null) return void plan.timers.push(timerOf(wait))
  return begun({ do: step && isControlled(step) ? step.control.do : 'wait', path: wait.path, went: 'due', ...(wait.go && { told: true }) }, walk(scene, following(steps, wait.path)))
}

const LANE = { approved: 'yes', refused: 'no', late: 'late' } as const

const begun = (first: Step, walked: Walked | undefined): Walked | undefined => walked && { ...walked, steps: [first, ...walked.steps] }

const COLUMNS = `w.run, w.rule, w.version, w.object, w.record, w.path, w.kind, w.due_at as due, w.state, w.go, w.cause, w.carries, w.since`

/** In order, and locked where the records are. */
export async function fetchWaits(tx: Tx, wanted: readonly WaitQuery[], lock: boolean): Promise<Map<string, WaitRow | null>> {
  if (wanted.length === 0) return new Map()
  const rows = await tx.query<WaitRow>(`select ${COLUMNS}, (select v.body from {t}.definition_version v where v.kind = 'rule' and v.key = w.rule and v.version = w.version) as body
    from {t}.wait w where (w.run, w.rule) in (select * from unnest($1::bigint[], $2::text[])) order by w.run, w.rule${lock ? ' for update' : ''}`, [wanted.map(({ run }) => run), wanted.map(({ rule }) => rule)], { name: lock ? 'lock waits' : 'waits' })
  const found = new Map(rows.map((row) => [waitKey(row), row]))
  return new Map(wanted.map((each) => [waitKey(each), found.get(waitKey(each)) ?? null]))
}

/** Where runs stand now, and that others have ended. One statement, none without. */
export async function keepWaits({ tx }: Context, { waits, ended }: Pick<Plan, 'waits' | 'ended'>): Promise<void> {
  if (waits.length + ended.length === 0) return
  await tx.query(`with ended as (delete from {t}.wait where (run, rule) in (select * from unnest($2::bigint[], $3::text[])))
    insert into {t}.wait (run, rule, version, object, record, path, kind, due_at, state, go, cause, carries, since)
    select run, rule, version, object, record, path, kind, due, state, go, cause, carries, since
    from json_to_recordset($1) as x(run bigint, rule text, version int, object text, record uuid, path text, kind text, due timestamptz, state text, go text, cause jsonb, carries jsonb, since timestamptz) order by run, rule
    on conflict (run, rule) do update set version = excluded.version, path = excluded.path, kind = excluded.kind, due_at = excluded.due_at, state = excluded.state, go = excluded.go, cause = excluded.cause, carries = excluded.carries, since = excluded.since`,
  [JSON.stringify(waits), ended.map(({ run }) => run), ended.map(({ rule }) => rule)], { name: 'keep waits' })
}

/** Runs that wait for a condition at these records look again at once. What a pump holds is just looking. One statement, none without. */
export async function pokeWaits({ tx, now }: Pick<Context, 'tx' | 'now'>, records: ReadonlySet<string>): Promise<void> {
  if (records.size === 0) return
  await tx.query(`update {t}.timer set due_at = $2 where due_at > $2 and key in (
    select t.key from {t}.wait w join {t}.timer t on t.key = ${waitKeySql('w')} where w.record = any($1::uuid[]) and w.kind = 'condition' and w.state = 'waiting' order by t.key for update of t skip locked)`, [[...records], now], { name: 'poke waits' })
}

/** What waits for a rule that is off is held, out of the timers; what was held for one that is on looks again at once. Two statements. */
export async function holdWaits({ tx, metadata, now }: Context): Promise<void> {
  const active = [...metadata.rules.values()].filter(({ state }) => state === 'active').map(({ key }) => key)
  await tx.query(`with held as (update {t}.wait set state = 'held' where state = 'waiting' and rule <> all($1::text[]) returning run, rule)
    delete from {t}.timer t using held where t.key = ${waitKeySql('held')}`, [active], { name: 'hold waits' })
  await tx.query(`with freed as (update {t}.wait set state = 'waiting' where state = 'held' and rule = any($1::text[]) returning run, rule, object, record)
    insert into {t}.timer (key, due_at, kind, payload) select ${waitKeySql('freed')}, $2, 'wait', ${waitPayloadSql('freed')} from freed order by 1
    on conflict (key) do update set due_at = excluded.due_at`, [active, now], { name: 'free waits' })
}
