import type { Action } from '#language/definitions'
import type { Decision, PublishedPolicy } from '#kernel/assignment'
import { placeOf } from '#kernel/records'
import { onDuty } from '../duty.ts'
import { judge } from '../judge.ts'
import { poolAlert } from '../notices.ts'
import type { Row } from '../plan.ts'
import { judging, put, type Act, type Perform } from '../scene.ts'
import type { Done } from '../types.ts'

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
  const duty = policy.onDuty && onDuty(policy.onDuty, act)
  if (existing === undefined || excluding === undefined || (premium && isPremium === undefined) || (policy.onDuty && duty === undefined)) return undefined
  // A dry plan, or one whose loads are not locked yet: they are found out first.
  if (!plan.desk?.serves(policy)) return void plan.grip.policies.add(policy)
  return decided(act, plan.desk.assign({ policy, record: imageOf(target), event: act.event.seq, excluding, existing, premium: isPremium ?? undefined, counts: plan.program.counts(target, plan.at), ...(duty && { onDuty: new Set(duty) }) }))
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

function decided(act: Act, decision: Decision): Done | undefined {
  const step: Done = { policy: decision.policy, chosen: decision.chosen, reason: decision.reason }
  act.plan.numbered.push({ step, decision })
  if (decision.chosen === null) return intoPool(act, decision, step)
  if (put(act, act.target, 'owner', decision.chosen)) act.plan.edit(act.event, act.target).decision = decision
  else step.why = 'no_change'
  return step
}

/** Nobody could take it: it waits where those may take it who can, and somebody is told. */
function intoPool(act: Act, decision: Decision, step: Done): Done | undefined {
  const { plan, target } = act
  const { metadata, tenant, now } = plan.ctx
  const pools = plan.world.pools(target.object)
  if (pools === undefined) return undefined
  const pooling = metadata.pooling(target.object)
  const pool = pools.find(({ id }) => id === placeOf({ metadata, tenant, now }, pooling!, pools, target.values))
  if (!poolAlert(act, decision, pool?.name ?? null)) return undefined
  if (pool && pooling) for (const [key, value] of Object.entries({ ...pooling.enter, [pooling.field]: pool.id })) put(act, target, key, value)
  return Object.assign(step, { why: 'nobody', pool: decision.pool, ...(pool && { waits: pool.id }) })
}
