import type { Principal } from '#kernel/access'
import type { Decision } from '#kernel/assignment'
import type { Action, Label, Recipient } from '#language/definitions'
import { AREAS, formatInstant } from '#language/values'
import { rendered, shownField, titleOf } from './display.ts'
import type { Row } from './plan.ts'
import type { Act, Perform } from './scene.ts'
import { askChildren, type ChildQuery } from './world.ts'

type Notify = Extract<Action, { do: 'notify' }>

/** Tells people; each reads it with their own rights. Nobody there: the step says so. */
export const notify: Perform = (act) => {
  const action = act.action.action as Notify
  if (act.plan.dry) return void foresee(act, action)
  const members = recipients(act, action.to)
  if (members.length === 0) return { kind: action.kind, why: 'no_recipient' }
  const told = members.map((member) => tell(act, member, action))
  return told.includes(undefined) ? undefined : { kind: action.kind, to: told.filter((member) => member !== null) }
}

/** Active members, each once, in the order of the rule. */
export function recipients({ plan: { world }, target }: Pick<Act, 'plan' | 'target'>, to: readonly Recipient[]): number[] {
  const owner = target.values['owner'] as number | undefined
  const found = to.flatMap((each): (number | null | undefined)[] => {
    if ('owner' in each) return [owner]
    if ('supervisor' in each) return [owner === undefined ? null : world.members.get(owner)?.supervisor]
    if ('member' in each) return [each.member]
    return [...world.members.values()].filter(({ roles }) => roles.includes(each.role)).map(({ id }) => id)
  })
  return [...new Set(found)].filter((id): id is number => typeof id === 'number' && world.members.get(id)?.active === true)
}

/** The member; null when they are not active; undefined while something is being fetched. */
function tell(act: Act, member: number, { kind, title, body, latest }: Notify): number | null | undefined {
  const reader = act.plan.world.principal(member)
  const lines = latest ? latestLines(act, latest, reader ?? null) : []
  if (!reader || !lines) return reader === null ? null : undefined
  const [head, text] = [title, body ?? ''].map((each) => rendered(each, act.target, { plan: act.plan, reader }))
  if (head === undefined || text === undefined) return undefined
  push(act, member, { kind, title: head, body: [text, ...lines].filter(Boolean).join('\n') })
  return member
}

function push({ plan: { notices, world }, event, rule, target }: Act, member: number, { kind, title, body }: { kind: string; title: string; body: string }): void {
  notices.push({
    member, kind, title, body: body === '' ? null : body, object: target.object, record: target.id, event: event.seq, rule: rule.rule.key,
    groupKey: `${kind}:${world.today}`,
  })
}

/** A dry plan tells nobody; it has the children asked for that the message will show. */
function foresee({ plan, target }: Act, { latest }: Notify): void {
  if (latest) askChildren(plan.world.promised, { query: newest(latest, target), of: target.object, id: target.id })
}

const newest = ({ object, via, count }: NonNullable<Notify['latest']>, target: Row): ChildQuery =>
  ({ key: `latest ${target.object} ${object} ${via} ${count}`, object, via, where: null, order: 'newest', limit: count })

/** The newest children as lines: when, and what they are called. */
function latestLines({ plan, target }: Act, latest: NonNullable<Notify['latest']>, reader: Principal | null): string[] | undefined {
  const children = plan.children(newest(latest, target), target)
  const lines = children?.map((child) => line(child, { plan, reader }))
  return lines?.includes(undefined) ? undefined : (lines as string[] | undefined)
}

function line(child: Row, reading: { plan: Act['plan']; reader: Principal | null }): string | undefined {
  const { metadata, now, tenant } = reading.plan.ctx
  const { title, subtitle = [] } = metadata.objects.get(child.object)!
  const parts = [titleOf(child, reading), ...subtitle.map((key) => shownField(child, key, reading))]
  if (parts.includes(undefined)) return undefined
  return [formatInstant(String(child.values['created_at']), now, 'zh', tenant.zone), ...new Set(parts)].filter(Boolean).join(' · ') || title
}

/** Tells the policy's role that nobody could take the record. Undefined while something is being fetched. */
export function poolAlert(act: Act, decision: Decision): true | undefined {
  const policy = act.plan.ctx.metadata.assignmentPolicies.get(decision.policy)!
  const name = act.plan.ctx.metadata.objects.get(act.target.object)!.label.zh
  const pool = decision.pool === null ? '公海' : `${AREAS[decision.pool].zh}公海`
  for (const member of recipients(act, [{ role: policy.fallback.alertRole }])) {
    const reader = act.plan.world.principal(member)
    const title = reader && titleOf(act.target, { plan: act.plan, reader })
    if (reader === undefined || title === undefined) return undefined
    if (reader) push(act, member, { kind: 'nobody_available', title: `${name}「${title ?? ''}」无人可接，已进入${pool}`, body: excludedWords(decision) })
  }
  return true
}

const WORDS: Record<string, Label> = { skill: { zh: '擅长项不符', en: 'lack the skill' }, region: { zh: '不在该区域', en: 'outside the region' }, no_capacity: { zh: '未设承接上限', en: 'no capacity set' }, full: { zh: '已满', en: 'full' } }

/** 「12 人中：已满 5 · 擅长项不符 7」 */
function excludedWords({ scored }: Decision): string {
  const counts = Map.groupBy(scored, ({ excluded }) => WORDS[excluded ?? '']?.zh ?? '按规则排除')
  return scored.length === 0 ? '没有可参与分配的成员' : `${scored.length} 人中：${[...counts].map(([word, same]) => `${word} ${same.length}`).join(' · ')}`
}

