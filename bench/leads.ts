import { kernelContext } from '#kernel/access'
import { createMember, createTeam } from '#kernel/members'
import { fillRows, ID, MIXED } from './fill.ts'
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

/** A million leads of one year, spread evenly over the sales. */
export const fillLeads = (bench: BenchTenant, { sales, teams }: { sales: number[]; teams: number[] }, count: number): Promise<void> =>
  fillRows(bench, 'lead', { insert: INSERT, values: [sales, teams], to: count })

const INSERT = `insert into {t}.o_lead (id, version, created_at, created_by, updated_at, updated_by, owner, owner_team, tags, origin,
    f_no, f_name, f_phone, f_company, f_region, f_industry, f_need_type, f_budget_min, f_budget_max, f_grade, f_status, f_channel, f_form_source, f_page_url)
  select ${ID}, 1, at, null, at, null,
    ($3::int[])[s % 100 + 1], ($4::int[])[s % 10 + 1], case when s % 20 = 0 then '{1}'::int[] else '{}' end, 'form:pricing',
    'XS' || lpad(n::text, 8, '0'), '客户' || n, '+86138' || lpad(n::text, 8, '0'), '苏州精密制造' || (s % 50000) || '有限公司', (array['310000','320000','330000','110000','440000'])[s / 100 % 5 + 1],
    (array['auto_parts','auto_vehicle','auto_ev','machinery','electronics','medical','chemical','metal','textile','power_equipment'])[s / 500 % 10 + 1], (array['mes','erp','wms'])[s / 5000 % 3 + 1],
    (s % 2000) * 1000, (s % 2000) * 1500, (array['red','yellow','green','green'])[s / 7 % 4 + 1],
    (array['unassigned','waiting','waiting','called','confirmed','demo_booked','converted','invalid'])[s / 15000 % 8 + 1], 'website', '官网定价页', 'https://www.example.cn/pricing?utm_source=baidu'
  from ${MIXED}`
