import type { Cause } from '#kernel/access'
import { durationMs } from '#language/values'
import { judge } from './judge.ts'
import { dueAt } from './deadlines.ts'
import { answerIn, tellEnded } from './ended.ts'
import { stopFor } from './loops.ts'
import type { Plan, Row } from './plan.ts'
import { all, walk, type Walked } from './flow.ts'
import { keptSeen } from './perform.ts'
import type { CompiledRule } from './program.ts'
import { fits, LISTENING } from './listening.ts'
import { judging, type Scene, type View } from './scene.ts'
import { causedBy, elsewhere, notPiloted, ownerOf } from './own.ts'
import type { Carried, Event, RunDraft, RunStatus, SeenKept, Step } from './types.ts'
import { answeredAtStop, endWait, stand, wake, waitAt, type WaitRow } from './waits.ts'
import { workplaceOf } from './working-time.ts'

/** Rules kept from acting, with the reason that their run will show, by `event rule`; `only`: others are not looked at; `met`: collects those that come to an event, with their rank. */
export interface Limits { barred: ReadonlyMap<string, string>; /** In which step, where that is known. */ at?: ReadonlyMap<string, string> | undefined; only?: ReadonlySet<string> | undefined; met?: Map<string, number> }
export const barKey = (event: number, rule: string): string => `${event} ${rule}`

/** Everything that active rules do about one event, into the plan. Rules run by rank; each sees what those before it have done. */
export function decide(plan: Plan, event: Event, limits: Limits): void {
  if (event.timer?.kind === 'wait') return goOn(plan, event, limits)
  if (!heard(plan, event)) return
  const trigger = plan.row(event.object, event.record)
  if (event.timer && trigger && !comes(plan, event, trigger)) return
  const view = trigger && (!trigger.gone || event.kind === 'deleted') ? viewOf(plan, event, trigger) : null
  if (!trigger || !view) return
  let [rank, candidates] = [-1, candidatesFor(plan, event, view)]
  for (let rule = candidates[0]; rule; rule = candidates.find((each) => each.rank > rank)) {
    rank = rule.rank
    if (limits.only && !limits.only.has(rule.rule.key)) continue
    limits.met?.set(rule.rule.key, rank)
    fire({ plan, event, rule, by: rule.rule.key, trigger, view, owner: ownerOf(trigger) }, limits)
    if (view.moved) candidates = candidatesFor(plan, event, view)
  }
}

/** A deadline is looked at under the record's lock: it may have moved, or lapsed, since its timer was set. Each instant comes once. */
function comes(plan: Plan, { timer }: Event, row: Row): boolean {
  plan.hold(row)
  if (timer!.kind === 'swept') return found(plan, timer!, row)
  if (timer!.kind === 'pushed') return plan.program.rules.get(timer!.name)?.rule.trigger.on === 'pushed'
  if (timer!.kind === 'ran') return plan.program.rules.get(timer!.name)?.rule.trigger.on === 'ran'
  if (timer!.kind === 'pressed') return plan.program.rules.get(timer!.name)?.rule.trigger.on === 'pressed'
  const deadline = plan.program.deadlines(row.object).find(({ rule }) => rule.rule.key === timer!.name)
  const due = deadline && dueAt(deadline, row.values, workplaceOf(plan.ctx))
  if (!deadline || due === null || due === undefined) return false
  if (due > plan.ctx.now) { plan.armed.add(row); return false }
  const before = plan.world.episodes(row.id, timer!.name)
  if (!before || before.has(due.getTime())) return false
  plan.episodes.push({ rule: timer!.name, record: row.id, at: due })
  return true
}

/** A schedule has found the record: once for each of its times. */
function found(plan: Plan, { name, at }: NonNullable<Event['timer']>, row: Row): boolean {
  if (plan.program.rules.get(name)?.rule.trigger.on !== 'schedule' || at === undefined) return false
  const before = plan.world.episodes(row.id, name)
  if (!before || before.has(Date.parse(at))) return false
  plan.episodes.push({ rule: name, record: row.id, at: new Date(at) })
  return true
}

function heard({ program }: Plan, { kind, object, timer }: Event): boolean {
  return timer?.kind === 'deadline' || timer?.kind === 'swept' || timer?.kind === 'pressed' || timer?.kind === 'ran' || timer?.kind === 'pushed' || (LISTENING[kind] ?? []).some((on) => program.listening(object, on))
}

/** The record as the event left it: as it stands, without what has happened since. Undefined while the log is being fetched. */
function viewOf({ world }: Plan, { record, recordVersion, kind }: Event, row: Row): View | undefined {
  if (kind === 'timer') return { values: { ...row.values }, moved: false }
  // What this plan has done to the row so far belongs to other events.
  const values = { ...world.row(row.object, record)!.values }
  const later = row.recordVersion === recordVersion ? [] : world.later(record, recordVersion, row.recordVersion)
  if (!later) return undefined
  for (const fields of later) for (const [key, [before]] of Object.entries(fields)) values[key] = before
  return { values, moved: false }
}

/** Rules whose trigger fits and whose condition the record's own fields do not rule out, by rank. */
function candidatesFor(plan: Plan, event: Event, view: View): CompiledRule[] {
  view.moved = false
  if (event.timer) return [plan.program.rules.get(event.timer.name)].filter((rule) => rule !== undefined)
  const found = (LISTENING[event.kind] ?? []).flatMap((on) => plan.program.listening(event.object, on)?.candidates(view.values, plan.at) ?? [])
  return found.filter((rule) => fits(rule, event, plan.ctx.metadata)).sort((a, b) => a.rank - b.rank)
}

/** One rule on one event: condition, loop guard, actions, run. */
function fire(scene: Scene, { barred, at }: Limits): void {
  const { plan, event, rule, view } = scene
  const subject = { object: event.object, id: event.record, values: view.values }
  const met = judge(rule.condition, subject, judging(plan), event.fields)
  if (!met || elsewhere(scene, scene.owner) || notPiloted(scene, { owner: scene.owner, by: causedBy(event) })) return
  const times = repeated(scene)
  if (times === undefined || times < leastTimes(scene)) return
  const seen = plan.dry ? null : { ...keptSeen(plan, rule.condition, subject, event), ...(times > 0 && { times }), ...(event.timer?.after && { after: { rule: event.timer.after.rule, event: event.timer.after.event } }), ...(event.timer?.pushed && { pushed: event.timer.pushed }) }
  const reason = barred.get(barKey(event.seq, rule.rule.key)) ?? rule.broken
  if (reason) return fail(scene, { seen, error: reason, at: at?.get(barKey(event.seq, rule.rule.key)) })
  const stopped = stopFor(scene)
  if (stopped) return note(scene, { status: 'loop_stopped', seen, steps: [], error: stopped })
  const walked = walk(scene, all(rule.steps))
  if (walked) conclude(scene, { ...walked, seen })
}

/** A run has come to its end, or to a wait. `carries`: from its earlier parts. */
function conclude(scene: Scene, { steps, halt, stopped, seen, head, wait, carries = {} }: Walked & { seen: SeenKept | null; head?: number; wait?: WaitRow; carries?: Carried }): void {
  const own = answerIn(steps) ?? carries.answered
  const answered = wait && stopped ? answeredAtStop(scene, wait, own) : own
  const pushed = scene.event.timer?.pushed
  if (wait && !halt) endWait(scene.plan, wait, { stopped, answered })
  if (halt) waitAt(scene, halt, { head, carries: { ...carries, ...(pushed && { pushed }), ...(answered && { answered }) } })
  else if (!wait?.branch || stopped) tellEnded(scene, ['finished', ...(answered ? [answered] : [])])
  note(scene, { status: halt ? 'waiting' : steps.every((step) => step.why !== undefined) ? 'skipped' : 'done', seen, steps, error: null, head })
}

function fail(scene: Scene, { at, ...run }: { seen: SeenKept | null; error: string; head?: number; at?: string | undefined }): void {
  tellEnded(scene, ['failed'])
  const step = at === undefined ? undefined : scene.rule.actions.find(({ path }) => path === at)
  note(scene, { status: 'failed', steps: step ? [{ do: step.action.do, path: step.path, why: 'failed' }] : [], ...run })
}

/** A run goes on from a wait; what it does is told in a row of its own, under the number of the timer. */
function goOn(plan: Plan, event: Event, { barred, at, met }: Limits): void {
  met?.set(event.timer!.name, 0)
  const onward = wake(plan, event, barred.get(barKey(event.seq, event.timer!.name)))
  if (!onward) return
  const { scene, wait } = onward
  const head = wait.run
  if ('walked' in onward) {
    return conclude(scene, { ...onward.walked, seen: null, head, wait, carries: { ...wait.carries, decided: undefined, told: undefined, error: undefined, sides: undefined } })
  }
  if (onward.ended !== 'broken') {
    // What is true of its record is true of all its branches.
    endWait(plan, wait, { stopped: true })
    return note(scene, { status: 'skipped', seen: null, steps: [{ do: 'wait', path: wait.path, why: onward.ended }], error: null, head })
  }
  stand(plan, { ...wait, state: 'failed', go: null, carries: { ...wait.carries, told: undefined, error: onward.error } })
  fail(scene, { seen: null, error: onward.error, head, at: at?.get(barKey(event.seq, wait.rule)) })
}

/** How often whoever caused the event has done so by then; 0 where the rule does not ask, undefined while it is being fetched. */
function repeated({ plan: { world }, event: { seq }, rule: { rule: { key, trigger } } }: Scene): number | undefined {
  if (trigger.on !== 'changed' || !trigger.often) return 0
  return world.repeats({ key: `${key} ${seq}`, event: seq, fields: trigger.fields ?? null, ms: durationMs(trigger.often.within) })
}
const leastTimes = ({ rule: { rule: { trigger } } }: Scene): number => (trigger.on === 'changed' ? (trigger.often?.times ?? 0) : 0)

function note({ plan, event, rule }: Scene, run: { status: RunStatus; seen: SeenKept | null; steps: Step[]; error: string | null; head?: number | undefined }): void {
  const draft: RunDraft = { event: event.seq, rule: rule.rule.key, version: rule.rule.version, object: event.object, record: event.record, attempts: event.attempts, ...run }
  plan.runs.push(draft)
  if (event.cause.depth) plan.fired.add(`${rule.rule.key} ${rootOf(event)} ${event.record}`)
}

export const rootOf = ({ cause, seq }: { cause: Cause; seq: number }): number => cause.root ?? seq
