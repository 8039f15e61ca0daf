import type { Operator } from './ast.ts'
import { toPredicate, type Image, type Seen } from './to-predicate.ts'
import type { BindContext } from './bind.ts'
import type { AggregateNode, Checked, CheckedLeaf, CheckedNode, ParentNode } from './tree.ts'

/**
 * How one node of a condition was decided. `path` is the place in the JSON (`all.0.where`), the same as in problems.
 *
 * `saw` is the cell or number that decided, null when it was empty; absent on groups. Whoever shows it masks it for the reader.
 */
export interface Verdict {
  path: string
  is: CheckedNode['is']
  verdict: boolean
  field?: string
  op?: Operator
  saw?: unknown
  parts?: readonly Verdict[]
}

/** Every leaf's verdict, not only the deciding ones: the answer to 「为什么」 and 「为什么没有」. */
export const explain = (checked: Checked, image: Image, seen: Seen, at: BindContext): Verdict => judge(checked.root, '', { image, seen, at })

interface World { image: Image; seen: Seen; at: BindContext }
const step = (path: string, ...more: (string | number)[]): string => [path, ...more].filter((each) => each !== '').join('.')

function judge(node: CheckedNode, path: string, world: World): Verdict {
  switch (node.is) {
    case 'all': case 'any': return group(node.is, node.parts.map((part, i) => judge(part, step(path, node.is, i), world)), path)
    case 'not': return negated(judge(node.part, step(path, 'not'), world), path)
    case 'leaf': return { ...about(node), path, is: 'leaf', verdict: decide(node, world), saw: world.image[node.field.key] ?? null }
    case 'parent': return parent(node, path, world)
    case 'changed': return { path, is: 'changed', field: node.field.key, verdict: decide(node, world), saw: world.seen.changes?.[node.field.key] ?? null }
    case 'changedTo': return { path, is: 'changedTo', field: node.leaf.field.key, verdict: decide(node, world), saw: world.seen.changes?.[node.leaf.field.key] ?? null }
    default: return aggregate(node, path, world)
  }
}

const group = (is: 'all' | 'any', parts: readonly Verdict[], path: string): Verdict =>
  ({ path, is, verdict: is === 'all' ? parts.every(({ verdict }) => verdict) : parts.some(({ verdict }) => verdict), parts })

const negated = (part: Verdict, path: string): Verdict => ({ path, is: 'not', verdict: !part.verdict, parts: [part] })
const about = ({ field, op }: CheckedLeaf): { field: string; op: Operator } => ({ field: field.key, op })

/** One node by itself, through the same predicate that decides. */
const decide = (node: CheckedNode, { image, seen, at }: World): boolean => toPredicate({ object: '', root: node })(image, seen, at)

function parent(node: ParentNode<CheckedLeaf>, path: string, world: World): Verdict {
  const reference = world.image[node.field.key] ?? null
  const found = reference === null ? null : (world.seen.parents?.[node.field.key] ?? null)
  const parts = found ? [judge(node.where, step(path, 'where'), { ...world, ...found })] : []
  return { path, is: 'parent', field: node.field.key, verdict: parts.some(({ verdict }) => verdict), saw: found ? reference : null, parts }
}

function aggregate(node: AggregateNode<CheckedLeaf>, path: string, world: World): Verdict {
  const saw = world.seen.aggregates?.[node.key] ?? null
  return { ...(node.is === 'latest' && about(node.leaf)), path, is: node.is, verdict: decide(node, world), saw }
}
