import pg from 'pg'
import { chainFolder, drained, openChain, post, RULES_PER_CHAIN, SCHEMA, standing } from './chain.ts'
import type { Report } from './report.ts'
import { throughput } from './timing.ts'

const SECONDS = Number(process.env['BENCH_SECONDS'] ?? 12)
export const FORM = '/intake/forms/pricing'

/** What intake reached in this run, for the latency at half of it. */
export let reached: number | null = null

/** As many forms as the server takes, until every one of them has become a whole chain: counted in the database. */
export async function run(report: Report, missed = 0): Promise<void> {
  const chain = await openChain(await chainFolder({ missed }))
  const { pool, served } = chain
  try {
    const raw = await rawRate(pool)
    report.figure('raw-two-row-transactions', raw, '/s')
    await post({ url: served.url, form: FORM, prefix: '1370', ms: 2_000, inFlight: 256 })
    await drained(pool)
    const posted = await post({ url: served.url, form: FORM, prefix: '1380', ms: SECONDS * 1000, inFlight: 512 })
    const done = await drained(pool)
    const stands = await standing(pool, '1380')
    report.say(`${posted.accepted} answered 201, other answers ${JSON.stringify(posted.refused)}; ${JSON.stringify(stands)}; drained ${done - posted.ended} ms after the last answer; load generator ${Math.round(posted.cpuMs)} ms of processor`)
    whole(stands, posted.accepted)
    reached = (stands.leads * 1000) / (done - posted.begun)
    report.figure('forms-answered', (posted.accepted * 1000) / (posted.ended - posted.begun), '/s')
    report.figure('whole-chains', reached, '/s', { atLeast: 1000 })
    report.figure('whole-chains-of-raw', reached / raw, '×', { atLeast: 0.15 })
  } finally {
    await chain.stop()
  }
}

function whole({ leads, owned, tasks, notices, runs }: Awaited<ReturnType<typeof standing>>, accepted: number): void {
  if (leads !== accepted || owned !== leads || tasks !== leads || notices !== leads || runs !== leads * RULES_PER_CHAIN) throw new Error('not every form became a whole chain')
}

/** The raw rate: a lead and its change, as plain rows, in a transaction each; named statements, 16 connections, no HTTP, same tables and indexes. */
async function rawRate(pool: pg.Pool): Promise<number> {
  const raw = new pg.Pool({ ...pool.options, max: 16 })
  raw.on('error', () => {})
  let n = 0
  const one = async (): Promise<void> => {
    const mine = ++n
    const [id, phone, now] = [`0190ffff-0000-7000-8000-${mine.toString(16).padStart(12, '0')}`, `+86199${String(mine).padStart(8, '0')}`, new Date()]
    const client = await raw.connect()
    try {
      await client.query('begin')
      await client.query({ name: 'lead', text: LEAD, values: [id, now, `RAW${mine}`, `王明${mine}`, phone, `苏州精密制造${mine % 997}有限公司`] })
      await client.query({ name: 'change', text: CHANGE, values: [mine, id, FIELDS] })
      await client.query('commit')
    } finally {
      client.release()
    }
  }
  try {
    await throughput(16, 1_000, one)
    const rate = await throughput(16, 5_000, one)
    await raw.query(`delete from ${SCHEMA}.o_lead where f_no like 'RAW%'`)
    await raw.query(`delete from ${SCHEMA}.change where act < 0`)
    await raw.query(`vacuum ${SCHEMA}.o_lead`)
    return rate
  } finally {
    await raw.end()
  }
}

const LEAD = `insert into ${SCHEMA}.o_lead (id, version, created_at, updated_at, origin, f_no, f_name, f_phone, f_company, f_region, f_industry, f_need_type, f_budget_min, f_budget_max, f_status, f_channel, f_form_source, f_page_url)
  values ($1, 1, $2, $2, 'form:pricing', $3, $4, $5, $6, '320500', 'auto_parts', 'mes', 600000, 800000, 'unassigned', 'website', '官网定价页', 'https://www.example.cn/pricing?utm_source=baidu')`
const CHANGE = `insert into ${SCHEMA}.change (act, object, record, record_version, fields) values (-$1::bigint, 'lead', $2, 1, $3)`
const FIELDS = JSON.stringify({ name: [null, '王明'], phone: [null, '+8619900000000'], company: [null, '苏州精密制造有限公司'], industry: [null, 'auto_parts'], need_type: [null, 'mes'], budget_min: [null, '600000'], status: [null, 'unassigned'] })
