import { bindLeaf, UNASKED } from './bind.ts'
import { familyOf, isNumeric, isTime } from './kinds.ts'
import type { BoundLeaf, BoundNode, Checked, CheckedLeaf, CheckedNode } from './tree.ts'

type Scalar = string | number | boolean

/**
 * Something that must be true of a record's own fields for the condition to hold; rarest kinds first.
 *
 * `range`: `low ≤ value ≤ high` on numbers (decimals rounded outward), null an open end. `several`: one of them must hold.
 */
export type AccessKey =
  | { by: 'equal'; field: string; values: readonly Scalar[] }
  | { by: 'prefix'; field: string; values: readonly string[] }
  | { by: 'member'; field: string; values: readonly Scalar[] }
  | { by: 'substring'; field: string; needle: string }
  | { by: 'range'; field: string; low: number | null; high: number | null; and: readonly RangeKey[] }
  | { by: 'present'; field: string }
  | { by: 'none' }
  | { by: 'several'; keys: readonly AccessKey[] }
export interface RangeKey { field: string; low: number | null; high: number | null }

/** The best single necessary predicate of a condition: what a rule is filed under, unless many are filed there. */
export const accessKey = (checked: Checked): AccessKey => keyOf(checked.root)

/** Each of them is necessary by itself, the rarest first; those that hardly tell records apart are left away beside others. */
export function accessKeys({ root }: Checked): readonly AccessKey[] {
  const keys = root.is === 'all' ? together(root.parts.map(keyOf)).sort((a, b) => rank(a) - rank(b)) : [keyOf(root)]
  const telling = keys.filter((key) => rank(key) < RANK.present)
  return telling.length > 0 ? telling : [keys[0] ?? NONE]
}

const NONE: AccessKey = { by: 'none' }
const RANK: Record<AccessKey['by'], number> = { equal: 0, prefix: 0.6, member: 1, substring: 2, range: 3, present: 4, none: 5, several: 5 }

/** Smaller is rarer. A choice is as common as its most common branch, a little more for each. */
const rank = (key: AccessKey): number => (key.by === 'several' ? Math.max(...key.keys.map(rank)) + 0.1 : RANK[key.by] + openness(key))
const openness = (key: AccessKey): number => {
  if (key.by === 'range') return key.low !== null && key.high !== null ? 0 : key.and.length > 0 ? 0.3 : 0.5
  if (key.by === 'substring') return 0.5 / key.needle.length
  return key.by === 'equal' || key.by === 'prefix' || key.by === 'member' ? Math.min(key.values.length, 100) / 250 : 0
}

function keyOf(node: CheckedNode): AccessKey {
  switch (node.is) {
    case 'leaf': return literalKey(node)
    case 'changedTo': return literalKey(node.leaf)
    case 'all': return rarest(node.parts.map(keyOf))
    case 'any': return choice(node.parts.map(keyOf))
    case 'parent': return { by: 'present', field: node.field.key }
    default: return NONE
  }
}

const rarest = (keys: readonly AccessKey[]): AccessKey => together(keys).reduce((best, key) => (rank(key) < rank(best) ? key : best), NONE)

/** Ranges of one field meet; ranges of different fields accompany each other. */
function together(keys: readonly AccessKey[]): AccessKey[] {
  const ranges = Map.groupBy(keys.filter((key) => key.by === 'range'), ({ field }) => field)
  const met = [...ranges].map(([field, same]): RangeKey => ({ field, low: highest(same.map(({ low }) => low), 1), high: highest(same.map(({ high }) => high), -1) }))
  const paired = met.map((key): AccessKey => ({ by: 'range', ...key, and: met.filter((other) => other !== key) }))
  return [...keys.filter((key) => key.by !== 'range'), ...paired]
}

const highest = (ends: readonly (number | null)[], sign: 1 | -1): number | null =>
  ends.reduce((best, end) => (end === null || (best !== null && best * sign >= end * sign) ? best : end), null)

function choice(keys: readonly AccessKey[]): AccessKey {
  if (keys.length === 1) return keys[0]!
  const flat = keys.flatMap((key) => (key.by === 'several' ? key.keys : [key]))
  return flat.some(({ by }) => by === 'none') ? NONE : { by: 'several', keys: flat }
}

/** Leaves of the clock or the member cannot be filed; they only say that the field is not empty. */
function literalKey(leaf: CheckedLeaf): AccessKey {
  if (leaf.op === 'empty') return NONE
  const present: AccessKey = { by: 'present', field: leaf.field.key }
  if (isTime(familyOf(leaf.field)) || leaf.value === null || [leaf.value].flat().some((each) => typeof each === 'object')) return present
  return leaf.field.kind === 'anyReference' ? present : (boundKey(bindLeaf(leaf, NOBODY)) ?? present)
}

const NOBODY = { me: null, myTeams: [], now: new Date(0), zone: 'UTC', calendar: UNASKED }

function boundKey(node: BoundNode): AccessKey | null {
  if (node.is !== 'leaf') return node.is === 'any' ? { by: 'several', keys: [] } : null
  const { field: { key: field }, op, right } = node
  if (isNumeric(familyOf(node.field))) return rangeKey(node)
  switch (op) {
    case 'eq': return { by: 'equal', field, values: [right as Scalar] }
    case 'in': return { by: 'equal', field, values: right as readonly Scalar[] }
    case 'prefixed': return { by: 'prefix', field, values: right as readonly string[] }
    case 'has': return { by: 'member', field, values: (right as readonly Scalar[]).slice(0, 1) }
    case 'hasAny': return { by: 'member', field, values: right as readonly Scalar[] }
    case 'contains': case 'startsWith': return { by: 'substring', field, needle: right as string }
    default: return null
  }
}

function rangeKey({ field: { key: field }, op, right }: BoundLeaf): AccessKey | null {
  const low = (end: unknown): number => outward(end, -1)
  const high = (end: unknown): number => outward(end, 1)
  switch (op) {
    case 'eq': return { by: 'range', field, low: low(right), high: high(right), and: [] }
    case 'gt': case 'ge': return { by: 'range', field, low: low(right), high: null, and: [] }
    case 'lt': case 'le': return { by: 'range', field, low: null, high: high(right), and: [] }
    case 'between': return { by: 'range', field, low: low((right as unknown[])[0]), high: high((right as unknown[])[1]), and: [] }
    default: return null
  }
}

/** Doubles stand in for exact decimals, widened so that no match is lost. */
const outward = (end: unknown, sign: 1 | -1): number => {
  const near = Number(end)
  return near + sign * Math.abs(near) * 2 * Number.EPSILON
}
