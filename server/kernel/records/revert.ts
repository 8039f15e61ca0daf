import { may, reachesAll } from '#kernel/access'
import { GONE, laterChanges } from '#kernel/changes'
import { draftKey, EVERY_RIGHT, type Batch, type Draft, type LockedRow, type Since, type Wish } from './batch.ts'
import { wouldEnd } from './ending.ts'
import { isHeld } from './held.ts'
import type { Kept, Undone } from './types.ts'
import { same } from './values.ts'

/** Learn, under the lock, what has happened to the records since what is being undone. No statement unless something is. */
export async function recallSince(batch: Batch): Promise<void> {
  const reverting = batch.wishes.filter(({ undone }) => undone !== undefined)
  if (reverting.length === 0) return
  const rows = await laterChanges(batch.ctx.tx, reverting.map(({ plan, id, undone }) => ({ object: plan.object.key, record: id, version: undone!.version })), batch.options.undoing ?? [])
  const since = new Map<string, { versions: Map<string, number>; touched: number }>()
  for (const { object, record, version, field, person } of rows) {
    const key = draftKey(object, record)
    const known = since.get(key) ?? { versions: new Map(), touched: 0 }
    since.set(key, known)
    known.versions.set(field, Math.max(version, known.versions.get(field) ?? 0))
    if (person) known.touched = Math.max(version, known.touched)
  }
  batch.since = since
}

export interface Reverted { gone: boolean | undefined; fields: readonly (readonly [key: string, value: unknown])[] }
const NOTHING: Reverted = { gone: undefined, fields: [] }
const NEVER: Since = { versions: new Map(), touched: 0 }

/** What of an act may be taken back on this record; the rest is noted as kept. Pure but for that note. */
export function whatToRevert(batch: Batch, wish: Wish, draft: Draft): Reverted {
  const undone = { ...wish.undone!, fields: besideSegments(batch, wish.undone!.fields, draft) }
  const key = draftKey(draft.plan.object.key, draft.id)
  const rights = batch.rows.get(key)?.rights ?? EVERY_RIGHT
  const since = batch.since.get(key) ?? NEVER
  const keep = (fields: readonly string[], why: Kept['why']) => { if (fields.length > 0) batch.kept.push({ object: draft.plan.object.key, id: draft.id, fields: [...fields], why }) }
  // To put back what stood there is an act of its own right: nothing is typed and nothing read.
  const restores = may(batch.ctx, 'restore') && reachesAll(batch.ctx, draft.plan.object.key, 'read')
  const open = rights.unlock || draft.values['locked'] !== true
  const goes = undone.created ? true : undone.fields[GONE]?.[0] === true
  if (undone.created || undone.fields[GONE] !== undefined) {
    if (undone.created ? since.touched > undone.version : since.versions.has(GONE)) { keep([GONE], 'changed'); return NOTHING }
    if (draft.gone === goes) return NOTHING
    if (!undone.own && !(open && (restores || (rights.delete && wish.lens.can('delete'))))) { keep([GONE], 'rights'); return NOTHING }
    return { gone: goes, fields: [] }
  }
  if (draft.gone) { keep([GONE], 'changed'); return NOTHING }
  const known = Object.entries(undone.fields).filter(([field]) => draft.plan.cell.has(field))
  const stands = ([field, [, after]]: (typeof known)[number]) => (since.versions.get(field) ?? 0) <= undone.version && same(draft.values[field] ?? null, after)
  const mayPut = ([field]: (typeof known)[number]) => undone.own || (open && (restores || (!isHeld(batch, wish, field) && mayWrite(wish, rights, undone, field))) && !wouldEnd(batch, draft, [field, undone.fields[field]?.[0] ?? null]) && mayMoveTags(batch, undone, field))
  keep(known.filter((each) => !stands(each)).map(([field]) => field), 'changed')
  keep(known.filter((each) => stands(each) && !mayPut(each)).map(([field]) => field), 'rights')
  return { gone: undefined, fields: known.filter((each) => stands(each) && mayPut(each)).map(([field, [before]]) => [field, before]) }
}

/** A segment's tag follows its condition: it stays as it stands, whatever the act did to it; the other tags go back. */
function besideSegments({ ctx: { metadata: { tags } } }: Batch, fields: Undone['fields'], draft: Draft): Undone['fields'] {
  const { tags: change, ...rest } = fields
  if (change === undefined) return fields
  const isSegment = (id: number): boolean => tags.byId.get(id)?.segment !== undefined
  const now = ((draft.values['tags'] ?? []) as readonly number[]).filter(isSegment)
  const [before, after] = change.map((list) => [...((list ?? []) as readonly number[]).filter((id) => !isSegment(id)), ...now].sort((a, b) => a - b))
  return same(before, after) ? rest : { ...rest, tags: [before, after] }
}

/** Tags that decide permissions are put back by whoever may set them. */
function mayMoveTags({ ctx }: Batch, { fields }: Undone, field: string): boolean {
  if (field !== 'tags' || may(ctx, 'tags')) return true
  const [before, after] = (fields['tags'] ?? [null, null]).map((tags) => new Set((tags as readonly number[] | null) ?? [])) as [Set<number>, Set<number>]
  return [...before.symmetricDifference(after)].every((id) => !ctx.metadata.tags.byId.get(id)?.policy)
}

/** Where the owner goes back, so does the team that came with them. */
function mayWrite({ lens, plan }: Wish, rights: LockedRow['rights'], { fields }: Undone, field: string): boolean {
  if (field === 'owner' || (field === 'owner_team' && fields['owner'] !== undefined)) return rights.transfer && lens.can('transfer')
  if (field === 'collaborators' || field === 'co_editors') return rights.share && lens.can('edit')
  if (field === 'locked') return rights.unlock && lens.can('unlock')
  return ((rights.edit && lens.can('edit')) || plan.object.field.get(field)?.open === true) && lens.writable.has(field)
}
