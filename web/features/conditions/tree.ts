import { FAMILIES, familyOf, type Condition, type ConditionKind, type Operator } from '#language/conditions'
import type { Catalogue, FieldShape, ObjectFacts } from '../../api/catalogue.ts'

/** How the parts of a group go together. `none`: not one of them holds. */
export type Joint = 'all' | 'any' | 'none'
export interface GroupView { joint: Joint; parts: readonly Condition[] }

/** Every condition seen as a group at its top, so that there is always somewhere to add to. */
export function asGroup(condition: Condition): GroupView | null {
  if ('all' in condition) return { joint: 'all', parts: condition.all }
  if ('any' in condition) return { joint: 'any', parts: condition.any }
  if ('not' in condition && 'any' in condition.not) return { joint: 'none', parts: condition.not.any }
  return null
}
export const groupOf = ({ joint, parts }: GroupView): Condition => (joint === 'all' ? { all: [...parts] } : joint === 'any' ? { any: [...parts] } : { not: { any: [...parts] } })
export const topGroup = (condition: Condition): GroupView => asGroup(condition) ?? { joint: 'all', parts: [condition] }

/** A field, or a field of the record that a reference points to (`via`). */
export interface FieldPath { via: string | null; field: string }
export type LeafNode = Extract<Condition, { field: string }>
export const isLeaf = (node: Condition): node is LeafNode => 'field' in node
export type ChangedNode = { changed: string } | { changedTo: string; value: string | number | boolean }
export const isChanged = (node: Condition): node is ChangedNode => 'changed' in node || 'changedTo' in node
export type RelatedNode = Extract<Condition, { some: unknown } | { none: unknown } | { count: unknown } | { sum: unknown } | { latest: unknown } | { recent: unknown } | { trend: unknown }>
export const isRelated = (node: Condition): node is RelatedNode => 'some' in node || 'none' in node || 'count' in node || 'sum' in node || 'latest' in node || 'recent' in node || 'trend' in node

/** Reads `{parent, where: leaf}` and plain leaves alike; null for anything else. */
export function leafAt(node: Condition): { via: string | null; leaf: LeafNode } | null {
  if (isLeaf(node)) return { via: null, leaf: node }
  if ('parent' in node && isLeaf(node.where)) return { via: node.parent, leaf: node.where }
  return null
}
export const leafNode = (via: string | null, leaf: LeafNode): Condition => (via === null ? leaf : { parent: via, where: leaf })

export const pathText = ({ via, field }: FieldPath): string => (via === null ? field : `${via}.${field}`)
export function pathOf(text: string): FieldPath {
  const [first = '', second] = text.split('.')
  return second === undefined ? { via: null, field: first } : { via: first, field: second }
}

export const targetOf = (field: FieldShape | undefined): string | null => (field?.kind === 'reference' && typeof field.to === 'string' && field.to !== '*' ? field.to : null)
export function fieldAt(catalogue: Catalogue, object: string, { via, field }: FieldPath): FieldShape | undefined {
  const own = catalogue.object(object)
  if (via === null) return own?.field.get(field)
  return catalogue.object(targetOf(own?.field.get(via)) ?? '')?.field.get(field)
}

export const kindOf = (field: FieldShape): ConditionKind => (field.key === 'id' ? 'reference' : field.kind)
export const operatorsFor = (field: FieldShape): readonly Operator[] => FAMILIES[familyOf({ kind: kindOf(field) })].operators

/** What people mean first when they pick a field of this kind. */
const FIRST: Partial<Record<ConditionKind, Operator>> = { text: 'contains', long: 'contains', email: 'contains', url: 'contains', auto: 'contains', phone: 'contains', select: 'in', region: 'under', tags: 'hasAny', multiselect: 'hasAny', integer: 'ge', decimal: 'ge', money: 'ge', percent: 'ge', datetime: 'withinLast', date: 'withinLast', member: 'in', team: 'in', file: 'notEmpty', boolean: 'eq' }
export const firstOperator = (field: FieldShape): Operator => FIRST[kindOf(field)] ?? operatorsFor(field)[0] ?? 'notEmpty'

export type Shape = 'none' | 'one' | 'many' | 'two' | 'length'
const SHAPES: Partial<Record<Operator, Shape>> = { empty: 'none', notEmpty: 'none', in: 'many', notIn: 'many', hasAny: 'many', hasNone: 'many', between: 'two', notBetween: 'two', olderThan: 'length', notOlderThan: 'length', withinLast: 'length', notWithinLast: 'length', withinNext: 'length', notWithinNext: 'length' }
/** How many values an operator compares with. */
export const shapeOf = (op: Operator): Shape => SHAPES[op] ?? 'one'

/** A new leaf on `field`; the value is left open, except where nearly everyone means the same. */
export function newLeaf(field: FieldShape): LeafNode {
  const op = firstOperator(field)
  const value = shapeOf(op) === 'length' ? '7d' : field.kind === 'boolean' ? true : field.kind === 'member' ? [{ me: true as const }] : undefined
  return value === undefined ? { field: field.key, op } : { field: field.key, op, value }
}

/** Keeps the value when the new operator takes the same number of them. */
export function withOperator(leaf: LeafNode, op: Operator): LeafNode {
  const [before, after] = [shapeOf(leaf.op), shapeOf(op)]
  if (after === 'none') return { field: leaf.field, op }
  if (before === after) return { ...leaf, op }
  if (before === 'one' && after === 'many' && leaf.value !== undefined) return { ...leaf, op, value: [leaf.value as string] }
  if (before === 'many' && after === 'one' && Array.isArray(leaf.value) && leaf.value[0] !== undefined) return { ...leaf, op, value: leaf.value[0] }
  return after === 'length' ? { field: leaf.field, op, value: '7d' } : { field: leaf.field, op }
}

export interface RelationChoice { object: string; via: string; label: string }
/** Objects whose rows point here. */
export function relationsOf(catalogue: Catalogue, object: string, name: (object: ObjectFacts, field: FieldShape) => string): RelationChoice[] {
  const points = ({ to }: FieldShape) => to === object || to === '*' || (Array.isArray(to) && to.includes(object))
  return catalogue.objects.flatMap((child) => child.fields.filter((field) => (field.kind === 'reference' || field.kind === 'anyReference') && points(field)).map((field) => ({ object: child.key, via: field.key, label: name(child, field) })))
}
