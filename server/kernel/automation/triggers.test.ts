import { afterAll, beforeAll, expect, test } from 'vitest'
import { memberContext } from '#kernel/access'
import type { Condition } from '#language/conditions'
import type { Action } from '#language/definitions'
import { pressFor } from './index.ts'
import { publish } from '#kernel/metadata'
import { sweep } from './sweep.ts'
import { CHIEF, type Depot, depot, tag } from './testing/depot.ts'
import { NO_RECORD } from './types.ts'

let home: Depot
beforeAll(async () => { home = await depot() })
afterAll(() => home.drop())

const HOUR = 3_600_000
const runs = (rule: string, id: string) => home.rows<{ status: string }>(`select status from {t}.run where rule = $1 and record = $2 order by started_at`, [rule, id])
const named = (name: string): Condition => ({ field: 'name', op: 'eq', value: name }) as Condition
const change = (id: string, values: Record<string, unknown>) => home.write([{ op: 'update', object: 'parcel', id, values }]).then(() => home.drain())

test('E43 nothing has happened for so long: once since each instant, from its making where the instant is empty, and not while it moves', async () => {
  await home.rule({ key: 'quiet', trigger: { on: 'silence', object: 'parcel', since: 'seen_at', for: '48h' }, condition: { field: 'state', op: 'eq', value: 'new' }, actions: [tag('old'), { do: 'set', values: { count: { add: 2 } } }] })
  await home.rule({ key: 'untouched', trigger: { on: 'silence', object: 'parcel', since: 'updated_at', for: '72h' }, condition: named('still'), actions: [tag('b')] })
  const [never, seen, shipped] = [await home.parcel(), await home.parcel({ seen_at: await inHours(0) }), await home.parcel({ state: 'shipped' })]
  const still = await home.parcel({ name: 'still' })
  await home.drain()
  await home.pass(47)
  expect([await home.tags(never), await home.tags(seen)]).toEqual([[], []])
  await change(seen, { seen_at: await inHours(0) })
  await change(still, { note: 'x' })
  await home.pass(2)
  expect([await home.tags(never), await home.tags(seen), await home.tags(shipped)]).toEqual([['old'], [], []])
  await home.pass(24)
  expect(await home.tags(still)).toEqual(['old'])
  await home.pass(25)
  // The other rule has just written to it: that counts as a change.
  expect([await home.tags(seen), await home.tags(still)]).toEqual([['old'], ['old']])
  await home.pass(200)
  expect(await home.tags(still)).toEqual(['b', 'old'])
  expect([(await runs('quiet', never)).length, (await runs('quiet', seen)).length]).toEqual([1, 1])
  expect((await home.image('parcel', never)).values['count']).toBe(2)
  await change(seen, { seen_at: await inHours(0) })
  await home.pass(49)
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
  await home.pass(24)
  const counts = async () => [(await home.image('parcel', one)).values['count'], (await home.image('parcel', two)).values['count']]
  expect(await counts()).toEqual([1, 1])
  await change(two, { name: 'other' })
  await home.pass(24)
  expect(await counts()).toEqual([2, 1])
  expect(await runs('daily', gone)).toEqual([])
  await home.switchRule('daily', 'paused')
  await home.pass(48)
  expect(await counts()).toEqual([2, 1])
  expect(await home.rows(`select 1 from {t}.timer where kind in ('schedule', 'swept')`)).toEqual([])
  await home.switchRule('daily', 'active')
  await home.drain()
  await home.pass(24)
  expect(await counts()).toEqual([3, 1])
})

test('E44 a look that finds more than it takes at once goes on behind them, for the same time, and each record comes once', async () => {
  const several = await Promise.all(Array.from({ length: 7 }, () => home.parcel({ name: 'paged' })))
  await home.drain()
  await home.rule({ key: 'paged', trigger: { on: 'schedule', object: 'parcel', cron: '0 9 * * *' }, condition: named('paged'), actions: [{ do: 'set', values: { count: { add: 1 } } }] })
  await home.drain()
  const at = new Date(await home.within(async ({ now }) => now.getTime() - 60_000))
  await home.within((ctx) => sweep(ctx, { at, payload: { object: 'parcel', record: NO_RECORD, name: 'paged' } }, 3))
  expect(await home.rows(`select from {t}.timer where kind = 'swept'`)).toHaveLength(3)
  await home.drain()
  expect(await Promise.all(several.map(async (id) => (await home.image('parcel', id)).values['count']))).toEqual(several.map(() => 1))
  expect(await home.rows(`select distinct t->>'at' as at from {t}.answered, jsonb_array_elements(timers) t where t->>'name' = 'paged' and t->>'kind' = 'swept'`)).toEqual([{ at: at.toISOString() }])
  await home.switchRule('paged', 'paused')
})

test('E44 a day off that is announced after a schedule was set moves its next time', async () => {
  await home.rule({ key: 'on_duty', trigger: { on: 'schedule', object: 'parcel', cron: '0 9 * * *', workingDays: true }, condition: named('nobody'), actions: [tag('b')] })
  await home.drain()
  const next = async () => (await home.rows<{ due: Date }>(`select due_at as due from {t}.timer where key like 'schedule:on_duty:%'`))[0]!.due.toISOString().slice(0, 10)
  const day = await next()
  const calendar = (years: object[]) => home.within((ctx) => publish(ctx, 'calendar', 'working', { key: 'working', label: { zh: '工作日历', en: 'Working calendar' }, weekdays: [1, 2, 3, 4, 5], opens: '09:00', closes: '18:00', years }))
  await calendar([{ year: Number(day.slice(0, 4)), source: 'test', holidays: [{ label: { zh: '公司日', en: 'Company day' }, from: day, to: day }], workdays: [] }])
  await home.drain()
  expect(await next() > day).toBe(true)
  await calendar([])
  await home.drain()
  expect(await next()).toBe(day)
  await home.switchRule('on_duty', 'paused')
})

test('E45 a tag that is taken away, and a record that comes back, are answered', async () => {
  await home.rule({ key: 'cooled', trigger: { on: 'untagged', object: 'parcel', tag: 'hot' }, actions: [tag('a')] })
  await home.rule({ key: 'back', trigger: { on: 'restored', object: 'parcel' }, actions: [tag('c')] })
  const id = await home.parcel({ state: 'shipped' })
  const write = (more: object) => home.write([{ op: 'update', object: 'parcel', id, ...more }]).then(() => home.drain())
  await write({ addTags: ['hot', 'red'] })
  await write({ removeTags: ['red'] })
  expect(await home.tags(id)).toEqual(['hot'])
  await write({ removeTags: ['hot'] })
  expect(await home.tags(id)).toEqual(['a'])
  await home.write([{ op: 'delete', object: 'parcel', id }])
  await home.drain()
  await home.write([{ op: 'restore', object: 'parcel', id }])
  await home.drain()
  expect(await home.tags(id)).toEqual(['a', 'c'])
})

test('E84 what rules change is looked at again where a trigger fits and own fields allow it, and nowhere else', async () => {
  const of = (...names: string[]): Condition => ({ field: 'name', op: 'in', value: names }) as Condition
  const names = ['t_both', 't_tag', 't_state', 't_cause', 't_clock', 't_two']
  const set = (values: Record<string, unknown>): Action => ({ do: 'set', values }) as Action
  await home.rule({ key: 't_tags', condition: of('t_both', 't_tag'), actions: [tag('b')], priority: 1 })
  await home.rule({ key: 't_more', condition: of('t_both'), actions: [tag('c')], priority: 2 })
  await home.rule({ key: 't_states', condition: of('t_state', 't_cause', 't_two'), actions: [set({ state: 'waiting' })], priority: 3 })
  await home.rule({ key: 't_counts', condition: of('t_clock'), actions: [set({ count: 1 })], priority: 4 })
  await home.rule({ key: 't_on_tag', trigger: { on: 'tagged', object: 'parcel', tag: 'c' }, condition: of(...names), actions: [set({ note: 'tagged' })] })
  await home.rule({ key: 't_on_state', trigger: { on: 'changed', object: 'parcel', fields: ['state'] }, condition: { all: [of('t_two'), { field: 'state', op: 'eq', value: 'waiting' }] }, actions: [set({ note: 'waiting' })] })
  await home.rule({ key: 't_on_cause', trigger: { on: 'changed', object: 'parcel', fields: ['state'], causes: ['member', 'timer'] }, condition: of('t_cause'), actions: [set({ note: 'caused' })] })
  await home.rule({ key: 't_on_clock', trigger: { on: 'changed', object: 'parcel', fields: ['count'] }, condition: { all: [of('t_clock'), { field: 'seen_at', op: 'olderThan', value: '1h' }] }, actions: [set({ note: 'old' })] })
  const made = new Map<string, string>()
  for (const name of names) made.set(name, await home.parcel({ name, seen_at: await inHours(0) }))
  await home.drain()
  const answered = await home.rows<{ record: string; version: number }>('select c.record, c.record_version as version from {t}.answered a join {t}.change c on c.seq = any(a.events) where c.record = any($1::uuid[]) order by 2', [[...made.values()]])
  const seen = await Promise.all([...made].map(async ([name, id]) => [name, (await home.image('parcel', id)).values['note'] ?? null, answered.filter(({ record }) => record === id).map(({ version }) => version)]))
  expect(seen).toEqual([['t_both', 'tagged', [1, 2]], ['t_tag', null, [1]], ['t_state', null, [1]], ['t_cause', null, [1]], ['t_clock', null, [1, 2]], ['t_two', 'waiting', [1, 2]]])
})

test('E46 stop ends a run where its guard holds; what stands is added to', async () => {
  await home.rule({ key: 'halting', condition: named('halt'), actions: [tag('a'), { do: 'stop', if: { field: 'worth', op: 'gt', value: '5' } }, tag('b'), { do: 'set', values: { worth: { add: -0.5 } } }] })
  const [dear, cheap] = [await home.parcel({ name: 'halt', worth: '9' }), await home.parcel({ name: 'halt', worth: '5' })]
  await home.drain()
  expect([await home.tags(dear), await home.tags(cheap)]).toEqual([['a'], ['a', 'b']])
  expect((await home.image('parcel', cheap)).values['worth']).toBe('4.5')
  const [run] = await home.rows<{ steps: { do: string }[] }>(`select steps from {t}.run where rule = 'halting' and record = $1`, [dear])
  expect(run!.steps.map((step) => step.do)).toEqual(['tag', 'stop'])
})

test('E98 a field advances to an option from an earlier one or from nothing, and never back', async () => {
  await home.rule({ key: 'sent', condition: named('sent'), actions: [{ do: 'set', values: { state: { advance: 'waiting' } } }] })
  const stand = async (state: string | null) => {
    const id = await home.parcel({ name: 'sent', state })
    await home.drain()
    const [run] = await home.rows<{ steps: { why?: string }[] }>(`select steps from {t}.run where rule = 'sent' and record = $1`, [id])
    return [(await home.image('parcel', id)).values['state'], run!.steps[0]!.why]
  }
  expect([await stand(null), await stand('new'), await stand('waiting'), await stand('shipped')]).toEqual([['waiting', undefined], ['waiting', undefined], ['waiting', 'no_change'], ['shipped', 'no_change']])
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
  expect([await home.tags(one), await home.tags(other)]).toEqual([['c'], []])
  const runs = await home.rows<{ cause: object }>(`select a.cause from {t}.run r join {t}.act a on a.id = r.act where r.rule = 'by_button'`)
  expect(runs).toMatchObject([{ cause: { kind: 'timer', rule: 'by_button', by: CHIEF } }])
  await home.switchRule('by_button', 'paused')
  const late = await home.parcel({ name: 'button' })
  await pressed([late])
  await home.drain()
  expect(await home.tags(late)).toEqual([])
})
