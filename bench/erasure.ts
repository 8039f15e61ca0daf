import { kernelContext, type Context } from '#kernel/access'
import { carryErasure, enterAgain, planErasure, type RecordRef } from '#kernel/erasure'
import { type Intent, writeOrRefuse } from '#kernel/records'
import { ids } from '#platform/db'
import { loadSolution } from '../solutions/index.ts'
import type { Report } from './report.ts'
import { benchTenant, type BenchTenant } from './tenant.ts'
import { timed } from './timing.ts'

export const named = true
const COUNT = Number(process.env['BENCH_LEADS'] ?? 1_000_000)
const [NAME, PHONE, EMAIL] = ['欧阳若琳', '+8613912345678', 'ouyang.ruolin@example.cn']
const CALLED = `${NAME}，${PHONE.slice(3)}，${EMAIL}`

/** One person of a company with a million customers is forgotten, with the fifty records about them: every text of every table is looked at. */
export async function run(report: Report): Promise<void> {
  const home = await benchTenant('erasure', loadSolution('crm'))
  try {
    report.say(`${COUNT} customers in ${((await timed(() => fill(home))) / 1000).toFixed(1)} s`)
    const person = await met(home)
    report.figure('planned', await timed(() => as(home, (ctx) => planErasure(ctx, person[0]!))), 'ms')
    report.figure('one-of-a-million', (await timed(() => erased(home, person))) / 1000, 's', { atMost: 10 })
    const left = await home.db.pool.query<{ n: number }>(`select count(*) as n from ${home.schema}.change where fields::text like $1`, [`%${EMAIL}%`])
    if (left.rows[0]!.n > 0) throw new Error('the log still says who it was')
  } finally {
    await home.close()
  }
}

const as = <T>({ db, tenant }: BenchTenant, work: (ctx: Context) => Promise<T>): Promise<T> =>
  db.mutate(tenant, async (tx) => work(await kernelContext(tx, { kind: 'system', reason: 'bench' }, { kind: 'member' })))

async function fill({ db, schema }: BenchTenant): Promise<void> {
  const { rows: indexes } = await db.pool.query<{ name: string; definition: string }>(
    `select indexname as name, indexdef as definition from pg_indexes where schemaname = $1 and tablename = 'o_customer' and indexname <> 'o_customer_pkey'`, [schema.slice(1, -1)])
  for (const { name } of indexes) await db.pool.query(`drop index ${schema}."${name}"`)
  for (const sql of [CUSTOMERS, ACTS, CHANGES]) for (let from = 1; from <= COUNT; from += 100_000) await db.pool.query(sql.replaceAll('{t}', schema), [from, Math.min(COUNT, from + 99_999)])
  for (const { definition } of indexes.filter((each) => !each.definition.includes('bigrams'))) await db.pool.query(definition)
  for (const table of ['o_customer', 'change', 'act']) await db.pool.query(`vacuum (analyze, parallel 0) ${schema}."${table}"`).catch(() => undefined)
  await db.pool.query('checkpoint').catch(() => undefined)
}

const ID = `('01900000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid`
const CUSTOMERS = `insert into {t}.o_customer (id, version, created_at, updated_at, origin, f_no, f_kind, f_name, f_phone, f_industry, f_level, f_address, f_annual_purchase)
  select ${ID}, 1, at, at, 'import', 'KH' || lpad(n::text, 8, '0'), 'company', '苏州精密制造' || n || '有限公司', '+86138' || lpad(n::text, 8, '0'), (array['auto_parts','auto_vehicle','machinery','electronics','medical'])[n % 5 + 1], (array['a','b','c','d'])[n % 4 + 1], '江苏省苏州市工业园区星湖街' || n || '号', (n % 5000) * 1000
  from (select n, timestamptz '2026-11-22' - n * interval '31 seconds' as at from generate_series($1::int, $2::int) n) each`
const ACTS = `insert into {t}.act (actor_kind, actor_ref, cause, request, at) select 'system', 'bench', '{"kind":"import"}', n::text, clock_timestamp() from generate_series($1::int, $2::int, 200) n`
const CHANGES = `insert into {t}.change (act, object, record, record_version, fields) select 1 + n / 200, 'customer', ${ID}, 1, jsonb_build_object('name', jsonb_build_array(null, '苏州精密制造' || n || '有限公司'), 'phone', jsonb_build_array(null, '+86138' || lpad(n::text, 8, '0')), 'industry', jsonb_build_array(null, 'machinery'), 'address', jsonb_build_array(null, '江苏省苏州市工业园区星湖街' || n || '号')) from generate_series($1::int, $2::int) n`

/** A private customer, and fifty records of what was said and done. */
async function met(home: BenchTenant): Promise<RecordRef[]> {
  const [customer, contact, at] = [ids.next(), ids.next(), new Date(Date.now() + 86_400_000).toISOString()]
  const subject = { object: 'customer', id: customer }
  const times = (n: number, of: (i: number) => Intent): Intent[] => Array.from({ length: n }, (_, i) => of(i))
  await as(home, (ctx) => writeOrRefuse(ctx, [
    { op: 'create', object: 'customer', id: customer, values: { name: NAME, kind: 'person', phone: PHONE, address: '滨江区江南大道 88 号' } },
    { op: 'create', object: 'contact', id: contact, values: { name: NAME, customer, phone: PHONE, email: EMAIL } },
  ]))
  await as(home, (ctx) => writeOrRefuse(ctx, [
    ...times(25, (i) => ({ op: 'create', object: 'activity', values: { subject, result: 'interested', next_at: at, resource: 'none', note: `第 ${i} 次回电 ${CALLED}` } })),
    ...times(15, (i) => ({ op: 'create', object: 'behaviour', values: { subject, kind: 'view', page: `/pricing/${i}?mail=${EMAIL}` } })),
    ...times(9, (i) => ({ op: 'create', object: 'task', values: { title: `给${NAME}寄样品 ${i}`, subject, kind: 'follow', due_at: at } })),
  ]))
  return [{ object: 'customer', id: customer }, { object: 'contact', id: contact }]
}

/** As it is carried out once it was agreed to. */
async function erased({ db, tenant }: BenchTenant, records: RecordRef[]): Promise<void> {
  const no = ids.next()
  await db.mutate(tenant, (tx) => enterAgain(tx, { no, ...records[0]!, records, everywhere: true, askedBy: 1, askedAt: tx.now, decidedBy: 2, decidedAt: tx.now } as never))
  const done = await db.mutate(tenant, (tx) => carryErasure(tx, no))
  if (done?.erasure.state !== 'done') throw new Error('nothing was erased')
}
