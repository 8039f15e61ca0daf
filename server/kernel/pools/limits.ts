import type { Context } from '#kernel/access'
import { bind, checkCondition, collectParams, normalise, plainEnv, toSql } from '#language/conditions'
import { dayOf, startOfDay } from '#language/values'

const memberOf = ({ principal }: Context): number | null => (principal.kind === 'member' ? principal.member.id : null)

/** How many records the member has taken out of each pool since midnight of the tenant's day. One statement. */
export async function claimedToday(ctx: Context, object: string): Promise<Map<string, number>> {
  const midnight = new Date(startOfDay(dayOf(ctx.now.getTime(), ctx.tenant.zone), ctx.tenant.zone))
  const rows = await ctx.tx.query<{ pool: string; n: number }>('select pool, count(*)::int as n from {t}.pool_stay where taken_by = $1 and closed_at >= $2 and object = $3 group by pool', [memberOf(ctx), midnight, object], { name: 'claimed today' })
  return new Map(rows.map(({ pool, n }) => [pool, n]))
}

/** How many records of the object the member holds: where an object says what counts as load, only those that do. One statement. */
export async function held(ctx: Context, object: string): Promise<number> {
  const definition = ctx.metadata.objects.get(object)!
  const params = collectParams()
  const owner = params.param(memberOf(ctx), 'int')
  const counts = definition.load ? ` and ${countsSql(ctx, object, params)}` : ''
  const [row] = await ctx.tx.query<{ n: number }>(`select count(*)::int as n from ${definition.table} r where r.owner = ${owner} and r.gone_act is null${counts}`, params.values)
  return row!.n
}

function countsSql({ metadata, now, tenant }: Context, object: string, params: ReturnType<typeof collectParams>): string {
  const checked = checkCondition(metadata.objects.get(object)!.load!.while, metadata.conditionSchema(object), 'field-check')
  if (!checked.ok) throw new Error(`The load of ${object} was published though it is not valid: ${checked.problems[0]!.en}`)
  return toSql(normalise(bind(checked.checked, { me: null, myTeams: [], now, zone: tenant.zone, calendar: metadata.calendar })), plainEnv(tenant.schema, { object, alias: 'r' }, params)).text
}
