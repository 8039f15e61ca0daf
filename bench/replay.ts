import { drain } from '#kernel/automation'
import { compare, openPast, replay } from '#kernel/replay'
import { writeOrRefuse, type Intent } from '#kernel/records'
import { benchDepot, couriers, inside, label, published } from './depot.ts'
import type { Report } from './report.ts'

export const named = true
const RECORDS = Number(process.env['BENCH_RECORDS'] ?? 60_000)
/** Until here the program is getting warm: told apart, so that a longer log hides nothing. */
const FIRST = 40_000
const BATCH = 200

/** History answered again on the log alone: parcels that are tagged, graded and assigned, later changed and answered by another rule. */
export async function run(report: Report): Promise<void> {
  const home = await benchDepot('replay')
  const { db, tenant, schema } = home
  try {
    await couriers(home, 8)
    await published(home, [
      { kind: 'rule', key: 'first', state: 'active', body: { key: 'first', label: label('first'), priority: 1, trigger: { on: 'created', object: 'parcel' }, condition: { field: 'worth', op: 'ge', value: '100' }, actions: [{ do: 'tag', add: ['a'] }, { do: 'assign', policy: 'able' }] } },
      { kind: 'rule', key: 'noted', state: 'active', body: { key: 'noted', label: label('noted'), priority: 2, trigger: { on: 'changed', object: 'parcel', fields: ['note'] }, condition: { field: 'tags', op: 'has', value: 'a' }, actions: [{ do: 'set', values: { count: { add: 1 } } }] } },
    ])
    const ids: string[] = []
    for (let from = 0; from < RECORDS; from += BATCH) {
      const born = Array.from({ length: BATCH }, (_, i): Intent => ({ op: 'create', object: 'parcel', values: { name: `p${from + i}`, worth: String(50 + ((from + i) % 4) * 50), goods: 'fruit', region: '310000' } }))
      ids.push(...(await inside(home, (ctx) => writeOrRefuse(ctx, born))).map(({ id }) => id))
      await drain(db, tenant)
      const noted = ids.slice(Math.max(0, from - BATCH), from)
      if (noted.length > 0) await inside(home, (ctx) => writeOrRefuse(ctx, noted.map((id): Intent => ({ op: 'update', object: 'parcel', id, values: { note: `n${from}` } }))))
    }
    await drain(db, tenant)
    await db.pool.query(`analyze ${schema}.change; analyze ${schema}.act; analyze ${schema}.run; analyze ${schema}.answered`)
    const { rows: [log] } = await db.pool.query<{ changes: number }>(`select count(*)::int as changes from ${schema}.change`)
    let [events, apart, batches, proved, first] = [0, 0, 0, 0, 0]
    const cpu = process.cpuUsage()
    const begun = performance.now()
    class Enough extends Error {}
    await db.mutate(tenant, async (tx) => {
      const past = await openPast(tx)
      await replay(tx, past, (batch) => { events += batch.events.length; apart += compare(batch).length; batches++; if (batch.history === batch.replayed) proved++; if (events < FIRST) first = events / ((performance.now() - begun) / 1000) })
      throw new Enough()
    }).catch((error: unknown) => { if (!(error instanceof Enough)) throw error })
    const seconds = (performance.now() - begun) / 1000
    const { user, system } = process.cpuUsage(cpu)
    if (apart > 0) throw new Error(`${apart} differences between history and its replay`)
    report.say(`${events} events in ${batches} batches (${proved} of them proved in memory), ${log!.changes} changes, 0 differences, ${seconds.toFixed(1)} s, of which ours ${((user + system) / 1e6).toFixed(1)} s of processor`)
    report.figure('events-again', events / seconds, '/s', { atLeast: 20_000 })
    report.figure(`events-again-first-${FIRST}`, first, '/s')
    report.figure('changes-followed', log!.changes / seconds, '/s')
  } finally {
    await home.close()
  }
}
