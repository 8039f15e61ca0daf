import { filterSql, KERNEL, params as newParams, type Context } from '#kernel/access'
import { addDays, dayOf, startOfDay } from '#language/values'
import type { Completeness, PublishedPolicy } from './types.ts'

export type CompletenessBy = ReadonlyMap<PublishedPolicy, ReadonlyMap<number, Completeness>>
type Competing = ReadonlyMap<PublishedPolicy, readonly number[]>

/**
 * How complete the records of those who compete are, for the policies that ask. Reckoned once a day, when it is first asked for, so that a day's decisions
 * agree and cost one small statement each. `keep`: under the capacity lock, where it may be written down.
 */
export async function completenessBy(ctx: Context, competing: Competing, keep: boolean): Promise<CompletenessBy> {
  const found = new Map<PublishedPolicy, ReadonlyMap<number, Completeness>>()
  for (const [policy, ids] of competing) if (policy.completeness) found.set(policy, await known(ctx, policy, { ids, keep }))
  return found
}

interface Row extends Completeness { member: number }

async function known(ctx: Context, policy: PublishedPolicy, { ids, keep }: { ids: readonly number[]; keep: boolean }): Promise<Map<number, Completeness>> {
  const today = dayOf(ctx.now.getTime(), ctx.tenant.zone)
  const rows = await ctx.tx.query<Row>('select member, complete, total from {t}.completeness where policy = $1 and version = $2 and day = $3', [policy.key, policy.version, today], { name: 'completeness' })
  const missing = ids.filter((id) => !rows.some(({ member }) => member === id))
  const reckoned = missing.length === 0 ? [] : await reckon(ctx, policy, { ids: missing, today })
  if (keep && reckoned.length > 0) await write(ctx, policy, { rows: reckoned, today })
  return new Map([...rows, ...reckoned].map(({ member, complete, total }) => [member, { complete, total }]))
}

/** Records that came in before today, as they stand now. */
async function reckon(ctx: Context, { object, completeness }: PublishedPolicy, { ids, today }: { ids: readonly number[]; today: string }): Promise<Row[]> {
  const given = newParams()
  const { zone } = ctx.tenant
  const { complete, days } = completeness!
  const filter = filterSql({ ...ctx, principal: KERNEL }, object, complete, { alias: 'r', params: given })
  if (!filter.ok) throw new Error(`A published condition is refused: ${filter.refusal.code}`)
  const [from, to] = [addDays(today, -days), today].map((day) => given.add(new Date(startOfDay(day, zone)), 'timestamptz'))
  return ctx.tx.query<Row>(`select m.id as member, count(r.id)::int as total, count(r.id) filter (where ${filter.sql})::int as complete
    from unnest(${given.add(ids, 'int[]')}) m(id) left join ${ctx.metadata.objects.get(object)!.table} r on r.owner = m.id and r.gone_act is null and r.created_at >= ${from} and r.created_at < ${to}
    group by m.id`, given.values)
}

/** What was reckoned for other days, or another version, is of no use any more: decisions have kept what they used. */
const write = ({ tx }: Context, { key, version }: PublishedPolicy, { rows, today }: { rows: readonly Row[]; today: string }): Promise<unknown> =>
  tx.query(`with old as (delete from {t}.completeness where policy = $1 and (version <> $2 or day <> $3))
    insert into {t}.completeness (policy, version, day, member, complete, total) select $1, $2, $3, member, complete, total from json_to_recordset($4) as x(member int, complete int, total int) on conflict do nothing`,
  [key, version, today, JSON.stringify(rows)], { name: 'keep completeness' })
