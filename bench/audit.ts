import { kernelContext, type Context } from '#kernel/access'
import { type Intent, undoActs, writeOrRefuse } from '#kernel/records'
import { checkSeal, sealNext } from '#kernel/sealing'
import { openSigner, trustedKeys } from '#platform/crypto'
import { ids } from '#platform/db'
import { loadSolution } from '../solutions/index.ts'
import type { Report } from './report.ts'
import { scratch } from './scratch.ts'
import { benchTenant, type BenchTenant } from './tenant.ts'
import { inTurns, sum, timed } from './timing.ts'

const [BATCH, BATCHES] = [100, 150]
const DELETED = 10_000
const INDUSTRIES = ['auto_parts', 'pcb'] as const

/** What the log costs and what it proves: writing with it against plain rows, sealing, proving, and bringing ten thousand deleted records back. */
export async function run(report: Report): Promise<void> {
  const home = await benchTenant('audit', loadSolution('crm'))
  try {
    const made = await writing(home, report)
    await proving(home, report)
    await undeleting(home, made.slice(0, DELETED), report)
  } finally {
    await home.close()
  }
}

const as = <T>({ db, tenant }: BenchTenant, work: (ctx: Context) => Promise<T>): Promise<T> =>
  db.mutate(tenant, async (tx) => work(await kernelContext(tx, { kind: 'source', form: 'pricing' }, { kind: 'source', form: 'pricing' })))

async function writing(home: BenchTenant, report: Report): Promise<string[]> {
  const { db, schema } = home
  const batch = (at: number): Intent[] => Array.from({ length: BATCH }, (_, i) => ({ op: 'create', object: 'lead', id: ids.next(), values: {
    name: `王明${at * BATCH + i}`, phone: `+86137${String(at * BATCH + i).padStart(8, '0')}`, company: `苏州精密制造${i}有限公司`, industry: INDUSTRIES[i % 2], region: '320500', need_type: 'mes', budget_min: '600000', form_source: '官网定价页' } }))
  const batches = Array.from({ length: BATCHES }, (_, at) => batch(at))
  const before = batch(BATCHES)
  await as(home, (ctx) => writeOrRefuse(ctx, before))
  await db.pool.query(`create table ${schema}.raw_lead (like ${schema}.o_lead including all)`)
  let rows = await rowsOf(home, before)
  const times = await inTurns(BATCHES, {
    ours: (turn) => as(home, (ctx) => writeOrRefuse(ctx, batches[turn]!)),
    // The rows of the batch before this one.
    theirs: () => plain(home, rows),
    between: async (turn) => { rows = await rowsOf(home, batches[turn]!) },
  })
  await db.pool.query(`drop table ${schema}.raw_lead`)
  const [logged, raw] = [sum(times.ours) / 1000, sum(times.theirs) / 1000]
  const n = BATCH * BATCHES
  report.figure('raw-rows', n / raw, '/s')
  report.figure('written-with-log', n / logged, '/s')
  report.figure('written-with-log-of-raw', raw / logged, '×', { atLeast: 0.5 })
  return batches.flat().map(({ id }) => id!)
}

const rowsOf = async ({ db, schema }: BenchTenant, batch: readonly Intent[]): Promise<string[]> =>
  (await db.pool.query<{ row: string }>(`select t::text as row from ${schema}.o_lead t where id = any($1) order by id`, [batch.map(({ id }) => id)])).rows.map(({ row }) => row)

async function plain({ db, schema }: BenchTenant, rows: readonly string[]): Promise<void> {
  const client = await db.pool.connect()
  await client.query('begin')
  await client.query({ name: 'raw', text: `insert into ${schema}.raw_lead select t.* from unnest($1::${schema}.raw_lead[]) t`, values: [rows] })
  await client.query('commit')
  client.release()
}

async function proving(home: BenchTenant, report: Report): Promise<void> {
  const { db, tenant, schema } = home
  // As many acts as a day of single edits makes, beside the batches.
  await db.pool.query(`with a as (insert into ${schema}.act (actor_kind, actor_ref, cause, ip, agent, request, at) select 'member', '1', '{"kind":"member"}', '10.0.0.1', 'Mozilla/5.0', gen_random_uuid()::text, clock_timestamp() from generate_series(1, 60000) returning id),
    u as (insert into ${schema}.unsealed select id from a) insert into ${schema}.change (act, object, record, record_version, fields) select id, 'lead', gen_random_uuid(), 1, jsonb_build_object('company', jsonb_build_array('甲公司', '乙公司'), 'budget_min', jsonb_build_array('600000', '700000')) from a`)
  await db.pool.query(`analyze ${schema}.act; analyze ${schema}.change`).catch(() => {})
  const folder = scratch('seal')
  const signer = openSigner(folder)
  let acts = 0
  const sealing = await seconds(async () => { for (;;) { const sealed = await db.mutate(tenant, (tx) => sealNext(tx, signer)); if (!sealed) return; acts += sealed.acts } })
  report.figure('sealed-acts', acts / sealing, '/s')
  let changes = 0
  const checking = await seconds(async () => {
    const found = await db.read(tenant, (tx) => checkSeal(tx, { keys: trustedKeys([folder]), anchors: [] }))
    if (found.findings.length > 0) throw new Error(JSON.stringify(found.findings.slice(0, 3)))
    changes = found.changes
  })
  report.figure('verified-changes', changes / checking, '/s', { atLeast: 50_000 })
}

async function undeleting(home: BenchTenant, gone: readonly string[], report: Report): Promise<void> {
  const acts: number[] = []
  for (let at = 0; at < gone.length; at += 1_000) acts.push((await as(home, (ctx) => writeOrRefuse(ctx, gone.slice(at, at + 1_000).map((id): Intent => ({ op: 'delete', object: 'lead', id })))))[0]!.act!)
  let changed = 0
  const took = await seconds(async () => { changed = (await as(home, (ctx) => undoActs(ctx, acts))).changed })
  if (changed !== gone.length) throw new Error(`${changed} of ${gone.length} came back`)
  report.figure('undelete-10000', took, 's', { atMost: 10 })
}

const seconds = async (work: () => Promise<void>): Promise<number> => (await timed(work)) / 1000
