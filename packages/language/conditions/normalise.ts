import { presence } from './bind.ts'
import { MEANINGS, seesEmpty } from './operators.ts'
import { TRUE, type Bound, type BoundLeaf, type BoundNode, type ParentNode } from './tree.ts'
import type { CompareOperator } from './ast.ts'

/**
 * `not` moved to the leaves, with exactly the same meaning (rules C30–C38), so that indexes survive and only TRUE has to be looked for.
 *
 * A leaf and its twin are both false on an empty value, so `not leaf` is the twin or empty. What stays negative: a parent that is not there, and `changed`.
 */
export const normalise = (bound: Bound): Bound => ({ object: bound.object, root: positive(bound.root) })

export function positive(node: BoundNode): BoundNode {
  switch (node.is) {
    case 'all': case 'any': return { is: node.is, parts: node.parts.map(positive) }
    case 'not': return negative(node.part)
    case 'parent': case 'some': case 'none': case 'count': case 'sum': case 'latest': return { ...node, where: positive(node.where) }
    case 'recent': return { ...node, where: positive(node.where), that: positive(node.that) }
    case 'trend': return { ...node, where: positive(node.where), spans: node.spans.map(positive) }
    case 'leaf': case 'changed': case 'changedTo': return node
  }
}

export function negative(node: BoundNode): BoundNode {
  switch (node.is) {
    case 'leaf': return twinOrEmpty(node)
    case 'all': return { is: 'any', parts: node.parts.map(negative) }
    case 'any': return { is: 'all', parts: node.parts.map(negative) }
    case 'not': return positive(node.part)
    case 'parent': return noParent(node)
    case 'some': return { ...node, is: 'none', where: positive(node.where) }
    case 'none': return { ...node, is: 'some', where: positive(node.where) }
    case 'count': case 'sum': return { ...node, where: positive(node.where), op: OPPOSITE[node.op] }
    case 'latest': return orEmpty(twin(node.leaf), presence(node.leaf.field, 'empty'), (leaf) => ({ ...node, where: positive(node.where), leaf }))
    case 'recent': return { ...node, where: positive(node.where), that: positive(node.that), op: node.op === 'eq' ? 'ne' : 'eq' }
    case 'trend': return { ...node, where: positive(node.where), spans: node.spans.map(positive), met: !node.met }
    case 'changed': case 'changedTo': return { is: 'not', part: node }
  }
}

function noParent(node: ParentNode<BoundLeaf>): BoundNode {
  const absent: BoundNode = { is: 'not', part: { ...node, where: TRUE } }
  return isTrue(node.where) ? absent : { is: 'any', parts: [absent, { ...node, where: negative(node.where) }] }
}
const isTrue = (node: BoundNode): boolean => node.is === 'all' && node.parts.length === 0

const OPPOSITE: Record<CompareOperator, CompareOperator> = { eq: 'ne', ne: 'eq', gt: 'le', le: 'gt', ge: 'lt', lt: 'ge' }

const twin = (leaf: BoundLeaf): BoundLeaf => ({ ...leaf, op: MEANINGS[leaf.op].twin })
const twinOrEmpty = (leaf: BoundLeaf): BoundNode => orEmpty(twin(leaf), presence(leaf.field, 'empty'), (each) => each)

function orEmpty(opposite: BoundLeaf, empty: BoundLeaf, place: (leaf: BoundLeaf) => BoundNode): BoundNode {
  const exact = seesEmpty(opposite.op) || seesEmpty(MEANINGS[opposite.op].twin)
  return exact ? place(opposite) : { is: 'any', parts: [place(opposite), place(empty)] }
}

