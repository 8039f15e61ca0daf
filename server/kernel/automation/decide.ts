import type { Image, Needs, Seen } from '#language/conditions'
import type { Cause } from '#kernel/access'
import { durationMs } from '#language/values'
import type { Values } from '#kernel/records'
import { ACTIONS } from './actions/index.ts'
import { judge, type Judged, seenBy } from './judge.ts'
import { dueAt } from './deadlines.ts'
import { stopFor } from './loops.ts'
import type { Plan, Row } from './plan.ts'
import type { CompiledAction, CompiledRule, Listening } from './program.ts'
import { judging, on, type Scene, type View } from './scene.ts'
import { elsewhere, leftAlone, ownerOf } from './own.ts'
import type { Event, RunDraft, RunStatus, SeenKept, Step } from './types.ts'
import { referenceOf } from './values.ts'
import { workplaceOf } from './working-time.ts'

/** Rules kept from acting, with the reason that their run will show, by `event rule`; `only`: others are not looked at. */
export interface Limits { barred: ReadonlyMap<string, string>; only?: ReadonlySet<string> | undefined }
export const barKey = (event: number, rule: string): string => `${event} ${rule}`

/** Everything that active rules do about one event, into the plan. Rules run by rank; each sees what those before it have done. */
export function decide(plan: Plan, event: Event, limits: Limits): void {
  if (!heard(plan, event)) return
  const trigger = plan.row(event.object, event.record)
  if (event.timer && trigger && !comes(plan, event, trigger)) return
  const view = trigger && !trigger.gone ? viewOf(plan, event, trigger) : null
  if (!trigger || !view) return
  let [rank, candidates] = [-1, candidatesFor(plan, event, view)]
  for (let rule = candidates[0]; rule; rule = candidates.find((each) => each.rank > rank)) {
    rank = rule.rank
    if (limits.only && !limits.only.has(rule.rule.key)) continue
    fire({ plan, event, rule, by: rule.rule.key, trigger, view, owner: ownerOf(trigger) }, limits)
    if (view.moved) candidates = candidatesFor(plan, event, view)
  }
}

/** A deadline is looked at under the record's lock: it may have moved, or lapsed, since its timer was set. Each instant comes once. */
function comes(plan: Plan, { timer }: Event, row: Row): boolean {
  plan.hold(row)
  if (timer!.kind === 'swept') return found(plan, timer!, row)
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

const LISTENING: Partial<Record<Event['kind'], readonly Listening[]>> = { created: ['created', 'tagged'], changed: ['changed', 'tagged', 'untagged'], restored: ['restored'] }

function heard({ program }: Plan, { kind, object, timer }: Event): boolean {
  return timer?.kind === 'deadline' || timer?.kind === 'swept' || (LISTENING[kind] ?? []).some((on) => program.listening(object, on))
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
  return found.filter((rule) => fits(rule, event, plan)).sort((a, b) => a.rank - b.rank)
}

const DEFAULT_CAUSES: readonly string[] = ['member', 'source', 'rule', 'timer']

export function fits({ rule: { trigger } }: CompiledRule, { cause, fields, kind }: Event, { ctx }: Pick<Plan, 'ctx'>): boolean {
  if (cause.quiet || !(('causes' in trigger && trigger.causes) || DEFAULT_CAUSES).includes(cause.kind)) return false
  switch (trigger.on) {
    case 'created': return trigger.form === undefined || trigger.form === cause.form
    case 'changed': return kind === 'changed' && (trigger.fields === undefined || trigger.fields.some((field) => fields[field] !== undefined))
    case 'tagged': return newlyTagged(fields['tags'], ctx.metadata.tags.byKey.get(trigger.tag)?.id)
    case 'untagged': return newlyTagged(fields['tags'] && [fields['tags'][1], fields['tags'][0]], ctx.metadata.tags.byKey.get(trigger.tag)?.id)
    case 'restored': return kind === 'restored'
    default: return false
  }
}

function newlyTagged(change: Event['fields'][string] | undefined, tag: number | undefined): boolean {
  const [before, after] = (change ?? [null, null]) as readonly [number[] | null, number[] | null]
  return tag !== undefined && (after ?? []).includes(tag) && !(before ?? []).includes(tag)
}

/** One rule on one event: condition, loop guard, actions, run. */
function fire(scene: Scene, { barred }: Limits): void {
  const { plan, event, rule, view } = scene
  const subject = { object: event.object, id: event.record, values: view.values }
  const met = judge(rule.condition, subject, judging(plan), event.fields)
  if (!met || elsewhere(scene, scene.owner)) return
  const times = repeated(scene)
  if (times === undefined || times < leastTimes(scene)) return
  const seen = plan.dry ? null : { ...keptSeen(plan, rule.condition, subject, event), ...(times > 0 && { times }) }
  const reason = barred.get(barKey(event.seq, rule.rule.key)) ?? rule.broken
  if (reason) return note(scene, { status: 'failed', seen, steps: [], error: reason })
  const stopped = stopFor(scene)
  if (stopped) return note(scene, { status: 'loop_stopped', seen, steps: [], error: stopped })
  const steps: (Step | undefined)[] = []
  for (const action of rule.actions) {
    const step = perform(scene, action)
    steps.push(step)
    if (step?.do === 'stop' && step.why === undefined) break
  }
  if (steps.includes(undefined)) return
  note(scene, { status: steps.every((step) => step!.why !== undefined) ? 'skipped' : 'done', seen, steps: steps as Step[], error: null })
}

/** How often whoever caused the event has done so by then; 0 where the rule does not ask, undefined while it is being fetched. */
function repeated({ plan: { world }, event: { seq }, rule: { rule: { key, trigger } } }: Scene): number | undefined {
  if (trigger.on !== 'changed' || !trigger.often) return 0
  return world.repeats({ key: `${key} ${seq}`, event: seq, fields: trigger.fields ?? null, ms: durationMs(trigger.often.within) })
}
const leastTimes = ({ rule: { rule: { trigger } } }: Scene): number => (trigger.on === 'changed' ? (trigger.often?.times ?? 0) : 0)

function perform(scene: Scene, action: CompiledAction): Step | undefined {
  const { plan } = scene
  const kind = action.action.do
  const target = targetOf(scene, action)
  if (target === undefined || target === null || typeof target === 'string') return target && { do: kind, why: target as 'no_target' }
  if (target.gone) return { do: kind, why: 'target_gone' }
  const guarded = action.guard === null || judge(action.guard, target, judging(plan), target.id === scene.event.record ? scene.event.fields : undefined)
  if (!guarded) return guarded === undefined ? undefined : { do: kind, why: 'guard' }
  if (elsewhere(scene, ownerOf(target)) && target.id !== scene.trigger.id) return { do: kind, why: 'other_team' }
  const paused = leftAlone(scene, target)
  if (paused !== null) return { do: kind, why: 'own_pause', member: paused }
  const unannounced = new Set<number>()
  const done = ACTIONS[kind]({ ...scene, action, target, unannounced })
  // The same object: numbers of decisions are entered into it later.
  return done && Object.assign(done, { do: kind, ...on(scene, target), ...(unannounced.size > 0 && { unannounced: [...unannounced] }) })
}

/** The record that the action works on, or why there is none. */
function targetOf({ plan, trigger }: Scene, { action, target }: CompiledAction): Row | 'no_target' | 'other_object' | undefined {
  if (action.via === undefined) return trigger
  const reference = referenceOf(plan.ctx.metadata.objects.get(trigger.object)?.field.get(action.via)?.to, trigger.values[action.via])
  if (!reference) return 'no_target'
  if (reference.object !== target) return 'other_object'
  const row = plan.row(reference.object, reference.id)
  return row === null ? 'no_target' : row
}

function note({ plan, event, rule }: Scene, run: { status: RunStatus; seen: SeenKept | null; steps: Step[]; error: string | null }): void {
  const draft: RunDraft = { event: event.seq, rule: rule.rule.key, version: rule.rule.version, object: event.object, record: event.record, attempts: event.attempts, ...run }
  plan.runs.push(draft)
  if (event.cause.depth) plan.fired.add(`${rule.rule.key} ${rootOf(event)} ${event.record}`)
}

export const rootOf = ({ cause, seq }: { cause: Cause; seq: number }): number => cause.root ?? seq

/** What the condition read: own fields, related values, and the change where it asks for one. */
function keptSeen(plan: Plan, { needs, asksChange }: Judged, subject: { object: string; id: string; values: Values }, event: Event): SeenKept {
  return { ...keptValues(needs, subject.values, seenBy(needs, subject, plan)!), ...(asksChange && { changes: picked(event.fields, needs.own) }) }
}

function keptValues(needs: Needs, values: Image, { parents, aggregates }: Seen): SeenKept {
  const kept: SeenKept = { own: picked(values, needs.own) }
  if (needs.aggregates.length > 0) kept.aggregates = aggregates ?? {}
  if (needs.parents.length > 0) kept.parents = Object.fromEntries(needs.parents.flatMap((each) => (parents?.[each.field] ? [[each.field, keptValues(each.needs, parents[each.field]!.image, parents[each.field]!.seen)]] : [])))
  return kept
}

const picked = (values: Readonly<Record<string, unknown>>, keys: ReadonlySet<string>): Record<string, unknown> => Object.fromEntries([...keys].map((key) => [key, values[key] ?? null]))
