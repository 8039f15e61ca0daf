import { memberContext } from '#kernel/access'
import { listRecords } from '#kernel/records'
import { loadSolution } from '../solutions/index.ts'
import { fillLeads, settleReaders } from './leads.ts'
import { benchTenant } from './tenant.ts'
import { percentile, throughput, timed } from './timing.ts'
const FIELDS = ['name', 'phone', 'company', 'industry', 'grade', 'status', 'budget_min', 'owner', 'created_at', 'next_contact_at']
const STATES = ['waiting', 'called', 'confirmed', 'demo_booked']
const bench = await benchTenant('probe', loadSolution('crm'))
const readers = await settleReaders(bench)
await fillLeads(bench, readers, Number(process.env.BENCH_LEADS ?? 300000))
const { db, tenant } = bench
const q = (turn: number, sort: string) => ({ filter: { all: [{ field: 'status', op: 'eq', value: STATES[turn % 4] }, { field: 'industry', op: 'under', value: 'auto' }] }, sort: [{ field: sort, direction: 'desc' }], fields: FIELDS, limit: 50 }) as any
for (const [share, members] of Object.entries({ '1%': readers.sales, '10%': readers.supervisors, '100%': [readers.head] })) for (const sort of ['created_at', 'budget_min']) {
  let captured: any
  const page = (turn: number) => db.read(tenant, async (tx) => { const ctx = await memberContext(tx, members[turn % members.length]!)
    const t = { ...ctx, tx: { ...tx, query: (text: any, values: any, o: any) => { captured = { text, values }; return tx.query(text, values, o) } } }
    return listRecords(t as any, 'lead', q(turn, sort)) })
  const empty = () => db.read(tenant, async (tx) => { await memberContext(tx, members[0]!) })
  for (let i = 0; i < 60; i++) { await page(i); await empty() }
  const t: number[] = [], e: number[] = []
  const c0 = process.cpuUsage(); for (let i = 0; i < 200; i++) t.push(await timed(() => page(i))); const c1 = process.cpuUsage(c0)
  for (let i = 0; i < 200; i++) e.push(await timed(empty))
  const raw: number[] = []; const text = captured.text.replaceAll('{t}', bench.schema)
  for (let i = 0; i < 200; i++) raw.push(await timed(() => db.pool.query({ text, values: captured.values })))
  const named: number[] = []
  for (let i = 0; i < 200; i++) named.push(await timed(() => db.pool.query({ text, values: captured.values, name: 'x' + share + sort })))
  const client = await db.pool.connect(); await client.query('set plan_cache_mode=force_custom_plan'); const cust: number[] = []
  for (let i = 0; i < 200; i++) cust.push(await timed(() => client.query({ text, values: captured.values, name: 'y' + share + sort })))
  await client.query('reset plan_cache_mode'); 
  const ex = await client.query({ text: 'explain (analyze, buffers off, timing off, summary) ' + text, values: captured.values }); client.release()
  const rate = Math.max(await throughput(16, 1000, page), await throughput(16, 1000, page)), rateE = await throughput(16, 700, empty)
  const rn = await throughput(16, 700, () => db.pool.query({ text, values: captured.values, name: 'x' + share + sort })), ru = await throughput(16, 700, () => db.pool.query({ text, values: captured.values }))
  const m = (a: number[]) => `${percentile(a, .5).toFixed(2)}/${percentile(a, .95).toFixed(2)}`
  console.log(share, sort, 'page', m(t), 'cpu/page', ((c1.user + c1.system) / 200 / 1000).toFixed(2), 'empty', m(e), 'unnamed', m(raw), 'named', m(named), 'custom', m(cust), ex.rows.slice(-2).map((r: any) => r['QUERY PLAN']).join(' '))
  console.log('   rates page', rate.toFixed(0), 'empty', rateE.toFixed(0), 'named', rn.toFixed(0), 'unnamed', ru.toFixed(0))
  const schema = bench.schema
  if (share === '1%' && sort === 'budget_min') {
    const hand = `with mine as materialized (select id, tags, f_name, f_phone, f_company, f_industry, f_grade, f_status, f_budget_min, owner, created_at, next_contact_at from ${schema}.o_lead r where gone_act is null and (owner = $1 or (collaborators <> '{}' and collaborators @> array[$1::int])) and f_status = $2 and f_industry = any($3)) select * from mine where f_budget_min is not null order by f_budget_min desc, id desc limit 51`
    const v = [members[0], 'waiting', ['auto', 'auto_parts', 'auto_vehicle', 'auto_ev']]
    const h: number[] = []; for (let i = 0; i < 200; i++) { v[0] = members[i % 100]; h.push(await timed(() => db.pool.query({ text: hand, values: v, name: 'hand' }))) }
    const mine: number[] = []; for (let i = 0; i < 200; i++) { mine.push(await timed(() => page(i))) }
    console.log('hand', m(h), 'page', m(mine)); const x = await db.pool.query({ text: 'explain (analyze, buffers) ' + hand, values: v }); console.log(x.rows.map((r: any) => r['QUERY PLAN']).join('\n'))
    const y = await db.pool.query({ text: 'explain (analyze, buffers) ' + text, values: captured.values }); console.log(text, y.rows.map((r: any) => r['QUERY PLAN']).join('\n'))
  }
  if (process.env.PLAN) console.log(text, ex.rows.map((r: any) => r['QUERY PLAN']).join('\n'))
}
await bench.close()
