import { KERNEL, type Context } from '#kernel/access'
import { houseReason } from '#kernel/changes'
import { actOf, lockCapacity, lockRecords, poolsOf, readRecords, write, type Intent } from '#kernel/records'
import { bind, checkCondition, collectParams, normalise, plainEnv, toSql } from '#language/conditions'
import type { Pooling } from '#language/definitions'
import { durationMs, formatDuration } from '#language/values'

const AT_ONCE = 500

/** Whom to tell that which record will return to its pool. */
export interface Warned { member: number; object: string; record: string; title: string; body: string }

/**
 * Owners who have not followed up for so long that a record returns soon are told, once per owner and silence. Answers what to tell them.
 * Records in their protection are passed over. Two statements.
 */
export async function warnOwners(ctx: Context, pooling: Pooling): Promise<Warned[]> {
  const definition = ctx.metadata.objects.get(pooling.object)!
  const { after, notice } = pooling.recycle
  const { params, quiet } = silent(ctx, pooling)
  const [now, early, object] = [params.param(ctx.now.toISOString(), 'timestamptz'), params.param(new Date(ctx.now.getTime() - durationMs(after) + durationMs(notice)).toISOString(), 'timestamptz'), params.param(pooling.object, 'text')]
  const [least, full] = [params.param(durationMs(notice) / 1000, 'float8'), params.param(durationMs(after) / 1000, 'float8')]
  const rows = await ctx.tx.query<{ record: string; member: number; title: string | null }>(`with found as (
      select r.id, r.owner, r."f_${definition.title}" as title, s.since from ${definition.table} r cross join lateral (${sinceSql(ctx, pooling, params)}) s where ${quiet} and s.since <= ${early} and s.protected is not true
      and not exists (select from {t}.pool_warning w where w.record = r.id and w.member = r.owner) order by r.id limit ${AT_ONCE}),
    noted as (insert into {t}.pool_warning as w (record, object, member, warned_at, due_at)
      select id, ${object}, owner, ${now}, greatest(since + make_interval(secs => ${full}), ${now} + make_interval(secs => ${least})) from found
      on conflict (record) do update set member = excluded.member, warned_at = excluded.warned_at, due_at = excluded.due_at where w.member <> excluded.member returning record, member)
    select n.record, n.member, f.title::text as title from noted n join found f on f.id = n.record`, params.values)
  const soon = formatDuration(notice)
  return rows.map(({ record, member, title }) => ({ member, record, object: pooling.object, title: `${soon}后退回公海：${title ?? ''}`, body: `已经 ${formatDuration(after)}没有跟进。跟进一次就会留在你名下。` }))
}

/**
 * What was announced and is still silent returns to its pool; what was followed up or handed over since is let go. Answers how many returned.
 * Same path as any change of owner: a record goes to the pool it belongs to, and the log says why.
 */
export async function recycle(ctx: Context, pooling: Pooling): Promise<number> {
  await ctx.tx.query(`delete from {t}.pool_warning w where w.object = $1 and not exists (select from ${ctx.metadata.objects.get(pooling.object)!.table} r
    where r.id = w.record and r.owner = w.member and r.gone_act is null and (r.last_activity_at is null or r.last_activity_at < w.warned_at))`, [pooling.object])
  if ((await poolsOf(ctx, pooling)).length === 0) return 0
  const { params, quiet } = silent(ctx, pooling)
  const [now, object] = [params.param(ctx.now.toISOString(), 'timestamptz'), params.param(pooling.object, 'text')]
  const due = await ctx.tx.query<{ record: string }>(`select w.record from {t}.pool_warning w join ${ctx.metadata.objects.get(pooling.object)!.table} r on r.id = w.record cross join lateral (${sinceSql(ctx, pooling, params)}) s
    where w.object = ${object} and w.due_at <= ${now} and w.member = r.owner and ${quiet} and s.since < w.warned_at and s.protected is not true order by w.record limit ${AT_ONCE}`, params.values)
  return due.length === 0 ? 0 : giveBack(ctx, pooling, due.map(({ record }) => record))
}

async function giveBack(ctx: Context, pooling: Pooling, ids: readonly string[]): Promise<number> {
  const owners = new Map([...(await readRecords(ctx, pooling.object, ids))].map(([id, { owner }]) => [id, owner]))
  await lockCapacity(ctx, [...owners.values()].flatMap((owner) => owner ?? []))
  const images = await lockRecords(ctx, pooling.object, ids)
  const still = ids.filter((id) => images.get(id)?.gone === false && images.get(id)!.owner !== null && images.get(id)!.owner === owners.get(id))
  const intents = still.map((id): Intent => ({ op: 'update', object: pooling.object, id, owner: null }))
  if (intents.length === 0) return 0
  const acting: Context = { ...ctx, principal: KERNEL, actor: { kind: 'system', reason: 'pool return' }, cause: { kind: 'timer', timer: pooling.key } }
  const result = await write(acting, intents, { acts: [{ ...actOf(acting), reason: houseReason(['silent_for', pooling.recycle.after]) }], locked: images })
  if (!result.ok) throw new Error(`Returning records was refused: ${result.refusals[0]!.refusal.code}`)
  await ctx.tx.query('delete from {t}.pool_warning where record = any($1::uuid[])', [still])
  return result.written.filter(({ changed }) => changed).length
}

/** Since when the owner has been silent, and whether their claim still protects the record. */
function sinceSql({ metadata, now }: Context, { pools }: Pooling, params: Collected): string {
  return `select greatest(coalesce(r.last_activity_at, r.created_at), (select max(a.opened_at) from {t}.assignment a where a.record = r.id and a.closed_at is null), max(p.closed_at)) as since,
    max(p.closed_at + make_interval(hours => coalesce(pp."f_${pools.protectHours}", 0)::int)) > ${params.param(now.toISOString(), 'timestamptz')} as protected
    from (values (1)) one left join {t}.pool_stay p on p.record = r.id and p.taken_by = r.owner left join ${metadata.objects.get(pools.object)!.table} pp on pp.id = p.pool`
}

type Collected = ReturnType<typeof collectParams>

/** Owned, open, and within the condition of the recycling. */
function silent({ metadata, now, tenant }: Context, pooling: Pooling) {
  const params = collectParams()
  const checked = checkCondition(pooling.recycle.when, metadata.conditionSchema(pooling.object), 'filter')
  if (!checked.ok) throw new Error(`The recycling of ${pooling.object} was published though it is not valid: ${checked.problems[0]!.en}`)
  const met = toSql(normalise(bind(checked.checked, { me: null, myTeams: [], now, zone: tenant.zone, calendar: metadata.calendar })), plainEnv(tenant.schema, { object: pooling.object, alias: 'r' }, params)).text
  return { params, quiet: `r.gone_act is null and r.owner is not null and r.locked is not true and (${met})` }
}
