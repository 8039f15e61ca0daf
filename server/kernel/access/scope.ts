import type { Scope } from '#language/definitions'
import type { Metadata, ObjectMetadata } from '#kernel/metadata'
import { guardSql } from './guard.ts'
import type { Plan } from './plan.ts'
import { awayOwners, ME } from './facts.ts'
import { once } from './grounds.ts'
import { holdsSql, isAlways, type Looker } from './rulings.ts'
import type { MemberFacts, Params, RowAction } from './types.ts'

/** Who looks (null: the kernel), and what they may do with other objects. */
export interface Viewer extends Looker { planOf(object: string): Plan }
export interface Reach { action: RowAction; alias: string; params: Params }
/** Objects on the way from the record asked about up to here: a chain passes each of them once. */
type Passed = readonly string[]

/** Predicate for the rows that the action reaches: the object's own scope, or for looking that of the record it hangs on. */
export const reachSql = (viewer: Viewer, plan: Plan, reach: Reach): string => joined(reachParts(viewer, plan, reach, []))

/**
 * Ways of seeing a record, each of which can follow an index of its own; a planner reads in order only when they are asked one by one.
 * Many teams among few are better found in passing: by creation n ways read n pages, one walk over everybody's rows reads all / n of them;
 * in any other order all of their rows are gathered, which pays for one team of twenty at most.
 */
export function waysSql(viewer: Viewer, plan: Plan, { byCreation, ...reach }: Reach & { byCreation: boolean }): string[] {
  const { member, metadata } = viewer
  const scope = scopeOf(plan, reach.action)
  if (!member || plan.some.length > 0 || (plan.rules.read?.allows.length ?? 0) > 0 || scope === 'all' || scope === 'none') return [reachSql(viewer, plan, reach)]
  const teams = teamsOf(member, scope)
  if (teams.length * (byCreation ? teams.length : 20) > metadata.teams.size) return [reachSql(viewer, plan, reach)]
  const { alias, params } = reach
  const mine = mineSql(member, reach)
  const theirs = teams.map((team, n) => `${alias}.owner_team = ${params.add(team, 'int', (other) => teamsOf(other, scope)[n])}`)
  const kept = keptFrom(viewer, plan, reach)
  const ways = [...apart(mine), ...theirs.map((way) => butFor(way, mine)), ...viaParts(viewer, plan, reach, []).map((way) => butFor(way, [...mine, ...theirs]))]
  return ways.map((way) => [way, ...kept].join(' AND '))
}

/** A record is found one way only. */
const apart = (ways: readonly string[]): string[] => ways.map((way, i) => butFor(way, ways.slice(0, i)))
const butFor = (way: string, others: readonly string[]): string => [way, ...others.map((other) => `(${other}) IS NOT TRUE`)].join(' AND ')

const reachParts = (viewer: Viewer, plan: Plan, reach: Reach, passed: Passed): string[] => ruledParts(viewer, plan, reach, () => roleParts(viewer, plan, reach, passed))

/** As policies leave what is reached otherwise. */
export const ruledSql = (viewer: Viewer, plan: Plan, reach: Reach, given: () => string): string => joined(ruledParts(viewer, plan, reach, () => [given()]))

/** What roles reach, with what policies give, and without what they take away. What is settled beforehand is not written at all. */
function ruledParts(viewer: Viewer, plan: Plan, reach: Reach, given: () => string[]): string[] {
  const rules = rulesOf(plan, reach)
  if (!rules) return given()
  if (rules.limits.some(isAlways)) return ['FALSE']
  const everywhere = rules.allows.some(isAlways)
  const open = everywhere ? [] : [...given(), ...rules.allows.map((ruling) => holdsSql(viewer, ruling, reach) ?? 'TRUE')].filter((part) => part !== 'FALSE')
  if (open.length === 0 && !everywhere) return ['FALSE']
  const kept = keptFrom(viewer, plan, reach)
  return kept.length === 0 ? (everywhere ? ['TRUE'] : open) : [`(${[...(everywhere ? [] : [joined(open)]), ...kept].join(' AND ')})`]
}

const rulesOf = ({ rules }: Plan, { action }: Pick<Reach, 'action'>) => rules[action === 'share' ? 'edit' : action]

/** What every row must be like that policies leave. */
const keptFrom = (viewer: Viewer, plan: Plan, reach: Reach): string[] =>
  (rulesOf(plan, reach)?.limits ?? []).map((ruling) => `(${holdsSql(viewer, ruling, reach) ?? 'TRUE'}) IS NOT TRUE`)

function roleParts(viewer: Viewer, plan: Plan, reach: Reach, passed: Passed): string[] {
  if (scopeOf(plan, reach.action) === 'none') return ['FALSE']
  const open = scopeParts(viewer, scopeOf({ scope: plan.open }, reach.action), reach)
  if (open[0] === 'TRUE') return open
  const [some, further] = [someParts(viewer, plan, reach), viaParts(viewer, plan, reach, passed)]
  if (open[0] !== 'FALSE') return [...open, ...some.map(({ within }) => within), ...further]
  if (some.length === 0) return ['FALSE']
  return [...some.map(({ within }) => within), ...(further.length === 0 ? [] : some.map(({ rows }) => `(${rows} AND ${joined(further)})`))]
}

/** Roles that have only some records: those of their scope, and the condition that holds whichever way a record is reached. */
function someParts(viewer: Viewer, { object, some }: Plan, reach: Reach): { within: string; rows: string }[] {
  return some.flatMap(({ rows: condition, scope }) => {
    const parts = scopeParts(viewer, scopeOf({ scope }, reach.action), reach)
    if (parts[0] === 'FALSE') return []
    const rows = guardSql(viewer, { object, condition }, reach)
    return [{ rows, within: parts[0] === 'TRUE' ? rows : `(${rows} AND ${joined(parts)})` }]
  })
}

/** With whom a record is shared is decided by whoever may change it, but not by those it was shared with. */
const scopeOf = ({ scope }: Pick<Plan, 'scope'>, action: RowAction): Scope => scope[action === 'share' ? 'edit' : action]

function scopeParts({ member }: Viewer, scope: Scope, reach: Reach): string[] {
  if (scope === 'none') return ['FALSE']
  if (scope === 'all' || !member) return ['TRUE']
  const mine = mineSql(member, reach)
  if (scope === 'own') return mine
  const teams = once(reach.params, scope, () => reach.params.add(teamsOf(member, scope), 'int[]', (other) => teamsOf(other, scope)))
  return [...mine, `${reach.alias}.owner_team = ANY(${teams})`]
}

const teamsOf = (member: MemberFacts, scope: Scope): readonly number[] => (scope === 'team' ? member.teams : scope === 'teamTree' ? member.teamTree : [])

/** Sharing lets others look, and change what they were given to change; it gives nobody the right to delete, hand over or share on. */
const SHARED: Readonly<Partial<Record<RowAction, string>>> = { read: 'collaborators', export: 'collaborators', edit: 'co_editors' }

/** What is mine, what was shared with me, and what belongs to those for whom I stand in: that as if it were shared for changing. */
function mineSql(member: MemberFacts, { action, alias, params }: Reach): string[] {
  const me = once(params, 'me', () => params.add(member.id, 'int', ME))
  const [owned, shared] = [`${alias}.owner = ${me}`, SHARED[action]]
  if (!shared) return [owned]
  return [owned, `(${alias}.${shared} <> '{}' AND ${alias}.${shared} @> ARRAY[${me}])`, ...awayOwners(member, { alias, params })]
}

const FOLLOWS: ReadonlySet<RowAction> = new Set(['read', 'export'])

/** Those who take part see it, and whoever has in reach the record that `scopeVia` points to, by its own object's scope or by that of what it hangs on in turn. */
function viaParts(viewer: Viewer, plan: Plan, { action, alias, params }: Reach, passed: Passed): string[] {
  const definition = viewer.metadata.objects.get(plan.object)!
  const field = definition.scopeVia === undefined ? undefined : definition.field.get(definition.scopeVia)
  if (!FOLLOWS.has(action)) return []
  const taking = takingSql(viewer, definition, { action, alias, params })
  if (!field) return taking
  const [column, any, through] = [`${alias}."f_${field.key}"`, field.kind === 'anyReference', [...passed, plan.object]]
  const via = targetsOf(field.to, viewer.metadata).filter((target) => !through.includes(target)).flatMap((target) => {
    const parent = `${alias}_via`
    const rows = joined(reachParts(viewer, viewer.planOf(target), { action, alias: parent, params }, through))
    if (rows === 'FALSE') return []
    const exists = `EXISTS (SELECT FROM ${viewer.metadata.objects.get(target)!.table} ${parent} WHERE ${parent}.id = ${column} AND ${parent}.gone_act IS NULL AND ${rows})`
    return any ? [`(${alias}."f_${field.key}__object" = ${params.add(target, 'text')} AND ${exists})`] : [exists]
  })
  return [...taking, ...via]
}

/** Whoever takes part in a record may look at it. */
function takingSql({ member }: Viewer, { participants, field }: ObjectMetadata, { alias, params }: Reach): string[] {
  if (!member || participants === undefined || !field.has(participants)) return []
  return [`${alias}."f_${participants}" @> ARRAY[${once(params, 'me', () => params.add(member.id, 'int', ME))}]`]
}

/** The plans that decide with an object's own which rows are in reach: of everything it may hang on. */
export function plansBehind(viewer: Viewer, plan: Plan, passed: Passed = []): Plan[] {
  const definition = viewer.metadata.objects.get(plan.object)
  const field = definition?.scopeVia === undefined ? undefined : definition.field.get(definition.scopeVia)
  const through = [...passed, plan.object]
  return targetsOf(field?.to, viewer.metadata).filter((target) => !through.includes(target)).flatMap((target) => {
    const parent = viewer.planOf(target)
    return [parent, ...plansBehind(viewer, parent, through)]
  })
}

/** The objects that a reference field may point to. */
export function targetsOf(to: string | readonly string[] | undefined, { objects }: Metadata): string[] {
  const named = to === '*' ? [...objects.keys()] : typeof to === 'string' ? [to] : (to ?? [])
  return named.filter((key) => objects.has(key))
}

const joined = (parts: readonly string[]): string => (parts.length === 1 ? parts[0]! : `(${parts.join(' OR ')})`)
