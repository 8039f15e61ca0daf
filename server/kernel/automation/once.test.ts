import { spawn } from 'node:child_process'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { verifyTenant } from '#kernel/records'
import { openDatabase } from '#platform/db'
import { drain, startEngine } from './index.ts'
import { CHIEF, COURIERS, type Depot, depot } from './testing/depot.ts'
import { type Fault, faulty } from './testing/faults.ts'

const CAPACITY = 500
let home: Depot
beforeAll(async () => {
  home = await depot({ capacity: CAPACITY })
  await home.rule({ key: 'chain_tag', priority: 1, actions: [{ do: 'tag', add: ['a'] }] })
  await home.rule({ key: 'chain_red', priority: 2, condition: { field: 'worth', op: 'ge', value: '100' }, actions: [{ do: 'tag', add: ['red'] }] })
  await home.rule({ key: 'chain_grade', priority: 3, actions: [{ do: 'grade', grading: 'heat' }] })
  await home.rule({ key: 'chain_assign', priority: 4, actions: [
    { do: 'assign', policy: 'able' }, { do: 'create', object: 'errand', values: { title: 'go', about: { record: true }, owner: { owner: true }, due_at: { now: true, plus: '72h' } } },
    { do: 'notify', to: [{ owner: true }], kind: 'new', title: '{{name}}' }, { do: 'webhook', url: 'https://example.com/' }] })
  await home.rule({ key: 'chain_late', trigger: { on: 'deadline', object: 'errand', field: 'due_at' }, actions: [{ do: 'tag', add: ['late'] }] })
  await home.rule({ key: 'moved', trigger: { on: 'changed', object: 'parcel', fields: ['note'] }, actions: [{ do: 'create', object: 'errand', values: { title: { text: 'note {{note}}' }, about: { record: true } } }] })
}, 60_000)
afterAll(() => home.drop())

/** Everything that one chain must have left, exactly once. */
async function chainOf(id: string) {
  const one = async (text: string) => (await home.rows<{ n: number }>(`select count(*)::int as n from ${text}`, [id]))[0]!.n
  return {
    runs: (await home.rows<{ rule: string }>(`select rule from {t}.run where record = $1 and status = 'done' order by rule`, [id])).map(({ rule }) => rule),
    acts: await one('{t}.change where record = $1 and record_version = 2'), versions: await one('{t}.change where record = $1'), errands: await one(`{t}."o_errand" where f_about = $1`),
    notices: await one('{t}.notification where record = $1'), open: await one('{t}.assignment where record = $1 and closed_at is null'), decisions: await one('{t}.decision where record = $1'),
    timers: await one(`{t}.timer t join {t}."o_errand" e on t.key = 'deadline:chain_late:' || e.id where e.f_about = $1`), sent: await one(`{t}.outbox where body->'payload'->'record'->>'id' = $1`),
  }
}
const ONCE = { runs: ['chain_assign', 'chain_grade', 'chain_red', 'chain_tag'], acts: 1, versions: 2, errands: 1, notices: 1, open: 1, decisions: 1, timers: 1, sent: 1 }

const FAULTS: Fault[] = ['broken', 'deadlock', 'away', 'after']
test.each(FAULTS)('E6 %s: whichever statement fails, every effect is there exactly once', async (fault) => {
  for (let n = 0; ; n++) {
    const id = await home.parcel({ worth: '500', goods: 'fruit' })
    const db = faulty(home.db, n, fault)
    await drain(db, home.tenant).catch(() => {})
    await home.drain()
    expect({ n, ...(await chainOf(id)) }).toEqual({ n, ...ONCE })
    if (!db.reached()) break
  }
}, 60_000)

test('E16 who drains waits for what another connection still holds', async () => {
  const id = await home.parcel({ worth: '500', goods: 'fruit' })
  const holder = await home.db.pool.connect()
  await holder.query('begin')
  // What a connection that broke leaves behind until the server has noticed: the locks of all queues.
  await holder.query('select pg_advisory_xact_lock($1::int, 100 + q) from generate_series(0, 7) q', [home.tenant.id])
  const drained = home.drain()
  await new Promise((resolve) => setTimeout(resolve, 200))
  await holder.query('rollback')
  holder.release()
  await drained
  expect(await chainOf(id)).toEqual(ONCE)
})

test('E6 E7 kill −9 anywhere, again and again, with two engines at work: nothing is lost and nothing is done twice', async () => {
  const ids: string[] = []
  const config = JSON.stringify((home.db.pool as unknown as { options: object }).options, ['host', 'port', 'user', 'password', 'database'])
  const start = () => spawn(process.execPath, [path.join(import.meta.dirname, 'testing/engine-process.ts')], { env: { ...process.env, ENGINE_DB: config }, stdio: ['ignore', 'pipe', 'inherit'] })
  const filling = (async () => { for (let i = 0; i < 30; i++) ids.push(...(await Promise.all(Array.from({ length: 10 }, () => home.parcel({ worth: '500', goods: 'fruit' }))))) })()
  for (let kill = 0; kill < 5; kill++) {
    const engines = [start(), start()]
    await Promise.all(engines.map((engine) => new Promise((resolve) => engine.stdout.once('data', resolve))))
    await new Promise((resolve) => setTimeout(resolve, 30 + Math.random() * 250))
    for (const engine of engines) engine.kill('SIGKILL')
    await Promise.all(engines.map((engine) => new Promise<void>((resolve) => { if (engine.exitCode ?? engine.signalCode) resolve(); else engine.once('exit', () => resolve()) })))
  }
  await filling
  await home.drain()
  for (const id of ids) expect(await chainOf(id)).toEqual(ONCE)
}, 120_000)

test('E7 two engines share the work; the changes of one record are answered in their order', async () => {
  const second = openDatabase((home.db.pool as unknown as { options: object }).options)
  const engines = [home.db, second].map((db) => startEngine({ db, channels: {}, repairMs: 50 }))
  const parcels = await Promise.all(Array.from({ length: 8 }, () => home.parcel({ worth: '1', goods: 'fruit' })))
  for (let i = 0; i < 12; i++) await Promise.all(parcels.map((id) => home.write([{ op: 'update', object: 'parcel', id, values: { note: String(i) } }])))
  await idle()
  await Promise.all(engines.map((engine) => engine.stop()))
  await second.close()
  for (const id of parcels) {
    const runs = await home.rows<{ title: string }>(`select e.f_title as title from {t}.run r join {t}.change c on c.seq = r.event join {t}."o_errand" e on e.id = (r.steps->0->>'created')::uuid where r.record = $1 and r.rule = 'moved' order by c.seq`, [id])
    expect(runs).toHaveLength(12)
    const order = await home.rows<{ ordered: boolean }>(`select bool_and(act > before) as ordered from (select r.act, lag(r.act, 1, 0) over (order by r.event) as before from {t}.run r where r.record = $1 and r.rule = 'moved') o`, [id])
    expect(order[0]!.ordered).toBe(true)
  }
}, 60_000)

async function idle(): Promise<void> {
  while ((await home.rows('select 1 from {t}.todo limit 1')).length > 0) await new Promise((resolve) => setTimeout(resolve, 20))
}

test('E14 G11 batches at once never give a member more than they can hold, and the loads are what is open', async () => {
  await home.within(async ({ tx }) => { await tx.query(`update {t}.member set capability = jsonb_set(capability, '{capacity}', to_jsonb((select coalesce(max(open), 0) + 5 from {t}.member_load))) where id = any($1)`, [COURIERS]) })
  const room = (await home.rows<{ room: number }>(`select sum((m.capability->>'capacity')::int - coalesce(l.open, 0))::int as room from {t}.member m left join {t}.member_load l on l.member = m.id where m.id = any($1)`, [COURIERS]))[0]!.room
  const ids = await Promise.all(Array.from({ length: room + 10 }, () => home.parcel({ goods: 'fruit' })))
  const others = Array.from({ length: 3 }, () => openDatabase((home.db.pool as unknown as { options: object }).options))
  await Promise.all([home.db, ...others].map((db) => drain(db, home.tenant)))
  await Promise.all(others.map((db) => db.close()))
  const owned = await home.rows(`select 1 from {t}."o_parcel" where id = any($1) and owner is not null`, [ids])
  expect(owned).toHaveLength(room)
  expect(await home.rows(`select 1 from {t}.member_load l join {t}.member m on m.id = l.member where l.open > (m.capability->>'capacity')::int`)).toEqual([])
  expect(await home.rows(`select 1 from {t}.notification where member = $1 and kind = 'nobody_available'`, [CHIEF])).toHaveLength(10)
  const { loads, differences } = await home.within((ctx) => verifyTenant(ctx))
  expect([loads, differences]).toEqual([[], []])
}, 60_000)
