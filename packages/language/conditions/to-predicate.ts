import { compareDecimal, canonicalDecimal } from '../values/money.ts'
import { compareExact, exact, times } from '../values/exact.ts'
import { toMicros } from '../values/instant.ts'
import { bindLeaf, UNASKED, type BindContext } from './bind.ts'
import { familyOf, isTime, type Family } from './kinds.ts'
import { MEANINGS, orderOf, seesEmpty } from './operators.ts'
import type { BoundLeaf, BoundNode, BoundOperator, Checked, CheckedLeaf, CheckedNode, CountNode, ExistsNode, FieldRef, LatestNode, ParentNode, RecentNode, SumNode, TrendNode } from './tree.ts'

/** A record's own fields by key, as they travel in JSON (base fields included; `tags` as ids). A missing key is an empty field. */
export type Image = Readonly<Record<string, unknown>>

/**
 * What a decision reads beyond the record's own fields.
 *
 * `parents`: by reference field; null when there is no live record. `aggregates`: by `aggregateKey`; `some`/`none` a boolean (is there one), `count` and `recent` a number, `sum` a decimal, `trend` decimals, the newest first, `latest` the cell or null.
 * `changes`: the fields of the change, before and after. A need that is not handed in is a programmer's mistake and throws.
 */
export interface Seen {
  parents?: Readonly<Record<string, { image: Image; seen: Seen } | null>>
  aggregates?: Readonly<Record<string, unknown>>
  /** By `aggregateKey`: when the clock alone could change the aggregate (null: never); only `validUntil` asks. */
  untils?: Readonly<Record<string, string | Date | null>>
  changes?: Readonly<Record<string, readonly [before: unknown, after: unknown]>>
}
export const NOTHING_SEEN: Seen = {}

/** Hand in the same `at` object for a whole batch: what depends on it is bound once. */
export type Predicate = (image: Image, seen: Seen, at: BindContext) => boolean

/** The condition as a compiled closure: the fast shadow of `toSql`, exact for the same values. */
export const toPredicate = (checked: Checked): Predicate => compile(checked.root, null)

/** True wherever own fields alone do not rule the condition out: whatever needs more than the image is taken to be favourable. */
export const toOwnPredicate = (checked: Checked): Predicate => compile(checked.root, true)

/** `assumed`: the verdict of what is not in the image; null to look it up. It turns round under `not`. */
function compile(node: CheckedNode, assumed: boolean | null): Predicate {
  switch (node.is) {
    case 'leaf': return compileLeaf(node)
    case 'all': return every(node.parts.map((part) => compile(part, assumed)))
    case 'any': return oneOf(node.parts.map((part) => compile(part, assumed)))
    case 'not': return inverse(compile(node.part, assumed === null ? null : !assumed))
    default: return assumed === null ? compileReaching(node) : () => assumed
  }
}

/** Nodes that need more than the image. */
function compileReaching(node: Exclude<CheckedNode, { is: 'leaf' | 'all' | 'any' | 'not' }>): Predicate {
  switch (node.is) {
    case 'parent': return compileParent(node)
    case 'some': case 'none': return compileExists(node)
    case 'count': case 'sum': return compileCompared(node)
    case 'latest': return compileLatest(node)
    case 'recent': return compileRecent(node)
    case 'trend': return compileTrend(node)
    case 'changed': return (_, seen) => changeOf(seen, node.field) !== undefined
    case 'changedTo': return compileChangedTo(compileLeaf(node.leaf), node.leaf.field)
  }
}

const inverse = (part: Predicate): Predicate => (image, seen, at) => !part(image, seen, at)

function every(parts: readonly Predicate[]): Predicate {
  if (parts.length === 1) return parts[0]!
  return (image, seen, at) => {
    for (const part of parts) if (!part(image, seen, at)) return false
    return true
  }
}

function oneOf(parts: readonly Predicate[]): Predicate {
  if (parts.length === 1) return parts[0]!
  return (image, seen, at) => {
    for (const part of parts) if (part(image, seen, at)) return true
    return false
  }
}

/** A leaf of literals is compiled once; one that reads the clock or the member, once per context. */
function compileLeaf(leaf: CheckedLeaf): Predicate {
  if (!readsContext(leaf)) {
    const fixed = testOf(bindLeaf(leaf, NOWHERE))
    return (image) => fixed(image)
  }
  let last: BindContext | undefined
  let test: (image: Image) => boolean
  return (image, _, at) => {
    if (at !== last) [last, test] = [at, testOf(bindLeaf(leaf, at))]
    return test(image)
  }
}

const NOWHERE: BindContext = { me: null, myTeams: [], now: new Date(0), zone: 'UTC', calendar: UNASKED }

/** Days on a datetime field depend on the zone, so every comparison of times does. */
const readsContext = (leaf: CheckedLeaf): boolean =>
  leaf.value !== null && (isTime(familyOf(leaf.field)) || [leaf.value].flat().some((each) => typeof each === 'object'))

type Test = (image: Image) => boolean

function testOf(node: BoundNode): Test {
  if (node.is === 'leaf') return leafTest(node)
  if (node.is !== 'all' && node.is !== 'any') throw new TypeError('a leaf binds to leaves')
  const parts = node.parts.map(testOf)
  return node.is === 'all' ? (image) => parts.every((part) => part(image)) : (image) => parts.some((part) => part(image))
}

function leafTest(leaf: BoundLeaf): Test {
  const test = cellTest(leaf)
  const { key } = leaf.field
  return (image) => test(image[key])
}

/** The leaf as a question about one cell. */
export function cellTest({ field, op, right }: BoundLeaf): (cell: unknown) => boolean {
  const [holds, order, read] = [MEANINGS[op].holds, orderOf(familyOf(field)), readerOf(field, op)]
  const known = (op === 'in' || op === 'notIn' ? new Set(right as readonly unknown[]) : right) as never
  const empty = seesEmpty(op)
  return (cell) => {
    const value = cell === null || cell === undefined ? null : read(cell)
    return value === null ? empty : holds(value as never, known, order)
  }
}

const asIs = (cell: unknown): unknown => cell
const set = (cell: unknown): unknown => ((cell as readonly unknown[]).length === 0 ? null : cell)
const READERS: Partial<Record<Family, (cell: never) => unknown>> = {
  number: (cell: number | string) => Number(cell),
  decimal: String,
  instant: (cell: string | Date) => toMicros(cell),
  options: set, tags: set, files: set, members: set,
}

/** These compare decimals as text, which takes one form for one value; order does not mind. */
const EXACT: ReadonlySet<BoundOperator> = new Set(['eq', 'ne', 'in', 'notIn'])

/** Cells as operators compare them; null is empty. */
function readerOf(field: FieldRef, op: BoundOperator): (cell: unknown) => unknown {
  if (EXACT.has(op) && familyOf(field) === 'decimal') return (cell) => canonicalDecimal(String(cell))
  if (field.part !== undefined) return (cell) => (cell as Record<string, unknown>)[field.part!] ?? null
  return (READERS[familyOf(field)] as ((cell: unknown) => unknown) | undefined) ?? asIs
}

function compileParent({ field, where }: ParentNode<CheckedLeaf>): Predicate {
  const met = compile(where, null)
  const { key } = field
  return (image, seen, at) => {
    const parent = image[key] === null || image[key] === undefined ? null : needed(seen.parents, key)
    return parent !== null && met(parent.image, parent.seen, at)
  }
}

function needed<T>(handed: Readonly<Record<string, T>> | undefined, key: string): T {
  if (handed === undefined || !Object.hasOwn(handed, key)) throw new TypeError(`a need was not handed in: ${key}`)
  return handed[key]!
}

const compileExists = ({ is, key }: ExistsNode<CheckedLeaf>): Predicate => (_, seen) => (needed(seen.aggregates, key) === true) === (is === 'some')

const COMPARE: Record<string, (sign: number) => boolean> = {
  eq: (s) => s === 0, ne: (s) => s !== 0, gt: (s) => s > 0, ge: (s) => s >= 0, lt: (s) => s < 0, le: (s) => s <= 0,
}

function compileCompared({ key, op, value }: CountNode<CheckedLeaf> | SumNode<CheckedLeaf>): Predicate {
  const [holds, right] = [COMPARE[op]!, String(value)]
  return (_, seen) => holds(compareDecimal(String(needed(seen.aggregates, key)), right))
}

/** The newest child's cell, judged as if it were a field of its own. */
function compileLatest({ key, leaf }: LatestNode<CheckedLeaf>): Predicate {
  const judge = compileLeaf({ ...leaf, field: { ...leaf.field, key: 'value' } })
  return (_, seen, at) => judge({ value: needed(seen.aggregates, key) }, seen, at)
}

const compileRecent = ({ key, last, op }: RecentNode<CheckedLeaf>): Predicate => (_, seen) => (Number(needed(seen.aggregates, key)) === last) === (op === 'eq')

const compileTrend = (node: TrendNode<CheckedLeaf>): Predicate => (_, seen) => trends(needed(seen.aggregates, node.key) as readonly string[], node) === node.met

/** Each number beside the one before it, exactly. */
function trends(numbers: readonly string[], { periods, move, percent }: Pick<TrendNode<CheckedLeaf>, 'periods' | 'move' | 'percent'>): boolean {
  const bound = exact(move === 'down' ? 100 - percent : 100 + percent)
  return numbers.slice(0, periods).every((number, i) => {
    const before = exact(numbers[i + 1]!)
    const sign = compareExact(times(exact(number), exact(100)), times(before, bound))
    return before.units > 0n && (move === 'down' ? sign < 0 : sign > 0)
  })
}

const changeOf = (seen: Seen, { key }: FieldRef): readonly [unknown, unknown] | undefined => seen.changes?.[key]

/** Judged on the change's own after-value. */
const compileChangedTo = (judge: Predicate, field: FieldRef): Predicate => (_, seen, at) => {
  const change = changeOf(seen, field)
  return change !== undefined && judge({ [field.key]: change[1] }, seen, at)
}
