import { startEngine } from '#kernel/automation'
import { writeOrRefuse, type Intent } from '#kernel/records'
import { benchDepot, idOf, inside, label, parcels, published } from './depot.ts'
import { sleep } from './house.ts'
import type { Report } from './report.ts'

export const named = true
const RECORDS = Number(process.env['BENCH_RECORDS'] ?? 100_000)
const [BATCH, BATCHES_AT_ONCE, WORKERS] = [500, 2, 2]

/** Somebody changes very many records at once, and two rules answer every one of them: until the last is answered. */
export async function run(report: Report): Promise<void> {
  const home = await benchDepot('fan-out')
  const { db, schema } = home
  try {
    await parcels(home, RECORDS)
    const trigger = { on: 'changed' as const, object: 'parcel', fields: ['state'] }
    await published(home, [{ do: 'tag', add: ['a'] }, { do: 'set', values: { count: { add: 1 } } }].map((action, i) => ({ kind: 'rule' as const, key: `answer_${i}`, state: 'active' as const, body: { key: `answer_${i}`, label: label(`answer ${i}`), priority: i, trigger, condition: { field: 'state', op: 'eq', value: 'waiting' }, actions: [action] } })))
    let [events, trouble] = [0, 0]
    const engine = startEngine({ db, channels: {}, workers: WORKERS, onBatch: (_, outcome) => { events += outcome.events }, onTrouble: () => { trouble++ } })
    const [begun, cpu] = [performance.now(), process.cpuUsage()]
    let next = 1
    await Promise.all(Array.from({ length: BATCHES_AT_ONCE }, async () => {
      for (let from = next; from <= RECORDS; from = next) {
        next = from + BATCH
        await inside(home, (ctx) => writeOrRefuse(ctx, Array.from({ length: Math.min(BATCH, RECORDS - from + 1) }, (_, i): Intent => ({ op: 'update', object: 'parcel', id: idOf(from + i), values: { state: 'waiting' } }))))
      }
    }))
    const written = performance.now() - begun
    while ((await db.pool.query(`select from ${schema}.todo limit 1`)).rowCount! > 0) await sleep(20)
    const seconds = (performance.now() - begun) / 1000
    const { user, system } = process.cpuUsage(cpu)
    await engine.stop()
    const { rows: [stands] } = await db.pool.query<{ answered: number; runs: number }>(`select (select count(*)::int from ${schema}.o_parcel where f_count = 1 and tags <> '{}') as answered, (select count(*)::int from ${schema}.run where status = 'done' and rule like 'answer_%') as runs`)
    if (stands!.answered !== RECORDS || stands!.runs !== 2 * RECORDS) throw new Error(`${RECORDS} changed, ${JSON.stringify(stands)}`)
    report.say(`${RECORDS} changed in ${(written / 1000).toFixed(1)} s, ${events} events, ${trouble} troubles, ${((user + system) / 1000 / RECORDS).toFixed(2)} ms of our processor for each`)
    report.figure('changed', RECORDS / (written / 1000), '/s')
    report.figure('answered', RECORDS / seconds, '/s', { atLeast: 5_000 })
  } finally {
    await home.close()
  }
}
