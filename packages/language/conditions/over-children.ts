import { addDecimal } from '../values/money.ts'
import { toMicros } from '../values/instant.ts'
import { withinWindow, type BindContext } from './bind.ts'
import { deep, inside, moves, needsOf, type AggregateNeed, type Needs } from './needs.ts'
import { toPredicate, type Image, type Predicate, type Seen } from './to-predicate.ts'
import type { AggregateNode, Checked, CheckedLeaf, FieldRef } from './tree.ts'
import { validUntil } from './valid-until.ts'

/** A living child of a record, with what the conditions on it read beyond it. */
export interface Child { id: string; image: Image; seen: Seen }

/** `of`: what is asked of those that meet it, one by one. */
interface Reading { needs: Needs; checked: Checked; holds: Predicate; of: readonly Predicate[]; moves: boolean }
const readings = new WeakMap<AggregateNode<CheckedLeaf>, Reading>()

/** What the conditions on the children read of each of them. */
export const needsOfChild = ({ node }: AggregateNeed): Needs => readingOf(node).needs

/** What `needSql` asks the database, of children at hand: the value of the aggregate, and when the clock alone may change it. */
export function aggregateOver({ node }: AggregateNeed, children: readonly Child[], at: BindContext): { value: unknown; until: Date | null } {
  const reading = readingOf(node)
  const met = children.filter(({ image, seen }) => reading.holds(image, seen, at))
  const those = (i: number, all: readonly Child[]) => all.filter(({ image, seen }) => reading.of[i]!(image, seen, at))
  return { value: valueOf(node, met, those), until: reading.moves ? soonest(children.map(({ image, seen }) => validUntil(reading.checked, image, seen, at))) : null }
}

function readingOf(node: AggregateNode<CheckedLeaf>): Reading {
  const known = readings.get(node)
  if (known) return known
  const { object } = node.relation
  const root = node.is === 'count' || node.is === 'sum' ? withinWindow(node) : node.where
  const [, ...asked] = inside(node)
  const checked: Checked = { object, root: { is: 'all', parts: [root, ...asked] } }
  const made = { checked, needs: needsOf(checked), holds: toPredicate({ object, root }), of: asked.map((each) => toPredicate({ object, root: each })), moves: deep(checked.root).some(moves) }
  readings.set(node, made)
  return made
}

type Those = (i: number, all: readonly Child[]) => readonly Child[]

function valueOf(node: AggregateNode<CheckedLeaf>, met: readonly Child[], those: Those): unknown {
  switch (node.is) {
    case 'some': case 'none': return met.length > 0
    case 'count': return String(met.length)
    case 'sum': return total(node.of, met)
    case 'latest': return newest(node.at, met)[0]?.image[node.leaf.field.key] ?? null
    case 'recent': return String(those(0, newest(node.at, met).slice(0, node.last)).length)
    case 'trend': return node.spans.map((_, i) => (node.of ? total(node.of, those(i, met)) : String(those(i, met).length)))
  }
}

const total = (of: FieldRef, met: readonly Child[]): string => met.reduce((sum, { image }) => addDecimal(sum, String((image[of.key] as string | number | null | undefined) ?? 0)), '0')

/** By the greatest `at`, then the greatest id; children without `at` do not take part. */
function newest(at: FieldRef, met: readonly Child[]): Child[] {
  const placed = met.flatMap((child) => {
    const value = child.image[at.key]
    return value === null || value === undefined ? [] : [{ child, at: at.kind === 'date' ? (value as string) : toMicros(value as string) }]
  })
  return placed.sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : a.child.id < b.child.id ? 1 : -1)).map(({ child }) => child)
}

const soonest = (instants: readonly (Date | null)[]): Date | null =>
  instants.reduce((a, b) => (a === null || (b !== null && b < a) ? b : a), null)
