import { withinWindow, type BindContext } from './bind.ts'
import { familyOf, isTime } from './kinds.ts'
import { flat, inside } from './needs.ts'
import { edgesOf, standing, type Edge } from './time-edges.ts'
import type { BoundNode, Bound, Checked, CheckedLeaf, CheckedNode, FieldRef } from './tree.ts'

/** From one instant to a later one. */
export interface Passage { last: BindContext; now: BindContext }

/**
 * The records that the clock alone may have turned the condition for, in between: a value that a moving edge has passed, of their own, of a parent
 * or of a child. May find more (another leaf may decide), never fewer. Nothing moves: it holds for none.
 */
export const crossing = ({ object, root }: Checked, passage: Passage): Bound => ({ object, root: { is: 'any', parts: passed(root, passage) } })

/** The fields whose values it compares, each by its object. */
export const passedFields = (checked: Checked, passage: Passage): FieldRef[] => fieldsIn(crossing(checked, passage).root)

function fieldsIn(node: BoundNode): FieldRef[] {
  if (node.is === 'leaf') return [node.field]
  return 'parts' in node ? node.parts.flatMap(fieldsIn) : 'where' in node ? fieldsIn(node.where) : []
}

function passed(root: CheckedNode, passage: Passage): BoundNode[] {
  return flat(root).flatMap((node): BoundNode[] => {
    switch (node.is) {
      case 'leaf': return edgesPassed(node, node.field, passage)
      case 'parent': return within(passed(node.where, passage), (where) => ({ is: 'parent', field: node.field, object: node.object, where }))
      case 'some': case 'none': return children(node, passed(node.where, passage))
      case 'count': case 'sum': return children(node, passed(withinWindow(node), passage))
      case 'latest': return children(node, [...edgesPassed(node.leaf, node.leaf.field, passage), ...passed(node.where, passage)])
      case 'recent': case 'trend': return children(node, inside(node).flatMap((each) => passed(each, passage)))
      default: return []
    }
  })
}

const children = ({ relation, key }: Pick<Extract<CheckedNode, { relation: unknown }>, 'relation' | 'key'>, parts: BoundNode[]): BoundNode[] => within(parts, (where) => ({ is: 'some', relation, key, where }))

/** Nothing within moves: nothing about it does. */
const within = (parts: BoundNode[], around: (where: BoundNode) => BoundNode): BoundNode[] => (parts.length === 0 ? [] : [around({ is: 'any', parts })])

function edgesPassed(leaf: CheckedLeaf, field: FieldRef, passage: Passage): BoundNode[] {
  if (leaf.value === null || !isTime(familyOf(field))) return []
  const { from, until } = edgesOf(leaf)
  return [from, until].flatMap((edge) => span(edge, field, passage))
}

/** An edge that stood before or on a value, and stands after it. */
function span(edge: Edge | null, field: FieldRef, { last, now }: Passage): BoundNode[] {
  if (edge === null || edge.at === 'instant' || edge.at === 'day') return []
  const grain = familyOf(field) as 'day' | 'instant'
  const [from, until] = [standing(edge, grain, last), standing(edge, grain, now)]
  return from < until ? [{ is: 'leaf', field, op: 'during', right: { from, until } }] : []
}
