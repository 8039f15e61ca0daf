import type { ObjectAction, Scope } from '#language/definitions'
import type { Metadata } from '#kernel/metadata'
import type { Plan } from './plan.ts'
import type { MemberFacts, Params } from './types.ts'

/** Who looks (null: the kernel), and what they may do with other objects. */
export interface Viewer { member: MemberFacts | null; metadata: Metadata; planOf(object: string): Plan }
interface Reach { action: ObjectAction; alias: string; params: Params }

/** Predicate for the rows that the action reaches: the object's own scope, or for reading that of the record it hangs on. */
export function reachSql(viewer: Viewer, plan: Plan, reach: Reach): string {
  const own = scopeSql(viewer, plan.scope[reach.action], reach)
  if (own === 'TRUE' || own === 'FALSE' || !FOLLOWS.has(reach.action)) return own
  return joined([own, ...viaSql(viewer, plan, reach)])
}

/** What is one's own is found by its owner or by its collaborators: two indexes, which a planner reads in order only when they are asked one by one. */
export function waysSql(viewer: Viewer, plan: Plan, reach: Reach): string[] {
  const { member } = viewer
  if (!member || plan.scope[reach.action] !== 'own' || viaSql(viewer, plan, reach).length > 0) return [reachSql(viewer, plan, reach)]
  const me = once(reach.params, 'me', () => reach.params.add(member.id, 'int'))
  return [`${reach.alias}.owner = ${me}`, `${reach.alias}.collaborators <> '{}' AND ${reach.alias}.collaborators @> ARRAY[${me}] AND ${reach.alias}.owner IS DISTINCT FROM ${me}`]
}

const FOLLOWS: ReadonlySet<ObjectAction> = new Set(['read', 'export'])

function scopeSql({ member }: Viewer, scope: Scope, { alias, params }: Reach): string {
  if (scope === 'none') return 'FALSE'
  if (scope === 'all' || !member) return 'TRUE'
  const me = once(params, 'me', () => params.add(member.id, 'int'))
  const mine = `${alias}.owner = ${me} OR (${alias}.collaborators <> '{}' AND ${alias}.collaborators @> ARRAY[${me}])`
  if (scope === 'own') return `(${mine})`
  const teams = scope === 'team' ? once(params, 'teams', () => params.add(member.teams, 'int[]')) : once(params, 'tree', () => params.add(member.teamTree, 'int[]'))
  return `(${mine} OR ${alias}.owner_team = ANY(${teams}))`
}

/** One hop: the record that `scopeVia` points to is visible by its own object's scope. */
function viaSql(viewer: Viewer, plan: Plan, { alias, params }: Reach): string[] {
  const definition = viewer.metadata.objects.get(plan.object)!
  const field = definition.scopeVia === undefined ? undefined : definition.field.get(definition.scopeVia)
  if (!field) return []
  const [column, any] = [`${alias}."f_${field.key}"`, field.kind === 'anyReference']
  return targetsOf(field.to, viewer.metadata).flatMap((target) => {
    const parent = `${alias}_via`
    const rows = scopeSql(viewer, viewer.planOf(target).scope.read, { action: 'read', alias: parent, params })
    if (rows === 'FALSE') return []
    const exists = `EXISTS (SELECT FROM ${viewer.metadata.objects.get(target)!.table} ${parent} WHERE ${parent}.id = ${column} AND ${parent}.gone_act IS NULL AND ${rows})`
    return any ? [`(${alias}."f_${field.key}__object" = ${params.add(target, 'text')} AND ${exists})`] : [exists]
  })
}

/** The objects that a reference field may point to. */
export function targetsOf(to: string | readonly string[] | undefined, { objects }: Metadata): string[] {
  const named = to === '*' ? [...objects.keys()] : typeof to === 'string' ? [to] : (to ?? [])
  return named.filter((key) => objects.has(key))
}

const joined = (parts: string[]): string => (parts.length === 1 ? parts[0]! : `(${parts.join(' OR ')})`)

/** A member's facts are one parameter each, however often a statement needs them. */
const placed = new WeakMap<Params, Map<string, string>>()
function once(params: Params, name: string, add: () => string): string {
  const names = placed.get(params) ?? new Map<string, string>()
  placed.set(params, names)
  const known = names.get(name) ?? add()
  names.set(name, known)
  return known
}
