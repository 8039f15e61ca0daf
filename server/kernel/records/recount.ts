import { bind, checkCondition, collectParams, normalise, plainEnv, toSql } from '#language/conditions'
import type { Context } from '#kernel/access'
import type { Difference } from '#kernel/changes'
import { type Author, metadataOf, type Metadata, type ObjectMetadata } from '#kernel/metadata'

/**
 * Brings assignments and loads in line with the records after a publication has changed what counts; to be called in its transaction.
 * `before`: what was configured until then. Waits for those who change loads; two statements per object whose load was changed, none else.
 */
export async function recountLoads({ tx }: Pick<Author, 'tx'>, before: Metadata): Promise<void> {
  const after = await metadataOf(tx)
  const changed = [...after.objects.values()].filter(({ key, load }) => before.objects.has(key) && JSON.stringify(load) !== JSON.stringify(before.objects.get(key)!.load))
  if (changed.length === 0) return
  await tx.query('select from {t}.member_load order by member, kind for update')
  for (const object of changed) await recount({ tx, tenant: tx.tenant, now: tx.now, metadata: after }, object)
}

type World = Pick<Context, 'tx' | 'tenant' | 'now' | 'metadata'>

async function recount(ctx: World, object: ObjectMetadata): Promise<void> {
  const { text, params } = counting(ctx, object)
  const [name, kind, now] = [params.param(object.key, 'text'), params.param(object.load?.kind ?? null, 'text'), params.param(ctx.now.toISOString(), 'timestamptz')]
  await ctx.tx.query(`with counts as materialized (${text}),
    act as (select published_by as id from {t}.definition where kind = 'object' and key = ${name}),
    closed as (update {t}.assignment a set closed_at = ${now}, closed_act = (select id from act) where a.object = ${name} and a.role = 'owner' and a.closed_at is null
      and not exists (select from counts c where c.id = a.record and c.owner = a.member and a.kind = ${kind}) returning a.record, a.member, a.kind),
    opened as (insert into {t}.assignment (object, record, member, kind, opened_at, opened_act) select ${name}, c.id, c.owner, ${kind}, ${now}, (select id from act)
      from counts c, (select count(*) from closed) after where not exists (select from {t}.assignment a where a.record = c.id and a.member = c.owner and a.kind = ${kind} and a.role = 'owner' and a.closed_at is null)
      order by c.id returning member, kind),
    moved as (select member, kind, sum(by)::int as by from (select member, kind, -1 as by from closed where kind is not null union all select member, kind, 1 from opened) m group by member, kind)
    insert into {t}.member_load as l (member, kind, open) select member, kind, by from moved where by <> 0 order by member, kind
    on conflict (member, kind) do update set open = l.open + excluded.open`, params.values)
}

/** Open assignments that are not what the records say: `log` who should carry the record, `row` who does. One statement per object. */
export async function driftedLoads(ctx: World): Promise<Difference[]> {
  const found = await Promise.all([...ctx.metadata.objects.values()].map(async (object) => {
    const { text, params } = counting(ctx, object)
    const rows = await ctx.tx.query<{ record: string; should: number | null; stands: number | null }>(`select coalesce(c.id, a.record) as record, c.owner as should, a.member as stands from (${text}) c
      full join (select record, member from {t}.assignment where object = ${params.param(object.key, 'text')} and role = 'owner' and closed_at is null) a on a.record = c.id where c.owner is distinct from a.member`, params.values)
    return rows.map(({ record, should, stands }): Difference => ({ object: object.key, record, field: '$load', log: should, row: stands }))
  }))
  return found.flat()
}

/** The records that count towards their owner's load, as they stand. */
function counting({ tenant, metadata, now }: World, { key, table, load }: ObjectMetadata) {
  const params = collectParams()
  if (!load) return { text: `select null::uuid as id, null::int as owner where false`, params }
  const checked = checkCondition(load.while, metadata.conditionSchema(key), 'field-check')
  if (!checked.ok) throw new Error(`The load of ${key} was published though it is not valid: ${checked.problems[0]!.en}`)
  const holds = toSql(normalise(bind(checked.checked, { me: null, myTeams: [], now, zone: tenant.zone, calendar: metadata.calendar })), plainEnv(tenant.schema, { object: key, alias: 'r' }, params)).text
  return { text: `select r.id, r.owner from ${table} r where r.gone_act is null and r.owner is not null and ${holds}`, params }
}
