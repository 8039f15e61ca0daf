import { set, setOwner, stepOf } from './apply.ts'
import { draftKey, type Batch, type Wish } from './batch.ts'
import { readRecords } from './images.ts'
import type { FieldPlan } from './plan.ts'
import type { Values } from './types.ts'

/** A field that takes over what the chosen record says, unless something else is said. */
interface Taking { wish: Wish; field: FieldPlan; object: string; id: string }

/** What was taken stays, whatever becomes of the record it came from. One statement per object that is taken from, none when nothing is. */
export async function takeOver(batch: Batch): Promise<void> {
  await takeOwners(batch)
  const takings = batch.wishes.flatMap((wish) => takingsOf(wish))
  for (const [object, same] of Map.groupBy(takings, (each) => each.object)) {
    const known = await sources(batch, object, [...new Set(same.map(({ id }) => id))])
    for (const { wish, field, id } of same) {
      const [draft, source] = [batch.drafts.get(draftKey(wish.plan.object.key, wish.id)), known.get(id)]
      if (draft && source) set(draft, stepOf(draft, wish), field.key, source[field.definition.copy!.field] ?? null)
    }
  }
}

/** A new record of which nobody said whose it is: its parent's owner, where the object says so and the parent has one. */
async function takeOwners(batch: Batch): Promise<void> {
  const unsaid = batch.wishes.flatMap((wish) => {
    const via = wish.op === 'create' && wish.owner === undefined ? wish.plan.object.ownerVia : undefined
    const id = via === undefined ? undefined : wish.values.find(([key]) => key === via)?.[1]
    return typeof id === 'string' ? [{ wish, id, object: wish.plan.fields.get(via!)!.targets[0] ?? '' }] : []
  })
  for (const [object, same] of Map.groupBy(unsaid, (each) => each.object)) {
    const known = await sources(batch, object, [...new Set(same.map(({ id }) => id))])
    for (const { wish, id } of same) {
      const [draft, owner] = [batch.drafts.get(draftKey(wish.plan.object.key, wish.id)), known.get(id)?.['owner']]
      if (draft && typeof owner === 'number') setOwner(batch, draft, stepOf(draft, wish), owner)
    }
  }
}

function takingsOf(wish: Wish): Taking[] {
  if (wish.plan.copies.length === 0 || (wish.op !== 'create' && wish.op !== 'update')) return []
  const given = new Map(wish.values)
  return wish.plan.copies.flatMap((field): Taking[] => {
    const chosen = given.get(field.definition.copy!.via)
    return given.has(field.key) || typeof chosen !== 'string' ? [] : [{ wish, field, object: wish.plan.fields.get(field.definition.copy!.via)!.targets[0] ?? '', id: chosen }]
  })
}

async function sources({ ctx, drafts }: Batch, object: string, ids: readonly string[]): Promise<Map<string, Values>> {
  const here = ids.flatMap((id) => { const draft = drafts.get(draftKey(object, id)); return draft ? [[id, draft.values] as const] : [] })
  const stored = await readRecords(ctx, object, ids.filter((id) => !drafts.has(draftKey(object, id))))
  return new Map([...here, ...[...stored].map(([id, { values }]) => [id, values] as const)])
}
