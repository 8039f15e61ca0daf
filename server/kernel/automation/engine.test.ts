import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { kernelContext } from '#kernel/access'
import type { Channel } from '#kernel/delivery'
import { writeOrRefuse } from '#kernel/records'
import { checkCondition, toPredicate, type Image, type Seen } from '#language/conditions'
import { advanceClock, createTenant, dropTenant, ids, openDatabase } from '#platform/db'
import { applySolution } from '#kernel/solutions'
import { type Engine, explainRule, startEngine, startWaking } from './index.ts'
import { DEPOT, type Depot, depot, keysOf } from './testing/depot.ts'
import type { SeenKept } from './types.ts'
import { workingCalendar } from '#language/values'

let home: Depot
beforeAll(async () => {
  home = await depot()
  await home.rule({ key: 'tag', actions: [{ do: 'tag', add: ['a'] }] })
  await home.rule({ key: 'late', trigger: { on: 'deadline', object: 'errand', field: 'due_at' }, actions: [{ do: 'tag', add: ['late'] }] })
})
afterAll(() => home.drop())

const engines: Engine[] = []
afterEach(async () => void (await Promise.all(engines.splice(0).map((engine) => engine.stop()))))
/** Looks for work by itself only once an hour, unless told otherwise: what it does sooner it was told of. */
function engine(more: Partial<Parameters<typeof startEngine>[0]> = {}): Engine {
  const started = startEngine({ db: home.db, channels: {}, repairMs: 3_600_000, ...more })
  engines.push(started)
  return started
}
const options = () => (home.db.pool as unknown as { options: object }).options
const until = async (met: () => Promise<boolean>, ms = 15_000) => { for (const end = Date.now() + ms; !(await met()); await pause(10)) if (Date.now() > end) throw new Error('it did not come') }
const tagged = (id: string) => until(async () => (await home.tags(id)).includes('a'))

test('E16 work of this process is begun at once', async () => {
  engine()
  await pause(100)
  await tagged(await home.parcel())
})

test('E16 work of another process is told over the database', async () => {
  const elsewhere = openDatabase(options())
  engine({ db: elsewhere })
  await pause(200)
  const waking = startWaking(home.db)
  const started = Date.now()
  // The listening engine shares this process, so its own watcher is woken too; the word goes out all the same.
  const told = new Promise<string>((resolve) => void home.db.pool.connect().then(async (client) => { client.once('notification', ({ payload }) => { client.release(true); resolve(payload!) }); await client.query('listen nextmove_work') }))
  await pause(50)
  await tagged(await home.parcel())
  expect(await told).toMatch(new RegExp(`:${home.tenant.id}$`))
  expect(Date.now() - started).toBeLessThan(4_000)
  await waking.stop()
  await Promise.all(engines.splice(0).map((each) => each.stop()))
  await elsewhere.close()
})

test('E16 what no word came of is found by looking', async () => {
  const id = await home.parcel()
  engine({ repairMs: 50 })
  await tagged(id)
})

test('E16 the clock was moved: wakeAll makes deadlines come', async () => {
  const running = engine()
  const id = ids.next()
  await home.write([{ op: 'create', object: 'errand', id, values: { title: 'x', due_at: new Date(Date.now() + 3_600_000).toISOString() } }])
  await until(async () => (await home.rows(`select 1 from {t}.timer where key = $1`, [`deadline:late:${id}`])).length === 1)
  await advanceClock(home.db, home.tenant, 7_200_000)
  running.wakeAll()
  await until(async () => keysOf(await home.image('errand', id)).includes('late'))
})

test('E16 a tenant whose tables cannot be asked holds up nobody’s deadlines, and is told of', async () => {
  const broken = await createTenant(home.db, { key: `broken${ids.next().slice(-8)}`, name: 'Broken', demo: true })
  const told = new Set<string>()
  const id = ids.next()
  await home.write([{ op: 'create', object: 'errand', id, values: { title: 'x', due_at: new Date((await clock()) + 3_600_000).toISOString() } }])
  await home.drain()
  await home.db.pool.query(`alter table "${broken.schema}".timer rename to timer_away`)
  engine({ repairMs: 50, onTrouble: (_, tenant) => told.add(tenant?.key ?? 'all') })
  await advanceClock(home.db, home.tenant, 7_200_000)
  await until(async () => keysOf(await home.image('errand', id)).includes('late'))
  await until(async () => told.has(broken.key))
  expect(told.has('all')).toBe(false)
  await Promise.all(engines.splice(0).map((each) => each.stop()))
  await dropTenant(home.db, broken)

  async function clock() { return (await home.within(async ({ now }) => now)).getTime() }
})

test('E16 connections break: the engine goes on by itself', async () => {
  const troubles: unknown[] = []
  const own = openDatabase({ ...options(), application_name: 'engine under test' })
  engine({ db: own, repairMs: 50, onTrouble: (error) => troubles.push(error) })
  await tagged(await home.parcel())
  await home.db.pool.query(`set role none; select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'engine under test'; set role nextmove_app`)
  await tagged(await home.parcel())
  await Promise.all(engines.splice(0).map((each) => each.stop()))
  await own.close()
})

test('E16 messages to the outside leave soon after their commit', async () => {
  await home.rule({ key: 'hook', condition: { field: 'note', op: 'eq', value: 'send' }, actions: [{ do: 'webhook', url: 'https://example.com/' }] })
  const heard: string[] = []
  const webhook: Channel = { idempotent: true, send: async ({ key }) => { heard.push(key); return { is: 'delivered' } } }
  engine({ channels: { webhook } })
  await pause(50)
  await home.parcel({ note: 'send' })
  await until(async () => heard.length === 1)
  await until(async () => (await home.rows(`select 1 from {t}.outbox where state = 'sent'`)).length === 1)
})

test('E12 E16 what a paused rule has left waits, and goes when it is switched on again', async () => {
  const heard: string[] = []
  const webhook: Channel = { idempotent: true, send: async ({ key }) => { heard.push(key); return { is: 'delivered' } } }
  await home.rule({ key: 'held', condition: { field: 'note', op: 'eq', value: 'hold' }, actions: [{ do: 'webhook', url: 'https://example.com/' }] })
  await home.parcel({ note: 'hold' })
  await home.drain()
  await home.switchRule('held', 'paused')
  engine({ channels: { webhook }, repairMs: 50 })
  await until(async () => (await home.rows(`select 1 from {t}.outbox where rule = 'held' and state = 'held'`)).length === 1)
  expect(heard).toEqual([])
  await home.switchRule('held', 'active')
  await until(async () => heard.length === 1)
})

test('E83 a tenant whose work takes long leaves a worker to others that had work lately', async () => {
  const slow = await createTenant(home.db, { key: `slow${ids.next().slice(-8)}`, name: 'Slow', demo: true })
  const waiting = () => home.db.pool.query<{ held: number }>(`select count(*)::int as held from pg_locks where locktype = 'advisory' and classid = $1 and objid = 1 and not granted`, [slow.id]).then(({ rows }) => rows[0]!.held)
  await home.db.mutate(slow, (tx) => applySolution({ tx, actor: { kind: 'system', reason: 'test' } }, DEPOT))
  engine({ workers: 2 })
  await tagged(await home.parcel())
  // Whoever publishes keeps the batches of this tenant waiting.
  const publisher = await home.db.pool.connect()
  await publisher.query('select pg_advisory_lock($1::int, 1)', [slow.id])
  await home.db.mutate(slow, async (tx) => void (await writeOrRefuse(await kernelContext(tx, { kind: 'source', form: 'door' }, { kind: 'source', form: 'door' }), Array.from({ length: 20 }, () => ({ op: 'create', object: 'parcel', values: { name: 'p', worth: '1' } })))))
  await until(async () => (await waiting()) > 0)
  const parcel = await home.parcel()
  await until(async () => (await home.tags(parcel)).includes('a'), 1_500)
  expect(await waiting()).toBe(1)
  await publisher.query('select pg_advisory_unlock($1::int, 1)', [slow.id])
  publisher.release()
})

test('E16 it stops after the batches under way, and not before', async () => {
  const running = engine()
  await Promise.all(Array.from({ length: 20 }, () => home.parcel()))
  await running.stop()
  await pause(50)
  const { count } = (await home.rows<{ count: number }>(`select count(*)::int as count from pg_stat_activity where state like '%transaction%' and pid <> pg_backend_pid() and datname = current_database()`))[0]!
  expect(count).toBe(0)
  await home.drain()
})

test('E17 why, and why not: every leaf now, and what the rule has done', async () => {
  await home.rule({ key: 'picky', priority: 3, condition: { all: [{ field: 'worth', op: 'ge', value: '100' }, { parent: 'hub', where: { field: 'vip', op: 'eq', value: true } }, { count: { object: 'scan', via: 'parcel' }, op: 'ge', value: 1 }] }, actions: [{ do: 'tag', add: ['c'] }] })
  const hub = ids.next()
  await home.write([{ op: 'create', object: 'hub', id: hub, values: { vip: true } }])
  const id = await home.parcel({ worth: '500', hub })
  await home.drain()
  const why = await home.within((ctx) => explainRule(ctx, { object: 'parcel', id }, 'picky'))
  expect(why).toMatchObject({ rule: 'picky', state: 'active', concerned: true, runs: [], verdict: { verdict: false, parts: [{ verdict: true, saw: '500' }, { verdict: true, parts: [{ saw: true }] }, { verdict: false, saw: '0' }] } })
  expect(await home.within((ctx) => explainRule(ctx, { object: 'parcel', id }, 'tag'))).toMatchObject({ verdict: { verdict: true }, runs: [{ status: 'done', steps: [{ do: 'tag', added: ['a'] }] }] })
  expect(await home.within((ctx) => explainRule(ctx, { object: 'hub', id: hub }, 'tag'))).toMatchObject({ concerned: false, verdict: null })
  await expect(home.within((ctx) => explainRule(ctx, { object: 'parcel', id }, 'nothing'))).rejects.toMatchObject({ refusal: { code: 'NOT_FOUND' } })
})

test('E18 every run is decided again from what it saw, at its instant, by its version', async () => {
  await home.rule({ key: 'again', condition: { any: [{ field: 'worth', op: 'ge', value: '100' }, { parent: 'hub', where: { field: 'vip', op: 'eq', value: true } }, { none: { object: 'scan', via: 'parcel' } }, { field: 'created_at', op: 'withinLast', value: '1h' }] }, actions: [{ do: 'tag', add: ['b'] }] })
  const hub = ids.next()
  await home.write([{ op: 'create', object: 'hub', id: hub, values: { vip: true } }])
  await Promise.all([home.parcel({ worth: '500', hub }), home.parcel({ hub }), home.parcel()])
  await home.drain()
  const runs = await home.rows<{ rule: string; version: number; seen: SeenKept; at: Date; object: string }>(`select rule, version, seen, started_at as at, object from {t}.run where seen is not null and status in ('done', 'skipped')`)
  expect(runs.length).toBeGreaterThan(20)
  const verdicts = await home.within(async ({ tx, metadata, tenant }) => Promise.all(runs.map(async ({ rule, version, seen, at, object }) => {
    const [{ body }] = await tx.query<{ body: { condition: unknown } }>(`select body from {t}.definition_version where kind = 'rule' and key = $1 and version = $2`, [rule, version]) as [{ body: { condition: unknown } }]
    const checked = checkCondition(body.condition, metadata.conditionSchema(object), 'rule')
    if (!checked.ok) throw new Error(rule)
    return toPredicate(checked.checked)(seen.own, seenFrom(seen), { me: null, myTeams: [], now: at, zone: tenant.zone, calendar: workingCalendar() })
  })))
  expect(verdicts.every(Boolean)).toBe(true)
})

const seenFrom = (kept: SeenKept): Seen => ({
  aggregates: kept.aggregates ?? {}, changes: (kept.changes ?? {}) as never,
  parents: new Proxy({}, { getOwnPropertyDescriptor: () => ({ configurable: true, enumerable: true, value: null }), get: (_, key: string) => (kept.parents?.[key] ? { image: kept.parents[key].own as Image, seen: seenFrom(kept.parents[key]) } : null) }),
})

test('E19 every batch leaves what it answered, whether or not a rule held', async () => {
  const id = await home.parcel()
  await home.drain()
  const [change] = await home.rows<{ seq: number }>('select seq from {t}.change where record = $1 and record_version = 1', [id])
  const [kept, ...more] = await home.rows<{ position: number; epoch: number; events: number[]; timers: unknown }>('select position, epoch, events, timers from {t}.answered where $1 = any(events)', [change!.seq])
  expect(more).toEqual([])
  expect(kept).toMatchObject({ events: [change!.seq], epoch: await home.within(async ({ metadata }) => metadata.epoch), timers: null })
  expect(kept!.position).toBeGreaterThanOrEqual(change!.seq)
  expect(await home.rows('select 1 from {t}.change where seq > $1 and seq <= $2 and record <> $3', [change!.seq, kept!.position, id])).toEqual([])
  await home.write([{ op: 'create', object: 'errand', values: { title: 'x', due_at: new Date(Date.now() + 3_600_000).toISOString() } }])
  await home.drain()
  await advanceClock(home.db, home.tenant, 7_200_000)
  await home.drain()
  expect((await home.rows<{ timers: unknown }>('select timers from {t}.answered where timers is not null')).at(-1)!.timers).toEqual(expect.arrayContaining([expect.objectContaining({ kind: 'deadline', name: 'late', object: 'errand' })]))
})
