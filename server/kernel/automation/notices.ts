import { reachedBy } from '#kernel/access'
import { outWords, type Decision } from '#kernel/assignment'
import type { Recipient } from '#language/definitions'
import { titleOf } from './display.ts'
import { onDuty } from './duty.ts'
import { keptUntil } from './own.ts'
import type { Act } from './scene.ts'

export interface Reached { member: number; instead: number | null }

/** Active members, each once, in the order of the rule; then whoever stands in for those who are away (`instead`). Undefined while something is being fetched. */
export function recipients(act: Pick<Act, 'plan' | 'target'>, to: readonly Recipient[]): Reached[] | undefined {
  const { plan: { world }, target } = act
  const owner = target.values['owner'] as number | undefined
  const found = to.flatMap((each): (number | null | undefined)[] => {
    if ('owner' in each) return [owner]
    if ('supervisor' in each) return [owner === undefined ? null : world.members.get(owner)?.supervisor]
    if ('member' in each) return [each.member]
    if ('onDuty' in each) return onDuty(each.onDuty, act) ?? []
    if ('field' in each) return [target.values[each.field] ?? []].flat() as number[]
    return [...world.members.values()].filter(({ roles }) => roles.includes(each.role)).map(({ id }) => id)
  })
  if (to.some((each) => 'onDuty' in each && onDuty(each.onDuty, act) === undefined)) return undefined
  const active = [...new Set(found)].filter((id): id is number => typeof id === 'number' && world.members.get(id)?.active === true)
  return reachedBy(world.members, active, world.ctx.now.getTime())
}

/** Leaves one message to one member in the plan; for somebody who is away it says so. False: this rule has told them so already of this event, and they are told once. */
export function leave({ plan: { notices, told, world }, plan, event, rule, target }: Act, { member, instead }: Reached, { kind, title, body }: { kind: string; title: string; body: string }): boolean {
  const cause = `${member} ${event.seq} ${rule.rule.key} ${kind}`
  if (told.has(cause)) return false
  told.add(cause)
  notices.push({
    heldUntil: keptUntil({ plan, rule }, member),
    member, kind, title: instead === null ? title : standingIn(world.members.get(instead)?.name ?? '', title), body: body === '' ? null : body, object: target.object, record: target.id, event: event.seq, rule: rule.rule.key,
    groupKey: `${kind}:${world.today}`,
  })
  return true
}

const standingIn = (name: string, title: string): string => `代 ${name}：${title}`

/** Tells the policy's role that nobody could take the record, and in which pool it waits. Undefined while something is being fetched. */
export function poolAlert(act: Act, decision: Decision, pool: string | null): true | undefined {
  const policy = act.plan.ctx.metadata.assignmentPolicies.get(decision.policy)!
  const name = act.plan.ctx.metadata.objects.get(act.target.object)!.label.zh
  const where = pool === null ? '请指定负责人' : `已进入${pool}`
  for (const member of recipients(act, [{ role: policy.fallback.alertRole }]) ?? []) {
    const reader = act.plan.world.principal(member.member)
    const title = reader && titleOf(act.target, { plan: act.plan, reader })
    if (reader === undefined || title === undefined) return undefined
    if (reader) leave(act, member, { kind: 'nobody_available', title: `${name}「${title ?? ''}」无人可接，${where}`, body: outWords(decision.scored).zh })
  }
  return true
}
