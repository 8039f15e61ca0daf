import type { Action, Value } from '#language/definitions'
import { holds, put, type Act, type Perform } from '../scene.ts'
import type { Row } from '../plan.ts'
import { valueOf } from '../values.ts'
import { childKey } from './create.ts'

type UpdateChildren = Extract<Action, { do: 'updateChildren' }>

/** More children than this are left alone, and the step says so. */
const LIMIT = 50

/** Writes to the children of the target that meet `where`, oldest first. */
export const updateChildren: Perform = (act) => {
  const { object, values } = act.action.action as UpdateChildren
  const found = meeting(act)
  if (!found) return undefined
  const updated: string[] = []
  for (const child of found.slice(0, LIMIT)) {
    const changed = write(act, child, values)
    if (changed === undefined) return undefined
    if (changed) updated.push(child.id)
  }
  if (updated.length === 0) return { object, why: found.length === 0 ? 'no_children' : 'no_change' }
  return { object, updated, ...(found.length > LIMIT && { more: true }) }
}

function meeting(act: Act): Row[] | undefined {
  const { plan, action: { action, where } } = act
  const { object, childVia } = action as UpdateChildren
  const children = plan.children({ key: childKey(act), object, via: childVia, where, order: 'oldest', limit: LIMIT + 1 }, act.target)
  const verdicts = children?.map((child) => holds(plan, where, child))
  return !verdicts || verdicts.includes(undefined) ? undefined : children!.filter((_, i) => verdicts[i])
}

function write(act: Act, child: Row, values: Record<string, Value>): boolean | undefined {
  let changed = false
  for (const [key, value] of Object.entries(values)) {
    const resolved = valueOf(value, act, { object: child.object, field: key })
    if (resolved === undefined) return undefined
    changed = put(act, child, key, resolved) || changed
  }
  return changed
}
