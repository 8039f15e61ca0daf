import { refuse } from '#contract'
import { lensOf, params, type Context } from '#kernel/access'
import { draftKey, EVERY_RIGHT, no, notFound, type Batch, type LockedRow, type Wish } from './batch.ts'
import { lockCapacity, noteRecordLocks } from './capacity.ts'
import { foreseeParents } from './foresee.ts'
import { imageOf, type Row } from './image.ts'
import { planOf, type ObjectPlan } from './plan.ts'
import { rightsOf, rightsSql } from './rights.ts'
import { foreseeWholes } from './wholes.ts'

/** Lock what the batch will change: capacity first, then records by (object, id). A record that the principal does not see is not waited for. */
export async function lockRows(batch: Batch): Promise<void> {
  const wanted = wantedRows(batch)
  const parents = await foreseeParents(batch)
  for (const { object, id } of await foreseeWholes(batch)) parents.set(object, (parents.get(object) ?? new Set()).add(id))
  await lockCapacityOf(batch, wanted)
  const objects = [...new Set([...wanted.keys(), ...parents.keys()])].sort()
  // Sent together, carried out in this order.
  if (objects.length > 0) noteRecordLocks(batch.ctx.tx)
  const own = new Set(batch.wishes.filter(({ undone }) => undone?.own).map(({ id }) => id))
  const locked = await Promise.all(objects.map((object) => lockObject(batch.ctx, object, { ids: [...(wanted.get(object) ?? [])], own, parents: unheld(batch, object, parents.get(object)) })))
  for (const row of locked.flat()) keep(batch, row, !wanted.get(row.image.object)?.has(row.image.id))
  refuseMissing(batch)
}

/** Parents that the caller has not locked already. */
const unheld = ({ rows }: Batch, object: string, ids: ReadonlySet<string> = new Set()): string[] => [...ids].filter((id) => !rows.has(draftKey(object, id)))

function keep(batch: Batch, row: LockedRow, unseen: boolean): void {
  const key = draftKey(row.image.object, row.image.id)
  batch.rows.set(key, row)
  if (unseen) batch.unseen.add(key)
}

/** Records that turn out to be needed when others are held already: not waited for, 55P03 lets the transaction begin again (decision 14). */
export async function lockMore(batch: Batch, object: string, ids: readonly string[]): Promise<void> {
  const plan = planOf(batch.ctx.metadata, object)
  if (!plan || ids.length === 0) return
  const rows = await batch.ctx.tx.query<Row>(`select ${plan.select} from ${plan.object.table} r where r.id = any($1::uuid[]) order by r.id for update nowait`, [ids], { name: 'lock more' })
  for (const row of rows) keep(batch, { image: imageOf(plan, batch.ctx.metadata, row), rights: EVERY_RIGHT }, true)
}

/** Records by object, without those that this batch creates or the caller has locked. */
function wantedRows(batch: Batch): Map<string, Set<string>> {
  const created = new Set(batch.wishes.filter(({ op }) => op === 'create').map(({ plan, id }) => draftKey(plan.object.key, id)))
  const wanted = new Map<string, Set<string>>()
  for (const { object, id } of batch.wishes.flatMap((wish) => [...named(wish), ...subjectOf(wish)])) {
    const [key, given] = [draftKey(object, id), batch.options.locked?.get(id)]
    if (given?.object === object) batch.rows.set(key, { image: given, rights: EVERY_RIGHT })
    else if (!created.has(key)) wanted.set(object, (wanted.get(object) ?? new Set()).add(id))
  }
  return wanted
}

const named = ({ op, plan, id }: Wish) => (op === 'create' ? [] : [{ object: plan.object.key, id }])

/** The record that a follow-up is about: it is stamped in the same act. */
export function subjectOf({ op, plan, values }: Pick<Wish, 'op' | 'plan' | 'values'>): { object: string; id: string; field: string }[] {
  const field = op === 'create' ? plan.fields.get(plan.object.activity?.subject ?? '') : undefined
  const value = field && values.find(([key]) => key === field.key)?.[1]
  if (!field || !value) return []
  const target = field.kind === 'anyReference' ? (value as { object: string; id: string }) : { object: field.targets[0] ?? '', id: value as string }
  return [{ ...target, field: field.key }]
}

/** `own`: rows that this member changed a moment ago, which their act may have taken out of their reach. */
async function lockObject(ctx: Context, object: string, { ids, own, parents }: { ids: readonly string[]; own: ReadonlySet<string>; parents: readonly string[] }): Promise<LockedRow[]> {
  const plan = planOf(ctx.metadata, object)
  if (!plan) return []
  const [lens, given] = [lensOf(ctx, object), params(ids)]
  const mine = ids.filter((id) => own.has(id))
  const seen = mine.length > 0 ? `(${lens.reach('read', 'r', given)} or r.id = any(${given.add(mine, 'uuid[]')}))` : lens.reach('read', 'r', given)
  const named = `r.id = any($1::uuid[]) and ${seen}`
  const either = parents.length === 0 ? named : `((${named}) or r.id = any(${given.add(parents, 'uuid[]')}))`
  const text = `select ${plan.select}, ${rightsSql(lens, given)}
    from ${plan.object.table} r where ${either} order by r.id for update of r`
  const rows = await ctx.tx.query<Row>(text, given.values, { name: 'lock' })
  return rows.map((row) => ({ image: imageOf(plan, ctx.metadata, row), rights: rightsOf(row) }))
}

function refuseMissing(batch: Batch): void {
  const created = new Set(batch.wishes.filter(({ op }) => op === 'create').map(({ plan, id }) => draftKey(plan.object.key, id)))
  const missing = ({ object, id }: { object: string; id: string }) => !batch.rows.has(draftKey(object, id)) && !created.has(draftKey(object, id))
  for (const wish of batch.wishes) {
    if (named(wish).some(missing)) notFound(batch, wish.index)
    for (const subject of subjectOf(wish).filter(missing)) no(batch, wish.index, refuse('VALUE_INVALID', subject.field, { field: subject.field, reason: 'reference' }))
  }
}

/** Whose load may change: new owners, and the present owners of records whose load may change. Read without a lock; settled under it. */
async function lockCapacityOf(batch: Batch, wanted: ReadonlyMap<string, ReadonlySet<string>>): Promise<void> {
  const moving = batch.wishes.filter(mayMoveLoad)
  if (moving.length === 0) return
  const owners = await presentOwners(batch, moving, wanted)
  const me = batch.ctx.principal.kind === 'member' ? batch.ctx.principal.member.id : null
  const coming = moving.map(({ op, owner, undone }) => (undone ? ((undone.fields['owner']?.[0] as number | null | undefined) ?? null) : owner === undefined && op === 'create' ? me : (owner ?? null)))
  await lockCapacity(batch.ctx, [...owners, ...coming].filter((id) => id !== null))
}

function mayMoveLoad({ op, plan, owner, values, addTags, removeTags }: Wish): boolean {
  if (!plan.load) return false
  if (op !== 'update' || owner !== undefined) return true
  const { needs } = plan.load
  return values.some(([key]) => needs.has(key)) || (needs.has('tags') && addTags.length + removeTags.length > 0)
}

async function presentOwners(batch: Batch, moving: readonly Wish[], wanted: ReadonlyMap<string, ReadonlySet<string>>): Promise<(number | null)[]> {
  const known = moving.map(({ plan, id }) => batch.rows.get(draftKey(plan.object.key, id))?.image.owner ?? null)
  const unread = Map.groupBy(moving.filter(({ plan, id }) => wanted.get(plan.object.key)?.has(id)), ({ plan }) => plan)
  const read = await Promise.all([...unread].map(([plan, wishes]) => ownersOf(batch.ctx, plan, wishes.map(({ id }) => id))))
  return [...known, ...read.flat()]
}

async function ownersOf({ tx }: Context, { object }: ObjectPlan, ids: readonly string[]): Promise<number[]> {
  const rows = await tx.query<{ owner: number }>(`select distinct owner from ${object.table} where id = any($1::uuid[]) and owner is not null`, [ids], { name: 'owners' })
  return rows.map(({ owner }) => owner)
}
