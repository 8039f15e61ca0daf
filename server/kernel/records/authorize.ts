import { refuse } from '#contract'
import type { Scope } from '#language/definitions'
import { planScope, type MemberFacts } from '#kernel/access'
import { draftKey, EVERY_RIGHT, no, type Batch, type Draft, type Wish } from './batch.ts'
import { refuseHeld } from './held.ts'
import { staleFields } from './version.ts'
import { isWholeShut } from './wholes.ts'

/** Decide by the locked rows, before anything is written, whether each wish may be carried out, and whether what it was based on still stands. */
export async function authorizeBefore(batch: Batch): Promise<void> {
  for (const wish of batch.wishes) {
    const shut = wish.op !== 'revert' && isWholeShut(batch, wish)
    if (!shut && !mayCarryOut(batch, wish)) no(batch, wish.index, refuse('FORBIDDEN'))
    else if (shut || isShut(batch, wish)) no(batch, wish.index, refuse('RECORD_LOCKED'))
    else refuseHeld(batch, wish)
  }
  if (batch.refusals.length === 0) await refuseStale(batch)
}

function mayCarryOut(batch: Batch, { op, plan, lens, id, owner, share, values, addTags, removeTags }: Wish): boolean {
  if (op === 'create') return lens.can('create')
  // Decided field by field.
  if (op === 'revert') return true
  // Made by this very batch: its creation was authorised.
  const rights = batch.rows.get(draftKey(plan.object.key, id))?.rights ?? EVERY_RIGHT
  if (op !== 'update') return rights.delete && lens.can('delete')
  const locks = values.some(([key]) => key === 'locked')
  // Whether they may write the field at all was asked when the wish was read.
  const edits = values.some(([key]) => key !== 'locked' && !plan.object.field.get(key)?.open) || addTags.length > 0 || removeTags.length > 0
  return (!edits || (rights.edit && lens.can('edit'))) && (!locks || (rights.unlock && lens.can('unlock'))) && (share.length === 0 || (rights.share && lens.can('edit'))) && (owner === undefined || (rights.transfer && lens.can('transfer')))
}

/** A locked record is for those who could unlock it. */
function isShut(batch: Batch, { op, plan, id }: Wish): boolean {
  const row = op === 'update' || op === 'delete' ? batch.rows.get(draftKey(plan.object.key, id)) : undefined
  return row?.image.values['locked'] === true && !row.rights.unlock
}

async function refuseStale(batch: Batch): Promise<void> {
  for (const wish of batch.wishes) {
    const row = batch.rows.get(draftKey(wish.plan.object.key, wish.id))
    if (wish.expect === undefined || !row) continue
    const written = [...wish.values.map(([key]) => key), ...(wish.owner === undefined ? [] : ['owner'])]
    const moved = await staleFields(batch.ctx, wish.plan, row.image, { expect: wish.expect, written, held: batch.held.get(draftKey(wish.plan.object.key, wish.id)) })
    if (moved.length > 0) no(batch, wish.index, refuse('VERSION_STALE', moved[0], { fields: labels(batch, wish, moved) }))
  }
}

function labels({ ctx }: Batch, { plan }: Wish, keys: readonly string[]): string {
  const lang = ctx.request?.lang ?? 'zh'
  return keys.map((key) => plan.object.field.get(key)?.label[lang] ?? key).join(lang === 'zh' ? '、' : ', ')
}

/** A member's new record must lie within the reach of their right to create: own → theirs, team → an owner of their teams. */
export function authorizeAfter(batch: Batch): void {
  const { principal } = batch.ctx
  if (principal.kind === 'kernel') return
  for (const wish of batch.wishes.filter(({ op }) => op === 'create')) {
    const draft = batch.drafts.get(draftKey(wish.plan.object.key, wish.id))!
    if (!within(planScope(batch.ctx, wish.plan.object.key, 'create'), principal.member, draft)) no(batch, wish.index, refuse('FORBIDDEN', 'owner'))
  }
}

function within(scope: Scope, member: MemberFacts, { values }: Draft): boolean {
  if (scope === 'all' || values['owner'] === member.id) return scope !== 'none'
  const team = values['owner_team'] as number | undefined
  return team !== undefined && (scope === 'team' ? member.teams : scope === 'teamTree' ? member.teamTree : []).includes(team)
}
