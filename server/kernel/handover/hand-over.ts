import { refused } from '#contract'
import { KERNEL, memberRow, type Context } from '#kernel/access'
import { houseReason } from '#kernel/changes'
import { assignBatch, openDesk, type AssignmentRequest, type PublishedPolicy } from '#kernel/assignment'
import { endSessions, keysOf, revokeKey, updateMember, updateTeam } from '#kernel/members'
import { actOf, lockCapacity, lockRecords, readRecords, write, type Intent, type RecordImage } from '#kernel/records'
import { checkCondition, collectParams, NOTHING_SEEN, toPredicate, type Condition } from '#language/conditions'
import { fallbackSteps } from '#language/definitions'
import { goesSql, handedOver, holdingsOf } from './holdings.ts'

/** Who receives the records of one object: a member, whom the object's assignment policy chooses, or its pools. */
export type Receiver = { to: 'member'; member: number } | { to: 'policy' } | { to: 'pool' }
export interface HandoverOrder {
  objects: readonly (Receiver & { object: string })[]
  /** Who works along in their place; null: nobody. */
  collaborations: number | null
  /** Whom their subordinates and teams answer to from now on; null: they stay as they are. */
  successor: number | null
  suspend: boolean
}
/** `member` null: into a pool; `stays`: nobody could take them. */
export interface Planned { object: string; member: number | null; stays: boolean; count: number }
export interface Handed { id: number; given: Planned[]; collaborations: number; supervised: number; headed: number; keys: number; suspended: boolean }

interface Part { object: string; ids: readonly string[]; owners: readonly (number | null | undefined)[]; decisions: readonly (number | undefined)[] }

/** Who would receive how many; nothing is written. */
export async function planHandover(ctx: Context, member: number, order: HandoverOrder): Promise<Planned[]> {
  await checkOrder(ctx, member, order)
  const parts: Part[] = []
  for (const each of order.objects) parts.push(await partOf(ctx, member, each, false))
  return tallies(parts)
}

/**
 * A member's work goes to others: one act per object, then what they worked along in, whom they led, their keys and sessions, and if wanted their account.
 * Set-based: the number of statements does not grow with the records. Refused NOT_FOUND, REQUEST_INVALID (receivers that do not fit), as updateMember.
 */
export async function handOver(ctx: Context, member: number, order: HandoverOrder): Promise<Handed> {
  await checkOrder(ctx, member, order)
  const leaver = (await memberRow(ctx.tx, member))!
  const before = await holdingsOf(ctx, member)
  const [parts, acts]: [Part[], number[]] = [[], []]
  const reason = houseReason(['handed_over', leaver.name])
  for (const each of order.objects) {
    const part = await partOf(ctx, member, each, true)
    parts.push(part)
    acts.push(...(await give(ctx, part, reason)))
  }
  const shared = await passOnShares(ctx, member, order.collaborations, reason)
  acts.push(...shared.acts)
  const led = order.successor === null ? { supervised: [], headed: [] } : await passOnPeople(ctx, member, order.successor, before)
  const keys = await closeDoors(ctx, member)
  if (order.suspend) await updateMember(ctx, member, { state: 'suspended' })
  const [row] = await ctx.tx.query<{ id: number }>('insert into {t}.handover (member, by, at, acts, before) values ($1, $2, $3, $4, $5) returning id',
    [member, ctx.principal.kind === 'member' ? ctx.principal.member.id : 0, ctx.now, acts, JSON.stringify({ ...led, successor: order.successor, suspended: order.suspend, keys })])
  return { id: row!.id, given: tallies(parts), collaborations: shared.count, supervised: led.supervised.length, headed: led.headed.length, keys, suspended: order.suspend }
}

async function checkOrder(ctx: Context, member: number, { objects, collaborations, successor }: HandoverOrder): Promise<void> {
  if (!(await memberRow(ctx.tx, member))) refused('NOT_FOUND')
  const known = new Set(handedOver(ctx.metadata).map(({ key }) => key))
  const receivers = [...objects.flatMap((each) => (each.to === 'member' ? [each.member] : [])), ...[collaborations, successor].filter((id) => id !== null)]
  for (const id of receivers) if (id === member || !(await memberRow(ctx.tx, id))?.active) refused('VALUE_INVALID', 'objects', { field: '接收人', reason: '没有这位在职成员' })
  for (const { object, to } of objects) if (!known.has(object) || (to === 'policy' && !policyFor(ctx, object)) || (to === 'pool' && !ctx.metadata.pooling(object))) refused('REQUEST_INVALID', 'objects', { reason: object })
}

const policyFor = ({ metadata }: Context, object: string): PublishedPolicy | undefined => [...metadata.assignmentPolicies.values()].find((policy) => policy.object === object && policy.active)

async function partOf(ctx: Context, member: number, { object, ...receiver }: Receiver & { object: string }, really: boolean): Promise<Part> {
  const params = collectParams()
  const rows = await ctx.tx.query<{ id: string }>(`select r.id ${goesSql(ctx, ctx.metadata.objects.get(object)!, { member, params })} order by r.id`, params.values)
  const ids = rows.map(({ id }) => id)
  if (receiver.to !== 'policy') return { object, ids, owners: ids.map(() => (receiver.to === 'member' ? receiver.member : null)), decisions: [] }
  const chosen = await compete(ctx, object, ids, { member, really })
  return { object, ids, owners: chosen.map(({ owner }) => owner), decisions: chosen.map(({ decision }) => decision) }
}

/** Whom the policy chooses, the leaver left aside; undefined: nobody can take it, it stays. */
async function compete(ctx: Context, object: string, ids: readonly string[], { member, really }: { member: number; really: boolean }): Promise<{ owner: number | undefined; decision: number | undefined }[]> {
  const policy = policyFor(ctx, object)!
  const images = await readRecords(ctx, object, ids)
  const requests = ids.map((id, i): AssignmentRequest => ({ policy, record: images.get(id)!, event: null, excluding: excludingOf(ctx, policy, images.get(id)!), existing: null, premium: isPremium(ctx, policy, images.get(id)!), counts: true, steps: teamSteps(policy), priority: 0, seq: i }))
  const decisions = really ? await assignBatch(ctx, requests, [member]) : await openDesk(ctx, { policies: [policy], alsoLock: [member], leaveOut: [member] }).then((desk) => requests.map((request) => desk.assign(request)))
  return decisions.map(({ chosen, no }) => ({ owner: chosen ?? undefined, decision: chosen === null ? undefined : (no ?? undefined) }))
}

const excludingOf = (ctx: Context, { exclusions, object }: PublishedPolicy, record: RecordImage): number[] => exclusions.flatMap(({ when }, i) => (meets(ctx, object, { when, record }) ? [i] : []))

/** What nobody can take stays with the leaver, unless the team can. */
const teamSteps = (policy: PublishedPolicy): number[] => [...fallbackSteps(policy).entries()].flatMap(([n, { to, when, after }]) => (to === 'team' && when === undefined && after === undefined ? [n] : []))

const isPremium = (ctx: Context, { completeness, object }: PublishedPolicy, record: RecordImage): boolean | undefined => completeness?.premium && meets(ctx, object, { when: completeness.premium, record })

function meets(ctx: Context, object: string, { when, record }: { when: Condition; record: RecordImage }): boolean {
  const checked = checkCondition(when, ctx.metadata.conditionSchema(object), 'field-check')
  return checked.ok && toPredicate(checked.checked)(record.values, NOTHING_SEEN, { me: null, myTeams: [], now: ctx.now, zone: ctx.tenant.zone, calendar: ctx.metadata.calendar }) === true
}

async function give(ctx: Context, { object, ids, owners, decisions }: Part, reason: string): Promise<number[]> {
  const intents = ids.flatMap((id, i): Intent[] => (owners[i] === undefined ? [] : [{ op: 'update', object, id, owner: owners[i]!, ...(decisions[i] !== undefined && { decision: decisions[i] }) }]))
  if (intents.length === 0) return []
  const acting: Context = { ...ctx, principal: KERNEL }
  await lockCapacity(ctx, [...new Set(owners.filter((id): id is number => typeof id === 'number'))])
  const images = await lockRecords(ctx, object, intents.map(({ id }) => id!))
  return doneBy(await write(acting, intents, { acts: [{ ...actOf(acting), reason }], locked: images }))
}

function doneBy(result: Awaited<ReturnType<typeof write>>): number[] {
  if (!result.ok) refused(result.refusals[0]!.refusal.code, result.refusals[0]!.refusal.path, result.refusals[0]!.refusal.params)
  return [...new Set((result as Extract<typeof result, { ok: true }>).written.map(({ act }) => act).filter((act) => act !== null))]
}

/** In the leaver's place, with the leaver's rights, somebody else works along. */
async function passOnShares(ctx: Context, member: number, to: number | null, reason: string): Promise<{ count: number; acts: number[] }> {
  let [count, acts]: [number, number[]] = [0, []]
  const acting: Context = { ...ctx, principal: KERNEL }
  for (const { key, table } of handedOver(ctx.metadata)) {
    const rows = await ctx.tx.query<{ id: string; owner: number | null; edits: boolean; there: boolean }>(`select id, owner, co_editors @> array[$1::int] as edits, collaborators @> array[$2::int] as there from ${table} where gone_act is null and collaborators <> '{}' and collaborators @> array[$1::int] order by id`, [member, to])
    if (rows.length === 0) continue
    const intents = rows.map(({ id, owner, edits, there }): Intent => ({ op: 'update', object: key, id, share: [{ member, access: 'none' }, ...(to === null || to === owner || there ? [] : [{ member: to, access: edits ? ('write' as const) : ('read' as const) }])] }))
    acts = [...acts, ...doneBy(await write(acting, intents, { acts: [{ ...actOf(acting), reason }] }))]
    count += rows.length
  }
  return { count, acts }
}

async function passOnPeople(ctx: Context, member: number, successor: number, { supervised, headed }: { supervised: readonly number[]; headed: readonly number[] }): Promise<{ supervised: number[]; headed: number[] }> {
  const above = (await memberRow(ctx.tx, member))!.supervisor
  // The successor themselves answers to whom the leaver answered to.
  for (const id of [...supervised].sort((a, b) => Number(b === successor) - Number(a === successor))) await updateMember(ctx, id, { supervisor: id === successor ? above : successor })
  for (const team of headed) await updateTeam(ctx, team, { head: successor })
  return { supervised: [...supervised], headed: [...headed] }
}

/** Nobody goes on in the leaver's name. */
async function closeDoors(ctx: Context, member: number): Promise<number> {
  const open = (await keysOf(ctx, member)).filter(({ revokedAt }) => revokedAt === null)
  for (const { id } of open) await revokeKey(ctx, member, id)
  await endSessions(ctx.tx, member, null)
  return open.length
}

const tallies = (parts: readonly Part[]): Planned[] =>
  parts.flatMap(({ object, owners }) => [...Map.groupBy(owners, (owner) => owner)].map(([owner, same]) => ({ object, member: owner ?? null, stays: owner === undefined, count: same.length })).sort((a, b) => b.count - a.count))
