import { refuse, refused, type Refusal } from '#contract'
import { KERNEL, lensOf, type Context } from '#kernel/access'
import { actOf, instantOf, listRecords, lockRecords, onDutyOf, onShiftAt, type RecordImage, readRecords, write, type Written } from '#kernel/records'
import type { Condition } from '#language/conditions'
import { fallbackSteps } from '#language/definitions'
import { decisionsJson, insertDecisions, numberDecisions } from './decisions.ts'
import type { Request } from './desk.ts'
import { stepsAt } from './fallback.ts'
import { openDesk, peekDesk } from './roster.ts'
import type { Decision, PublishedPolicy } from './types.ts'

/** The policy in force for records of an object; undefined: none. */
export const policyFor = ({ metadata }: Pick<Context, 'metadata'>, object: string): PublishedPolicy | undefined =>
  [...metadata.assignmentPolicies.values()].find((policy) => policy.active && policy.object === object)

/** Records that should have an owner and have none: those that would count towards a load. */
export function unassignedFilter({ metadata }: Pick<Context, 'metadata'>, object: string): Condition {
  const load = metadata.objects.get(object)?.load
  return { all: [{ field: 'owner', op: 'empty' }, ...(load ? [load.while] : [])] }
}

export interface Proposal { record: string; member: number | null; reason: Decision['reason'] }

/** Who would get each of these now, the first first, each seeing what those before it would leave; nothing is locked or written. Six statements at most, and one for each exclusion. */
export async function proposals(ctx: Context, object: string, ids: readonly string[]): Promise<Proposal[]> {
  const policy = policyFor(ctx, object)
  if (!policy || ids.length === 0) return []
  const images = await readRecords(ctx, object, ids)
  const desk = await peekDesk(ctx, [policy])
  const requests = await requestsFor(ctx, policy, ids.flatMap((id) => images.get(id) ?? []))
  return requests.map((request) => desk.assign(request)).map(({ record, chosen, reason }) => ({ record, member: chosen, reason }))
}

export interface Assigned { written: Written[]; refused: { id: string; refusal: Refusal }[] }

/**
 * Gives these records to whom the policy chooses now, in this order, with a decision each; on behalf of whoever asks, with their rights.
 * What has an owner by now, what nobody can take and what is not theirs to give is named. Locks the loads, then the records.
 */
export async function assignByPolicy(ctx: Context, object: string, ids: readonly string[]): Promise<Assigned> {
  const policy = policyFor(ctx, object) ?? refused('NOT_FOUND')
  const theirs = await transferable(ctx, object, ids)
  const desk = await openDesk(ctx, { policies: [policy] })
  const images = await lockRecords(ctx, object, ids.filter((id) => theirs.has(id)))
  const free = ids.flatMap((id) => { const image = images.get(id); return image && !image.gone && image.owner === null ? [image] : [] })
  const decisions = (await requestsFor(ctx, policy, free)).map((request) => desk.assign(request))
  const given = decisions.filter(({ chosen }) => chosen !== null)
  await numberDecisions(ctx.tx, decisions)
  await ctx.tx.query(insertDecisions(1), [decisionsJson(ctx, decisions)], { name: 'insert decisions' })
  const intents = given.map(({ record, chosen, no }) => ({ op: 'update' as const, object, id: record, owner: chosen, decision: no! }))
  const result = intents.length === 0 ? { ok: true as const, written: [] } : await write(ctx, intents, { acts: [{ ...actOf(ctx), reason: policy.label.zh }] })
  if (!result.ok) throw new Error(`An assignment was refused: ${result.refusals[0]!.refusal.code}`)
  return { written: result.written, refused: ids.flatMap((id) => { const refusal = whyNot(id, { theirs, free, decisions }); return refusal ? [{ id, refusal }] : [] }) }
}

function whyNot(id: string, { theirs, free, decisions }: { theirs: ReadonlySet<string>; free: readonly RecordImage[]; decisions: readonly Decision[] }): Refusal | null {
  if (!theirs.has(id)) return refuse('NOT_FOUND')
  if (!free.some((image) => image.id === id)) return refuse('ASSIGNED_MEANWHILE')
  return decisions.find(({ record }) => record === id)?.chosen === null ? refuse('NOBODY_AVAILABLE') : null
}

/** Those of them that the asking member may hand over. */
async function transferable(ctx: Context, object: string, ids: readonly string[]): Promise<Set<string>> {
  if (!lensOf(ctx, object).can('transfer')) refused('FORBIDDEN')
  const { records } = await listRecords(ctx, object, { filter: { field: 'id', op: 'in', value: [...ids] }, fields: [], limit: 200 })
  return new Set(records.flatMap(({ id, can }) => (can.transfer ? [id] : [])))
}

/** What a policy asks about records, as the rules ask it, but that whoever asks decides themselves where it waits and who is told: exclusions met, the owner of the party, whether it counts. */
async function requestsFor(ctx: Context, policy: PublishedPolicy, images: readonly RecordImage[]): Promise<Request[]> {
  if (images.length === 0) return []
  const kernel = { ...ctx, principal: KERNEL }
  const ids = images.map(({ id }) => id)
  const meeting = async (condition: Condition): Promise<Set<string>> => new Set((await listRecords(kernel, policy.object, { filter: { all: [{ field: 'id', op: 'in', value: ids }, condition] }, fields: [], limit: 200 })).records.map(({ id }) => id))
  const met: Set<string>[] = []
  for (const { when } of policy.exclusions) met.push(await meeting(when))
  const stepsMet: (Set<string> | undefined)[] = []
  for (const { when } of fallbackSteps(policy)) stepsMet.push(when && (await meeting(when)))
  const premium = policy.completeness?.premium && (await meeting(policy.completeness.premium))
  const load = ctx.metadata.objects.get(policy.object)!.load
  const counting = load && (await meeting(load.while))
  const owners = await ownersOf(ctx, policy, images)
  const duty = await dutyOf(ctx, policy, images)
  return images.map((record) => ({
    policy, record, event: null, excluding: met.flatMap((some, n) => (some.has(record.id) ? [n] : [])), existing: owners.get(record.id) ?? null, counts: counting?.has(record.id) ?? false, premium: premium?.has(record.id), steps: stepsAt(policy, { made: record.createdAt, now: ctx.now, met: (n) => stepsMet[n]?.has(record.id) ?? true, place: { zone: ctx.tenant.zone, calendar: ctx.metadata.calendar } }).filter((n) => fallbackSteps(policy)[n]!.to === 'team'), onDuty: duty?.get(record.id),
  }))
}

/** By record, who is on duty at its instant; undefined where the policy does not ask. */
async function dutyOf(ctx: Context, { onDuty }: PublishedPolicy, images: readonly RecordImage[]): Promise<Map<string, Set<number>> | undefined> {
  if (!onDuty) return undefined
  const at = images.map((image) => [image.id, instantOf(onDuty, image.values, ctx.now)] as const)
  const shifts = await onShiftAt(ctx, onDuty.object, [...new Set(at.flatMap(([, instant]) => instant ?? []))])
  return new Map(at.map(([id, instant]) => [id, new Set(instant === null ? [] : onDutyOf(shifts.get(instant) ?? [], onDuty.duty))]))
}

/** By record, who owns the record that it belongs to. */
async function ownersOf(ctx: Context, { object, ownerOf }: PublishedPolicy, images: readonly RecordImage[]): Promise<Map<string, number>> {
  const [target] = ownerOf === undefined ? [] : [ctx.metadata.objects.get(object)?.field.get(ownerOf)?.to].flat()
  if (ownerOf === undefined || target === undefined) return new Map()
  const partyOf = ({ values }: RecordImage) => values[ownerOf] as string | null | undefined
  const parties = await readRecords(ctx, target, images.flatMap((image) => partyOf(image) ?? []))
  return new Map(images.flatMap((image) => { const party = parties.get(partyOf(image) ?? ''); return party && !party.gone && party.owner !== null ? [[image.id, party.owner] as const] : [] }))
}
