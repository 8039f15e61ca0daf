import { memberRows, type Context } from '#kernel/access'
import type { ObjectMetadata } from '#kernel/metadata'
import { bind, checkCondition, collectParams, normalise, plainEnv, toSql } from '#language/conditions'

/** Everything that hangs on one member. `ways`: whom else a record of the object can go to than a named member. */
export interface Holdings {
  objects: { object: string; count: number; ways: ('policy' | 'pool')[] }[]
  collaborations: number
  supervised: number[]
  headed: number[]
  keys: number
  sessions: number
}

/** What belongs to a member's work; what they said and did (follow-ups, comments, behaviours) stays theirs. */
export const handedOver = ({ objects }: Context['metadata']): ObjectMetadata[] => [...objects.values()].filter(({ immutable, activity, comment, part }) => !immutable && !activity && !comment && !part)

/** What a member holds, counted through the whole tenant: for those who manage members. Three statements. */
export async function holdingsOf(ctx: Context, member: number): Promise<Holdings> {
  const objects = handedOver(ctx.metadata)
  const params = collectParams()
  const goes = objects.map((object) => `select '${object.key}' as object, count(*)::int as n ${goesSql(ctx, object, { member, params })}`).join(' union all ')
  const along = objects.map(({ key, table }) => `select '${key}' as object, count(*)::int as n from ${table} r where r.gone_act is null and r.collaborators <> '{}' and r.collaborators @> array[$1::int]`).join(' union all ')
  const [owned, shared, doors] = await Promise.all([
    ctx.tx.query<{ object: string; n: number }>(goes, params.values),
    ctx.tx.query<{ object: string; n: number }>(along, [member]),
    ctx.tx.query<{ keys: number; sessions: number }>(`select (select count(*)::int from {t}.api_key where member = $1 and revoked_at is null) as keys, (select count(*)::int from {t}.session where member = $1) as sessions`, [member]),
  ])
  const ways = (object: string): Holdings['objects'][number]['ways'] => [...([...ctx.metadata.assignmentPolicies.values()].some((policy) => policy.object === object && policy.active) ? ['policy' as const] : []), ...(ctx.metadata.pooling(object) ? ['pool' as const] : [])]
  return {
    objects: owned.filter(({ n }) => n > 0).map(({ object, n }) => ({ object, count: n, ways: ways(object) })).sort((a, b) => b.count - a.count),
    collaborations: shared.reduce((sum, { n }) => sum + n, 0),
    supervised: [...(await memberRows(ctx.tx)).values()].filter(({ supervisor }) => supervisor === member).map(({ id }) => id),
    headed: [...ctx.metadata.teams.values()].filter(({ head }) => head === member).map(({ id }) => id),
    ...doors[0]!,
  }
}

/** From where a member's records of an object go along: all of them, or those that are still open if the object says which. Rows are `r`. */
export function goesSql({ tenant, metadata, now }: Context, { key, table, open }: ObjectMetadata, { member, params }: { member: number; params: ReturnType<typeof collectParams> }): string {
  const owned = `from ${table} r where r.gone_act is null and r.owner = ${params.param(member, 'int')}`
  if (!open) return owned
  const checked = checkCondition(open, metadata.conditionSchema(key), 'field-check')
  if (!checked.ok) throw new Error(`What is open of ${key} was published though it is not valid: ${checked.problems[0]!.en}`)
  const holds = toSql(normalise(bind(checked.checked, { me: null, myTeams: [], now, zone: tenant.zone, calendar: metadata.calendar })), plainEnv(tenant.schema, { object: key, alias: 'r' }, params))
  return `${owned} and ${holds.text}`
}
