import { afterAll, beforeAll, expect, test } from 'vitest'
import { advanceClock, openDatabase } from '#platform/db'
import { drain } from '#kernel/automation'
import { type Depot, depot } from '../server/kernel/automation/testing/depot.ts'

/** Pending and due in the same second: 100,000 and 1,000 in `npm test`; 1,000,000 and 10,000 in `npm run laws`. */
const LONG = process.env['LAWS'] === 'long'
const [PENDING, DUE] = LONG ? [1_000_000, 10_000] : [100_000, 1_000]
const WITHIN_MS = 10_000
const HOUR = 3_600_000

let home: Depot
beforeAll(async () => {
  home = await depot()
  await home.rule({ key: 'late', trigger: { on: 'deadline', object: 'errand', field: 'late_at' }, condition: { field: 'state', op: 'eq', value: 'open' }, actions: [{ do: 'tag', add: ['late'] }] })
  await home.drain()
})
afterAll(() => home.drop())

test('E10 E80 many deadlines in one second, among a multitude that waits: all of them soon, none before, none twice, by two processes', { timeout: 600_000 }, async () => {
  const now = await home.within(async (ctx) => ctx.now)
  await planted(now)
  await home.db.pool.query(`analyze "${home.tenant.schema}".timer; analyze "${home.tenant.schema}"."o_errand"`)
  await advanceClock(home.db, home.tenant, 71 * HOUR)
  await home.drain()
  expect(await counts()).toMatchObject({ runs: 0, late: 0, waiting: PENDING })
  await advanceClock(home.db, home.tenant, HOUR + 2_000)
  const second = openDatabase((home.db.pool as unknown as { options: object }).options)
  const begun = performance.now()
  await Promise.all([home.db, home.db, second].map((db) => drain(db, home.tenant)))
  const took = performance.now() - begun
  await second.close()
  console.log(`timers law: ${DUE} of ${PENDING} in ${Math.round(took)} ms`)
  expect(await counts()).toMatchObject({ runs: DUE, late: DUE, episodes: DUE, waiting: PENDING - DUE, early: 0, left: 0 })
  expect(took).toBeLessThan(WITHIN_MS)
  await home.drain()
  expect(await counts()).toMatchObject({ runs: DUE, late: DUE, waiting: PENDING - DUE })
})

/** Errands and their deadlines as the engine leaves them; every `PENDING / DUE`th is due in the second after 72 hours, the others later. Written as SQL: what is tried is their coming. */
async function planted(now: Date): Promise<void> {
  for (let from = 0; from < PENDING; from += PORTION) await home.within(async ({ tx }) => {
    await tx.query(`insert into {t}."o_errand" (id, version, created_at, updated_at, origin, f_title, f_state, f_late_at)
      select ('01900000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 1, $3, $3, 'form:door', 'e', 'open',
        $3::timestamptz + case when n % ($1::int / $2::int) = 0 then interval '72 hours' + (n % 1000) * interval '1 millisecond' else interval '73 hours' + (n % 5000) * interval '1 minute' end
      from generate_series($4::int, $5::int) n`, [PENDING, DUE, now, from, from + PORTION - 1])
    await tx.query(`insert into {t}.timer (key, due_at, kind, payload) select 'deadline:late:' || id, f_late_at, 'deadline', jsonb_build_object('object', 'errand', 'record', id, 'name', 'late') from {t}."o_errand"
      where id >= ('01900000-0000-7000-8000-' || lpad(to_hex($1::int), 12, '0'))::uuid`, [from])
  })
}
const PORTION = 50_000

async function counts(): Promise<Record<string, number>> {
  const [row] = await home.rows<Record<string, number>>(`select (select count(*)::int from {t}.run where rule = 'late' and status = 'done') as runs, (select count(*)::int from {t}.episode where rule = 'late') as episodes,
    (select count(*)::int from {t}.timer where kind = 'deadline') as waiting, (select count(*)::int from {t}."o_errand" where tags <> '{}') as late,
    (select count(*)::int from {t}.episode where opened_at > closed_at) as early,
    (select count(*)::int from {t}."o_errand" e where e.tags = '{}' and e.f_late_at <= (select clock_timestamp() + clock_offset_ms * interval '1 millisecond' from nextmove.tenant where id = $1)) as left`, [home.tenant.id])
  return row!
}
