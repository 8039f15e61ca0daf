import type { Values } from '#kernel/records'
import { judge, type Judged, type Judging } from './judge.ts'
import type { Edit, Plan, Row } from './plan.ts'
import type { CompiledAction, CompiledRule } from './program.ts'
import type { Done, Event, Skipped, Step } from './types.ts'

/**
 * One rule at work on one event. `view`: the triggering record as the event left it, with what this event has done since; conditions look at it.
 * `trigger`: the same record as it stands now; actions work on it.
 */
export interface Scene extends Author { rule: CompiledRule; trigger: Row; /** Whose the triggering record was when the rule began. */ owner: number | null; /** Steps that are passed over. */ skips?: readonly Skipped[] | undefined }
/** Who writes: the key of a rule, or `grading:<key>`. `moved`: the view is not what it was. */
export interface Author { plan: Plan; event: Event; by: string; view: View; /** The step at work, by its place. */ at?: string | undefined }
export interface View { values: Values; moved: boolean }
/** One of its actions, on the record that it works on. */
export interface Act extends Scene {
  action: CompiledAction
  target: Row
  /** Years that working time crossed without a calendar; the step says so. */
  unannounced: Set<number>
}

/** Carries out one action in the plan; `undefined` while something is being fetched. */
export type Perform = (act: Act) => Done | undefined

export const judging = (plan: Plan): Judging => ({ facts: plan, at: plan.at, dry: plan.dry })
export const holds = (plan: Plan, judged: Judged | null, row: Row): boolean | undefined => (judged === null ? true : judge(judged, row, judging(plan)))

/** Writes one field of a record; false when it already had the value. Null empties. */
export function put(author: Author, row: Row, key: string, value: unknown): boolean {
  const { plan, event } = author
  if (same(row.values[key] ?? null, value)) return false
  const edit = plan.edit(event, row)
  if (key === 'owner') edit.owner = value as number | null
  else edit.values[key] = value
  blame(edit, key, author)
  show(author, row, key, value)
  return true
}

/** Tags by key; answers those that were really added or removed. */
export function retag(author: Author, row: Row, change: { add: readonly string[]; remove: readonly string[] }): { added: string[]; removed: string[] } {
  const { plan, event } = author
  const known = plan.ctx.metadata.tags.byKey
  const has = new Set((row.values['tags'] as readonly number[] | undefined) ?? [])
  const added = change.add.filter((key) => known.has(key) && !has.has(known.get(key)!.id))
  const removed = change.remove.filter((key) => known.has(key) && has.has(known.get(key)!.id))
  if (added.length + removed.length === 0) return { added, removed }
  const edit = plan.edit(event, row)
  for (const key of added) { edit.addTags.add(key); edit.removeTags.delete(key); has.add(known.get(key)!.id) }
  for (const key of removed) { edit.removeTags.add(key); edit.addTags.delete(key); has.delete(known.get(key)!.id) }
  blame(edit, 'tags', author)
  show(author, row, 'tags', [...has].sort((a, b) => a - b))
  return { added, removed }
}

/** Whose act it is, and who is to be asked when the write of a field is refused. */
function blame(edit: Edit, key: string, { by, at }: Author): void {
  edit.writers.add(by)
  edit.by.set(key, by)
  if (at !== undefined) edit.at.set(key, at)
}

/** The effect stands in the record, and in the view where it is the triggering one; the loads that it moves are to be locked. */
function show({ plan, event, view }: Author, row: Row, key: string, value: unknown): void {
  const moves = key === 'owner' || plan.program.movesLoad(row.object, key)
  const before = plan.hands(row, key)
  if (moves) plan.holdOwner(row)
  row.values[key] = value
  row.touched++
  if (moves) plan.holdOwner(row)
  plan.pass(row, key, before)
  if (row.id !== event.record) return
  view.values[key] = value
  view.moved ||= plan.program.watched(row.object).has(key)
}

const same = (a: unknown, b: unknown): boolean => a === b || (typeof a === 'object' && JSON.stringify(a ?? null) === JSON.stringify(b ?? null))

/** The record that a step worked on, where it is not the triggering one. */
export const on = ({ event }: Pick<Author, 'event'>, { object, id }: Row): Pick<Step, 'on'> => (id === event.record ? {} : { on: { object, id } })
