import { refused } from '#contract'
import { FULL_RIGHTS, NOTHING_SETTLED, type AdminRight, type OwnAutomation } from '#language/definitions'
import { metadataOf, type Metadata } from '#kernel/metadata'
import type { Tx } from '#platform/db'
import { Recent } from '#platform/recent'
import { standsForAt, type Away } from './absence.ts'
import { remembered } from './remembered.ts'
import type { MemberFacts, Principal } from './types.ts'

/** The rights of the kernel itself: rules, intake and system work carry it explicitly, with a named actor. */
export const KERNEL: Principal = { kind: 'kernel' }

/** What the kernel needs of a member; `team` is the main one. */
export interface MemberRow { id: number; name: string; roles: readonly string[]; team: number | null; teams: readonly number[]; supervisor: number | null; active: boolean; /** Present and coming absences. */ away: readonly Away[]; /** What they have settled about rules for their own records. */ own: OwnAutomation }
type MemberRows = ReadonlyMap<number, MemberRow>

type MemberPrincipal = Extract<Principal, { kind: 'member' }>

/** The rights of an active member. Refused SIGN_IN_REQUIRED when there is none. No statement once the epoch is cached. The same object while the epoch and those they stand in for are the same. */
export async function memberPrincipal(tx: Tx, id: number): Promise<MemberPrincipal> {
  const rows = await memberRows(tx)
  const row = rows.get(id)
  if (!row?.active) return refused('SIGN_IN_REQUIRED')
  const [known, standsFor] = [remembered(principals, rows, () => new Recent<string, MemberPrincipal>(PRINCIPALS)), remembered(absences, rows, () => isAnybodyAway(rows)) ? standsForAt(rows, id, tx.now.getTime()) : NOBODY]
  const name = [id, ...standsFor].join(' ')
  const metadata = await metadataOf(tx)
  return known.getOrMake(name, () => ({ kind: 'member', member: factsOf(row, metadata, standsFor) }))
}

const absences = new WeakMap<MemberRows, boolean>()
const isAnybodyAway = (rows: MemberRows): boolean => rows.values().some(({ away }) => away.length > 0)
const NOBODY: readonly number[] = []

/** Of a tenant, those who came last. */
const PRINCIPALS = 200
const principals = new WeakMap<MemberRows, Recent<string, MemberPrincipal>>()

export async function memberFacts(tx: Tx, id: number): Promise<MemberFacts | undefined> {
  return (await memberRows(tx)).get(id)?.active ? (await memberPrincipal(tx, id)).member : undefined
}

export async function memberRow(tx: Tx, id: number): Promise<MemberRow | undefined> {
  return (await memberRows(tx)).get(id)
}

/**
 * Every member of the tenant, by id. Cached per epoch, one statement per epoch and process:
 * whoever changes a member's roles, team, supervisor, name, state, absences or own automation raises the epoch in the same transaction.
 */
export async function memberRows(tx: Tx): Promise<MemberRows> {
  const metadata = await metadataOf(tx)
  const known = cache.get(metadata)
  if (known) return known
  const { rows, epoch } = await readMembers(tx)
  // A transaction that has itself raised the epoch sees rows of the next one.
  if (epoch === metadata.epoch) cache.set(metadata, rows)
  return rows
}

const cache = new WeakMap<Metadata, MemberRows>()

async function readMembers(tx: Tx): Promise<{ rows: MemberRows; epoch: number }> {
  const found = await tx.query<Omit<MemberRow, 'own'> & { state: string; epoch: number; paused: string[] | null; slots: OwnAutomation['slots'] | null }>(
    `select s.epoch, m.id, m.name, m.roles, m.team, m.teams, m.supervisor, m.state, coalesce(a.away, '[]') as away, o.paused, o.slots from {t}.state s left join {t}.member m on true
      left join (${AWAY}) a on a.member = m.id left join {t}.own_automation o on o.id = m.id`)
  const rows = found.filter(({ id }) => id !== null).map(({ state, epoch: _, paused, slots, ...row }) => ({ ...row, teams: teamsOf(row), active: state === 'active', own: paused && slots ? { paused, slots } : NOTHING_SETTLED }))
  return { rows: new Map(rows.map((row) => [row.id, row])), epoch: found[0]?.epoch ?? 0 }
}

const AWAY = `select member, json_agg(json_build_object('from', extract(epoch from from_at) * 1000, 'to', extract(epoch from to_at) * 1000, 'standIns', stand_ins) order by from_at) as away
  from {t}.absence where state in ('planned', 'running') group by member`

const teamsOf = ({ team, teams }: Pick<MemberRow, 'team' | 'teams'>): number[] => [...new Set([team, ...(teams ?? [])])].filter((id) => id !== null)

export function factsOf(row: MemberRow, metadata: Metadata, standsFor: readonly number[]): MemberFacts {
  const roles = row.roles.filter((key) => metadata.roles.has(key))
  const teams = teamsWith(row, metadata)
  return {
    id: row.id, name: row.name, roles, teams, supervisor: row.supervisor, standsFor,
    teamTree: withBelow(teams, metadata),
    rights: withTags(new Set(roles.flatMap((key) => metadata.roles.get(key)!.rights))),
  }
}

/** The teams of a member: whoever heads one belongs to it, wherever they sit. */
export const teamsWith = ({ id, teams }: Pick<MemberRow, 'id' | 'teams'>, metadata: Pick<Metadata, 'teams'>): number[] =>
  [...new Set([...teams, ...[...metadata.teams.values()].filter(({ head }) => head === id).map((team) => team.id)])]

/** Whoever decides over policies decides over the tags that they read. */
const withTags = (rights: ReadonlySet<AdminRight>): ReadonlySet<AdminRight> => (FULL_RIGHTS.every((right) => rights.has(right)) ? new Set([...rights, 'tags' as const]) : rights)

/** The teams and every team below them. */
function withBelow(teams: readonly number[], { teams: all }: Metadata): number[] {
  const reached = new Set(teams)
  for (const id of reached) for (const team of all.values()) if (team.parent === id) reached.add(team.id)
  return [...reached]
}
