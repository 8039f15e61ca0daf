import { refused } from '#contract'
import type { Context } from '#kernel/access'
import { FULL_RIGHTS, OBJECT_ACTIONS, READ_STATES, type ObjectAccess, type Role, type Scope } from '#language/definitions'
import type { Metadata } from '#kernel/metadata'

const WIDTH: Record<Scope, number> = { none: 0, own: 1, team: 2, teamTree: 3, all: 4 }

/** Nobody gives what they do not hold: refused GRANT_EXCEEDS_OWN when one of the roles reaches further than the principal's own. */
export function checkGrant(ctx: Context, roles: readonly string[], path: string): void {
  if (ctx.principal.kind === 'kernel') return
  const own = rolesOf(ctx.metadata, ctx.principal.member.roles)
  for (const key of roles) {
    const role = ctx.metadata.roles.get(key)
    if (!role) refused('VALUE_INVALID', path, { field: 'roles', reason: key })
    else if (exceeds(role, own, ctx.metadata)) refused('GRANT_EXCEEDS_OWN', path, { role: role.label[ctx.request?.lang ?? 'zh'] })
  }
}

/** As checkGrant, for a role about to be published. */
export function checkRole(ctx: Context, role: Role): void {
  if (ctx.principal.kind === 'kernel') return
  if (exceeds(role, rolesOf(ctx.metadata, ctx.principal.member.roles), ctx.metadata)) refused('GRANT_EXCEEDS_OWN', 'body', { role: role.label[ctx.request?.lang ?? 'zh'] })
}

const rolesOf = ({ roles }: Metadata, keys: readonly string[]): Role[] => keys.flatMap((key) => roles.get(key) ?? [])

function exceeds(role: Role, own: readonly Role[], { objects }: Metadata): boolean {
  const held = new Set(own.flatMap(({ rights }) => rights))
  // Whoever may edit every definition and every member already decides what roles there are.
  if (FULL_RIGHTS.every((right) => held.has(right))) return false
  if (role.rights.some((right) => !held.has(right))) return true
  return Object.entries(role.objects).some(([object, access]) => objects.has(object) && reachesFurther(access, own.flatMap(({ objects: mine }) => mine[object] ?? [])))
}

/** Whoever holds some records only can give those, and no others. */
function reachesFurther(access: ObjectAccess, held: readonly ObjectAccess[]): boolean {
  const own = held.filter(({ rows }) => !rows || JSON.stringify(rows) === JSON.stringify(access.rows))
  const width = (each: ObjectAccess, action: (typeof OBJECT_ACTIONS)[number]) => WIDTH[each[action] ?? 'none']
  if (OBJECT_ACTIONS.some((action) => width(access, action) > Math.max(0, ...own.map((each) => width(each, action))))) return true
  const sight = ({ fields }: ObjectAccess, field: string) => READ_STATES.indexOf(fields?.[field]?.read ?? 'full')
  const seenByMe = (field: string) => Math.max(0, ...own.map((each) => sight(each, field)))
  const lockedForMe = (field: string) => own.every(({ fields }) => fields?.[field]?.write === false)
  const narrowed = new Set(own.flatMap(({ fields }) => Object.keys(fields ?? {})))
  return [...narrowed].some((field) => sight(access, field) > seenByMe(field) || (lockedForMe(field) && access.fields?.[field]?.write !== false))
}
