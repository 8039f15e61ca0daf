import type { Image, Needs, Seen } from '#language/conditions'
import type { Values } from '#kernel/records'
import { ACTIONS } from './actions/index.ts'
import { judge, type Judged, seenBy } from './judge.ts'
import { elsewhere, leftAlone, ownerOf } from './own.ts'
import type { Plan, Row } from './plan.ts'
import type { CompiledAction } from './program.ts'
import { judging, on, type Scene } from './scene.ts'
import type { Event, SeenKept, Step } from './types.ts'
import { referenceOf } from './values.ts'

/** What can be done about a record that is gone. */
const BESIDE: ReadonlySet<string> = new Set(['notify', 'webhook', 'create', 'message', 'stop'])

/** One action; `undefined` while something is being fetched. */
export function perform(scene: Scene, action: CompiledAction): Step | undefined {
  const { plan } = scene
  const kind = action.action.do
  const target = targetOf(scene, action)
  if (target === undefined || target === null || typeof target === 'string') return target && { do: kind, why: target as 'no_target' }
  if (target.gone && !(scene.event.kind === 'deleted' && BESIDE.has(kind))) return { do: kind, why: 'target_gone' }
  const guarded = action.guard === null || judge(action.guard, target, judging(plan), target.id === scene.event.record ? scene.event.fields : undefined)
  if (!guarded) return guarded === undefined ? undefined : { do: kind, why: 'guard' }
  if (elsewhere(scene, ownerOf(target)) && target.id !== scene.event.record) return { do: kind, why: 'other_team' }
  const paused = leftAlone(scene, target)
  if (paused !== null) return { do: kind, why: 'own_pause', member: paused }
  const unannounced = new Set<number>()
  const done = ACTIONS[kind]({ ...scene, at: action.path, action, target, unannounced })
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

/** What the condition read: own fields, related values, and the change where it asks for one. */
export function keptSeen(plan: Plan, { needs, asksChange }: Judged, subject: { object: string; id: string; values: Values }, event: Event): SeenKept {
  return { ...keptValues(needs, subject.values, seenBy(needs, subject, plan)!), ...(asksChange && { changes: picked(event.fields, needs.own) }) }
}

export function keptValues(needs: Needs, values: Image, { parents, aggregates }: Seen): SeenKept {
  const kept: SeenKept = { own: picked(values, needs.own) }
  if (needs.aggregates.length > 0) kept.aggregates = aggregates ?? {}
  if (needs.parents.length > 0) kept.parents = Object.fromEntries(needs.parents.flatMap((each) => (parents?.[each.field] ? [[each.field, keptValues(each.needs, parents[each.field]!.image, parents[each.field]!.seen)]] : [])))
  return kept
}

const picked = (values: Readonly<Record<string, unknown>>, keys: ReadonlySet<string>): Record<string, unknown> => Object.fromEntries([...keys].map((key) => [key, values[key] ?? null]))
