import type { Needs } from '#language/conditions'
import type { Plan } from './plan.ts'
import { controlsIn, type CompiledRule, type CompiledStep } from './program.ts'
import type { Event } from './types.ts'
import { referenceOf } from './values.ts'

/** A change of records of one object that somebody may wait for: of these fields, or of children that point by `via` to a record of `to`. */
export interface Poke { via: string | null; to: string; fields: ReadonlySet<string> }

/** By object: whose changes are looked at for the sake of runs that wait for a condition. */
export function pokesOf(rules: readonly CompiledRule[]): (object: string) => readonly Poke[] {
  const byObject = new Map<string, Poke[]>()
  const add = (object: string, poke: Poke) => byObject.set(object, [...(byObject.get(object) ?? []), poke])
  for (const { rule, steps } of rules) for (const needs of waitedFor(steps)) addNeeds(needs, rule.trigger.object, add)
  return (object) => byObject.get(object) ?? NONE
}
const NONE: readonly Poke[] = []

const waitedFor = (steps: readonly CompiledStep[]): Needs[] => controlsIn(steps).flatMap(({ control, condition }) => (control.do === 'waitUntil' ? [condition!.needs] : []))

function addNeeds({ own, aggregates, reads }: Needs, object: string, add: (object: string, poke: Poke) => void): void {
  if (own.size > 0) add(object, { via: null, to: object, fields: own })
  for (const { node: { relation } } of aggregates) add(relation.object, { via: relation.via.key, to: object, fields: new Set([...(reads.get(relation.object) ?? []), relation.via.key]) })
}

/** A new child may be what is waited for; a new record itself is waited for by nobody. */
export const pokes = ({ via, fields }: Poke, event: Event['kind'], changed: readonly string[]): boolean =>
  (event === 'changed' ? changed.some((key) => fields.has(key)) : event !== 'timer' && (via !== null || event !== 'created'))

/**
 * Marks the records at which runs may wait for what an event has brought. A parent is locked: who begins to wait at it has either seen the child,
 * or its wait is there to be found.
 */
export function pokeAfter(plan: Plan, event: Event): void {
  if (event.timer) return
  const changed = Object.keys(event.fields)
  for (const poke of plan.program.pokes(event.object)) {
    if (!pokes(poke, event.kind, changed)) continue
    if (poke.via === null) plan.poked.add(event.record)
    else for (const parent of parentsOf(plan, event, { via: poke.via, object: poke.to })) pokeAt(plan, poke.to, parent)
  }
}

function pokeAt(plan: Plan, object: string, id: string): void {
  const row = plan.row(object, id)
  if (!row) return
  plan.hold(row)
  plan.poked.add(id)
}

/** The record that the child points to, and the one that it pointed to before. */
export function parentsOf(plan: Plan, event: Event, { via, object }: { via: string; object: string }): string[] {
  const to = plan.ctx.metadata.objects.get(event.object)?.field.get(via)?.to
  const values = [plan.row(event.object, event.record)?.values[via], ...(event.fields[via] ?? [])]
  return [...new Set(values.map((value) => referenceOf(to, value)).filter((each) => each?.object === object).map((each) => each!.id))]
}
