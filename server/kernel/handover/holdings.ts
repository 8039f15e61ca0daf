import { memberRows, type Context } from '#kernel/access'
import type { ObjectMetadata } from '#kernel/metadata'

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
  const each = (what: string) => objects.map(({ key, table }) => `select '${key}' as object, count(*)::int as n from ${table} r where r.gone_act is null and ${what}`).join(' union all ')
  const [owned, shared, doors] = await Promise.all([
    ctx.tx.query<{ object: string; n: number }>(each('r.owner = $1'), [member]),
    ctx.tx.query<{ object: string; n: number }>(each(`r.collaborators <> '{}' and r.collaborators @> array[$1::int]`), [member]),
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
