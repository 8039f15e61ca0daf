import { addDecimal } from '../values/money.ts'
import { toMicros } from '../values/instant.ts'
import { withinWindow, type BindContext } from './bind.ts'
import { deep, moves, needsOf, type AggregateNeed, type Needs } from './needs.ts'
import { toPredicate, type Image, type Predicate, type Seen } from './to-predicate.ts'
import type { AggregateNode, Checked, CheckedLeaf, LatestNode, SumNode } from './tree.ts'
import { validUntil } from './valid-until.ts'

/** A living child of a record, with what the conditions on it read beyond it. */
export interface Child { id: string; image: Image; seen: Seen }

interface Reading { needs: Needs; checked: Checked; holds: Predicate; moves: boolean }
const readings = new WeakMap<AggregateNode<CheckedLeaf>, Reading>()

/** What the conditions on the children read of each of them. */
export const needsOfChild = ({ node }: AggregateNeed): Needs => readingOf(node).needs

/** What `needSql` asks the database, of children at hand: the value of the aggregate, and when the clock alone may change it. */
export function aggregateOver({ node }: AggregateNeed, children: readonly Child[], at: BindContext): { value: unknown; until: Date | null } {
  const reading = readingOf(node)
  const met = children.filter(({ image, seen }) => reading.holds(image, seen, at))
  return { value: valueOf(node, met), until: reading.moves ? soonest(children.map(({ image, seen }) => validUntil(reading.checked, image, seen, at))) : null }
}

function readingOf(node: AggregateNode<CheckedLeaf>): Reading {
  const known = readings.get(node)
  if (known) return known
  const root = node.is === 'count' || node.is === 'sum' ? withinWindow(node) : node.where
  const checked = { object: node.relation.object, root }
  const made = { checked, needs: needsOf(checked), holds: toPredicate(checked), moves: deep(root).some(moves) }
  readings.set(node, made)
  return made
}

function valueOf(node: AggregateNode<CheckedLeaf>, met: readonly Child[]): unknown {
  switch (node.is) {
    case 'some': case 'none': return met.length > 0
    case 'count': return String(met.length)
    case 'sum': return total(node, met)
    case 'latest': return newest(node, met)
  }
}

const total = ({ of }: SumNode<CheckedLeaf>, met: readonly Child[]): string => met.reduce((sum, { image }) => addDecimal(sum, String((image[of.key] as string | number | null | undefined) ?? 0)), '0')

/** The greatest `at`, then the greatest id; children without `at` do not take part. */
function newest({ at, leaf }: LatestNode<CheckedLeaf>, met: readonly Child[]): unknown {
  let first: { at: number | string; child: Child } | null = null
  for (const child of met) {
    const value = child.image[at.key]
    if (value === null || value === undefined) continue
    const placed = at.kind === 'date' ? (value as string) : toMicros(value as string)
    if (!first || placed > first.at || (placed === first.at && child.id > first.child.id)) first = { at: placed, child }
  }
  return first?.child.image[leaf.field.key] ?? null
}

const soonest = (instants: readonly (Date | null)[]): Date | null =>
  instants.reduce((a, b) => (a === null || (b !== null && b < a) ? b : a), null)
