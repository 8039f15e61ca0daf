import { impossible, needsOf } from '#language/conditions'
import type { Policy } from '#language/definitions'
import type { Metadata } from '#kernel/metadata'
import { eyesOn, withPolicy, type Eyes } from './eyes.ts'
import { checkedOf } from './guard.ts'
import { effectOfPolicy } from './effect.ts'
import { memberRows, type MemberRow } from './principal.ts'
import { childWatchesOf } from './children.ts'
import { watchesOf } from './releases.ts'
import { parentsIn } from './ruled.ts'
import { isAlways } from './rulings.ts'
import type { Context } from './types.ts'

/** What a policy would do that its author may not have meant. `field`: whichever it is about; `other`: the field that gives it away, or the policy in its way. */
export interface PolicyFinding {
  kind: 'impossible' | 'everybodyEdits' | 'concernsNobody' | 'changesNothing' | 'overruled' | 'widens' | 'nobodyReads' | 'nobodyWrites' | 'tells' | 'escapes' | 'guarded'
  field?: string
  /** Of the field, where it is another one's than the policy's. */
  object?: string
  other?: string
  members?: number
}

/** Looks at a policy before it is published, with everything else that is in force. Nothing is written. */
export async function lintPolicy(ctx: Context, policy: Policy): Promise<PolicyFinding[]> {
  if (policy.off) return []
  if (isImpossible(ctx, policy)) return [{ kind: 'impossible' }]
  const after = withPolicy(ctx.metadata, policy.key, policy)
  const without = withPolicy(ctx.metadata, policy.key, null)
  const rows = [...(await memberRows(ctx.tx)).values()]
  const { gains, losses } = await effectOfPolicy({ ...ctx, metadata: without }, policy.key, policy)
  const changes = [gains, losses].some((each) => Object.values(each).some(({ members }) => members > 0))
  const eyes = eyesOn(after, policy.object, rows)
  const concerned = eyes.filter(({ rulings }) => rulings.some((ruling) => ruling.policy.key === policy.key))
  const circumstantial = policy.scenarios !== undefined || policy.time !== undefined || policy.network !== undefined
  if (concerned.length === 0 && !circumstantial) return [{ kind: 'concernsNobody' }]
  return [
    ...(!changes && !circumstantial ? [{ kind: 'changesNothing' as const }] : []),
    ...(policy.effect === 'allow' && changes ? [{ kind: 'widens' as const, members: Math.max(...Object.values(gains).map(({ members }) => members)) }] : []),
    ...(editsAll(policy) ? [{ kind: 'everybodyEdits' as const }] : []),
    ...overruled(after, policy),
    ...unseen(eyes, policy),
    ...tells(after, policy, concerned),
    ...ends(after, policy, { concerned, rows }),
  ]
}

/** No record can meet its condition, whatever happens. */
function isImpossible({ metadata, now, tenant }: Context, { object, when }: Policy): boolean {
  const checked = when && checkedOf(metadata, { object, condition: when })
  return Boolean(checked && impossible(checked, { me: 0, myTeams: [], now, zone: tenant.zone, calendar: metadata.calendar }))
}

/** Everybody may change every record. */
export const editsAll = ({ effect, who, except, when, scenarios, time, network, actions, fields }: Policy): boolean =>
  effect === 'allow' && !who && !except && !when && !scenarios && !time && !network && (actions.some((action) => action === 'edit' || action === 'delete') || fields['*']?.write === true)

/** A limit on everybody in every record leaves nothing of what is allowed. */
function overruled(metadata: Metadata, policy: Policy): PolicyFinding[] {
  const all = metadata.policiesOf(policy.object).filter(({ effect, who, except, when, scenarios, time, network }) => effect === 'limit' && !who && !except && !when && !scenarios && !time && !network)
  if (policy.effect !== 'allow') return []
  const fields = Object.entries(policy.fields).flatMap(([field, { read, write }]) => all.filter(({ fields: limited }) => (read !== undefined && limited[field]?.read === 'hidden') || (write === true && limited[field]?.write === false)).map(({ key }) => ({ kind: 'overruled' as const, field, other: key })))
  const actions = all.filter((limit) => limit.actions.some((action) => policy.actions.includes(action))).map(({ key }) => ({ kind: 'overruled' as const, other: key }))
  return [...fields, ...actions]
}

/** In the records that the limit speaks of, somebody should be left who sees and changes what it is about. */
function unseen(eyes: readonly Eyes[], policy: Policy): PolicyFinding[] {
  if (policy.effect !== 'limit') return []
  const free = eyes.filter(({ rulings }) => { const ruling = rulings.find((each) => each.policy.key === policy.key); return !ruling || ruling.relations.length > 0 || ruling.spared.length > 0 })
  return Object.entries(policy.fields).filter(([field]) => field !== '*').flatMap(([field, { read, write }]): PolicyFinding[] => {
    const reads = free.some(({ plan }) => { const seen = plan.fields.get(field)?.read; return seen === 'full' || seen === 'varies' })
    const writes = free.some(({ plan }) => plan.writable.has(field))
    return [...(read !== undefined && read !== 'full' && !reads ? [{ kind: 'nobodyReads' as const, field }] : []), ...(write === false && !writes ? [{ kind: 'nobodyWrites' as const, field }] : [])]
  })
}

const countOf = (those: readonly Eyes[]): number => those.reduce((sum, { members }) => sum + members.length, 0)

/** What decides may be told by what is shown (a lock, stars). */
function tells(metadata: Metadata, policy: Policy, concerned: readonly Eyes[]): PolicyFinding[] {
  const checked = policy.when && checkedOf(metadata, { object: policy.object, condition: policy.when })
  const reads = checked ? [...(needsOf(checked).reads.get(policy.object) ?? [])].filter((key) => metadata.objects.get(policy.object)?.field.has(key)) : []
  return reads.flatMap((field): PolicyFinding[] => {
    const members = countOf(concerned.filter(({ plan }) => plan.scope.read !== 'none' && plan.fields.get(field)?.read !== 'full' && Object.keys(policy.fields).some((key) => key === '*' || (plan.fields.get(key)?.read ?? 'hidden') !== 'hidden')))
    return members > 0 ? [{ kind: 'tells', field, members }] : []
  })
}

/** Whom it holds back and who may change what decides: refused where that would end it (`guarded`), or free to where it looks further than to what hangs on a record (`escapes`). */
function ends(metadata: Metadata, policy: Policy, { concerned, rows }: { concerned: readonly Eyes[]; rows: readonly MemberRow[] }): PolicyFinding[] {
  const checked = policy.when && checkedOf(metadata, { object: policy.object, condition: policy.when })
  if (!checked || policy.effect !== 'limit') return []
  const bound = new Set(concerned.filter(({ rulings }) => !rulings.some((ruling) => ruling.policy.key === policy.key && isAlways(ruling))).flatMap(({ members }) => members.map(({ id }) => id)))
  return [...metadata.objects.keys()].flatMap((object) => {
    const watched = new Set([...watchesOf(metadata, object), ...childWatchesOf(metadata, object)].filter((watch) => watch.policy.key === policy.key).flatMap(({ fields }) => [...fields]))
    const fields = [...new Set([...(needsOf(checked).reads.get(object) ?? []), ...watched])].filter((key) => metadata.objects.get(object)!.field.has(key) && !(object === policy.object && parentsIn(policy.when).includes(key)))
    return fields.length === 0 ? [] : fields.flatMap((field): PolicyFinding[] => {
      const movers = eyesOn(metadata, object, rows).filter(({ plan }) => plan.scope.edit !== 'none' && plan.writable.has(field)).flatMap(({ members }) => members).filter(({ id, rights }) => bound.has(id) && !rights.has('tags')).length
      return movers > 0 ? [{ kind: watched.has(field) ? 'guarded' : 'escapes', field, members: movers, ...(object !== policy.object && { object }) }] : []
    })
  })
}
