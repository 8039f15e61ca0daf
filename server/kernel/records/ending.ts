import { refuse } from '#contract'
import { concerning, couldEnd, guardSql, keptFrom, lensOf, may, params, reachesOut, watchesOf, type Context, type Watch } from '#kernel/access'
import { GONE } from '#kernel/changes'
import type { BindContext } from '#language/conditions'
import { draftKey, no, type Batch, type Draft, type Wish } from './batch.ts'
import type { RecordImage } from './types.ts'

/**
 * A limit that holds in a record is not ended by those whom it holds back, nor by anybody who does not see all that it keeps:
 * they could otherwise widen what they see by an edit. Whoever may set tags that decide permissions may end it.
 *
 * No statement, and nothing to do, unless a field is written by which a limit in force decides.
 */
export async function refuseEnding(batch: Batch): Promise<void> {
  if (isExempt(batch.ctx)) return
  for (const draft of batch.drafts.values()) {
    for (const watch of endedBy(batch, draft)) {
      if (!(await isEnded(batch, watch, draft))) continue
      const { index, path, label } = saidBy(batch, draft, watch)
      no(batch, index, refuse('POLICY_FIELD_PROTECTED', path, { field: label }))
    }
  }
}

/** Rules and the system write as configured by somebody with the right to; what a form says is said by anybody. */
export const isExempt = (ctx: Context): boolean => (ctx.principal.kind === 'kernel' ? ctx.actor.kind !== 'source' : may(ctx, 'tags'))

/** What this change of a record, so far, could end and its writer may not. */
function endedBy(batch: Batch, draft: Draft): Watch[] {
  const before = draft.before
  const watches = watchesOf(batch.ctx.metadata, draft.plan.object.key)
  if (!before || watches.length === 0) return []
  const changed = new Set(draft.steps.flatMap(({ fields }) => Object.keys(fields)))
  const turn = { object: draft.plan.object.key, before: before.values, after: draft.gone ? null : draft.values, at: nowOf(batch.ctx) }
  return watches.filter((watch) => {
    const concerned = watch.fields.values().some((field) => changed.has(field)) || (!watch.own && changed.has(GONE))
    return concerned && !isFree(batch, watch, draft) && couldEnd({ metadata: batch.ctx.metadata, watch, reads: (field) => readsIn(batch, draft, field) }, turn) && !isOwnMistake(batch, watch, draft)
  })
}

/** Would this value of a field end a limit that its writer may not end? For what is taken back field by field. */
export function wouldEnd(batch: Batch, draft: Draft, [field, value]: readonly [field: string, value: unknown]): boolean {
  if (isExempt(batch.ctx) || !watchesOf(batch.ctx.metadata, draft.plan.object.key).some(({ fields }) => fields.has(field))) return false
  return endedBy(batch, { ...draft, values: { ...draft.values, [field]: value }, steps: [{ act: 0, index: 0, fields: { [field]: [draft.values[field], value] }, seq: null, actId: null }] }).length > 0
}

/** What other records say is asked of those rows; where even the question would tell, it is taken to hold. */
async function isEnded({ ctx }: Batch, watch: Watch, draft: Draft): Promise<boolean> {
  if (!watch.own || !reachesOut(watch) || watch.policy.stealth || !isHeldBack(ctx, watch, draft.before!)) return true
  const given = params(draft.id)
  const holds = guardSql({ metadata: ctx.metadata, at: nowOf(ctx) }, { object: watch.policy.object, condition: watch.policy.when! }, { alias: 'r', params: given })
  const rows = await ctx.tx.query(`select from ${draft.plan.object.table} r where r.id = $1::uuid and ${holds}`, given.values)
  return rows.length > 0
}

/** Not held back by it, and seeing in full whatever it keeps from others. */
function isFree(batch: Batch, watch: Watch, draft: Draft): boolean {
  const { ctx } = batch
  if (ctx.principal.kind === 'kernel' || isHeldBack(ctx, watch, draft.before!)) return false
  return keptFrom(watch, ctx.metadata).every((field) => (watch.own ? readsIn(batch, draft, field) : lensOf(ctx, watch.policy.object).field(field)?.read === 'full'))
}

/** How a member stands to the records behind this one is not asked. */
export function isHeldBack(ctx: Context, { policy, own }: Pick<Watch, 'policy' | 'own'>, record: RecordImage): boolean {
  const member = ctx.principal.kind === 'member' ? ctx.principal.member : null
  const ruling = member && concerning(ctx.metadata, policy, member)
  if (!member || !ruling) return false
  const stands = {
    owner: record.owner !== null && (record.owner === member.id || member.standsFor.includes(record.owner)),
    collaborator: ((record.values['collaborators'] ?? []) as readonly number[]).includes(member.id),
    ownerTeam: record.ownerTeam !== null && member.teamTree.includes(record.ownerTeam),
  }
  const isSo = (relation: keyof typeof stands): boolean => stands[relation]
  return own ? (ruling.relations.length === 0 || ruling.relations.some(isSo)) && !ruling.spared.some(isSo) : true
}

export function readsIn({ ctx, held, unseen }: Batch, { plan, id }: Draft, field: string): boolean {
  if (ctx.principal.kind === 'kernel') return true
  const [key, shown] = [draftKey(plan.object.key, id), lensOf(ctx, plan.object.key).field(field)]
  return !unseen.has(key) && (shown?.read === 'full' || (shown?.read === 'varies' && held.get(key)?.get(field)?.state === 'full' && held.get(key)?.get(field)?.secret !== true))
}

/** Taking one's own act back a moment later gives nothing that was not seen before, as long as what is kept has not changed since. */
function isOwnMistake(batch: Batch, watch: Watch, draft: Draft): boolean {
  const wishes = wishesFor(batch, draft)
  const since = batch.since.get(draftKey(draft.plan.object.key, draft.id))?.versions
  return watch.own && wishes.length > 0 && wishes.every(({ undone }) => undone?.own === true && keptFrom(watch, batch.ctx.metadata).every((field) => (since?.get(field) ?? 0) <= undone.version))
}

export const wishesFor = ({ wishes }: Batch, draft: Draft): Wish[] => wishes.filter(({ plan, id }) => plan === draft.plan && id === draft.id)

/** Who asked for it, the field they wrote, and what that field, or the one that follows from it, is called. */
export function saidBy(batch: Batch, draft: Draft, watch: Pick<Watch, 'fields'>): { index: number; path: string | undefined; label: string } {
  const changed = draft.steps.flatMap(({ fields }) => Object.keys(fields)).filter((key) => watch.fields.has(key))
  const own = wishesFor(batch, draft)
  const wish = own.find(({ values }) => values.some(([key]) => changed.includes(key))) ?? own[0]
  const path = wish?.values.map(([key]) => key).find((key) => changed.includes(key))
  const named = path ?? [...changed, ...watch.fields].find((key) => readsIn(batch, draft, key)) ?? ''
  return { index: wish?.index ?? draft.steps[0]!.index, path, label: draft.plan.object.field.get(named)?.label[batch.ctx.request?.lang ?? 'zh'] ?? named }
}

export const nowOf = ({ now, tenant, metadata, principal }: Context): BindContext => ({ me: principal.kind === 'member' ? principal.member.id : null, myTeams: principal.kind === 'member' ? principal.member.teams : [], now, zone: tenant.zone, calendar: metadata.calendar })
