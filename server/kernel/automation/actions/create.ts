import type { Action, Value } from '#language/definitions'
import type { Values } from '#kernel/records'
import type { Row } from '../plan.ts'
import { holds, type Act, type Perform } from '../scene.ts'
import { valueOf } from '../values.ts'

type Create = Extract<Action, { do: 'create' }>

/** Makes a record; with `unlessOpen` the target is locked, so that two batches cannot both find nothing. */
export const create: Perform = (act) => {
  const { object, values, unlessOpen } = act.action.action as Create
  if (act.plan.dry) return foresee(act, unlessOpen !== undefined)
  const open = unlessOpen ? openChild(act, { object, via: unlessOpen.via }) : null
  if (open === undefined) return undefined
  if (open !== null) return { object, why: 'exists', existing: open.id }
  const resolved = resolveAll(act, object, values)
  if (resolved === undefined) return undefined
  const { owner = null, ...fields } = resolved
  const row = act.plan.create(act.event, object, { values: fields, owner: owner as number | null, by: act.rule.rule.key, at: act.at })
  return { object, created: row.id }
}

/** A dry plan makes nothing. */
function foresee({ plan, target }: Act, asksForChildren: boolean): undefined {
  if (asksForChildren) plan.hold(target)
}

/** A child that still meets `where`, as stored or as this plan has left it; null: none. */
function openChild(act: Act, { object, via }: { object: string; via: string }): Row | null | undefined {
  const { plan, target, action: { where } } = act
  plan.hold(target)
  const children = plan.children({ key: childKey(act), object, via, where, order: 'oldest', limit: 50 }, target)
  const verdicts = children?.map((child) => holds(plan, where, child))
  if (!verdicts || verdicts.includes(undefined)) return undefined
  return children!.find((_, i) => verdicts[i]) ?? null
}

export const childKey = ({ rule: { rule }, action }: Pick<Act, 'rule' | 'action'>): string => `${rule.key}.${rule.version} ${action.path}`

/** Empty values are left out. Undefined while something is being fetched. */
export function resolveAll(act: Act, object: string, values: Record<string, Value>): Values | undefined {
  const resolved = Object.entries(values).map(([key, value]) => [key, valueOf(value, act, { object, field: key })] as const)
  return resolved.some(([, value]) => value === undefined) ? undefined : Object.fromEntries(resolved.filter(([, value]) => value !== null))
}
