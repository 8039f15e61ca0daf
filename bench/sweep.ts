import { drain } from '#kernel/automation'
import { startIndexing } from '#kernel/metadata'
import { advanceClock } from '#platform/db'
import { oneBatch, openProcess } from '../server/kernel/automation/testing/hand.ts'
import { benchDepot, label, parcels, published } from './depot.ts'
import { sleep } from './house.ts'
import type { Report } from './report.ts'
import { timed } from './timing.ts'

export const named = true
const RECORDS = Number(process.env['BENCH_RECORDS'] ?? 1_000_000)
const [SEGMENTS, DAY, HOUR] = [50, 86_400_000, 3_600_000]

/** Fifty segments with a time in their condition over all records of an object: an hour passes, in which one record in a hundred crosses an edge. */
export async function run(report: Report): Promise<void> {
  const home = await benchDepot('sweep')
  const { db, tenant } = home
  try {
    // One in a hundred has been quiet for 30 days less half an hour, the others for less than 20 days.
    await parcels(home, RECORDS, { f_count: `n % ${SEGMENTS}`, f_seen_at: `case when n % 100 = 7 then clock_timestamp() - interval '30 days' + interval '30 minutes' else clock_timestamp() - (n % 480) * interval '1 hour' end` })
    await published(home, Array.from({ length: SEGMENTS }, (_, i) => ({ kind: 'tag' as const, key: `quiet_${i}`, body: { key: `quiet_${i}`, label: label(`quiet ${i}`), segment: { object: 'parcel', condition: { all: [{ field: 'seen_at', op: 'olderThan', value: '30d' }, { field: 'count', op: 'eq', value: i }] } } } })))
    // What a publication leaves to be built beside the traffic.
    const indexing = startIndexing(db, (error) => { throw error })
    while ((await db.pool.query(`select from pg_index where indexrelid = to_regclass($1) and indisvalid`, [`${home.schema}."o_parcel.seen_at.sort"`])).rowCount === 0) await sleep(100)
    await indexing.stop()
    await db.pool.query(`vacuum (analyze, parallel 0) ${home.schema}.o_parcel`)
    const process = openProcess()
    report.figure('first-look', (await timed(() => drain(db, tenant))) / 1000, 's')
    // The look at what was being written meanwhile comes a minute later.
    await advanceClock(db, tenant, 61_000)
    report.figure('second-look', (await timed(() => drain(db, tenant))) / 1000, 's')
    await oneBatch(db, tenant, process)
    await oneBatch(db, tenant, process)
    await advanceClock(db, tenant, HOUR)
    const look = await timed(() => oneBatch(db, tenant, process))
    const [{ found }] = (await db.pool.query<{ found: number }>(`select count(*)::int as found from ${home.schema}.timer where kind = 'grade'`)).rows as [{ found: number }]
    const carried = await timed(() => drain(db, tenant))
    const [{ tagged }] = (await db.pool.query<{ tagged: number }>(`select count(*)::int as tagged from ${home.schema}.o_parcel where tags <> '{}'`)).rows as [{ tagged: number }]
    const due = Math.floor((RECORDS + 93) / 100)
    if (found !== due || tagged !== due) throw new Error(`${due} cross, ${found} were found, ${tagged} were tagged`)
    report.say(`${RECORDS} records, ${SEGMENTS} segments, ${found} cross`)
    report.figure('one-look', look / 1000, 's', { atMost: 3 })
    report.figure('tagged', (tagged * 1000) / carried, '/s')
    await advanceClock(db, tenant, DAY / 24 / 60)
    report.figure('look-with-nothing-to-find', (await timed(() => oneBatch(db, tenant, process))) / 1000, 's')
  } finally {
    await home.close()
  }
}
