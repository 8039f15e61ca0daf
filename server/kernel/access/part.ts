import type { ObjectAccess, ObjectDefinition, Role } from '#language/definitions'
import type { Metadata } from '#kernel/metadata'
import { baseOf } from './grounds.ts'
import type { Plan } from './plan.ts'
import { reachSql, ruledSql, waysSql, type Viewer } from './scope.ts'

type Reach = Parameters<typeof reachSql>[2]

/** The object whose records own these rows; undefined where rows stand for themselves. */
export function wholeOf({ objects }: Metadata, { part, scopeVia, key }: Pick<ObjectDefinition, 'part' | 'scopeVia' | 'key'>): string | undefined {
  const to = part ? objects.get(key)?.field.get(scopeVia ?? '')?.to : undefined
  return typeof to === 'string' && objects.has(to) ? to : undefined
}

/** What a role may do with rows of a record: what it may do with the record, unless it names the rows themselves. */
export function accessTo(metadata: Metadata, role: Role | undefined, object: ObjectDefinition): ObjectAccess | undefined {
  const whole = wholeOf(metadata, object)
  const named = role?.objects[object.key]
  const access = whole === undefined || named ? undefined : role?.objects[whole]
  if (!access) return named
  const changes = access.edit ?? access.create
  return { read: access.read, create: changes, edit: changes, delete: changes, export: access.export }
}

/** As reachSql; rows of a record are in reach where the record is, and whoever may edit it may do anything with them. A locked record shuts its rows as well. */
export function reachOf(viewer: Viewer, plan: Plan, reach: Reach): string {
  const definition = viewer.metadata.objects.get(plan.object)
  const whole = definition && viewer.member ? wholeOf(viewer.metadata, definition) : undefined
  if (whole === undefined) return reachSql(viewer, plan, reach)
  if (plan.scope[reach.action === 'share' ? 'edit' : reach.action] === 'none') return 'FALSE'
  return ruledSql(viewer, plan, reach, () => withWhole(viewer, definition!, whole, reach))
}

function withWhole(viewer: Viewer, { scopeVia }: ObjectDefinition, whole: string, reach: Reach): string {
  const parent = `${reach.alias}_of`
  const looks = LOOKS.has(reach.action)
  // What policies ask of the parent is asked where the parent is: it is no question about the row.
  const there = { alias: parent, params: baseOf(reach.params) }
  const rows = reachSql(viewer, viewer.planOf(whole), { ...there, action: looks ? reach.action : 'edit' })
  if (rows === 'FALSE') return rows
  const ofWhole = `SELECT FROM ${viewer.metadata.objects.get(whole)!.table} ${parent} WHERE ${parent}.id = ${reach.alias}."f_${scopeVia}" AND`
  const seen = rows === 'TRUE' ? [] : [`EXISTS (${ofWhole} ${parent}.gone_act IS NULL AND ${rows})`]
  const unlocks = looks ? 'TRUE' : reachSql(viewer, viewer.planOf(whole), { ...there, action: 'unlock' })
  const open = unlocks === 'TRUE' ? [] : [`NOT EXISTS (${ofWhole} ${parent}.locked AND NOT (${unlocks}))`]
  return [...seen, ...open].join(' AND ') || 'TRUE'
}

const LOOKS: ReadonlySet<string> = new Set(['read', 'export'])

export function waysOf(viewer: Viewer, plan: Plan, reach: Parameters<typeof waysSql>[2]): string[] {
  const definition = viewer.metadata.objects.get(plan.object)
  return definition?.part ? [reachOf(viewer, plan, reach)] : waysSql(viewer, plan, reach)
}
