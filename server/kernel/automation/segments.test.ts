import { afterAll, beforeAll, expect, test } from 'vitest'
import { kernelContext } from '#kernel/access'
import { publish } from '#kernel/metadata'
import { undoActs, writeOrRefuse } from '#kernel/records'
import type { Condition } from '#language/conditions'
import { addMonths, dayOf, startOfDay } from '#language/values'
import { advanceClock, ids } from '#platform/db'
import { sweepSegment } from './segments.ts'
import { answerOfRun } from './testing/runs.ts'
import { CHIEF, type Depot, depot } from './testing/depot.ts'

let home: Depot
beforeAll(async () => { home = await depot() })
afterAll(() => home.drop())

const DAY_MS = 86_400_000
let count = 0
const fresh = () => `seg${++count}`
const named = (name: string): Condition => ({ field: 'name', op: 'eq', value: name })
const segment = async (key: string, condition: Condition) => home.within((ctx) => publish(ctx, 'tag', key, { key, label: { zh: key, en: key }, segment: { object: 'parcel', condition } }))
const made = async (key: string, condition: Condition) => { expect(await segment(key, condition)).toMatchObject({ ok: true }); await home.drain() }
const set = async (id: string, values: object) => { await home.write([{ op: 'update', object: 'parcel', id, values: values as never }]); await home.drain() }
const pass = async (ms: number) => { await advanceClock(home.db, home.tenant, ms); await home.drain() }

test('E53 records that are there are carried through once; later their own changes bring them in and out', async () => {
  const [name, key] = [fresh(), fresh()]
  const [rich, poor] = [await home.parcel({ name, worth: '500' }), await home.parcel({ name, worth: '5' })]
  await made(key, { all: [named(name), { field: 'worth', op: 'ge', value: '100' }] })
  expect([await home.tags(rich), await home.tags(poor)]).toEqual([[key], []])
  await set(poor, { worth: '100' })
  await set(rich, { worth: '99' })
  expect([await home.tags(rich), await home.tags(poor)]).toEqual([[], [key]])
  const fresher = await home.parcel({ name, worth: '1000' })
  await home.drain()
  expect(await home.tags(fresher)).toEqual([key])
  expect(await answerOfRun(home, rich, `segment:${key}`)).toMatchObject([{ status: 'done', steps: [{ do: 'segment', added: [key] }] }, { status: 'done', steps: [{ do: 'segment', removed: [key], saw: { own: { worth: expect.anything() } } }] }])
})

test('E53 more records than one look takes are looked at in turn, and the next look begins where this one began', async () => {
  const [name, key] = [fresh(), fresh()]
  await made(key, { all: [named(name), { field: 'seen_at', op: 'olderThan', value: '10d' }] })
  await pass(61_000)
  const now = await home.within(async (ctx) => ctx.now.getTime())
  const several = await Promise.all(Array.from({ length: 7 }, (_, n) => home.parcel({ name, seen_at: new Date(now - 5 * DAY_MS - n * 1000).toISOString() })))
  await home.drain()
  await advanceClock(home.db, home.tenant, 6 * DAY_MS)
  const looked = async () => (await home.rows<{ payload: { record: string; began?: string; at?: string } }>(`select payload from {t}.timer where key like $1`, [`segment:segment:${key}@%`]))[0]!.payload
  const [before, began] = [await looked(), await home.within(async (ctx) => { const { payload } = (await ctx.tx.query<{ payload: never }>(`delete from {t}.timer where key like $1 returning payload`, [`segment:segment:${key}@%`]))[0]!; await sweepSegment(ctx, payload, 3); return ctx.now.toISOString() })]
  const between = await looked()
  expect(between).toMatchObject({ began, at: before.at })
  await home.drain()
  expect(await Promise.all(several.map((id) => home.tags(id)))).toEqual(several.map(() => [key]))
  expect((await looked()).at).toBe(began)
})

test('E53 children and parents bring records in and out', async () => {
  const [name, scanned, important] = [fresh(), fresh(), fresh()]
  await made(scanned, { all: [named(name), { count: { object: 'scan', via: 'parcel' }, where: { all: [] }, op: 'ge', value: 2 }] })
  await made(important, { all: [named(name), { parent: 'hub', where: { field: 'vip', op: 'eq', value: true } }] })
  await home.write([{ op: 'create', object: 'hub', id: '00000000-0000-7000-8000-000000000001', values: { name: 'h' } }], CHIEF)
  const id = await home.parcel({ name, hub: '00000000-0000-7000-8000-000000000001' })
  await home.write([1, 2].map(() => ({ op: 'create' as const, object: 'scan', values: { parcel: id } })))
  await home.write([{ op: 'update', object: 'hub', id: '00000000-0000-7000-8000-000000000001', values: { vip: true } }], CHIEF)
  await home.drain()
  expect(await home.tags(id)).toEqual([important, scanned].sort())
  await home.write([{ op: 'update', object: 'hub', id: '00000000-0000-7000-8000-000000000001', values: { vip: false } }], CHIEF)
  await home.drain()
  expect(await home.tags(id)).toEqual([scanned])
})

test('E53 time alone brings them in and out, whether or not they were touched since the segment is there', async () => {
  const [name, old, lately, quiet] = [fresh(), fresh(), fresh(), fresh()]
  const id = await home.parcel({ name, seen_at: await home.within(async ({ now }) => now.toISOString()) })
  await home.write([{ op: 'create', object: 'scan', values: { parcel: id } }])
  await home.drain()
  await made(old, { all: [named(name), { field: 'seen_at', op: 'olderThan', value: '10d' }] })
  await made(lately, { all: [named(name), { count: { object: 'scan', via: 'parcel' }, where: { all: [] }, within: '10d', op: 'ge', value: 1 }] })
  await made(quiet, { all: [named(name), { latest: { object: 'scan', via: 'parcel' }, of: 'created_at', op: 'olderThan', value: '20d' }] })
  expect(await home.tags(id)).toEqual([lately])
  await pass(9 * DAY_MS)
  expect(await home.tags(id)).toEqual([lately])
  await pass(DAY_MS + 120_000)
  expect(await home.tags(id)).toEqual([old])
  await pass(10 * DAY_MS)
  expect(await home.tags(id)).toEqual([old, quiet].sort())
  await home.write([{ op: 'create', object: 'scan', values: { parcel: id } }])
  await home.drain()
  expect(await home.tags(id)).toEqual([old, lately].sort())
})

test('E53 months that are compared bring them in and out as they begin, and not before', async () => {
  const [name, falling] = [fresh(), fresh()]
  const { zone } = home.tenant
  const until = async (instant: number) => pass(instant - await home.within(async ({ now }) => now.getTime()))
  const coming = addMonths(`${dayOf(await home.within(async ({ now }) => now.getTime()), zone).slice(0, 7)}-01`, 1)
  const begins = (months: number) => startOfDay(addMonths(coming, months), zone)
  await until(begins(0) + 10 * DAY_MS)
  const parcel = await home.parcel({ name })
  const due = (months: number) => ({ op: 'create' as const, object: 'errand', values: { title: 'x', about: { object: 'parcel', id: parcel }, due_at: new Date(begins(months)).toISOString() } })
  await home.write([due(-1), due(-1), due(0)])
  await made(falling, { all: [named(name), { trend: { object: 'errand', via: 'about' }, at: 'due_at', per: '1mo', periods: 1, move: 'down', percent: 40 }] })
  const tags: string[][] = []
  for (const instant of [begins(1) - 60_000, begins(1) + 120_000, begins(2) + 120_000, begins(3) + 120_000]) {
    await until(instant)
    tags.push(await home.tags(parcel))
  }
  expect(tags).toEqual([[], [falling], [falling], []])
})

test('E53 a new version is carried through again; nobody is looked at who did not turn', async () => {
  const [name, key] = [fresh(), fresh()]
  const some = await Promise.all(['10', '20', '30'].map((worth) => home.parcel({ name, worth })))
  await made(key, { all: [named(name), { field: 'worth', op: 'ge', value: '20' }] })
  await made(key, { all: [named(name), { field: 'worth', op: 'ge', value: '30' }] })
  expect(await Promise.all(some.map(home.tags))).toEqual([[], [], [key]])
  expect((await Promise.all(some.map((id) => answerOfRun(home, id, `segment:${key}`)))).map((runs) => runs.length)).toEqual([0, 2, 1])
  await pass(5 * 60_000)
  expect((await home.rows<{ count: number }>(`select count(*)::int as count from {t}.run where rule = $1`, [`segment:${key}`]))[0]!.count).toBe(3)
})

test('E53 rules answer the coming and the going, and a grading that reads the tag follows', async () => {
  const [name, key] = [fresh(), fresh()]
  await made(key, { all: [named(name), { field: 'worth', op: 'ge', value: '100' }] })
  await home.rule({ key: 'came', trigger: { on: 'tagged', object: 'parcel', tag: key }, actions: [{ do: 'set', values: { note: 'in' } }] })
  await home.rule({ key: 'went', trigger: { on: 'untagged', object: 'parcel', tag: key }, actions: [{ do: 'set', values: { note: 'out' } }] })
  const note = async (id: string) => (await home.image('parcel', id)).values['note']
  const id = await home.parcel({ name, worth: '100' })
  await home.drain()
  expect(await note(id)).toBe('in')
  await set(id, { worth: '1' })
  expect(await note(id)).toBe('out')
  await home.within((ctx) => publish(ctx, 'grading', 'heat2', { key: 'heat2', label: { zh: '热', en: 'h' }, object: 'parcel', field: 'grade', levels: [{ value: 'red', reason: { zh: '段', en: 's' }, condition: { field: 'tags', op: 'has', value: key } }, { value: 'green', reason: { zh: '余', en: 'r' }, condition: { all: [] } }] }))
  await home.within((ctx) => publish(ctx, 'grading', 'heat', null))
  await set(id, { worth: '300' })
  expect((await home.image('parcel', id)).values['grade']).toBe('red')
})

test('E54 by hand, by a rule, through another segment, or never: refused with the reason', async () => {
  const [name, key] = [fresh(), fresh()]
  await made(key, { all: [named(name), { field: 'worth', op: 'ge', value: '100' }] })
  const id = await home.parcel({ name }, CHIEF)
  await expect(home.write([{ op: 'update', object: 'parcel', id, addTags: [key] }], CHIEF)).rejects.toMatchObject({ refusal: { code: 'SEGMENT_TAG' } })
  await expect(home.rule({ key: 'by_rule', actions: [{ do: 'tag', add: [key] }] })).rejects.toThrow('动态标签')
  expect(JSON.stringify(await segment(fresh(), { field: 'tags', op: 'has', value: key }))).toMatch(/动态标签/)
  expect(JSON.stringify(await segment(fresh(), { all: [] }))).toMatch(/至少加一个条件/)
  expect(JSON.stringify(await segment(fresh(), { all: [{ count: { object: 'scan', via: 'parcel' }, where: { all: [] }, within: '180d', op: 'ge', value: 2 }, { latest: { object: 'scan', via: 'parcel' }, of: 'created_at', op: 'olderThan', value: '540d' }] }))).toMatch(/不可能同时满足/)
})

/** The last act on a record. */
const lastAct = async (id: string) => (await home.rows<{ act: number }>('select act from {t}.change where record = $1 order by record_version desc limit 1', [id]))[0]!.act
const takeBack = async (...acts: number[]) => { const done = await home.within((ctx) => undoActs(ctx, acts)); await home.drain(); return done }

test('E53 what a segment did is not taken back by itself: its tag follows the condition, what stands beside it in the same act goes back, and taking back what brought it lets it go', async () => {
  const [name, key] = [fresh(), fresh()]
  await made(key, { all: [named(name), { field: 'worth', op: 'ge', value: '100' }] })
  await home.rule({ key: 'beside', trigger: { on: 'changed', object: 'parcel', fields: ['worth'] }, condition: named(name), actions: [{ do: 'tag', add: ['a'] }] })
  const id = await home.parcel({ name, worth: '1' })
  await home.drain()
  await set(id, { worth: '100' })
  const byRule = await lastAct(id)
  expect(await home.tags(id)).toEqual(['a', key].sort())
  await takeBack(byRule)
  expect(await home.tags(id)).toEqual([key])
  const [edit] = await home.rows<{ act: number }>(`select act from {t}.change where record = $1 and fields ? 'worth' order by record_version desc limit 1`, [id])
  await takeBack(edit!.act)
  expect([await home.tags(id), (await home.image('parcel', id)).values['worth']]).toEqual([[], '1'])
  await home.switchRule('beside', 'paused')
})

test('E53 what a rule tagged and a segment reads: taken back, the segment follows; a record that was gone while its time passed is set right when it returns', async () => {
  const [name, key, old] = [fresh(), fresh(), fresh()]
  await made(key, { all: [named(name), { field: 'tags', op: 'has', value: 'hot' }] })
  await made(old, { all: [named(name), { field: 'seen_at', op: 'olderThan', value: '10d' }] })
  await home.rule({ key: 'heats', trigger: { on: 'changed', object: 'parcel', fields: ['note'] }, condition: named(name), actions: [{ do: 'tag', add: ['hot'] }] })
  const id = await home.parcel({ name, seen_at: await home.within(async ({ now }) => now.toISOString()) })
  await home.drain()
  await set(id, { note: 'x' })
  expect(await home.tags(id)).toEqual(['hot', key].sort())
  const acts = await home.rows<{ act: number }>(`select distinct c.act from {t}.change c join {t}.act a on a.id = c.act where c.record = $1 and a.actor_kind = 'rule'`, [id])
  await takeBack(...acts.map(({ act }) => act))
  expect(await home.tags(id)).toEqual([])
  await home.write([{ op: 'delete', object: 'parcel', id }])
  await home.drain()
  await pass(11 * DAY_MS)
  expect(await home.tags(id)).toEqual([])
  await home.write([{ op: 'restore', object: 'parcel', id }])
  await home.drain()
  expect(await home.tags(id)).toEqual([old])
  await home.switchRule('heats', 'paused')
})

test('E53 a tag that people gave becomes a segment: whoever should not carry it loses it at once; one that is a segment no longer stays as it is, for people to change', async () => {
  const [name, key] = [fresh(), fresh()]
  const plain = { key, label: { zh: key, en: key } }
  await home.within((ctx) => publish(ctx, 'tag', key, plain))
  const [right, wrong] = [await home.parcel({ name, worth: '500' }), await home.parcel({ name, worth: '5' })]
  await home.write([right, wrong].map((id) => ({ op: 'update' as const, object: 'parcel', id, addTags: [key] })))
  await made(key, { all: [named(name), { field: 'worth', op: 'ge', value: '100' }] })
  expect([await home.tags(right), await home.tags(wrong)]).toEqual([[key], []])
  expect(await home.within((ctx) => publish(ctx, 'tag', key, plain))).toMatchObject({ ok: true })
  await home.drain()
  await set(right, { worth: '1' })
  expect(await home.tags(right)).toEqual([key])
  await home.write([{ op: 'update', object: 'parcel', id: right, removeTags: [key] }], CHIEF)
  await home.drain()
  expect(await home.tags(right)).toEqual([])
  expect(await home.rows(`select key from {t}.timer where key like $1`, [`%segment:${key}%`])).toEqual([])
})

test('E53 what came in by import is carried in too; a long pause is made up for by one look', async () => {
  const [name, key] = [fresh(), fresh()]
  await made(key, { all: [named(name), { field: 'seen_at', op: 'olderThan', value: '10d' }] })
  const id = ids.next()
  await home.db.mutate(home.tenant, async (tx) => void (await writeOrRefuse(await kernelContext(tx, { kind: 'system', reason: 'import' }, { kind: 'import' }), [{ op: 'create', object: 'parcel', id, values: { name, seen_at: new Date(Date.parse('2020-01-01')).toISOString() } }])))
  const fresher = await home.parcel({ name, seen_at: await home.within(async ({ now }) => now.toISOString()) })
  await home.drain()
  expect([await home.tags(id), await home.tags(fresher)]).toEqual([[key], []])
  await pass(400 * DAY_MS)
  expect(await home.tags(fresher)).toEqual([key])
})
