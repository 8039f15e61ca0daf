import { afterAll, beforeAll, expect, test } from 'vitest'
import { advanceClock, ids, type OpenDatabase } from '#platform/db'
import { publishAll } from '#kernel/metadata'
import { drain } from './drain.ts'
import { openPump, pumpTimers } from './pump.ts'
import { decideRun } from './settle.ts'
import { NO_RECORD } from './types.ts'
import { CHIEF, type Depot, depot } from './testing/depot.ts'

let home: Depot
beforeAll(async () => {
  home = await depot()
  const poison = { field: 'name', op: 'contains' as const, value: 'poison' }
  await home.rule({ key: 'poison', priority: 1, condition: poison, actions: [{ do: 'set', values: { note: 'poison' } }] })
  await home.rule({ key: 'healthy', priority: 2, actions: [{ do: 'tag', add: ['a'] }] })
  await home.rule({ key: 'after', priority: 3, condition: { field: 'tags', op: 'has', value: 'a' }, actions: [{ do: 'create', object: 'errand', values: { title: 'x', about: { record: true } } }] })
  await home.rule({ key: 'poisoned_clock', trigger: { on: 'deadline', object: 'errand', field: 'due_at' }, actions: [{ do: 'set', values: { title: 'poison' } }] })
  // What no check foresees: the database itself says no.
  await home.within(({ tx }) => tx.query(`alter table {t}."o_parcel" add constraint no_poison check (f_note <> 'poison')`))
  await home.within(({ tx }) => tx.query(`alter table {t}."o_errand" add constraint no_poison check (f_title <> 'poison')`))
})
afterAll(() => home.drop())

const runsOf = (record: string) => home.rows<{ rule: string; status: string; error: string | null; attempts: number }>(`select rule, status, error, attempts from {t}.run where record = $1 and rule not like 'grading:%' order by rule`, [record])

test('E8 a rule that makes the database fail fails alone: its neighbours on the event, and all other events, are carried out', async () => {
  const others = await Promise.all(Array.from({ length: 20 }, () => home.parcel()))
  const ill = await Promise.all(Array.from({ length: 3 }, (_, i) => home.parcel({ name: `poison ${i}` })))
  const more = await Promise.all(Array.from({ length: 20 }, () => home.parcel()))
  await home.drain()
  for (const id of [...others, ...ill, ...more]) {
    expect(await home.tags(id)).toEqual(['a'])
    expect(await home.rows(`select 1 from {t}."o_errand" where f_about = $1`, [id])).toHaveLength(1)
  }
  for (const id of ill) {
    expect(await runsOf(id)).toMatchObject([{ rule: 'after', status: 'done' }, { rule: 'healthy', status: 'done' }, { rule: 'poison', status: 'failed', error: expect.stringContaining('no_poison') }])
  }
  expect(await home.rows('select 1 from {t}.todo')).toEqual([])
})

test('E8 an event that fails whatever is left out is parked after three attempts, visibly; the queue goes on', async () => {
  const id = await home.parcel()
  await home.within(({ tx }) => tx.query(`alter table {t}."o_errand" add constraint not_this check (f_about <> '${id}')`))
  await home.within(({ tx }) => tx.query(`alter table {t}.run add constraint not_this check (record <> '${id}' or status = 'parked')`))
  const next = await home.parcel()
  await home.drain()
  expect(await runsOf(id)).toMatchObject([{ rule: '*', status: 'parked', attempts: 4 }])
  expect(await runsOf(next)).toMatchObject([{ rule: 'after' }, { rule: 'healthy' }])
  expect(await home.rows(`select member from {t}.notification where kind = 'parked' and record = $1`, [id])).toEqual([{ member: CHIEF }])
  expect(await home.rows('select 1 from {t}.todo')).toEqual([])
})

/** The first `times` writings of a batch take too long. */
const slow = (times: number) => {
  let left = times
  const mutate: OpenDatabase['mutate'] = (tenant, work) => home.db.mutate(tenant, (tx) => work({ ...tx, afterCommit: (fn) => tx.afterCommit(fn), query: async (text, values, options) => {
    if (options?.name === 'persist' && left-- > 0) throw Object.assign(new Error('canceling statement due to statement timeout'), { code: '57014' })
    return tx.query(text, values, options)
  } }))
  return { ...home.db, mutate }
}

test('E8 what takes too long while everything does is laid on no rule; on one that does so alone and again it is', async () => {
  for (let times = 1; times <= 4; times++) {
    const id = await home.parcel()
    await drain(slow(times), home.tenant)
    expect({ times, runs: (await runsOf(id)).map(({ rule, status }) => [rule, status]) }).toEqual({ times, runs: [['after', 'done'], ['healthy', 'done']] })
  }
  const id = await home.parcel()
  await drain(slow(5), home.tenant)
  expect((await runsOf(id)).find(({ rule }) => rule === 'healthy')).toMatchObject({ status: 'failed', error: expect.stringContaining('timeout') })
})

test('E8 a deadline whose rule makes the database fail is consumed, its run says so, and the others come', async () => {
  await home.write([1, 2, 3].map((n) => ({ op: 'create', object: 'errand', values: { title: `e${n}`, due_at: new Date(Date.now() + 1000).toISOString() } })))
  await home.drain()
  await advanceClock(home.db, home.tenant, 60_000)
  await home.drain()
  const runs = await home.rows<{ status: string }>(`select status from {t}.run where rule = 'poisoned_clock'`)
  expect(runs.map(({ status }) => status)).toEqual(['failed', 'failed', 'failed'])
  expect(await home.rows(`select 1 from {t}.timer where kind = 'deadline'`)).toEqual([])
})

test('E8 what fails of one timer is laid on no other, though another worker has the one in hand', async () => {
  await home.rule({ key: 'sound_clock', trigger: { on: 'deadline', object: 'parcel', field: 'seen_at' }, actions: [{ do: 'tag', add: ['b'] }] })
  const [now, sound, ill, pump] = [(await home.within(async (ctx) => ctx.now)).getTime(), ids.next(), ids.next(), openPump()]
  await home.write([{ op: 'create', object: 'errand', id: ill, values: { title: 'e', due_at: new Date(now + 60_000).toISOString() } }, { op: 'create', object: 'parcel', id: sound, values: { name: 'p', seen_at: new Date(now + 120_000).toISOString() } }])
  await home.drain()
  await pumpTimers(home.db, home.tenant, pump)
  await advanceClock(home.db, home.tenant, 600_000)
  let turns = 0
  const mutate: OpenDatabase['mutate'] = (tenant, work) => home.db.mutate(tenant, async (tx) => {
    if (++turns < 3) return work(tx)
    await tx.query('select from {t}.timer where key = $1 for update', [`deadline:poisoned_clock:${ill}`])
    return home.db.mutate(tenant, work)
  })
  await pumpTimers({ ...home.db, mutate }, home.tenant, pump)
  await home.drain()
  expect(turns).toBe(3)
  expect([(await runsOf(sound)).filter(({ rule }) => rule === 'sound_clock'), await runsOf(ill)]).toMatchObject([[{ status: 'done' }], [{ rule: 'poisoned_clock', status: 'failed' }]])
})

test('E8 one deadline that fails among many is found by halving: the others come in a few batches', async () => {
  await home.rule({ key: 'counted_clock', trigger: { on: 'deadline', object: 'parcel', field: 'seen_at' }, condition: { field: 'name', op: 'startsWith', value: 'counted' }, actions: [{ do: 'set', values: { note: { field: 'state' } } }] })
  const now = (await home.within(async (ctx) => ctx.now)).getTime()
  const several = Array.from({ length: 120 }, () => ids.next())
  await home.write(several.map((id, n) => ({ op: 'create', object: 'parcel', id, values: { name: 'counted', seen_at: new Date(now + 60_000 + n).toISOString() } })))
  await home.drain()
  const ill = several[77]!
  await home.within(({ tx }) => tx.query(`alter table {t}."o_parcel" add constraint not_this_one check (id <> '${ill}' or f_note is null)`))
  await advanceClock(home.db, home.tenant, 600_000)
  let failed = 0
  const mutate: OpenDatabase['mutate'] = (tenant, work) => home.db.mutate(tenant, work).catch((error: unknown) => { failed++; throw error })
  const pump = openPump()
  while (await pumpTimers({ ...home.db, mutate }, home.tenant, pump));
  const done = await home.rows<{ record: string; status: string }>(`select record, status from {t}.run where rule = 'counted_clock'`)
  expect([done.length, done.filter(({ status }) => status === 'done').length, done.find(({ status }) => status === 'failed')?.record]).toEqual([120, 119, ill])
  expect(failed).toBeLessThan(20)
})

test('E8 a look for records that fails again and again is parked and comes at its next time; no other timer waits for it', async () => {
  await home.rule({ key: 'looking', trigger: { on: 'schedule', object: 'parcel', cron: '0 9 * * *' }, condition: { field: 'name', op: 'eq', value: 'looked for' }, actions: [{ do: 'tag', add: ['c'] }] })
  await home.rule({ key: 'clock', trigger: { on: 'deadline', object: 'parcel', field: 'seen_at' }, condition: { field: 'name', op: 'eq', value: 'looked for' }, actions: [{ do: 'tag', add: ['hot'] }] })
  const id = await home.parcel({ name: 'looked for', seen_at: new Date((await home.within(async ({ now }) => now.getTime())) + 24 * 3_600_000).toISOString() })
  await home.drain()
  await home.within(({ tx }) => tx.query(`alter table {t}.timer add constraint no_look check (kind <> 'swept')`))
  await home.pass(25)
  expect((await home.tags(id)).includes('hot')).toBe(true)
  const [parked] = await home.rows<{ event: number; timer: string }>(`select event, seen->'timer'->>'name' as timer from {t}.run where status = 'parked' and record = $1`, [NO_RECORD])
  expect(parked!.timer).toBe('looking')
  expect(await home.rows(`select member, object, record, title from {t}.notification where kind = 'parked' and event = $1`, [parked!.event])).toEqual([{ member: CHIEF, object: null, record: null, title: expect.stringContaining('到时间没能执行') }])
  await home.within(({ tx }) => tx.query(`alter table {t}.timer drop constraint no_look`))
  await home.within((ctx) => decideRun(ctx, { event: parked!.event, rule: '*', branch: '' }, 'retry', { step: null, reason: null }))
  await home.pass(24)
  expect(await runsOf(id)).toEqual(expect.arrayContaining([expect.objectContaining({ rule: 'looking', status: 'done' })]))
  await home.switchRule('looking', 'paused')
})

test('E8 while what is new cannot be armed, what was armed before still comes', async () => {
  const id = await home.parcel({ name: 'looked for', seen_at: new Date((await home.within(async ({ now }) => now.getTime())) + 3_600_000).toISOString() })
  await home.drain()
  await home.rule({ key: 'unarmed', trigger: { on: 'deadline', object: 'errand', field: 'late_at' }, actions: [{ do: 'tag', add: ['b'] }] })
  await home.within(({ tx }) => tx.query(`alter table {t}.timer add constraint no_arming check (key not like 'armed:unarmed:%')`))
  await advanceClock(home.db, home.tenant, 2 * 3_600_000)
  const pump = openPump()
  await expect(pumpTimers(home.db, home.tenant, pump)).rejects.toThrow('no_arming')
  while (await pumpTimers(home.db, home.tenant, pump));
  expect((await home.tags(id)).includes('hot')).toBe(true)
  await home.within(({ tx }) => tx.query(`alter table {t}.timer drop constraint no_arming`))
  await home.drain()
  expect(await home.rows(`select from {t}.timer where key like 'armed:unarmed:%'`)).toHaveLength(1)
})

test('E8 what a process that was killed leaves behind is tried in small groups, once, and not one by one', async () => {
  const parcels = await Promise.all(Array.from({ length: 40 }, () => home.parcel()))
  await home.within(({ tx }) => tx.query('update {t}.todo set attempts = 1'))
  const [before] = await home.rows<{ n: number }>('select count(*)::int as n from {t}.answered')
  await home.drain()
  const [after] = await home.rows<{ n: number }>('select count(*)::int as n from {t}.answered')
  expect(after!.n - before!.n).toBeLessThan(parcels.length)
  for (const id of parcels) expect(await home.rows(`select 1 from {t}."o_errand" where f_about = $1`, [id])).toHaveLength(1)
  expect(await home.rows('select 1 from {t}.todo')).toEqual([])
})

test('E8 what was caught by every process that was killed is still answered; only what eight of them did not survive is parked', async () => {
  const [innocent, deadly] = [await home.parcel(), await home.parcel()]
  await home.within(({ tx }) => tx.query('update {t}.todo d set attempts = case c.record when $1 then 7 else 8 end from {t}.change c where c.seq = d.seq', [innocent]))
  await home.drain()
  expect(await runsOf(innocent)).toMatchObject([{ rule: 'after', status: 'done' }, { rule: 'healthy', status: 'done' }])
  expect(await runsOf(deadly)).toMatchObject([{ rule: '*', status: 'parked', attempts: 8 }])
  expect(await home.rows('select 1 from {t}.todo')).toEqual([])
})

test('E8 of timers that a process had in hand when it ended those come that are innocent; only what eight of them did not survive is parked', async () => {
  await home.rule({ key: 'survived', trigger: { on: 'deadline', object: 'parcel', field: 'seen_at' }, condition: { field: 'name', op: 'startsWith', value: 'left' }, actions: [{ do: 'set', values: { note: { field: 'state' } } }] })
  const now = (await home.within(async (ctx) => ctx.now)).getTime()
  const several = Array.from({ length: 40 }, () => ids.next())
  await home.write(several.map((id) => ({ op: 'create', object: 'parcel', id, values: { name: 'left', seen_at: new Date(now + 60_000).toISOString() } })))
  await home.drain()
  await advanceClock(home.db, home.tenant, 600_000)
  const [innocent, deadly, last] = [several[3]!, several[4]!, several[5]!]
  const attempts = (id: string, n: number) => home.within(({ tx }) => tx.query(`update {t}.timer set attempts = $2 where key = 'deadline:survived:' || $1::text`, [id, n]))
  await home.within(({ tx }) => tx.query(`update {t}.timer set attempts = 1 where key like 'deadline:survived:%'`))
  await attempts(innocent, 7)
  await attempts(deadly, 8)
  await attempts(last, 0)
  const [before] = await home.rows<{ n: number }>('select count(*)::int as n from {t}.answered')
  const pump = openPump({ begins: true })
  while (await pumpTimers(home.db, home.tenant, pump));
  const ran = async (id: string) => (await runsOf(id)).filter(({ rule }) => rule === 'survived' || rule === '*')
  for (const id of several) expect(await ran(id)).toMatchObject([id === deadly ? { rule: '*', status: 'parked' } : { rule: 'survived', status: 'done' }])
  const [after] = await home.rows<{ n: number }>('select count(*)::int as n from {t}.answered')
  expect(after!.n - before!.n).toBeLessThan(15)
})

test('E8 what a process has in hand at first is counted before it is taken, and with it what ends the process', async () => {
  for (const key of ['sound_clock', 'counted_clock', 'clock']) await home.switchRule(key, 'paused')
  const id = await home.parcel({ name: 'left', seen_at: new Date((await home.within(async ({ now }) => now.getTime())) + 60_000).toISOString() })
  await home.drain()
  await advanceClock(home.db, home.tenant, 600_000)
  const counted = async () => (await home.rows<{ attempts: number }>(`select attempts from {t}.timer where key = 'deadline:survived:' || $1::text`, [id]))[0]?.attempts
  class Ended extends Error { override readonly message = 'ended'; readonly code = '57P01' }
  /** Ends when it has the timer in hand. */
  const process = async () => {
    const pump = openPump({ begins: true })
    const mutate: OpenDatabase['mutate'] = (tenant, work) => home.db.mutate(tenant, (tx) => work({ ...tx, query: (text, values, options) => (options?.name === 'persist' ? Promise.reject(new Ended()) : tx.query(text, values, options)) }))
    for (;;) if (!(await pumpTimers({ ...home.db, mutate }, home.tenant, pump))) return
  }
  for (let ended = 1; ended <= 3; ended++) {
    await expect(process()).rejects.toMatchObject({ name: 'DatabaseAway' })
    expect(await counted()).toBe(ended)
  }
  await home.drain()
  expect((await runsOf(id)).filter(({ rule }) => rule === 'survived')).toMatchObject([{ status: 'done' }])
})

test('E81 many workers at one poison: it fails alone, is counted by one of them, and nothing is parked', async () => {
  const ill = await Promise.all(Array.from({ length: 4 }, (_, i) => home.parcel({ name: `poison ${i}` })))
  await Promise.all(Array.from({ length: 6 }, () => home.drain()))
  for (const id of ill) expect(await runsOf(id)).toMatchObject([{ rule: 'after', status: 'done' }, { rule: 'healthy', status: 'done' }, { rule: 'poison', status: 'failed' }])
  expect(await home.rows(`select 1 from {t}.run where status = 'parked' and record = any($1)`, [ill])).toEqual([])
})

test('E82 among very many rules who fails is found in a few trials, and each of those that fail', async () => {
  const ids = async () => (await home.rows<{ n: number }>('select last_value::int as n from {t}.act_id'))[0]!.n
  const named = { field: 'name', op: 'startsWith' as const, value: 'many' }
  const body = (i: number) => ({ key: `many_${i}`, label: { zh: `${i}`, en: `${i}` }, trigger: { on: 'created', object: 'parcel' }, priority: 100 + i, condition: named, actions: [{ do: 'create', object: 'errand', values: { title: i === 20 || i === 41 ? 'poison' : `${i}` } }] })
  await home.within((ctx) => publishAll(ctx, Array.from({ length: 60 }, (_, i) => ({ kind: 'rule' as const, key: `many_${i}`, state: 'active' as const, body: body(i) }))))
  const id = await home.parcel({ name: 'many' })
  const before = await ids()
  await home.drain()
  const runs = await runsOf(id)
  expect(runs.filter(({ status }) => status === 'failed').map(({ rule }) => rule)).toEqual(['many_20', 'many_41'])
  expect(runs.filter(({ status }) => status === 'done')).toHaveLength(60)
  // Each trial draws the number of one act.
  expect((await ids()) - before).toBeLessThan(32)
})
