import type { Context } from '#kernel/access'
import { draftKey, type Batch, type Wish } from './batch.ts'
import { derivePlanOf, type DerivePlan, type RollUpStep } from './derivations.ts'
import { planOf } from './plan.ts'
import type { Values } from './types.ts'

/** A record that will change in these fields (null: in any). `values`: what is about to stand in it, as far as that is known. */
interface Touch { object: string; id: string; keys: ReadonlySet<string> | null; values: Values; born: boolean }

/**
 * The parents whose roll-ups this batch moves, level by level, so that they can be locked together with everything else.
 * Links are read before the lock: one that moves meanwhile is found out while deriving. One statement per level and object.
 */
export async function foreseeParents(batch: Batch): Promise<Map<string, Set<string>>> {
  const plan = derivePlanOf(batch.ctx.metadata)
  const found = new Map<string, Set<string>>()
  if (plan.from.size === 0) return found
  for (let level = batch.wishes.filter(({ plan: { object } }) => plan.from.has(object.key)).map((wish) => touchOf(wish)); level.length > 0;) {
    const moved = level.flatMap((touch) => movedBy(plan, touch).map((step) => ({ touch, step })))
    if (moved.length === 0) return found
    const stored = await storedLinks(batch, moved)
    level = moved.flatMap(({ touch, step }) => parentsOf(touch, step, stored).map((id): Touch => ({ object: step.object, id, keys: new Set([step.key]), values: bornAs(batch, step.object, id), born: isBorn(batch, step.object, id) })))
    for (const { object, id, born } of level) if (!born) found.set(object, (found.get(object) ?? new Set()).add(id))
  }
  return found
}

function touchOf({ op, plan, id, values, undone }: Wish): Touch {
  // What is taken back may belong to the parent of before.
  if (undone) return { object: plan.object.key, id, keys: null, values: Object.fromEntries(Object.entries(undone.fields).map(([key, [before]]) => [key, before])), born: false }
  return { object: plan.object.key, id, keys: op === 'update' ? new Set(values.map(([key]) => key)) : null, values: Object.fromEntries(values), born: op === 'create' }
}

/** Roll-ups that read one of the fields that change, or that follow from it in the same record. */
function movedBy(plan: DerivePlan, { object, keys }: Touch): RollUpStep[] {
  const steps = plan.from.get(object)
  if (!steps || keys === null) return [...(steps ?? [])]
  const changed = new Set(keys)
  for (const { key, inputs } of plan.formulas.get(object) ?? []) if (!inputs.isDisjointFrom(changed)) changed.add(key)
  return steps.filter(({ rollup }) => !rollup.reads.isDisjointFrom(changed))
}

type Links = ReadonlyMap<string, Values>

/** The reference fields of known records, as they stand. */
async function storedLinks(batch: Batch, moved: readonly { touch: Touch; step: RollUpStep }[]): Promise<Links> {
  const links = new Map<string, Values>()
  const unread = moved.filter(({ touch }) => !touch.born && !known(batch, touch, links))
  for (const [object, same] of Map.groupBy(unread, ({ touch }) => touch.object)) {
    const fields = [...new Set(same.flatMap(({ step: { rollup } }) => (rollup.any ? [rollup.via, `${rollup.via}__object`] : [rollup.via])))]
    for (const row of await readLinks(batch.ctx, object, { ids: [...new Set(same.map(({ touch }) => touch.id))], fields })) links.set(draftKey(object, row['id'] as string), linked(row, fields))
  }
  return links
}

function known({ rows }: Batch, { object, id }: Touch, links: Map<string, Values>): boolean {
  const row = rows.get(draftKey(object, id))
  if (row) links.set(draftKey(object, id), row.image.values)
  return row !== undefined
}

function readLinks({ tx, metadata }: Context, object: string, { ids, fields }: { ids: readonly string[]; fields: readonly string[] }): Promise<Values[]> {
  return tx.query(`select r.id, ${fields.map((field) => `r."f_${field}"`).join(', ')} from ${planOf(metadata, object)!.object.table} r where r.id = any($1::uuid[])`, [ids], { name: 'links' })
}

function linked(row: Values, fields: readonly string[]): Values {
  return Object.fromEntries(fields.map((field) => [field, fields.includes(`${field}__object`) && row[`f_${field}`] ? { object: row[`f_${field}__object`], id: row[`f_${field}`] } : row[`f_${field}`]]))
}

/** The record that it leaves and the one that it comes to. */
function parentsOf({ object, id, values }: Touch, { object: target, rollup: { via } }: RollUpStep, links: Links): string[] {
  const ends = [links.get(draftKey(object, id))?.[via], values[via]].map((link) => (typeof link === 'string' ? link : (link as { object?: string; id?: string } | null | undefined)?.object === target ? (link as { id: string }).id : null))
  return [...new Set(ends.filter((end) => end !== null))]
}

const wishFor = ({ wishes }: Batch, object: string, id: string): Wish | undefined => wishes.find(({ op, plan, id: own }) => op === 'create' && own === id && plan.object.key === object)
const isBorn = (batch: Batch, object: string, id: string): boolean => wishFor(batch, object, id) !== undefined
const bornAs = (batch: Batch, object: string, id: string): Values => Object.fromEntries(wishFor(batch, object, id)?.values ?? [])
