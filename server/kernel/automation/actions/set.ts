import type { Action, Value } from '#language/definitions'
import { put, type Perform } from '../scene.ts'
import { valueOf } from '../values.ts'

/** Writes fields of the target; `owner` among them makes it change hands. */
export const set: Perform = (act) => {
  const { values } = act.action.action as Extract<Action, { do: 'set' }>
  const written: Record<string, unknown> = {}
  for (const [key, value] of Object.entries<Value>(values)) {
    const resolved = valueOf(value, act, { object: act.target.object, field: key })
    if (resolved === undefined) return undefined
    if (put(act, act.target, key, resolved)) written[key] = resolved
  }
  return Object.keys(written).length > 0 ? { values: written } : { why: 'no_change' }
}
