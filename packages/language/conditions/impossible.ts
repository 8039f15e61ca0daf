import { fromMicros } from '../values/instant.ts'
import { addDays } from '../values/day.ts'
import { bindNode, type BindContext } from './bind.ts'
import { familyOf, isTime, type Family } from './kinds.ts'
import { isWorkingTime } from '../values/duration.ts'
import { deep } from './needs.ts'
import { negative, positive } from './normalise.ts'
import { cellTest } from './to-predicate.ts'
import type { AggregateNode, BoundLeaf, BoundNode, Checked, CheckedNode, FieldRef, Span } from './tree.ts'

/**
 * The parts of a condition that can never hold together, as few as can be found; null where none are found, which is no promise that some record
 * meets it. Never wrong the other way: what it names holds for no record at this instant. Intervals, sets, and counts of children within each other.
 */
export function impossible({ object, root }: Checked, at: BindContext): Checked[] | null {
  // What working lengths leave between them depends on the day on which one looks.
  if (deep(root).some((node) => node.is === 'leaf' && typeof node.value === 'string' && isTime(familyOf(node.field)) && isWorkingTime(node.value)) || possible(boundOf(root, at))) return null
  const parts = root.is === 'all' ? root.parts : [root]
  const told = (some: readonly CheckedNode[]): Checked[] => some.map((part) => ({ object, root: part }))
  for (const part of parts) if (!possible(boundOf(part, at))) return told([part])
  for (const [i, a] of parts.entries()) for (const b of parts.slice(i + 1)) if (!possible(boundOf({ is: 'all', parts: [a, b] }, at))) return told([a, b])
  return told(parts)
}

const boundOf = (node: CheckedNode, at: BindContext): BoundNode => positive(bindNode(node, at))

/** More ways than this are not looked through. */
const WAYS = 200

/** False only where no way of meeting the node exists. */
function possible(node: BoundNode): boolean {
  const ways = waysOf(node)
  return ways === null || ways.some(consistent)
}

type Way = readonly BoundNode[]

/** Every way of meeting it, each a list of facts that hold together; null when there are too many. */
function waysOf(node: BoundNode): Way[] | null {
  if (node.is === 'any') {
    const all = node.parts.map(waysOf)
    return all.includes(null) || all.flat().length > WAYS ? null : (all.flat() as Way[])
  }
  if (node.is !== 'all') return [[node]]
  let ways: Way[] = [[]]
  for (const part of node.parts) {
    const more = waysOf(part)
    if (more === null || ways.length * more.length > WAYS) return null
    ways = ways.flatMap((way) => more.map((each) => [...way, ...each]))
  }
  return ways
}

function consistent(way: Way): boolean {
  const leaves = way.flatMap((node) => (node.is === 'leaf' ? [node] : node.is === 'changedTo' && node.leaf.is === 'leaf' ? [node.leaf] : []))
  const byCell = Map.groupBy(leaves, ({ field }) => `${field.key} ${field.part ?? ''}`)
  return [...byCell.values()].every(fillable) && parentsAgree(way) && childrenAgree(way)
}

/** One reference points to one record: what is asked of it is asked of the same. */
function parentsAgree(way: Way): boolean {
  const byField = Map.groupBy(way.filter((node) => node.is === 'parent'), ({ field }) => field.key)
  return [...byField.values()].every((same) => possible({ is: 'all', parts: same.map(({ where }) => where) }))
}

/** At least, or at most, so many children that meet `where`. */
interface Crowd { relation: string; where: BoundNode; least: number; most: number }

function childrenAgree(way: Way): boolean {
  const crowds = way.flatMap((node) => ('relation' in node ? crowdsOf(node as AggregateNode<BoundLeaf>) : []))
  if (crowds.some(({ least, where }) => least > 0 && !possible(where))) return false
  return crowds.every((some) => crowds.every((others) => some.relation !== others.relation || some.least <= others.most || !implies(some.where, others.where)))
}

const implies = (a: BoundNode, b: BoundNode): boolean => !possible({ is: 'all', parts: [a, negative(b)] })

function crowdsOf(node: AggregateNode<BoundLeaf>): Crowd[] {
  const crowd = (where: BoundNode, least: number, most = Infinity): Crowd => ({ relation: `${node.relation.object} ${node.relation.via.key}`, where, least, most })
  switch (node.is) {
    case 'some': return [crowd(node.where, 1)]
    case 'none': return [crowd(node.where, 0, 0)]
    case 'count': return [crowd(node.where, ...COUNTED[node.op](node.value))]
    case 'sum': return []
    case 'latest': return newest(node, crowd)
    case 'recent': return node.op === 'eq' ? [crowd({ is: 'all', parts: [node.where, node.that] }, node.last)] : []
    case 'trend': return []
  }
}

const COUNTED: Record<'eq' | 'ne' | 'gt' | 'ge' | 'lt' | 'le', (value: number) => [least: number, most: number]> = {
  eq: (n) => [n, n], ne: () => [0, Infinity], gt: (n) => [n + 1, Infinity], ge: (n) => [n, Infinity], lt: (n) => [0, n - 1], le: (n) => [0, n],
}

/** That the newest child's own time lies before an instant says that no child is newer. */
function newest({ where, at, leaf }: Extract<AggregateNode<BoundLeaf>, { is: 'latest' }>, crowd: (where: BoundNode, least: number, most?: number) => Crowd): Crowd[] {
  if (leaf.field.key !== at.key || leaf.op !== 'during') return []
  const { until } = leaf.right as Span
  const there = crowd({ is: 'all', parts: [where, { ...leaf, field: at }] }, 1)
  if (until === null) return [there]
  return [there, crowd({ is: 'all', parts: [where, { is: 'leaf', field: at, op: 'during', right: { from: until, until: null } }] }, 0, 0)]
}

/** Is there a value of one cell that meets all leaves? True where it cannot be told. */
function fillable(leaves: readonly BoundLeaf[]): boolean {
  const [{ field }] = leaves as [BoundLeaf]
  const values = valuesToTry(field, leaves)
  if (values === null) return true
  const tests = leaves.map(cellTest)
  const cell = (value: unknown): unknown => (field.part === undefined || value === null ? value : { [field.part]: value })
  return [null, ...values].some((value) => tests.every((test) => test(cell(value))))
}

/** So many values that one of them meets the leaves if any value does; null: that is not known. Empty is tried anyway. */
function valuesToTry(field: FieldRef, leaves: readonly BoundLeaf[]): unknown[] | null {
  const family = familyOf(field)
  const named = leaves.flatMap(({ op, right }) => (op === 'eq' ? [right] : op === 'in' ? (right as readonly unknown[]) : []))
  // Whatever is named exactly leaves nothing else to try.
  if (leaves.some(({ op }) => op === 'eq' || op === 'in')) return named
  if (family === 'boolean') return [true, false]
  return TRIES[family]?.(leaves) ?? null
}

const TRIES: Partial<Record<Family, (leaves: readonly BoundLeaf[]) => unknown[] | null>> = {
  number: (leaves) => around(bounds(leaves).map(Number), (n) => [n - 1, n, n + 1]),
  decimal: (leaves) => decimals(bounds(leaves).map(String)),
  instant: (leaves) => around(edges(leaves) as number[], (micros) => [micros - 1, micros, micros + 1]).map((micros) => fromMicros(micros)),
  day: (leaves) => (edges(leaves) as string[]).flatMap((day) => [addDays(day, -1), day, addDays(day, 1)]).concat('2026-01-01'),
  region: (leaves) => (leaves.some(({ op }) => op === 'prefixed') ? leaves.flatMap(({ op, right }) => (op === 'prefixed' ? (right as readonly string[]).flatMap((prefix) => ['0', '7', '9'].map((end) => prefix.padEnd(6, end))) : [])) : null),
  tags: setsToTry, options: setsToTry, members: setsToTry,
  text: (leaves) => startsToTry(leaves),
}

const bounds = (leaves: readonly BoundLeaf[]): (string | number)[] => leaves.flatMap(({ right }) => (Array.isArray(right) ? (right as (string | number)[]) : typeof right === 'string' || typeof right === 'number' ? [right] : []))
const edges = (leaves: readonly BoundLeaf[]): (string | number)[] => leaves.flatMap(({ op, right }) => (op === 'during' || op === 'outside' ? [(right as Span).from, (right as Span).until].filter((edge) => edge !== null) : []))
const around = (values: readonly number[], near: (n: number) => number[]): number[] => (values.length === 0 ? [0] : values.flatMap(near))

/** The bounds, what lies between two neighbours, and beyond both ends. */
function decimals(values: readonly string[]): string[] {
  const sorted = [...new Set(values.map(unitsOf))].sort((a, b) => (a < b ? -1 : 1))
  if (sorted.length === 0) return ['0']
  return [sorted[0]! - UNIT, ...sorted.flatMap((value, i) => [value, ...(i === 0 ? [] : [(sorted[i - 1]! + value) / 2n])]), sorted.at(-1)! + UNIT].map(decimalOf)
}

/** One more decimal than a value can have. */
const PLACES = 30
const UNIT = 10n ** BigInt(PLACES)
function unitsOf(decimal: string): bigint {
  const [whole, fraction = ''] = decimal.replace('-', '').split('.') as [string, string?]
  const units = BigInt(whole) * UNIT + BigInt(fraction.padEnd(PLACES, '0').slice(0, PLACES))
  return decimal.startsWith('-') ? -units : units
}
function decimalOf(units: bigint): string {
  const text = String(units < 0n ? -units : units).padStart(PLACES + 1, '0')
  const fraction = text.slice(-PLACES).replace(/0+$/, '')
  return `${units < 0n ? '-' : ''}${text.slice(0, -PLACES)}${fraction && `.${fraction}`}`
}

/** Everything demanded, with one of each choice; something else where the set must only not be empty. */
function setsToTry(leaves: readonly BoundLeaf[]): unknown[] | null {
  const demanded = leaves.flatMap(({ op, right }) => (op === 'has' ? (right as readonly unknown[]) : []))
  let sets: unknown[][] = [demanded]
  for (const { op, right } of leaves) {
    if (op !== 'hasAny') continue
    sets = sets.flatMap((set) => (right as readonly unknown[]).map((each) => [...set, each]))
    if (sets.length > WAYS) return null
  }
  return sets.map((set) => (set.length > 0 ? set : [ELSE]))
}
const ELSE = -1

/** Texts that begin as demanded; what must be contained comes behind. */
function startsToTry(leaves: readonly BoundLeaf[]): unknown[] | null {
  if (leaves.some(({ op }) => !['startsWith', 'empty', 'notEmpty', 'ne', 'notIn'].includes(op))) return null
  return leaves.flatMap(({ op, right }) => (op === 'startsWith' ? [`${right as string}\u{10fffd}`, right] : [])).concat('\u{10fffd}')
}
