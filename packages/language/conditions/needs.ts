import { familyOf, isTime } from './kinds.ts'
import { edgesOf } from './time-edges.ts'
import type { AggregateNode, Checked, CheckedLeaf, CheckedNode, ParentNode } from './tree.ts'

/** own: the record's own fields decide. related: other records too. over-time: the verdict can turn with no event, by the clock alone. */
export type Reach = 'own' | 'related' | 'over-time'

export interface AggregateNeed { key: string; node: AggregateNode<CheckedLeaf> }
export interface ParentNeed { field: string; object: string; needs: Needs }

/** What must be at hand to decide a condition in memory. */
export interface Needs {
  reach: Reach
  own: ReadonlySet<string>
  parents: readonly ParentNeed[]
  aggregates: readonly AggregateNeed[]
  /** Every field read anywhere, by object: what a change can concern, and what a reader of the verdict learns about. */
  reads: ReadonlyMap<string, ReadonlySet<string>>
  /** Lengths of the windows on children (`within`), each once. */
  windows: readonly string[]
  readsMember: boolean
}

export const needsOf = (checked: Checked): Needs => collect([checked.root], checked.object)

/** The same for two nodes that need the same value from the database, whatever they compare it with. */
export const aggregateKey = (node: AggregateNode<CheckedLeaf>): string => node.key

function collect(roots: readonly CheckedNode[], object: string): Needs {
  const nodes = roots.flatMap(flat)
  const all = roots.flatMap(deep)
  const reads = readsOf(all, object)
  return {
    reach: all.some(moves) ? 'over-time' : nodes.some((node) => isParent(node) || isAggregate(node)) ? 'related' : 'own',
    own: new Set(nodes.flatMap(ownFields)),
    parents: parentNeeds(nodes.filter(isParent)),
    aggregates: [...new Map(nodes.filter(isAggregate).map((node) => [node.key, { key: node.key, node }])).values()],
    reads,
    windows: [...new Set(all.flatMap((node) => ((node.is === 'count' || node.is === 'sum') && node.window ? [node.window.within] : node.is === 'trend' ? [node.per] : [])))],
    readsMember: all.some((node) => node.is === 'leaf' && [node.value].flat().some((each) => typeof each === 'object' && each !== null && ('me' in each || 'myTeams' in each))),
  }
}

/** Nodes about the record itself: groups opened, other records closed. */
export function flat(node: CheckedNode): CheckedNode[] {
  if (node.is === 'all' || node.is === 'any') return node.parts.flatMap(flat)
  return node.is === 'not' ? flat(node.part) : [node]
}

/** Every node, those about other records too. */
export function deep(node: CheckedNode): CheckedNode[] {
  return flat(node).flatMap((each) => [each, ...('leaf' in each ? [each.leaf] : []), ...('relation' in each ? inside(each).flatMap(deep) : 'where' in each ? deep(each.where) : [])])
}

/** What is asked of each child. */
export const inside = (node: AggregateNode<CheckedLeaf>): CheckedNode[] => [node.where, ...(node.is === 'recent' ? [node.that] : node.is === 'trend' ? node.spans : [])]

const isParent = (node: CheckedNode): node is ParentNode<CheckedLeaf> => node.is === 'parent'
const isAggregate = (node: CheckedNode): node is AggregateNode<CheckedLeaf> => 'relation' in node

function ownFields(node: CheckedNode): string[] {
  if (node.is === 'leaf' || node.is === 'parent' || node.is === 'changed') return [node.field.key]
  return node.is === 'changedTo' ? [node.leaf.field.key] : []
}

/** Several nodes over one reference share the parent's image. */
function parentNeeds(nodes: readonly ParentNode<CheckedLeaf>[]): ParentNeed[] {
  const byField = Map.groupBy(nodes, ({ field }) => field.key)
  return [...byField].map(([field, same]) => ({ field, object: same[0]!.object, needs: collect(same.map(({ where }) => where), same[0]!.object) }))
}

function readsOf(nodes: readonly CheckedNode[], object: string): ReadonlyMap<string, ReadonlySet<string>> {
  const reads = new Map<string, Set<string>>([[object, new Set()]])
  for (const { object: of, key } of nodes.flatMap(fieldsOf)) reads.set(of, (reads.get(of) ?? new Set()).add(key))
  return reads
}

function fieldsOf(node: CheckedNode): readonly { object: string; key: string }[] {
  switch (node.is) {
    case 'leaf': case 'parent': case 'changed': return [node.field]
    case 'some': case 'none': return [node.relation.via]
    case 'count': return [node.relation.via, ...(node.window ? [node.window.at] : [])]
    case 'sum': return [node.relation.via, node.of, ...(node.window ? [node.window.at] : [])]
    case 'latest': case 'recent': return [node.relation.via, node.at]
    case 'trend': return [node.relation.via, node.at, ...(node.of ? [node.of] : [])]
    default: return []
  }
}

/** Whether the clock alone can turn this node. */
export function moves(node: CheckedNode): boolean {
  if (node.is === 'count' || node.is === 'sum') return node.window !== null
  if (node.is === 'trend') return true
  if (node.is !== 'leaf' || node.value === null || !isTime(familyOf(node.field))) return false
  const { from, until } = edgesOf(node)
  return [from, until].some((edge) => edge !== null && (edge.at === 'now' || edge.at === 'today'))
}
