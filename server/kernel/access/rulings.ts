import { BlockList, isIP } from 'node:net'
import type { Policy, Relation, Scenario, Whom } from '#language/definitions'
import { workedBetween } from '#language/values'
import type { Metadata } from '#kernel/metadata'
import { baseOf, once } from './grounds.ts'
import { awayOwners, ME, TEAM_TREE } from './facts.ts'
import { brokenGuard, guardSql, type Asker } from './guard.ts'
import type { Context, MemberFacts, Place } from './types.ts'

/** A policy as it concerns one principal in present circumstances: what is left to ask of each record. */
export interface Ruling { policy: Policy; relations: readonly Relation[]; spared: readonly Relation[] }
/** Who looks, in which circumstances; null: a rule, on nobody's behalf. */
export interface Circumstances { member: MemberFacts | null; scenario: Scenario; working: boolean; ip: string | null }

/** The policies about an object that have something to say here and now. The member part is decided, the record part remains. */
export function rulingsOn(metadata: Metadata, object: string, circumstances: () => Circumstances | null): readonly Ruling[] {
  const policies = metadata.policiesOf(object)
  const here = policies.length === 0 ? null : circumstances()
  return here ? policies.flatMap((policy) => rulingOf(metadata, policy, here)) : NONE
}
const NONE: readonly Ruling[] = []

function rulingOf(metadata: Metadata, policy: Policy, here: Circumstances): Ruling[] {
  if (!isNow(policy, here)) return []
  // A rule stands in no role, team or relation: only what concerns everybody concerns it, and it is not given anything. To what it creates it stands as everybody does.
  if (!here.member) return policy.effect === 'limit' && (policy.who === undefined || policy.scenarios?.includes('automation')) ? [{ policy, relations: [], spared: (policy.except?.relations ?? []).filter((relation) => relation === 'owner') }] : []
  const ruling = concerning(metadata, policy, here.member)
  return ruling ? [ruling] : []
}

/** The policy as it concerns a member, whenever and wherever they act; null: it does not. */
export function concerning(metadata: Metadata, policy: Policy, member: MemberFacts): Ruling | null {
  const [who, except] = [standing(metadata, policy.who, member), standing(metadata, policy.except, member)]
  const concerned = policy.who === undefined || who.always || who.relations.length > 0
  return concerned && !except.always ? { policy, relations: policy.who === undefined || who.always ? [] : who.relations, spared: except.relations } : null
}

function isNow({ scenarios, time, network }: Policy, here: Circumstances): boolean {
  const { member, scenario, ip } = here
  if (scenarios && !scenarios.includes(scenario)) return false
  if (time && (time === 'working') !== here.working) return false
  return !network || (member !== null && isWithin(ip, network.ranges) === network.inside)
}

/** Is the member named, and in which relations to a record would they be? */
export function standing({ teams }: Pick<Metadata, 'teams'>, { roles = [], teams: named = [], members = [], relations = [] }: Whom = {}, member: MemberFacts): { always: boolean; relations: readonly Relation[] } {
  const above = (team: number | null): number[] => { const found = team === null ? undefined : teams.get(team); return found ? [found.id, ...above(found.parent)] : [] }
  const inTeam = named.length > 0 && member.teams.some((team) => above(team).some((each) => named.includes(each)))
  return { always: inTeam || members.includes(member.id) || roles.some((role) => member.roles.includes(role)), relations }
}

const lists = new WeakMap<readonly string[], BlockList>()
export function isWithin(ip: string | null, ranges: readonly string[]): boolean {
  if (ip === null || isIP(ip) === 0) return false
  const list = lists.get(ranges) ?? ranges.reduce((all, range) => {
    const [address, bits] = range.split('/')
    all.addSubnet(address!, Number(bits), isIP(address!) === 6 ? 'ipv6' : 'ipv4')
    return all
  }, new BlockList())
  lists.set(ranges, list)
  return list.check(ip, isIP(ip) === 6 ? 'ipv6' : 'ipv4')
}

/** Nothing is asked of the record. */
export const isAlways = ({ policy, relations, spared }: Ruling): boolean => policy.when === undefined && relations.length === 0 && spared.length === 0

/** As far as this principal is concerned; the kernel on its own errands is concerned by nothing, a rule by what concerns everybody. */
export function circumstancesOf({ principal, actor, request, now, tenant, metadata }: Pick<Context, 'principal' | 'actor' | 'request' | 'now' | 'tenant' | 'metadata'>): Circumstances | null {
  const member = principal.kind === 'member' ? principal.member : null
  if (!member && actor.kind !== 'rule') return null
  return {
    member, scenario: member ? (request?.scenario ?? 'screen') : 'automation', ip: request?.ip ?? null,
    // Worked out where a policy asks for it.
    get working() { return workedBetween(now.getTime(), now.getTime() + 1, { zone: tenant.zone, calendar: metadata.calendar }) > 0 },
  }
}

/** Whose rows these are asked about, and when. */
export interface Looker extends Asker { member: MemberFacts | null }

/** Where the ruling holds, as SQL that is TRUE there; null: everywhere. A limit that cannot be read any more holds, an allow does not. */
export function holdsSql(looker: Looker, ruling: Ruling, place: Place): string | null {
  const { base, nameOf } = place.params
  const asked = askedSql(looker, ruling, base ? { ...place, params: base } : place)
  return asked === null || !nameOf ? asked : nameOf(asked)
}

/** The number of the question whether it holds, among those asked beside the row; null: it holds everywhere. */
export function groundOf(looker: Looker, ruling: Ruling, { params, ...place }: Place): number | null {
  const asked = askedSql(looker, ruling, { ...place, params: baseOf(params) })
  return asked === null ? null : params.noOf!(asked)
}

function askedSql(looker: Looker, { policy, relations, spared }: Ruling, place: Place): string | null {
  const guard = policy.when && { object: policy.object, condition: policy.when }
  const broken = guard && brokenGuard(looker, guard)
  const parts = [
    relations.length > 0 && related(looker, relations, place),
    spared.length > 0 && `(${related(looker, spared, place)}) IS NOT TRUE`,
    guard && !broken && guardSql(looker, guard, place),
    broken && policy.effect === 'allow' && 'FALSE',
  ].filter((part) => typeof part === 'string')
  return parts.length === 0 ? null : `(${parts.join(' AND ')})`
}

function related({ member }: Looker, relations: readonly Relation[], { alias, params, born }: Place): string {
  if (born && relations.includes('owner')) return 'TRUE'
  if (!member) return 'FALSE'
  const sql: Record<Relation, () => string> = {
    // Whoever stands in for the owner acts in their place.
    owner: () => [`${alias}.owner = ${once(params, 'me', () => params.add(member.id, 'int', ME))}`, ...awayOwners(member, { alias, params })].join(' OR '),
    collaborator: () => `${alias}.collaborators @> ARRAY[${once(params, 'me', () => params.add(member.id, 'int', ME))}]`,
    ownerTeam: () => `${alias}.owner_team = ANY(${once(params, 'teamTree', () => params.add(member.teamTree, 'int[]', TEAM_TREE))})`,
  }
  return `(${relations.map((relation) => sql[relation]()).join(' OR ')})`
}
