import { chainFolder, drained, openChain, post, SCHEMA } from './chain.ts'
import { FORM, reached } from './intake.ts'
import type { Report } from './report.ts'
import { percentile } from './timing.ts'

const SECONDS = Number(process.env['BENCH_SECONDS'] ?? 12)

/** From the moment a form was due to be posted until its owner was committed, at half the rate that intake sustains. */
export async function run(report: Report, missed = 0): Promise<void> {
  const chain = await openChain(await chainFolder({ missed }))
  const { pool, served } = chain
  try {
    const whole = reached ?? (await sustained(chain))
    const rate = whole / 2
    await post({ url: served.url, form: FORM, prefix: '1360', ms: 2_000, inFlight: 512, rate })
    await drained(pool)
    const posted = await post({ url: served.url, form: FORM, prefix: '1390', ms: SECONDS * 1000, inFlight: 512, rate })
    await drained(pool)
    const { rows } = await pool.query<{ phone: string; ms: number }>(`select l.f_phone as phone, extract(epoch from pg_xact_commit_timestamp(a.xmin))::float8 * 1000 as ms
      from ${SCHEMA}.o_lead l join ${SCHEMA}.assignment a on a.record = l.id and a.closed_at is null where l.f_phone like '+861390%'`)
    if (rows.length !== posted.due.length) throw new Error(`${posted.due.length} posted, ${rows.length} have an owner; answers ${JSON.stringify(posted.refused)}`)
    const waits = rows.map(({ phone, ms }) => ms - posted.due[Number(phone.slice(7))]!)
    const answers = posted.due.map((due, n) => posted.answered[n]! - due)
    report.say(`${Math.round(rate)} forms/s offered for ${SECONDS} s; ${rows.length} owners`)
    report.figure('posted-to-answered-p99', percentile(answers, 0.99), 'ms')
    report.figure('posted-to-owner-p50', percentile(waits, 0.5), 'ms')
    report.figure('posted-to-owner-p99', percentile(waits, 0.99), 'ms', { atMost: 250 })
  } finally {
    await chain.stop()
  }
}

/** When intake was not run before in this run. */
async function sustained({ pool, served }: Awaited<ReturnType<typeof openChain>>): Promise<number> {
  await post({ url: served.url, form: FORM, prefix: '1370', ms: 2_000, inFlight: 256 })
  await drained(pool)
  const posted = await post({ url: served.url, form: FORM, prefix: '1380', ms: 6_000, inFlight: 512 })
  return (posted.accepted * 1000) / ((await drained(pool)) - posted.begun)
}
