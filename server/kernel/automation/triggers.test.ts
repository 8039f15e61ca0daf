import { afterAll, beforeAll, expect, test } from 'vitest'
import { memberContext } from '#kernel/access'
import { advanceClock } from '#platform/db'
import type { Action } from '#language/definitions'
import type { Condition } from '#language/conditions'
import { pressFor } from './index.ts'
import { CHIEF, type Depot, depot, keysOf } from './testing/depot.ts'

let home: Depot
beforeAll(async () => { home = await depot() })
afterAll(() => home.drop())

const HOUR = 3_600_000
const pass = (hours: number) => advanceClock(home.db, home.tenant, Math.round(hours * HOUR)).then(() => home.drain())
const tag = (...add: string[]): Action => ({ do: 'tag', add })
const tags = async (id: string) => keysOf(await home.image('parcel', id))
const runs = (rule: string, id: string) => home.rows<{ status: string }>(`select status from {t}.run where rule = $1 and record = $2 order by started_at`, [rule, id])
const named = (name: string): Condition => ({ field: 'name', op: 'eq', value: name }) as Condition
const change = (id: string, values: Record<string, unknown>) => home.write([{ op: 'update', object: 'parcel', id, values }]).then(() => home.drain())

test('E43 nothing has happened for so long: once since each instant, from its making where the instant is empty, and not while it moves', async () => {
  await home.rule({ key: 'quiet', trigger: { on: 'silence', object: 'parcel', since: 'seen_at', for: '48h' }, condition: { field: 'state', op: 'eq', value: 'new' }, actions: [tag('old'), { do: 'set', values: { count: { add: 2 } } }] })
  await home.rule({ key: 'untouched', trigger: { on: 'silence', object: 'parcel', since: 'updated_at', for: '72h' }, condition: named('still'), actions: [tag('b')] })
  const [never, seen, shipped] = [await home.parcel(), await home.parcel({ seen_at: await inHours(0) }), await home.parcel({ state: 'shipped' })]
  const still = await home.parcel({ name: 'still' })
  await home.drain()
  await pass(47)
  expect([await tags(never), await tags(seen)]).toEqual([[], []])
  await change(seen, { seen_at: await inHours(0) })
  await change(still, { note: 'x' })
  await pass(2)
  expect([await tags(never), await tags(seen), await tags(shipped)]).toEqual([['old'], [], []])
  await pass(24)
  expect(await tags(still)).toEqual(['old'])
  await pass(25)
  // The other rule has just written to it: that counts as a change.
  expect([await tags(seen), await tags(still)]).toEqual([['old'], ['old']])
  await pass(200)
  expect(await tags(still)).toEqual(['b', 'old'])
  expect([(await runs('quiet', never)).length, (await runs('quiet', seen)).length]).toEqual([1, 1])
  expect((await home.image('parcel', never)).values['count']).toBe(2)
  await change(seen, { seen_at: await inHours(0) })
  await pass(49)
  expect((await runs('quiet', seen)).length).toBe(2)
  expect((await home.image('parcel', seen)).values['count']).toBe(4)
  for (const key of ['quiet', 'untouched']) await home.switchRule(key, 'paused')
})

test('E44 a schedule looks at every record for which its condition holds then, once for each of its times; switched off it looks at none', async () => {
  const [one, two, gone] = [await home.parcel({ name: 'daily' }), await home.parcel({ name: 'daily' }), await home.parcel({ name: 'daily' })]
  await home.write([{ op: 'delete', object: 'parcel', id: gone }])
  await home.drain()
  await home.rule({ key: 'daily', trigger: { on: 'schedule', object: 'parcel', cron: '0 9 * * *' }, condition: named('daily'), actions: [{ do: 'set', values: { count: { add: 1 } } }] })
  await home.drain()
  await pass(24)
  const counts = async () => [(await home.image('parcel', one)).values['count'], (await home.image('parcel', two)).values['count']]
  expect(await counts()).toEqual([1, 1])
  await change(two, { name: 'other' })
  await pass(24)
  expect(await counts()).toEqual([2, 1])
  expect(await runs('daily', gone)).toEqual([])
  await home.switchRule('daily', 'paused')
  await pass(48)
  expect(await counts()).toEqual([2, 1])
  expect(await home.rows(`select 1 from {t}.timer where kind in ('schedule', 'swept')`)).toEqual([])
  await home.switchRule('daily', 'active')
  await home.drain()
  await pass(24)
  expect(await counts()).toEqual([3, 1])
})

test('E45 a tag that is taken away, and a record that comes back, are answered', async () => {
  await home.rule({ key: 'cooled', trigger: { on: 'untagged', object: 'parcel', tag: 'hot' }, actions: [tag('a')] })
  await home.rule({ key: 'back', trigger: { on: 'restored', object: 'parcel' }, actions: [tag('c')] })
  const id = await home.parcel({ state: 'shipped' })
  const write = (more: object) => home.write([{ op: 'update', object: 'parcel', id, ...more }]).then(() => home.drain())
  await write({ addTags: ['hot', 'red'] })
  await write({ removeTags: ['red'] })
  expect(await tags(id)).toEqual(['hot'])
  await write({ removeTags: ['hot'] })
  expect(await tags(id)).toEqual(['a'])
  await home.write([{ op: 'delete', object: 'parcel', id }])
  await home.drain()
  await home.write([{ op: 'restore', object: 'parcel', id }])
  await home.drain()
  expect(await tags(id)).toEqual(['a', 'c'])
})

test('E46 stop ends a run where its guard holds; what stands is added to', async () => {
  await home.rule({ key: 'halting', condition: named('halt'), actions: [tag('a'), { do: 'stop', if: { field: 'worth', op: 'gt', value: '5' } }, tag('b'), { do: 'set', values: { worth: { add: -0.5 } } }] })
  const [dear, cheap] = [await home.parcel({ name: 'halt', worth: '9' }), await home.parcel({ name: 'halt', worth: '5' })]
  await home.drain()
  expect([await tags(dear), await tags(cheap)]).toEqual([['a'], ['a', 'b']])
  expect((await home.image('parcel', cheap)).values['worth']).toBe('4.5')
  const [run] = await home.rows<{ steps: { do: string }[] }>(`select steps from {t}.run where rule = 'halting' and record = $1`, [dear])
  expect(run!.steps.map((step) => step.do)).toEqual(['tag', 'stop'])
})

const inHours = async (hours: number) => new Date((await home.within(async ({ now }) => now.getTime())) + hours * HOUR).toISOString()

test('E55 a deletion tells, makes and sends; the record itself is left alone', async () => {
  await home.rule({ key: 'bereft', trigger: { on: 'deleted', object: 'parcel' }, condition: { field: 'name', op: 'eq', value: 'bereft' }, actions: [
    { do: 'notify', to: [{ owner: true }, { role: 'chief' }], kind: 'k', title: '删除了 {{name}}' }, { do: 'tag', add: ['a'] }, { do: 'create', object: 'errand', values: { title: { text: '核实 {{name}}' } } },
  ] })
  const [gone, kept] = [await home.parcel({ name: 'bereft' }), await home.parcel({ name: 'bereft' })]
  await home.write([{ op: 'update', object: 'parcel', id: gone, owner: 1 }])
  await home.drain()
  await home.write([{ op: 'delete', object: 'parcel', id: gone }], CHIEF)
  await home.drain()
  expect(await home.rows('select rule, status, steps from {t}.run where rule = $1', ['bereft'])).toMatchObject([{ status: 'done', steps: [{ do: 'notify' }, { do: 'tag', why: 'target_gone' }, { do: 'create', object: 'errand' }] }])
  expect((await home.rows<{ title: string }>(`select title from {t}.notification where rule = 'bereft'`)).map(({ title }) => title)).toEqual(['删除了 bereft', '删除了 bereft'])
  expect(await home.rows(`select from {t}.run where record = $1 and rule = 'bereft'`, [kept])).toEqual([])
})

test('E56 a number that passes a limit is answered when it passes, not while it stays there', async () => {
  await home.rule({ key: 'tired', trigger: { on: 'crossed', object: 'parcel', field: 'count', way: 'below', value: '75' }, condition: { field: 'name', op: 'eq', value: 'battery' }, actions: [{ do: 'create', object: 'errand', values: { title: '换电' } }] })
  await home.rule({ key: 'full', trigger: { on: 'crossed', object: 'parcel', field: 'worth', way: 'above', value: '100.5' }, condition: { field: 'name', op: 'eq', value: 'battery' }, actions: [{ do: 'tag', add: ['b'] }] })
  const id = await home.parcel({ name: 'battery', count: 80 })
  const fired = async (rule: string) => (await home.rows(`select from {t}.run where record = $1 and rule = $2`, [id, rule])).length
  for (const [count, times] of [[75, 0], [74, 1], [60, 1], [90, 1], [74, 2], [null, 2], [10, 3]] as const) {
    await home.write([{ op: 'update', object: 'parcel', id, values: { count } }])
    await home.drain()
    expect([count, await fired('tired')]).toEqual([count, times])
  }
  for (const [worth, times] of [['100', 0], ['100.5', 1], ['1000', 1], ['20', 1], ['200', 2]] as const) {
    await home.write([{ op: 'update', object: 'parcel', id, values: { worth } }])
    await home.drain()
    expect([worth, await fired('full')]).toEqual([worth, times])
  }
  const born = await home.parcel({ name: 'battery', count: 5 })
  await home.drain()
  expect((await home.rows(`select from {t}.run where record = $1 and rule = 'tired'`, [born])).length).toBe(1)
})

test('E57 a button answers where it is pressed and the condition holds, once, with who pressed; off, it does nothing', async () => {
  await home.rule({ key: 'by_button', trigger: { on: 'pressed', object: 'parcel' }, condition: { field: 'name', op: 'eq', value: 'button' }, actions: [{ do: 'tag', add: ['c'] }] })
  const [one, other] = [await home.parcel({ name: 'button' }), await home.parcel({ name: 'else' })]
  await home.drain()
  const pressed = (ids: string[]) => home.db.mutate(home.tenant, async (tx) => pressFor(await memberContext(tx, CHIEF), { rule: 'by_button', object: 'parcel', ids }))
  await pressed([one, other])
  await pressed([one])
  await home.drain()
  expect([keysOf(await home.image('parcel', one)), keysOf(await home.image('parcel', other))]).toEqual([['c'], []])
  const runs = await home.rows<{ cause: object }>(`select a.cause from {t}.run r join {t}.act a on a.id = r.act where r.rule = 'by_button'`)
  expect(runs).toMatchObject([{ cause: { kind: 'timer', rule: 'by_button', by: CHIEF } }])
  await home.switchRule('by_button', 'paused')
  const late = await home.parcel({ name: 'button' })
  await pressed([late])
  await home.drain()
  expect(keysOf(await home.image('parcel', late))).toEqual([])
})
