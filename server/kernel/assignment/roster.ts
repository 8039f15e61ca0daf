import { awayAt, memberRows } from '#kernel/access'
import type { Context, MemberRow } from '#kernel/access'
import { lockCapacity } from '#kernel/records'
import { fallbackSteps, type Capability } from '#language/definitions'
import { completenessBy, type CompletenessBy } from './completeness.ts'
import { Desk, kindOf, type Roster } from './desk.ts'
import type { Candidate, PublishedPolicy } from './types.ts'

export interface Opening {
  policies: readonly PublishedPolicy[]
  /** Others whose load the same transaction changes: present owners of the records. Locked in the same order. */
  alsoLock?: readonly number[]
  /** Who does not compete, whatever their role: whoever is leaving. */
  leaveOut?: readonly number[]
}

/**
 * Locks the loads of everybody concerned, once, then reads who competes: what it reads no one else can change before commit.
 * Must come before any record is locked. Two statements in one round trip – three where a policy counts towards no load – and
 * one for each policy that asks how complete records are; three more the first time that somebody may hold a kind of record.
 */
export async function openDesk(ctx: Context, { policies, alsoLock = [], leaveOut = [] }: Opening): Promise<Desk> {
  const { members, competing, ids } = await castOf(ctx, policies, leaveOut)
  const turn = policies.some((policy) => kindOf(ctx.metadata, policy) === undefined) ? takeTurn(ctx) : null
  const locking = lockCapacity(ctx, [...ids, ...alsoLock])
  const [locked, first] = await Promise.all([locking, readCandidates(ctx, ids), turn])
  const rows = (await makeMissing(ctx, policies, first, locked)) ? await readCandidates(ctx, ids) : first
  const completeness = await completenessBy(ctx, competing, true)
  return new Desk(rosterOf(ctx, { competing, members, rows: new Map(rows.map((row) => [row.id, row])), completeness }), ctx.metadata)
}

/** As openDesk, to look only: nothing is locked, so what it decides may be different a moment later. One statement. */
export async function peekDesk(ctx: Context, policies: readonly PublishedPolicy[]): Promise<Desk> {
  const { members, competing, ids } = await castOf(ctx, policies)
  const rows = await readCandidates(ctx, ids)
  const completeness = await completenessBy(ctx, competing, false)
  return new Desk(rosterOf(ctx, { competing, members, rows: new Map(rows.map((row) => [row.id, row])), completeness }), ctx.metadata)
}

/** Advisory lock of a tenant, beside those of its queues and timers. */
const WITHOUT_LOADS = 300

/** Where no load is counted there is none to lock, and two at once would choose the same one: they go one after the other. */
const takeTurn = ({ tx }: Context): Promise<unknown> => tx.query(`select pg_advisory_xact_lock($1::int, ${WITHOUT_LOADS})`, [tx.tenant.id], { name: 'take turn' })

async function castOf(ctx: Context, policies: readonly PublishedPolicy[], leaveOut: readonly number[] = []) {
  const members = [...(await memberRows(ctx.tx)).values()].filter(({ active, id }) => active && !leaveOut.includes(id))
  const competing = new Map(policies.map((policy) => [policy, members.filter((each) => competes(each, policy)).map(({ id }) => id)]))
  return { members, competing, ids: [...new Set([...competing.values()].flat())] }
}

/** A statement of its own, so that it sees what those before us in the queue for the lock have committed. */
const readCandidates = ({ tx }: Context, ids: readonly number[]): Promise<CandidateRow[]> => tx.query<CandidateRow>(CANDIDATES, [ids], { name: 'candidates' })

/**
 * A load that had no row could not be locked, even if it has one by now: it is made where needed, and locked then.
 * True: something was locked anew, so what was read before may be old.
 */
async function makeMissing({ tx, metadata }: Context, policies: readonly PublishedPolicy[], rows: readonly CandidateRow[], locked: ReadonlyMap<number, ReadonlySet<string>>): Promise<boolean> {
  const kinds = [...new Set(policies.map((policy) => kindOf(metadata, policy)).filter((kind) => kind !== undefined))]
  const missing = rows.flatMap(({ id, capability }) => kinds.filter((kind) => !locked.get(id)?.has(kind)).map((kind) => ({ id, kind, limit: capability.capacity })))
  if (missing.length === 0) return false
  const given = [missing.map(({ id }) => id), missing.map(({ kind }) => kind)]
  await tx.query(`insert into {t}.member_load (member, kind, "limit") select * from unnest($1::int[], $2::text[], $3::int[]) on conflict do nothing`, [...given, missing.map(({ limit }) => limit)])
  await tx.query(`select 1 from {t}.member_load l join unnest($1::int[], $2::text[]) m(member, kind) using (member, kind) order by l.member, l.kind for update of l`, given)
  return true
}

const competes = ({ roles }: MemberRow, policy: PublishedPolicy): boolean => roles.some((role) => policy.roles.includes(role))

const CANDIDATES = `select m.id, m.name, m.capability,
    (select jsonb_object_agg(l.kind, l.open) from {t}.member_load l where l.member = m.id) as loads,
    (select max(a.id) from {t}.assignment a where a.member = m.id) as received
  from {t}.member m where m.id = any($1::int[])`

interface CandidateRow { id: number; name: string; capability: Capability; loads: Record<string, number> | null; received: number | null }
interface Found { competing: ReadonlyMap<PublishedPolicy, readonly number[]>; members: readonly MemberRow[]; rows: ReadonlyMap<number, CandidateRow>; completeness: CompletenessBy }

function rosterOf(ctx: Context, { competing, members, rows, completeness }: Found): Roster {
  const away = new Map(members.flatMap((each) => { const now = awayAt(each, ctx.now.getTime()); return now ? [[each.id, new Date(now.to).toISOString()] as const] : [] }))
  const teams = new Map(members.map((each) => [each.id, each.team === null ? each.teams : [each.team, ...each.teams]]))
  const candidates = [...competing].map(([policy, ids]) => {
    const kind = kindOf(ctx.metadata, policy)
    const known = completeness.get(policy)
    const named = fallbackSteps(policy).some(({ team }) => team !== undefined)
    return [policy.key, ids.flatMap((id) => (rows.has(id) ? [{ ...candidateOf(rows.get(id)!, kind), ...(away.has(id) && { away: away.get(id) }), ...(known && { completeness: known.get(id) }), ...(named && { teams: teams.get(id) }) }] : []))] as const
  })
  return { active: new Set(members.map(({ id }) => id)), candidates: new Map(candidates) }
}

/** The limit is what their capability says now. */
function candidateOf({ id, name, capability, loads, received }: CandidateRow, kind: string | undefined): Candidate {
  const load = kind === undefined ? { open: 0, limit: null } : { open: loads?.[kind] ?? 0, limit: capability.capacity }
  return { member: id, name, skills: capability.skills, regions: capability.regions, received, load }
}
