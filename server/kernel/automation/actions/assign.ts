import type { Action } from '#language/definitions'
import { stepsAt, type Decision, type PublishedPolicy, type Tried } from '#kernel/assignment'
import { isFallback } from '#kernel/metadata'
import { placeOf } from '#kernel/records'
import { onDuty } from '../duty.ts'
import { judge } from '../judge.ts'
import { poolAlert } from '../notices.ts'
import type { Row } from '../plan.ts'
import { judging, put, type Act, type Perform } from '../scene.ts'
import type { Done } from '../types.ts'
import { workplaceOf } from '../working-time.ts'

/** Chooses the owner of the target. The decision sees the loads that all before it in the batch have left. */
export const assign: Perform = (act) => {
  const { plan, target } = act
  const policy = plan.ctx.metadata.assignmentPolicies.get((act.action.action as Extract<Action, { do: 'assign' }>).policy)
  if (!policy?.active || policy.object !== target.object) return { why: 'policy_off' }
  if (ownerMoved(act)) return { why: 'owner_moved', policy: policy.key }
  plan.hold(target)
  plan.holdOwner(target)
  const existing = existingOwner(act, policy)
  const excluding = exclusionsMet(act, policy)
  const premium = plan.program.premium(policy.key)
  const isPremium = premium && judge(premium, target, judging(plan))
  const met = stepsMet(act, policy)
  const duty = policy.onDuty && onDuty(policy.onDuty, act)
  if (existing === undefined || excluding === undefined || (premium && isPremium === undefined) || met === undefined || (policy.onDuty && duty === undefined)) return undefined
  // A dry plan, or one whose loads are not locked yet: they are found out first.
  if (!plan.desk?.serves(policy)) return void plan.grip.policies.add(policy)
  return decided(act, plan.desk.assign({ policy, record: imageOf(target), event: act.event.seq, excluding, existing, premium: isPremium ?? undefined, steps: stepsAt(policy, { made: madeAt(act), now: plan.ctx.now, met: (n) => met.has(n), place: workplaceOf(plan.ctx) }), counts: plan.program.counts(target, plan.at), ...(duty && { onDuty: new Set(duty) }) }))
}

const imageOf = ({ object, id, values }: Row) => ({ object, id, values, owner: (values['owner'] as number | undefined) ?? null })

/** Somebody has given the record an owner after the change that this rule answers: theirs stands. */
function ownerMoved({ target, event, view }: Act): boolean {
  const now = target.values['owner'] ?? null
  return target.id === event.record && now !== null && now !== (view.values['owner'] ?? null)
}

/** Owner of the party that the record already belongs to; null: none. */
function existingOwner({ plan, target }: Act, { ownerOf }: PublishedPolicy): number | null | undefined {
  const id = ownerOf === undefined ? null : (target.values[ownerOf] as string | null | undefined)
  if (id === null || id === undefined) return null
  const [object] = [plan.ctx.metadata.objects.get(target.object)?.field.get(ownerOf!)?.to].flat()
  const party = object === undefined ? null : plan.row(object, id)
  return party && !party.gone ? ((party.values['owner'] as number | undefined) ?? null) : party === undefined ? undefined : null
}

function exclusionsMet({ plan, target }: Act, { key }: PublishedPolicy): number[] | undefined {
  const verdicts = plan.program.exclusions(key).map((when) => judge(when, target, judging(plan)))
  return verdicts.includes(undefined) ? undefined : verdicts.flatMap((met, i) => (met ? [i] : []))
}

/** Steps of the fallback whose condition the record meets; undefined while something is being fetched. */
function stepsMet({ plan, target }: Act, { key }: PublishedPolicy): Set<number> | undefined {
  const verdicts = plan.program.fallbacks(key).map((when) => when === null || judge(when, target, judging(plan)))
  return verdicts.includes(undefined) ? undefined : new Set(verdicts.flatMap((met, n) => (met ? [n] : [])))
}

/** A record that is only being made came now. */
const madeAt = ({ plan, target }: Act): Date => { const made = target.values['created_at']; return typeof made === 'string' ? new Date(made) : plan.ctx.now }

function decided(act: Act, decision: Decision): Done | undefined {
  const step: Done = { policy: decision.policy, chosen: decision.chosen, reason: decision.reason }
  act.plan.numbered.push({ step, decision })
  if (decision.chosen === null) return intoPool(act, decision, step)
  if (put(act, act.target, 'owner', decision.chosen)) act.plan.edit(act.event, act.target).decision = decision
  else step.why = 'no_change'
  return step
}

/** Nobody could take it: it waits where those may take it who can, and somebody is told, as the fallback says. Told they are once, though a later step looks again. */
function intoPool(act: Act, decision: Decision, step: Done): Done | undefined {
  const { plan, target } = act
  const { metadata, tenant, now } = plan.ctx
  const does = (to: Tried['to']): boolean => decision.tried!.some((each) => each.to === to)
  const pools = plan.world.pools(target.object)
  if (pools === undefined) return undefined
  const pooling = does('pool') ? metadata.pooling(target.object) : undefined
  const pool = pooling && pools.find(({ id }) => id === placeOf({ metadata, tenant, now }, pooling, pools, target.values))
  if (does('supervisor') && !isFallback(act.rule.rule.key) && !poolAlert(act, decision, pool?.name ?? null)) return undefined
  if (pool && pooling) for (const [key, value] of Object.entries({ ...pooling.enter, [pooling.field]: pool.id })) put(act, target, key, value)
  return Object.assign(step, { why: 'nobody', pool: decision.pool, ...(pool && { waits: pool.id }) })
}
