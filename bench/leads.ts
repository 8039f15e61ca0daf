import { kernelContext } from '#kernel/access'
import { createMember, createTeam } from '#kernel/members'
import type { BenchTenant } from './tenant.ts'

/** Who reads: a sale sees 1 %, a supervisor of one of ten teams 10 %, the supervisor above all teams everything. */
export interface Readers { sales: number[]; supervisors: number[]; head: number }

export async function settleReaders({ db, tenant }: BenchTenant): Promise<Readers & { teams: number[] }> {
  return db.mutate(tenant, async (tx) => {
    const ctx = () => kernelContext(tx, { kind: 'system', reason: 'bench' }, { kind: 'definition' })
    const root = await createTeam(await ctx(), { name: '销售部', parent: null })
    const teams: number[] = []
    for (let i = 0; i < 10; i++) teams.push((await createTeam(await ctx(), { name: `${i + 1}组`, parent: root.id })).id)
    const made = await ctx()
    const person = async (n: number, role: string, team: number): Promise<number> =>
      (await createMember(made, { name: `成员${n}`, email: `m${n}@bench.example`, roles: [role], team, capability: { skills: ['*'], regions: [], capacity: 1_000_000 } })).id
    const head = await person(0, 'supervisor', root.id)
    const supervisors: number[] = []
    const sales: number[] = []
    for (const [i, team] of teams.entries()) supervisors.push(await person(1000 + i, 'supervisor', team))
    for (let i = 0; i < 100; i++) sales.push(await person(1 + i, 'sales', teams[i % 10]!))
    return { sales, supervisors, head, teams }
  })
}

/**
 * A million leads of one year, spread evenly over the sales; written as SQL, since what is measured is reading. Indexes are built
 * afterwards; those of the text search are left away, no figure uses them.
 */
export async function fillLeads({ db, schema }: BenchTenant, { sales, teams }: { sales: number[]; teams: number[] }, count: number): Promise<void> {
  const { rows: indexes } = await db.pool.query<{ name: string; definition: string }>(
    `select indexname as name, indexdef as definition from pg_indexes where schemaname = $1 and tablename = 'o_lead' and indexname <> 'o_lead_pkey'`, [schema.slice(1, -1)])
  for (const { name } of indexes) await db.pool.query(`drop index ${schema}."${name}"`)
  await Promise.all([0, 1].map((half) => db.pool.query(INSERT.replaceAll('{t}', schema), [half * (count / 2) + 1, (half + 1) * (count / 2), sales, teams])))
  const wanted = indexes.filter(({ definition }) => !definition.includes('bigrams'))
  await Promise.all([0, 1].map(async (lane) => { for (const { definition } of wanted.filter((_, i) => i % 2 === lane)) await db.pool.query(definition) }))
  await db.pool.query(`vacuum (analyze, parallel 0) ${schema}.o_lead`)
  // Where we may: the product's own user is no superuser.
  await db.pool.query('checkpoint').catch(() => undefined)
}

/** `s` mixes the number, so that neither owner, state nor industry follows the order of creation. */
const INSERT = `insert into {t}.o_lead (id, version, created_at, created_by, updated_at, updated_by, owner, owner_team, tags, origin,
    f_no, f_name, f_phone, f_company, f_region, f_industry, f_need_type, f_budget_min, f_budget_max, f_grade, f_status, f_channel, f_form_source, f_page_url)
  select ('01900000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 1, at, null, at, null,
    ($3::int[])[s % 100 + 1], ($4::int[])[s % 10 + 1], case when s % 20 = 0 then '{1}'::int[] else '{}' end, 'form:pricing',
    'XS' || lpad(n::text, 8, '0'), '客户' || n, '+86138' || lpad(n::text, 8, '0'), '苏州精密制造' || (s % 50000) || '有限公司', (array['310000','320000','330000','110000','440000'])[s / 100 % 5 + 1],
    (array['auto_parts','auto_vehicle','auto_ev','machinery','electronics','medical','chemical','metal','textile','power_equipment'])[s / 500 % 10 + 1], (array['mes','erp','wms'])[s / 5000 % 3 + 1],
    (s % 2000) * 1000, (s % 2000) * 1500, (array['red','yellow','green','green'])[s / 7 % 4 + 1],
    (array['unassigned','waiting','waiting','called','confirmed','demo_booked','converted','invalid'])[s / 15000 % 8 + 1], 'website', '官网定价页', 'https://www.example.cn/pricing?utm_source=baidu'
  from (select n, (n::bigint * 7919 + (n::bigint * n) % 104729) % 1000003 as s, timestamptz '2026-11-22' - n * interval '31 seconds' as at from generate_series($1::int, $2::int) n) mixed`
