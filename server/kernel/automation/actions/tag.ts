import type { Action } from '#language/definitions'
import { retag, type Perform } from '../scene.ts'

/** Adds and removes tags of the target. */
export const tag: Perform = (act) => {
  const { add = [], remove = [] } = act.action.action as Extract<Action, { do: 'tag' }>
  const { added, removed } = retag(act, act.target, { add, remove })
  if (added.length + removed.length === 0) return { why: 'no_change' }
  return { ...(added.length > 0 && { added }), ...(removed.length > 0 && { removed }) }
}
