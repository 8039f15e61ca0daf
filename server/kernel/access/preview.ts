import { ADMIN_RIGHTS, OBJECT_ACTIONS, TEAM_RIGHTS, type ReadState, type Role } from '#language/definitions'
import type { Metadata } from '#kernel/metadata'
import { rolePlan, wider, type Plan } from './plan.ts'
import type { Context } from './types.ts'
import { memberRows } from './principal.ts'

/** How many members are concerned by how many things: fields of objects, actions on objects, administrative rights. */
export interface Reckoning { members: number; things: number }
export type Effect = 'read' | 'write' | 'reach' | 'manage'
/** What a role in its new form gives to those who hold it, and takes from them, together with their other roles. */
export interface RoleEffect { holders: number; gains: Record<Effect, Reckoning>; losses: Record<Effect, Reckoning> }

/** Compares what every active holder may do today with what they may do afterwards. Nothing is written; no statement once members are cached. */
export async function effectOfRole(ctx: Context, role: Role): Promise<RoleEffect> {
  const rows = [...(await memberRows(ctx.tx)).values()].filter(({ active, roles }) => active && roles.includes(role.key))
  const after: Metadata = { ...ctx.metadata, roles: new Map([...ctx.metadata.roles, [role.key, role]]) }
  const [gains, losses] = [tally(), tally()]
  for (const [, holders] of Map.groupBy(rows, ({ roles }) => [...roles].sort().join(' '))) {
    const [was, is] = [thingsOf(ctx.metadata, holders[0]!.roles), thingsOf(after, holders[0]!.roles)]
    note(gains, holders.length, is, was)
    note(losses, holders.length, was, is)
  }
  return { holders: rows.length, gains: told(gains), losses: told(losses) }
}

const EFFECTS: readonly Effect[] = ['read', 'write', 'reach', 'manage']
type Tally = Record<Effect, { members: number; things: Set<string> }>
const tally = (): Tally => Object.fromEntries(EFFECTS.map((effect) => [effect, { members: 0, things: new Set<string>() }])) as Tally
const told = (noted: Tally): Record<Effect, Reckoning> => Object.fromEntries(EFFECTS.map((effect) => [effect, { members: noted[effect].members, things: noted[effect].things.size }])) as Record<Effect, Reckoning>

/** What stands in `these` and not in `those`. */
function note(noted: Tally, members: number, these: Things, those: Things): void {
  for (const effect of EFFECTS) {
    const more = [...these[effect]].filter(([thing, width]) => wider(width, heldIn(those[effect], thing)) !== heldIn(those[effect], thing)).map(([thing]) => thing)
    if (more.length > 0) noted[effect].members += members
    for (const thing of more) noted[effect].things.add(thing)
  }
}

/** Whoever has all records of an action has those that a condition names as well. */
function heldIn(held: Things[Effect], thing: string): Plan['scope']['read'] {
  const [object, action] = thing.split(' ')
  return wider(held.get(thing) ?? 'none', held.get(`${object} ${action}`) ?? 'none')
}

/** What is read in part counts for less than what is read in full. */
const SHOWN: Readonly<Record<ReadState, Plan['scope']['read']>> = { hidden: 'none', constant: 'own', star: 'own', last4: 'team', domain: 'team', year: 'team', leading: 'team', full: 'all' }

type Things = Record<Effect, Map<string, Plan['scope']['read']>>

/** Everything that a set of roles opens: fields by object, actions with their width, rights. */
function thingsOf(metadata: Metadata, roles: readonly string[]): Things {
  const things: Things = { read: new Map(), write: new Map(), reach: new Map(), manage: new Map() }
  const known = roles.filter((key) => metadata.roles.has(key))
  for (const object of metadata.objects.values()) {
    const plan = rolePlan(metadata, object, known)
    for (const action of OBJECT_ACTIONS) {
      if (plan.open[action] !== 'none') things.reach.set(`${object.key} ${action}`, plan.open[action])
      for (const { rows, scope } of plan.some) if (wider(plan.open[action], scope[action]) !== plan.open[action]) things.reach.set(`${object.key} ${action} ${JSON.stringify(rows)}`, scope[action])
    }
    for (const { key, read } of plan.readable) if (object.field.has(key)) things.read.set(`${object.key} ${key}`, SHOWN[read === 'varies' ? 'full' : read])
    for (const key of plan.writable) if (object.field.has(key) && (plan.scope.edit !== 'none' || plan.scope.create !== 'none')) things.write.set(`${object.key} ${key}`, 'all')
  }
  for (const right of [...ADMIN_RIGHTS, ...TEAM_RIGHTS]) if (known.some((key) => metadata.roles.get(key)!.rights.includes(right))) things.manage.set(right, 'all')
  return things
}
