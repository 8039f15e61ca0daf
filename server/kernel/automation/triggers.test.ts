import { afterAll, beforeAll, expect, test } from 'vitest'
import { advanceClock } from '#platform/db'
import type { Action } from '#language/definitions'
import type { Condition } from '#language/conditions'
import { type Depot, depot, keysOf } from './testing/depot.ts'

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
