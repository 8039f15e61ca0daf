import type { BindContext } from './bind.ts'
import { toMicros } from '../values/instant.ts'
import { familyOf, isTime } from './kinds.ts'
import { flat, deep, inside, moves } from './needs.ts'
import { edgesOf, passes } from './time-edges.ts'
import type { Image, Seen } from './to-predicate.ts'
import type { AggregateNode, Checked, CheckedLeaf, CheckedNode } from './tree.ts'

/**
 * The first instant at which the clock alone may turn the verdict, strictly after `at.now`; null when it never does.
 *
 * Early is possible (another leaf may still decide), late is not, as long as values stay as seen. Windows and time leaves over children need `Seen.untils` (see needSql).
 */
export function validUntil(checked: Checked, image: Image, seen: Seen, at: BindContext): Date | null {
  const now = at.now.getTime() * 1000
  const later = instantsOf(checked.root, image, seen, at).filter((micros) => micros > now)
  return later.length === 0 ? null : new Date(Math.ceil(Math.min(...later) / 1000))
}

function instantsOf(root: CheckedNode, image: Image, seen: Seen, at: BindContext): number[] {
  return flat(root).flatMap((node): number[] => {
    if (node.is === 'leaf') return leafInstants(node, image[node.field.key], at)
    if (node.is === 'parent') return parentInstants(node.where, seen.parents?.[node.field.key] ?? null, at)
    return 'relation' in node ? aggregateInstants(node, seen, at) : []
  })
}

const parentInstants = (where: CheckedNode, parent: { image: Image; seen: Seen } | null, at: BindContext): number[] =>
  parent === null ? [] : instantsOf(where, parent.image, parent.seen, at)

function leafInstants(leaf: CheckedLeaf, cell: unknown, at: BindContext): number[] {
  if (cell === null || cell === undefined || leaf.value === null || !isTime(familyOf(leaf.field))) return []
  const value = familyOf(leaf.field) === 'instant' ? toMicros(cell as string | Date) : (cell as string)
  const { from, until } = edgesOf(leaf)
  return [passes(from, value, at), passes(until, value, at)].filter((micros) => micros !== null)
}

function aggregateInstants(node: AggregateNode<CheckedLeaf>, seen: Seen, at: BindContext): number[] {
  const own = node.is === 'latest' ? leafInstants(node.leaf, seen.aggregates?.[node.key], at) : []
  if (!moves(node) && !inside(node).flatMap(deep).some(moves)) return own
  if (seen.untils === undefined || !Object.hasOwn(seen.untils, node.key)) throw new TypeError(`a need was not handed in: until of ${node.key}`)
  const until = seen.untils[node.key] ?? null
  return until === null ? own : [...own, toMicros(until)]
}
