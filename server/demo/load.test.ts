import { afterAll, beforeAll, expect, test } from 'vitest'
import { filterSql, kernelContext, memberContext, params, type Context } from '#kernel/access'
import { drain } from '#kernel/automation'
import { decisionsOf } from '#kernel/assignment'
import { timelineOf, verifyTenant } from '#kernel/records'
import { workbench } from '../api/workbench/index.ts'
import { install } from '../start/install.ts'
import { freshTenant, type FreshTenant } from '../../test/tenant.ts'
import { loadCompany, loadSolution } from '../../solutions/index.ts'
import { generateDemo } from './generate.ts'
import { loadDemo, type Loaded } from './load.ts'
import { signOff } from './signoffs.ts'

const company = loadCompany('yunqi')!
let home: FreshTenant
let loaded: Loaded
let now: Date
/** How many of an object were made in the past that was written. */
const made = new Map<string, number>()
beforeAll(async () => {
  home = await freshTenant()
  await install(home.db, home.tenant, 'yunqi')
  now = await home.db.read(home.tenant, async (tx) => tx.now)
  const past = { leads: 2040, now, company, solution: loadSolution('yunqi') }
  loaded = await loadDemo({ ...past, db: home.db, tenant: home.tenant })
  for (const { op, object } of generateDemo(past).flatMap(({ writes }) => writes)) if (op === 'create') made.set(object, (made.get(object) ?? 0) + 1)
}, 120_000)
afterAll(() => home.drop())

const read = <T>(work: (ctx: Context) => Promise<T>) => home.db.read(home.tenant, async (tx) => work(await kernelContext(tx, { kind: 'system', reason: 'test' }, { kind: 'member' })))
const rows = <R>(text: string, values: unknown[] = []) => read(({ tx }) => tx.query<R>(text, values))
const as = async <T>(member: string, work: (ctx: Context) => Promise<T>): Promise<T> => {
  const [found] = await rows<{ id: number }>(`select id from {t}.member where email = $1`, [company.members.find(({ key }) => key === member)!.email])
  return home.db.read(home.tenant, async (tx) => work(await memberContext(tx, found!.id)))
}
const OPEN = `f_status in ('unassigned', 'waiting', 'called', 'confirmed', 'demo_booked')`

test('twenty-five people, leads over ninety days, and the business around them: everything that was made is there', async () => {
  const [count] = await rows<Record<string, number>>(`select (select count(*) from {t}.member) as members, (select count(*) from {t}."o_lead" where gone_act is null) as leads, (select extract(day from max(created_at) - min(created_at)) from {t}."o_lead") as days`)
  expect(count!['members']).toBe(25)
  expect(count!['leads']).toBeGreaterThanOrEqual(2000)
  expect(Number(count!['days'])).toBeGreaterThanOrEqual(88)
  expect(made.size).toBeGreaterThanOrEqual(15)
  for (const [object, n] of made) expect([object, (await rows<{ n: number }>(`select count(*)::int as n from {t}."o_${object}"`))[0]!.n]).toEqual([object, n])
  expect(loaded.records).toBeGreaterThan(12_000)
})

const count = async (object: string, where = 'true') => (await rows<{ n: number }>(`select count(*)::int as n from {t}."o_${object}" where gone_act is null and ${where}`))[0]!.n

test('deals at every stage, quotes that add up to the cent, contracts with what came in', async () => {
  const stages = await rows<{ stage: string }>(`select distinct f_stage as stage from {t}."o_opportunity"`)
  expect(stages.length).toBeGreaterThanOrEqual(9)
  expect(await count('quote')).toBe(made.get('quote'))
  expect(await rows(`select q.id from {t}."o_quote" q where gone_act is null and f_total_tax is distinct from (select sum(round(f_quantity * f_price * (1 - coalesce(f_discount, 0) / 100), 2) + round(round(f_quantity * f_price * (1 - coalesce(f_discount, 0) / 100), 2) * coalesce(f_tax, 0) / 100, 2)) from {t}."o_quote_line" l where l.f_quote = q.id)`)).toEqual([])
  expect(await count('contract')).toBe(made.get('contract'))
  expect(await rows(`select id from {t}."o_contract" c where f_quote is not null and (f_amount is distinct from f_lines_total or f_amount is distinct from (select sum(f_amount) from {t}."o_payment_plan" p where p.f_contract = c.id))`)).toEqual([])
  expect(await rows(`select q.id from {t}."o_quote" q join {t}."o_contract" c on c.f_quote = q.id where q.locked is not true or q.f_contract is distinct from c.id`)).toEqual([])
  expect(await count('invoice')).toBeGreaterThanOrEqual(10)
  expect(await count('payment')).toBeGreaterThanOrEqual(40)
})

test('three instalments are overdue, twelve leads wait for somebody, one customer stands there again and again', async () => {
  const today = now.toISOString().slice(0, 10)
  expect(await count('payment_plan', `f_unpaid > 0 and f_due_on < '${today}'`)).toBe(3)
  expect(await count('lead', `f_status = 'unassigned' and owner is null`)).toBe(12)
  const [most] = await rows<{ n: number }>(`select count(*)::int as n from {t}."o_customer" group by f_region, f_phone order by 1 desc limit 1`)
  expect(most!.n).toBe(6)
})

test('three people moved their purchase dates three times in a week, and the risk director was told; overdue instalments were told once; somebody waits for an unlock', async () => {
  const moved = await rows(`select a.actor_ref from {t}.change c join {t}.act a on a.id = c.act where c.object = 'opportunity' and c.record_version > 1 and c.fields ? 'purchase_on' and a.at > $1 group by a.actor_ref, c.record having count(*) >= 3`, [new Date(now.getTime() - 7 * 86_400_000)])
  expect(moved.length).toBe(3)
  expect(await rows(`select from {t}.notification where rule = 'r19_tampering'`)).toHaveLength(3)
  expect(await rows(`select rule, count(*)::int as n from {t}.run where rule in ('r19_tampering', 'r22_overdue') group by rule order by rule`)).toEqual([{ rule: 'r19_tampering', n: 3 }, { rule: 'r22_overdue', n: 3 }])
  expect(await rows(`select m.roles[1] as role from {t}.notification n join {t}.member m on m.id = n.member where n.kind = 'unlock' and n.read_at is null order by 1`)).toEqual([{ role: 'director' }, { role: 'supervisor' }, { role: 'supervisor' }])
  expect(await rows(`select from {t}.change where object = 'system:unlock'`)).toHaveLength(3)
})

test('two customers look around while nobody writes anything down: their supervisors have a check ticket each', async () => {
  const silent = await rows<{ handler: number; owner: number; supervisor: number; last: Date | null; seen: number }>(`select k.f_handler as handler, k.owner, m.supervisor, c.last_activity_at as last, (select count(*)::int from {t}."o_behaviour" b where b.f_subject = c.id) as seen
    from {t}."o_ticket" k join {t}."o_customer" c on c.id = k.f_customer join {t}.member m on m.id = c.owner where k.f_kind = 'check'`)
  expect(silent).toHaveLength(2)
  for (const { handler, owner, supervisor, last, seen } of silent) expect([handler, owner, last === null || last < new Date(now.getTime() - 7 * 86_400_000), seen]).toEqual([supervisor, supervisor, true, 3])
  expect(await rows(`select from {t}.notification where rule = 'r18_silent'`)).toHaveLength(4)
})

test('what rules did has its runs: each answers an event, and names the act', async () => {
  const [runs] = await rows<Record<string, number>>(`select count(*)::int as all, count(distinct rule)::int as rules, count(*) filter (where act is not null and not exists (select from {t}.act a where a.id = run.act and (a.cause->>'event')::bigint = run.event))::int as lost from {t}.run`)
  expect(runs).toMatchObject({ all: loaded.runs, lost: 0 })
  expect(runs!['rules']).toBeGreaterThanOrEqual(9)
  expect(await rows(`select no from {t}.decision where event is null`)).toEqual([])
})

test('people call and write as well: what came stands on their lead, by their own number, and the next contact follows', async () => {
  const found = await rows<{ kind: string; n: number; odd: number; own: number; days: number; late: number }>(`select b.f_kind as kind, count(*)::int as n, count(*) filter (where b.f_content is null or b.f_visitor is not null or (b.f_kind = 'call') <> (b.f_seconds is not null))::int as odd,
    count(*) filter (where b.f_kind = 'message' or b.f_caller = l.f_phone)::int as own, count(distinct b.f_occurred_at::date)::int as days, count(*) filter (where l.f_last_behaviour_at is null or l.f_last_behaviour_at < b.f_occurred_at)::int as late
    from {t}."o_behaviour" b join {t}."o_lead" l on l.id = b.f_subject where b.f_kind in ('call', 'message') group by 1 order by 1`)
  expect(found.map(({ kind }) => kind)).toEqual(['call', 'message'])
  for (const { n, odd, own, days, late } of found) {
    expect(n).toBeGreaterThanOrEqual(3)
    expect(days).toBeGreaterThanOrEqual(3)
    expect([odd, own, late]).toEqual([0, n, 0])
  }
  expect(await rows(`select distinct object from {t}.run where rule in ('call_pushed', 'message_pushed')`)).toEqual([{ object: 'lead' }])
})

test('log, rows and loads agree', async () => {
  const found = await read(verifyTenant)
  expect(found.differences).toEqual([])
  expect(found.loads).toEqual([])
  expect(found.records).toBe(loaded.records)
})

test.each(['lina', 'xuzihan', 'zhaolei', 'huangjiaxin'])('%s has a day worth beginning', async (member) => {
  const { kind, blocks: [today, behaviours, unfinished], now } = await as(member, workbench)
  expect(kind).toBe('own')
  expect(today!.rows.length).toBeGreaterThanOrEqual(7)
  expect(today!.rows.length).toBeLessThanOrEqual(12)
  expect(new Set(today!.rows.map(({ grade }) => grade))).toEqual(new Set(['red', 'yellow', 'green']))
  expect(Date.parse(now) - Date.parse(behaviours!.rows[0]!.at!)).toBeLessThan(6 * 3_600_000)
  expect(behaviours!.rows.length).toBeGreaterThanOrEqual(5)
  expect(unfinished!.rows.length).toBeGreaterThanOrEqual(1)
  expect(unfinished!.rows.length).toBeLessThanOrEqual(4)
})

test.each(['wanghaiyan', 'liujianjun', 'chenzhiyuan'])('%s has leads to assign, something escalated, and something to look at', async (member) => {
  const { kind, blocks } = await as(member, workbench)
  expect(kind).toBe('team')
  for (const block of blocks) expect(block.rows.length).toBeGreaterThan(0)
  expect(blocks[0]!.rows.some(({ owner }) => owner === null)).toBe(true)
})

test.each(['wanghaiyan', 'liujianjun'])('%s has unread escalations', async (member) => {
  expect(await as(member, ({ tx, actor }) => tx.query(`select from {t}.notification where member = $1 and kind = 'escalation' and read_at is null`, [actor.kind === 'member' ? actor.id : 0]))).not.toEqual([])
})

test('every grade is the one that the grading gives today', async () => {
  const wrong = await read(async (today) => {
    const ctx = { ...today, now }
    const given = params()
    const levels = ctx.metadata.gradings.get('lead_grade')!.levels.map(({ value, condition }) => {
      const sql = filterSql(ctx, 'lead', condition, { alias: 'r', params: given })
      return `when ${sql.ok ? sql.sql : 'false'} then '${value}'`
    })
    return ctx.tx.query(`select * from (select r.id, r.f_grade as kept, case ${levels.join(' ')} end as due from {t}."o_lead" r where gone_act is null and f_is_test is not true) x where kept is distinct from due`, given.values)
  })
  expect(wrong).toEqual([])
})

test('who owns an open lead has one countdown for it, and ended leads have none', async () => {
  const clocks = `(select count(*) from {t}."o_task" t where t.f_subject = r.id and t.f_kind = 'countdown' and t.f_status = 'open')`
  expect(await rows(`select id from {t}."o_lead" r where gone_act is null and ${OPEN} and owner is not null and ${clocks} <> 1`)).toEqual([])
  expect(await rows(`select id from {t}."o_lead" r where (not ${OPEN} or owner is null) and ${clocks} > 0`)).toEqual([])
})

test('owners were decided by the policy, with everybody’s parts kept', async () => {
  const [lead] = await rows<{ id: string; owner: number }>(`select r.id, r.owner from {t}."o_lead" r join {t}.decision d on d.record = r.id and d.chosen = r.owner where r.f_status = 'waiting' order by r.created_at desc limit 1`)
  const [decision] = await read(({ tx }) => decisionsOf(tx, lead!.id))
  expect(decision).toMatchObject({ chosen: lead!.owner, reason: 'competed', policy: 'lead_by_capability' })
  expect(decision!.candidates).toHaveLength(12)
  const known = decision!.candidates.map(({ completeness }) => completeness)
  expect([decision!.asked.premium, known.every((each) => each !== undefined && each.total > 0 && each.complete <= each.total)]).toEqual([true, true])
  expect(known.reduce((sum, each) => sum + each!.total, 0)).toBeGreaterThan(600)
})

test('the timeline of a lead tells who did what because of which rule, oldest last', async () => {
  const [lead] = await rows<{ id: string }>(`select id from {t}."o_lead" where f_status = 'demo_booked' and f_form_source is not null order by created_at desc limit 1`)
  const { items } = await read((ctx) => timelineOf(ctx, 'lead', lead!.id, { limit: 50 }))
  expect(items.map(({ at }) => at)).toEqual(items.map(({ at }) => at).toSorted().toReversed())
  expect(items.map(({ cause }) => cause?.rule)).toEqual(expect.arrayContaining(['r1_assign', 'r3_touched']))
  expect(items.map(({ kind }) => kind)).toContain('child')
})

test('the engine finds nothing to repeat, and sets the clocks of what is still open', async () => {
  const told = await rows(`select count(*) from {t}.notification`)
  expect(await rows(`select from {t}.todo`)).toEqual([])
  await drain(home.db, home.tenant)
  expect(await rows(`select count(*) from {t}.notification`)).toEqual(told)
  // A window of the grading may end at this very moment.
  expect(await rows(`select rule from {t}.run where rule not like 'grading:%' and started_at > $1`, [now])).toEqual([])
  const [timers] = await rows<Record<string, number>>(`select (select count(*) from {t}.timer where kind = 'deadline' and key like 'deadline:r3_escalate:%') as armed,
    (select count(*) from {t}."o_task" where f_status = 'open' and f_kind = 'countdown' and f_due_at > $1) as due`, [await read(async ({ now }) => now)])
  expect(timers!['armed']).toBeGreaterThanOrEqual(timers!['due']!)
  expect(timers!['due']).toBeGreaterThan(100)
})

test('quotes wait to be signed: some have been decided, one waits for the director, one for each supervisor, one for finance', async () => {
  await signOff(home.db, home.tenant)
  const waits = await rows<{ role: string; n: number }>(`select m.roles[1] as role, count(*)::int as n from {t}.approval a join {t}.member m on m.id = a.asked[1] where a.state is null group by 1 order by 1`)
  expect(waits).toEqual([{ role: 'director', n: 1 }, { role: 'finance', n: 1 }, { role: 'supervisor', n: 2 }])
  expect(await rows(`select f_approval as stands, count(*)::int as n from {t}.o_quote q where exists (select from {t}.run r where r.record = q.id and r.rule = 'quote_signoff') group by 1 order by 1`)).toEqual([{ stands: 'approved', n: 2 }, { stands: 'pending', n: 4 }, { stands: 'rejected', n: 1 }])
  expect(await rows(`select from {t}.run where rule = 'quote_signoff' and status not in ('done', 'waiting')`)).toEqual([])
})
