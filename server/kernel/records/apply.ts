import { GONE, type ActDraft } from '#kernel/changes'
import { dayOf } from '#language/values'
import { draftKey, notFound, type Batch, type Draft, type Step, type Wish } from './batch.ts'
import { numberAs } from './numbers.ts'
import { planOf } from './plan.ts'
import { whatToRevert } from './revert.ts'
import { same } from './values.ts'

/** Wishes become drafts: after-values in memory, with what each act changes. Several wishes for one record are taken in order. */
export function applyWishes(batch: Batch): void {
  for (const wish of batch.wishes) applyWish(batch, wish)
}

function applyWish(batch: Batch, wish: Wish): void {
  const draft = wish.op === 'create' ? born(batch, wish) : draftOf(batch, wish.plan.object.key, wish.id)
  if (!draft || (draft.gone && wish.op !== 'restore' && wish.op !== 'revert')) return notFound(batch, wish.index)
  if (wish.undone) return revert(batch, wish, draft)
  const step = stepOf(draft, wish)
  if (wish.op === 'delete' || wish.op === 'restore') return setGone(draft, step, wish.op === 'delete')
  for (const [key, value] of wish.values) set(draft, step, key, value)
  setTags(draft, step, wish)
  setShare(draft, step, wish)
  if (wish.op === 'create') fill(batch, wish, draft, step)
  else if (wish.owner !== undefined) setOwner(batch, draft, step, wish.owner)
  if (wish.decision !== undefined) draft.decision = wish.decision
}

function revert(batch: Batch, wish: Wish, draft: Draft): void {
  const { gone, fields } = whatToRevert(batch, wish, draft)
  if (gone === undefined && fields.length === 0) return
  const step = stepOf(draft, wish)
  if (gone !== undefined) setGone(draft, step, gone)
  for (const [key, value] of fields) set(draft, step, key, value)
}

/** The draft of a locked record; made when it is first wished for. */
export function draftOf(batch: Batch, object: string, id: string): Draft | undefined {
  const key = draftKey(object, id)
  const known = batch.drafts.get(key)
  const row = batch.rows.get(key)
  if (known || !row) return known
  const draft: Draft = { plan: planOf(batch.ctx.metadata, object)!, id, before: row.image, values: { ...row.image.values }, gone: row.image.gone, steps: [], decision: undefined }
  batch.drafts.set(key, draft)
  return draft
}

function born(batch: Batch, { plan, id, act }: Wish): Draft {
  const at = batch.ctx.now.toISOString()
  const by = memberOf(batch.acts[act]!)
  if (batch.drafts.has(draftKey(plan.object.key, id))) throw new RangeError(`record ${id} is created twice in one batch`)
  const draft: Draft = { plan, id, before: null, values: { id, created_at: at, created_by: by, updated_at: at, updated_by: by }, gone: false, steps: [], decision: undefined }
  batch.drafts.set(draftKey(plan.object.key, id), draft)
  return draft
}

export const memberOf = ({ actor }: ActDraft): number | null => (actor.kind === 'member' ? actor.id : null)

/** Wishes of one act that follow each other on a record are one change. */
export function stepOf(draft: Draft, { act, index }: Pick<Wish, 'act' | 'index'>): Step {
  const last = draft.steps.at(-1)
  if (last?.act === act) return last
  const step: Step = { act, index, fields: {}, seq: null, actId: null }
  draft.steps.push(step)
  return step
}

export function set(draft: Draft, step: Step, key: string, value: unknown): void {
  const current = draft.values[key] ?? null
  if (same(current, value)) return
  const noted = step.fields[key]
  if (noted) noted[1] = value
  else step.fields[key] = [current, value]
  draft.values[key] = value
}

function setTags(draft: Draft, step: Step, { addTags, removeTags }: Wish): void {
  if (addTags.length === 0 && removeTags.length === 0) return
  const tags = new Set([...((draft.values['tags'] as readonly number[] | null | undefined) ?? []), ...addTags])
  for (const id of removeTags) tags.delete(id)
  set(draft, step, 'tags', tags.size === 0 ? null : [...tags].sort((a, b) => a - b))
}

/** `collaborators` holds everybody, `co_editors` those of them who may also change the record. */
function setShare(draft: Draft, step: Step, { share }: Wish): void {
  for (const [key, holds] of [['collaborators', ['read', 'write']], ['co_editors', ['write']]] as const) {
    const members = new Set(draft.values[key] as readonly number[] | null | undefined)
    for (const { member, access } of share) {
      members.delete(member)
      if ((holds as readonly string[]).includes(access)) members.add(member)
    }
    if (share.length > 0) set(draft, step, key, members.size === 0 ? null : [...members].sort((a, b) => a - b))
  }
}

function setGone(draft: Draft, step: Step, gone: boolean): void {
  if (draft.gone === gone) return
  draft.gone = gone
  const noted = step.fields[GONE]
  if (noted) noted[1] = gone
  else step.fields[GONE] = [!gone, gone]
}

/** A new owner brings their main team; a record that loses its owner stays with the team it had. */
export function setOwner(batch: Batch, draft: Draft, step: Step, owner: number | null): void {
  set(draft, step, 'owner', owner)
  if (owner !== null) set(draft, step, 'owner_team', batch.members.get(owner)?.team ?? null)
}

/** What a new record gets unasked: defaults of absent fields, numbers, where it came from, its owner and team. */
function fill(batch: Batch, wish: Wish, draft: Draft, step: Step): void {
  const { ctx } = batch
  const given = new Set(wish.values.map(([key]) => key))
  for (const { key, value } of wish.plan.defaults) if (!given.has(key)) set(draft, step, key, defaultValue(batch, wish, key, value))
  for (const field of wish.plan.autos) if (!given.has(field.key)) set(draft, step, field.key, numberAs(batch.keys!, field, batch.numbers.pop()!))
  set(draft, step, 'origin', originOf(batch.acts[wish.act]!))
  const me = ctx.principal.kind === 'member' ? ctx.principal.member.id : null
  setOwner(batch, draft, step, wish.owner === undefined ? me : wish.owner)
}

function defaultValue({ ctx, acts }: Batch, { plan, act }: Wish, key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  if ('me' in value) return memberOf(acts[act]!)
  return plan.fields.get(key)!.kind === 'date' ? dayOf(ctx.now.getTime(), ctx.tenant.zone) : ctx.now.toISOString()
}

/** `form:<key>`, `rule:<key>`, or the kind of the cause. */
function originOf({ actor, cause }: ActDraft): string {
  if (actor.kind === 'source') return `form:${actor.form}`
  return actor.kind === 'rule' ? `rule:${actor.key}` : actor.kind === 'system' ? actor.kind : cause.kind
}
