import type { Cause, Context } from '#kernel/access'
import type { PublishedRule } from '#kernel/metadata'
import { branchAt, branchOf, type Control, type Rule } from '#language/definitions'
import type { Tx } from '#platform/db'
import { following, all, branchSteps, sawOf, stepAt, walk, type Halt, type Walked } from './flow.ts'
import { elsewhere, ownerOf } from './own.ts'
import { answerOf } from './ended.ts'
import type { Plan } from './plan.ts'
import { ROOT_BUDGET } from './loops.ts'
import { isControlled, type CompiledControl, type CompiledRule, type CompiledStep } from './program.ts'
import { holds, type Scene } from './scene.ts'
import type { Answered, Carried, Event, Step, TimerDraft, WaitDraft } from './types.ts'
import { waitKey, waitKeySql, waitPayloadSql } from './types.ts'

/** A run that has not ended; `body`: of the version with which it began. */
export interface WaitRow extends WaitDraft { body: Rule | null }
/** A run with all its branches. */
export interface WaitQuery { run: number; rule: string }

/** The run stands at a wait: its place, and the timer that comes at the latest. */
export function waitAt({ plan, event, rule: { rule, steps } }: Scene, { path, kind, due }: Halt, { head = event.seq, carries }: { head?: number | undefined; carries: Carried }): void {
  const { root = event.seq, depth = 0, budget } = event.cause
  const wait: WaitDraft = { run: head, rule: rule.key, branch: branchOf(path), version: rule.version, object: event.object, record: event.record, path, kind, due, state: 'waiting', go: null, cause: { root, depth, ...(budget !== undefined && { budget }) }, carries, since: plan.ctx.now }
  stand(plan, wait)
  if (kind === 'join') for (const each of branchesOf(wait, stepAt(steps, path) as CompiledControl)) { plan.waits.push(each); plan.timers.push(timerOf(each)) }
  else plan.timers.push(timerOf(wait))
}

/** Each is to begin now; what their chain may still bring about is shared among them. */
function branchesOf(join: WaitDraft, { branches }: CompiledControl): WaitDraft[] {
  const cause = { ...join.cause, budget: Math.floor((join.cause.budget ?? ROOT_BUDGET) / branches.length) }
  const carries = { ...join.carries, answered: undefined }
  return branches.map((_, at) => ({ ...join, branch: `${join.path}.b${at + 1}`, path: `${join.path}.b${at + 1}`, kind: 'begin', cause, carries }))
}

const timerOf = (wait: WaitDraft, dueAt: Date = wait.due): TimerDraft => ({ key: waitKey(wait), dueAt, kind: 'wait', payload: { object: wait.object, record: wait.record, name: wait.rule, run: wait.run, ...(wait.branch && { branch: wait.branch }) } })

/** Where a run and its branches stand, with what this plan has done to them so far. Undefined while it is being fetched. */
function standingOf({ world, waits, ended }: Plan, query: WaitQuery): ReadonlyMap<string, WaitRow> | undefined {
  const stored = world.waits(query)
  if (!stored) return undefined
  const found = new Map(stored.map((each) => [each.branch, each]))
  for (const each of waits) if (each.run === query.run && each.rule === query.rule) found.set(each.branch, { ...each, body: found.get(each.branch)?.body ?? null })
  for (const each of ended) if (each.run === query.run && each.rule === query.rule) found.delete(each.branch)
  return found
}

/** It waits no more; nor do the branches inside it. */
function leave(plan: Plan, standing: Iterable<WaitRow>): void {
  for (const { run, rule, branch } of standing) {
    const key = waitKey({ run, rule, branch })
    plan.ended.push({ run, rule, branch })
    drop(plan.waits, (each) => waitKey(each) === key)
    drop(plan.timers, (each) => each.key === key)
    drop(plan.approvals, (each) => each.run === run && each.rule === rule && branchOf(each.path) === branch)
  }
}

function drop<T>(list: T[], which: (each: T) => boolean): void {
  for (let at = list.findIndex(which); at >= 0; at = list.findIndex(which)) list.splice(at, 1)
}

/** Where a run stands from now on, whatever this plan has done to it before. */
export function stand({ waits }: Plan, { body: _, ...wait }: WaitDraft & Partial<WaitRow>): void {
  drop(waits, (each) => waitKey(each) === waitKey(wait))
  waits.push(wait)
}

/** A run, or one of its branches, has come to its end. Who waits for the branch learns which way it went and looks again; a stop ends the run with all its branches. */
export function endWait(plan: Plan, wait: WaitRow, { stopped = false, answered }: { stopped?: boolean | undefined; answered?: Answered | undefined } = {}): void {
  const standing = standingOf(plan, wait)!
  if (stopped || wait.branch === '') return leave(plan, [...standing.values()])
  leave(plan, [wait])
  const join = aroundOf(standing, wait)
  if (!join) return
  stand(plan, { ...join, carries: { ...join.carries, sides: [...(join.carries.sides ?? []), answered ?? null] } })
  if (!plan.timers.some(({ key }) => key === waitKey(join))) plan.timers.push(timerOf(join, plan.ctx.now))
}

/** Who waits for a branch. */
const aroundOf = (standing: ReadonlyMap<string, WaitRow>, { branch }: Pick<WaitRow, 'branch'>): WaitRow | undefined => (branch === '' ? undefined : standing.get(branchOf(branchAt(branch).step)))

/** What a run says that stops in this branch, which said `own`: what its branches come to together, as far as they have come to their end; else what it said before. */
export function answeredAtStop({ plan, rule: { steps } }: Scene, wait: WaitRow, own: Answered | undefined): Answered | undefined {
  const standing = standingOf(plan, wait)!
  let said = own
  for (let around = aroundOf(standing, wait); around; around = aroundOf(standing, around)) said = answerOf(joinOf(stepAt(steps, around.path)), [...(around.carries.sides ?? []), said ?? null]) ?? around.carries.answered
  return said
}

const joinOf = (step: CompiledStep | undefined): 'all' | 'any' => ((step as CompiledControl).control as Extract<Control, { do: 'parallel' }>).join

/** What came of a run that goes on. */
export type Onward = { scene: Scene; wait: WaitRow } & ({ ended: 'target_gone' | 'other_team' } | { ended: 'broken'; error: string } | { walked: Walked })

/**
 * A run goes on from its wait: on the version with which it began, on the record as it stands under its lock. Woken before its time it looks, and waits on;
 * while its rule is off it is held. Null: nothing is to be told.
 */
export function wake(plan: Plan, event: Event, barred: string | undefined): Onward | null {
  const { name, run, branch = '' } = event.timer!
  const trigger = plan.row(event.object, event.record)
  if (trigger === undefined) return null
  if (trigger) plan.hold(trigger)
  const standing = standingOf(plan, { run: run!, rule: name })
  const wait = standing?.get(branch)
  if (!wait || (wait.state !== 'waiting' && wait.state !== 'held')) return null
  if (plan.ctx.metadata.rules.get(name)?.state !== 'active') { stand(plan, { ...wait, state: 'held' }); return null }
  const rule = ruleOf(plan, wait)
  const scene: Scene = { plan, event: { ...event, timer: { ...event.timer!, pushed: wait.carries.pushed }, cause: { ...event.cause, ...wait.cause, ...wokenBy(wait, plan.ctx.now) } }, rule, by: name, trigger: trigger!, view: { values: { ...trigger?.values }, moved: false }, owner: trigger ? ownerOf(trigger) : null, skips: wait.carries.skipped }
  if (!trigger || trigger.gone) return { scene, wait, ended: 'target_gone' }
  if (elsewhere(scene, scene.owner)) return { scene, wait, ended: 'other_team' }
  const error = barred ?? rule.broken
  if (error !== undefined && error !== null) return { scene, wait, ended: 'broken', error }
  const walked = onward(scene, wait)
  return walked ? { scene, wait, walked } : null
}

/** What a run goes on by, where that is not its time. */
function wokenBy({ kind, go, due, carries: { decided, told } }: WaitRow, now: Date): Pick<Cause, 'woke' | 'word' | 'told'> {
  if (kind === 'approval' && decided) return { woke: decided.way, word: decided.by }
  if (go !== null || kind === 'again' || told) return { woke: 'told', ...(told && { told: told.to, ...(typeof told.by === 'number' && { word: told.by }) }) }
  if (kind === 'join' || kind === 'begin') return { woke: kind === 'join' ? 'joined' : 'begun' }
  return kind === 'condition' && due > now ? { woke: 'met' } : {}
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
  if (wait.kind === 'begin') return walk(scene, all(branchSteps(steps, wait.branch)))
  const [step, isDue] = [stepAt(steps, wait.path), wait.due <= plan.ctx.now]
  if (wait.kind === 'join') return joined(scene, wait, step as CompiledControl)
  if (wait.kind === 'condition' && step && isControlled(step)) {
    if (plan.dry) return void walk(scene, [...following(steps, wait.path, 'yes'), ...following(steps, wait.path, 'no')])
    const met = wait.go === 'met' || (wait.go === null && holds(plan, step.condition, scene.trigger))
    if (met === undefined) return undefined
    if (!met && !isDue && wait.go === null) return void plan.timers.push(timerOf(wait))
    const told = { do: 'waitUntil', path: wait.path, went: met ? 'met' : 'late', ...(wait.go ? toldBy(wait) : { saw: sawOf(scene, step) }) }
    return begun(told, walk(scene, following(steps, wait.path, met ? 'yes' : 'no')))
  }
  if (wait.kind === 'approval' && step) {
    if (plan.dry) return void walk(scene, (['yes', 'no', 'late'] as const).flatMap((lane) => following(steps, wait.path, lane)))
    const { way, ...word } = wait.carries.decided ?? { way: isDue || wait.go === 'late' ? ('late' as const) : null }
    if (way === null) return void plan.timers.push(timerOf(wait))
    return begun({ do: 'approve', path: wait.path, went: way, ...toldBy(wait), ...word }, walk(scene, following(steps, wait.path, LANE[way])))
  }
  if (!isDue && wait.go === null) return void plan.timers.push(timerOf(wait))
  return begun({ do: step && isControlled(step) ? step.control.do : 'wait', path: wait.path, went: 'due', ...toldBy(wait) }, walk(scene, following(steps, wait.path)))
}

/** All branches have come to their end, or the one that is enough: what is left of the others is called off, and the run goes on. */
function joined(scene: Scene, wait: WaitRow, step: CompiledControl): Walked | undefined {
  const { plan, rule: { steps } } = scene
  if (plan.dry) return walk(scene, following(steps, wait.path))
  const [standing, join] = [standingOf(plan, wait)!, joinOf(step)]
  const names = step.branches.map((_, at) => `${wait.path}.b${at + 1}`)
  const open = names.filter((name) => standing.has(name) && standing.get(name)!.state !== 'dismissed')
  const isDone = open.length === 0 || wait.go !== null || (join === 'any' && names.some((name) => !standing.has(name)))
  if (!isDone) return undefined
  leave(plan, [...standing.values()].filter(({ branch }) => branch.startsWith(`${wait.path}.`)))
  const off = names.filter((name) => standing.has(name)).map((name) => branchAt(name).no)
  const answered = answerOf(join, wait.carries.sides ?? [])
  return begun({ do: 'parallel', path: wait.path, went: 'joined', ...(answered && { answered }), ...(off.length > 0 && { off }), ...toldBy(wait) }, walk(scene, following(steps, wait.path)))
}

/** Somebody let it go on, and who that was. */
const toldBy = ({ go, carries: { told } }: WaitRow): { told?: true; by?: number } => (go === null ? {} : { told: true, ...(typeof told?.by === 'number' && { by: told.by }) })

const LANE = { approved: 'yes', refused: 'no', late: 'late' } as const

const begun = (first: Step, walked: Walked | undefined): Walked | undefined => walked && { ...walked, steps: [first, ...walked.steps] }

const COLUMNS = `w.run, w.rule, w.branch, w.version, w.object, w.record, w.path, w.kind, w.due_at as due, w.state, w.go, w.cause, w.carries, w.since`

export const runKey = ({ run, rule }: WaitQuery): string => `${run} ${rule}`

/** By `runKey`: in order, and locked where the records are. */
export async function fetchWaits(tx: Tx, wanted: readonly WaitQuery[], lock: boolean): Promise<Map<string, readonly WaitRow[]>> {
  if (wanted.length === 0) return new Map()
  const rows = await tx.query<WaitRow>(`select ${COLUMNS}, (select v.body from {t}.definition_version v where v.kind = 'rule' and v.key = w.rule and v.version = w.version) as body
    from {t}.wait w where (w.run, w.rule) in (select * from unnest($1::bigint[], $2::text[])) order by w.run, w.rule, w.branch${lock ? ' for update' : ''}`, [wanted.map(({ run }) => run), wanted.map(({ rule }) => rule)], { name: lock ? 'lock waits' : 'waits' })
  const found = Map.groupBy(rows, runKey)
  return new Map(wanted.map((each) => [runKey(each), found.get(runKey(each)) ?? []]))
}

/** Where runs stand now, and that others have ended. One statement, none without. */
export async function keepWaits({ tx }: Context, { waits, ended }: Pick<Plan, 'waits' | 'ended'>): Promise<void> {
  if (waits.length + ended.length === 0) return
  await tx.query(`with ended as (delete from {t}.wait where (run, rule, branch) in (select * from unnest($2::bigint[], $3::text[], $4::text[])))
    insert into {t}.wait (run, rule, branch, version, object, record, path, kind, due_at, state, go, cause, carries, since)
    select run, rule, branch, version, object, record, path, kind, due, state, go, cause, carries, since
    from json_to_recordset($1) as x(run bigint, rule text, branch text, version int, object text, record uuid, path text, kind text, due timestamptz, state text, go text, cause jsonb, carries jsonb, since timestamptz) order by run, rule, branch
    on conflict (run, rule, branch) do update set version = excluded.version, path = excluded.path, kind = excluded.kind, due_at = excluded.due_at, state = excluded.state, go = excluded.go, cause = excluded.cause, carries = excluded.carries, since = excluded.since`,
  [JSON.stringify(waits), ended.map(({ run }) => run), ended.map(({ rule }) => rule), ended.map(({ branch }) => branch)], { name: 'keep waits' })
}

/** Runs that wait for a condition at these records look again at once. What a pump holds is just looking. One statement, none without. */
export async function pokeWaits({ tx, now }: Pick<Context, 'tx' | 'now'>, records: ReadonlySet<string>): Promise<void> {
  if (records.size === 0) return
  await tx.query(`update {t}.timer set due_at = $2 where due_at > $2 and key in (
    select t.key from {t}.wait w join {t}.timer t on t.key = ${waitKeySql('w')} where w.record = any($1::uuid[]) and w.kind = 'condition' and w.state = 'waiting' order by t.key for update of t skip locked)`, [[...records], now], { name: 'poke waits' })
}

/** What waits for a rule that is off is held, out of the timers; what was held for one that is on looks again at once. Timers before waits, each in order, as whoever decides about a run takes them. Two statements. */
export async function holdWaits({ tx, metadata, now }: Context): Promise<void> {
  const active = [...metadata.rules.values()].filter(({ state }) => state === 'active').map(({ key }) => key)
  await tx.query(`with timers as materialized (select t.key from {t}.wait w join {t}.timer t on t.key = ${waitKeySql('w')} where w.state = 'waiting' and w.rule <> all($1::text[]) order by t.key for update of t),
    held as (update {t}.wait set state = 'held' where (run, rule, branch) in (select run, rule, branch from {t}.wait where (select count(*) from timers) >= 0 and state = 'waiting' and rule <> all($1::text[]) order by run, rule, branch for update) returning run, rule, branch)
    delete from {t}.timer t using held where t.key = ${waitKeySql('held')}`, [active], { name: 'hold waits' })
  await tx.query(`with freed as (update {t}.wait set state = 'waiting' where (run, rule, branch) in (select run, rule, branch from {t}.wait where state = 'held' and rule = any($1::text[]) order by run, rule, branch for update) returning run, rule, branch, object, record)
    insert into {t}.timer (key, due_at, kind, payload) select ${waitKeySql('freed')}, $2, 'wait', ${waitPayloadSql('freed')} from freed order by 1
    on conflict (key) do update set due_at = excluded.due_at`, [active, now], { name: 'free waits' })
}
