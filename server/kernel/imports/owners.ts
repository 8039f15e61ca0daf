import { lensOf, planScope, type Context } from '#kernel/access'
import { assignBatch, type AssignmentRequest, type PublishedPolicy } from '#kernel/assignment'
import { readRecords } from '#kernel/records'
import { checkCondition, NOTHING_SEEN, toPredicate } from '#language/conditions'
import type { Owners } from './carry.ts'
import type { Import, OwnerFrom, Planned } from './types.ts'

/** Who may answer for what this member brings in: themselves; others and nobody only as far as they may create it for others. */
export function ownersOffered(ctx: Context, object: string): { from: OwnerFrom; policies: readonly PublishedPolicy[] }[] {
  const wide = planScope(ctx, object, 'create') === 'all'
  const policies = wide ? [...ctx.metadata.assignmentPolicies.values()].filter((policy) => policy.object === object && policy.active) : []
  return [
    { from: 'me', policies: [] },
    ...(lensOf(ctx, object).enterable.has('owner') ? [{ from: 'column' as const, policies: [] }] : []),
    ...(policies.length > 0 ? [{ from: 'policy' as const, policies }] : []),
    ...(wide ? [{ from: 'nobody' as const, policies: [] }] : []),
  ]
}

/** The policy decides about every new row, and its decisions are kept. Takes the capacity locks. Nothing happens where the owner comes from elsewhere. */
export async function compete(ctx: Context, { object, options }: Import, rows: readonly Planned[]): Promise<Owners> {
  const policy = options.owner === 'policy' ? ctx.metadata.assignmentPolicies.get(options.policy ?? '') : undefined
  const fresh = rows.filter(({ outcome }) => outcome === 'create')
  if (!policy?.active || fresh.length === 0) return new Map()
  const parties = await ownersOfParties(ctx, policy, fresh)
  const requests = fresh.map(({ id, values }, seq): AssignmentRequest => ({ policy, record: { object, id: id!, owner: null, values }, event: null, excluding: excludingOf(ctx, policy, values), existing: parties.get(String(values[policy.ownerOf ?? ''])) ?? null, counts: true, priority: 0, seq }))
  const decisions = await assignBatch(ctx, requests)
  return new Map(decisions.map(({ record, chosen, no }) => [record, { owner: chosen, decision: chosen === null ? undefined : (no ?? undefined) }]))
}

/** Who already answers for the party that a row belongs to, by its id. */
async function ownersOfParties(ctx: Context, { ownerOf, object }: PublishedPolicy, rows: readonly Planned[]): Promise<Map<string, number | null>> {
  const to = ownerOf === undefined ? undefined : ctx.metadata.objects.get(object)?.field.get(ownerOf)?.to
  const named = typeof to === 'string' ? [...new Set(rows.flatMap(({ values }) => (typeof values[ownerOf!] === 'string' ? [values[ownerOf!] as string] : [])))] : []
  const images = named.length > 0 ? await readRecords(ctx, to as string, named) : new Map<string, never>()
  return new Map([...images].map(([id, { owner }]) => [id, owner]))
}

function excludingOf(ctx: Context, { exclusions, object }: PublishedPolicy, values: Planned['values']): number[] {
  return exclusions.flatMap(({ when }, i) => {
    const checked = checkCondition(when, ctx.metadata.conditionSchema(object), 'field-check')
    return checked.ok && toPredicate(checked.checked)(values, NOTHING_SEEN, { me: null, myTeams: [], now: ctx.now, zone: ctx.tenant.zone, calendar: ctx.metadata.calendar }) ? [i] : []
  })
}
