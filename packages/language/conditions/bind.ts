import type { BoundValue } from './ast.ts'
import { foldAscii } from '../values/text.ts'
import type { WorkingCalendar } from '../values/working-calendar.ts'
import { familyOf, isSet, isTime } from './kinds.ts'
import { edgesOf, standing } from './time-edges.ts'
import { FALSE, type Bound, type BoundLeaf, type BoundNode, type BoundOperator, type Checked, type CheckedLeaf, type CheckedNode, type CountNode, type FieldRef, type LatestNode, type SumNode, type Tree } from './tree.ts'

/** Who looks and when: the one clock of a request, and the calendar by which working time is counted. `me` null: nobody in particular (rules), every comparison with `me` is false then, its twin too. */
export interface BindContext { me: number | null; myTeams: readonly number[]; now: Date; zone: string; calendar: WorkingCalendar }

/** Where no working length can stand (formulas, filing): a calendar without a working day. */
export const UNASKED: WorkingCalendar = { week: { weekdays: [], opens: '00:00', closes: '00:00', years: [] }, opens: 0, closes: 0, years: new Map(), days: new Map() }

/** A condition of literals: what `me`, `now` and `today` mean is written out, options and tags stand as they are stored. */
export const bind = (checked: Checked, at: BindContext): Bound => ({ object: checked.object, root: bindNode(checked.root, at) })

export function bindNode(node: CheckedNode, at: BindContext): BoundNode {
  switch (node.is) {
    case 'leaf': return bindLeaf(node, at)
    case 'all': case 'any': return { is: node.is, parts: node.parts.map((part) => bindNode(part, at)) }
    case 'not': return { is: 'not', part: bindNode(node.part, at) }
    case 'parent': return { ...node, where: bindNode(node.where, at) }
    case 'some': case 'none': return { ...node, where: bindNode(node.where, at) }
    case 'count': case 'sum': return { ...node, where: bindNode(withinWindow(node), at), window: null }
    case 'latest': return bindLatest(node, at)
    case 'recent': return { ...node, where: bindNode(node.where, at), that: bindNode(node.that, at) }
    case 'trend': return { ...node, where: bindNode(node.where, at), spans: node.spans.map((span) => bindNode(span, at)) }
    case 'changed': return node
    case 'changedTo': return { is: 'changedTo', leaf: bindLeaf(node.leaf, at) as BoundLeaf }
  }
}

/** A window is one more leaf on the children. */
export function withinWindow(node: CountNode<CheckedLeaf> | SumNode<CheckedLeaf>): CheckedNode {
  if (!node.window) return node.where
  return { is: 'all', parts: [{ is: 'leaf', field: node.window.at, op: 'withinLast', value: node.window.within, members: null }, node.where] }
}

function bindLatest(node: LatestNode<CheckedLeaf>, at: BindContext): BoundNode {
  const where = bindNode(node.where, at)
  return mapLeaves(bindLeaf(node.leaf, at), (leaf): BoundNode => ({ ...node, where, leaf }))
}

/** Leaves turned into trees; only groups are met here. */
function mapLeaves(tree: BoundNode, turn: (leaf: BoundLeaf) => BoundNode): BoundNode {
  if (tree.is === 'leaf') return turn(tree)
  return tree.is === 'all' || tree.is === 'any' ? { is: tree.is, parts: tree.parts.map((part) => mapLeaves(part, turn)) } : tree
}

/** One checked leaf as literals. A leaf about two columns (anyReference) becomes a small group; a leaf about nobody becomes false. */
export function bindLeaf(leaf: CheckedLeaf, at: BindContext): Tree<BoundLeaf> {
  const { field, op } = leaf
  const family = familyOf(field)
  if (op === 'empty' || op === 'notEmpty') return presence(field, op)
  if (isTime(family)) return bindTime(leaf, at)
  if (family === 'anyRecord') return bindAnyRecord(leaf)
  if (family === 'region' && (op === 'under' || op === 'notUnder')) return bound(field, op === 'under' ? 'prefixed' : 'notPrefixed', leaf.members as readonly string[])
  return isSet(family) ? bindSet(leaf, at) : bindScalar(leaf, at)
}

const bound = (field: FieldRef, op: BoundOperator, right: BoundLeaf['right']): BoundLeaf => ({ is: 'leaf', field, op, right })

export function presence(field: FieldRef, op: 'empty' | 'notEmpty'): BoundLeaf {
  if (field.kind === 'anyReference' && field.part === undefined) return bound({ ...field, part: 'id' }, op, null)
  return bound(field, isSet(familyOf(field)) ? `${op}Set` : op, null)
}

function bindTime(leaf: CheckedLeaf, at: BindContext): BoundLeaf {
  const grain = familyOf(leaf.field) as 'day' | 'instant'
  const { from, until, negated } = edgesOf(leaf)
  const right = { from: from && standing(from, grain, at), until: until && standing(until, grain, at) }
  return bound(leaf.field, negated ? 'outside' : 'during', right)
}

const POSITIVE: Record<string, 'has' | 'hasAny'> = { has: 'has', hasNot: 'has', hasAny: 'hasAny', hasNone: 'hasAny' }

function bindSet({ field, op, value, members }: CheckedLeaf, at: BindContext): BoundNode {
  const right = members ?? resolve(value, at)
  // About nobody: one that is asked for alone is not there, and not missing either.
  if (right.length === 0 && (op === 'has' || op === 'hasNot')) return FALSE
  if (right.length > 0 || POSITIVE[op] === 'has') return bound(field, op as BoundOperator, right)
  return op === 'hasAny' ? FALSE : presence(field, 'notEmpty')
}

const LISTS: Record<string, 'in' | 'notIn'> = { in: 'in', notIn: 'notIn', under: 'in', notUnder: 'notIn' }

function bindScalar({ field, op, value, members }: CheckedLeaf, at: BindContext): BoundNode {
  const list = LISTS[op]
  if (list) return bindList(field, list, members ?? resolve(value, at))
  const known = resolve(value, at)
  if (known.length === 0) return FALSE
  if (op === 'between' || op === 'notBetween') return bound(field, op, known)
  const right = known[0]!
  return bound(field, op as BoundOperator, typeof right === 'string' && SUBSTRING.has(op) ? foldAscii(right) : right)
}

const SUBSTRING = new Set(['contains', 'notContains', 'startsWith', 'notStartsWith'])

/** `in []` is false; `notIn []` holds for every value. */
function bindList(field: FieldRef, op: 'in' | 'notIn', list: readonly (string | number)[]): BoundNode {
  if (list.length > 0) return bound(field, op, list)
  return op === 'in' ? FALSE : presence(field, 'notEmpty')
}

function resolve(value: CheckedLeaf['value'], at: BindContext): (string | number)[] {
  if (Array.isArray(value)) return value.flatMap((each) => resolve(each, at))
  if (typeof value !== 'object' || value === null) return [value as string | number]
  return resolveBound(value as BoundValue, at)
}

function resolveBound(value: BoundValue, at: BindContext): number[] {
  if ('me' in value) return at.me === null ? [] : [at.me]
  return 'myTeams' in value ? [...at.myTeams] : []
}

/** `object:uuid` names a record, `under object` any record of that object; both columns are filled or both are empty. */
function bindAnyRecord({ field, op, value }: CheckedLeaf): BoundNode {
  const [id, object]: [FieldRef, FieldRef] = [{ ...field, part: 'id' }, { ...field, part: 'object' }]
  const values = (Array.isArray(value) ? value : [value]) as string[]
  if (op === 'under' || op === 'notUnder') return bindList(object, LISTS[op]!, values)
  const pairs = values.map((each) => each.split(':') as [string, string])
  if (op === 'eq' || op === 'in') return { is: 'any', parts: pairs.map(([to, uuid]) => ({ is: 'all', parts: [bound(id, 'eq', uuid), bound(object, 'eq', to)] })) }
  const differs: BoundNode[] = pairs.map(([to, uuid]) => ({ is: 'any', parts: [bound(id, 'ne', uuid), bound(object, 'ne', to)] }))
  return { is: 'all', parts: [presence(field, 'notEmpty'), ...differs] }
}
