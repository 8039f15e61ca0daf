import { afterAll, beforeAll, expect, test } from 'vitest'
import { advanceClock, ids } from '#platform/db'
import type { Rule } from '#language/definitions'
import type { RunDraft } from '#kernel/automation'
import { publish } from '#kernel/metadata'
import { DEPOT, type Depot, depot } from '../automation/testing/depot.ts'
import { effectsOf, type Effect } from './effects.ts'
import { tryOut, type Trial, type TrialAsk } from './index.ts'

const HOUR = 3_600_000
const label = (zh: string) => ({ zh, en: zh })
const START: Rule = {
  key: 'start', label: label('起步'), trigger: { on: 'created', object: 'parcel' }, condition: { field: 'worth', op: 'ge', value: '100' }, priority: 10,
  actions: [{ do: 'tag', add: ['hot'] }, { do: 'assign', policy: 'able' }, { do: 'create', object: 'errand', values: { title: { text: '送 {{name}}' }, about: { record: true }, due_at: { now: true, plus: '72h' }, owner: { owner: true } } }],
}
const LATE: Rule = {
  key: 'late', label: label('晚了'), trigger: { on: 'deadline', object: 'errand', field: 'due_at' }, condition: { field: 'state', op: 'eq', value: 'open' }, priority: 10,
  actions: [{ do: 'tag', add: ['late'] }, { do: 'notify', via: 'about', viaObject: 'parcel', to: [{ supervisor: true }], kind: 'late', title: '{{name}}' }],
}
const VISITED: Rule = {
  key: 'visited', label: label('到过'), trigger: { on: 'created', object: 'visit' }, condition: { all: [] }, priority: 10,
  actions: [{ do: 'updateChildren', via: 'parcel', object: 'errand', childVia: 'about', where: { field: 'state', op: 'eq', value: 'open' }, values: { state: 'done' } }],
}
const SECOND: Rule = { key: 'second', label: label('再来'), trigger: { on: 'tagged', object: 'parcel', tag: 'hot' }, condition: { count: { object: 'scan', via: 'parcel' }, within: '7d', op: 'lt', value: 5 }, priority: 20, actions: [{ do: 'set', values: { note: 'seen' } }] }

let home: Depot
const parcels: string[] = []
async function pass(hours: number): Promise<void> {
  for (; hours > 0; hours -= 5) { await advanceClock(home.db, home.tenant, 5 * HOUR); await home.drain() }
}
beforeAll(async () => {
  home = await depot({ capacity: 20 })
  for (const rule of [START, LATE, VISITED, SECOND]) await home.rule(rule)
  for (const [i, worth] of ['50', '100', '150', '200', '250', '300'].entries()) {
    const parcel = await home.parcel({ name: `p${i}`, worth, goods: i % 2 === 0 ? 'fruit' : 'meat', region: i % 3 === 0 ? '310000' : '440300' })
    parcels.push(parcel)
    await home.drain()
    for (let scan = 0; scan < i; scan++) await home.write([{ op: 'create', object: 'scan', values: { parcel, kind: 'in' } }])
    await pass(5)
  }
  // The fourth was visited 45 hours after it came, the third after 60.
  await pass(30)
  await home.write([{ op: 'create', object: 'visit', values: { parcel: parcels[3]! } }])
  await pass(10)
  await home.write([{ op: 'create', object: 'visit', values: { parcel: parcels[2]! } }])
  await pass(60)
})
afterAll(() => home.drop())

/** With everything that came about, one by one. */
async function tried(ask: TrialAsk): Promise<Omit<Trial, 'effects'> & { effects: Record<'now' | 'asIf', Effect[]> }> {
  const effects = { now: [] as Effect[], asIf: [] as Effect[] }
  const { effects: counts, ...rest } = await tryOut(home.db, home.tenant, ask, { onEffect: (course, effect) => effects[course].push(effect) })
  for (const course of ['now', 'asIf'] as const) for (const [kind, same] of Map.groupBy(effects[course], ({ what }) => what)) expect(counts[course].get(kind)).toBe(same.length)
  return { ...rest, effects }
}
const trial = (draft: Rule, days = 30) => tried({ draft: { kind: 'rule', key: draft.key, body: draft }, days })
const told = ({ apart }: Pick<Trial, 'apart'>) => apart.map(({ record, what, detail, now, asIf }) => ({ record: parcels.indexOf(record), what, detail, hours: now === null || asIf === null ? (now === null ? 'new' : 'gone') : Math.round((asIf - now) / HOUR) }))

test('Y5 with the rules as they are a trial tells history: the same effects on the same records at the same moments', async () => {
  const { apart, effects, records } = await trial(LATE)
  expect(apart).toEqual([])
  const runs = await home.rows<Pick<RunDraft, 'rule' | 'object' | 'record' | 'steps'> & { at: Date }>('select rule, object, record, steps, started_at as at from {t}.run')
  const key = ({ rule, record, what, detail }: { rule: string; record: string; what: string; detail: string }) => `${rule} ${record} ${what} ${detail}`
  const history = runs.flatMap((run) => effectsOf(run, run.at.getTime()))
  expect(effects.now.map(key).sort()).toEqual(history.map(key).sort())
  const moments = new Map(history.map((effect) => [key(effect), effect.at]))
  for (const effect of effects.now) expect(Math.abs(effect.at - moments.get(key(effect))!)).toBeLessThan(6 * HOUR)
  expect(records).toBeGreaterThan(25)
})

test('Y6 a draft shows what would come about, what would not, and what at another time: also through a deadline that it sets', async () => {
  const sooner = { ...START, actions: START.actions.map((action) => (action.do === 'create' ? { ...action, values: { ...action.values, due_at: { now: true as const, plus: '48h' } } } : action)) }
  const late = told(await trial(sooner)).filter(({ what }) => what === 'notify')
  // Visited after 60 hours: told for the first time. Visited after 45: never. The others: a day sooner.
  expect(late.sort((a, b) => a.record - b.record)).toEqual([[1, -24], [2, 'new'], [4, -24], [5, -24]].map(([record, hours]) => ({ record, what: 'notify', detail: '5', hours })))
  const dearer = told(await trial({ ...START, condition: { field: 'worth', op: 'ge', value: '200' } }))
  expect(dearer.filter(({ what }) => what === 'tag' || what === 'owner' || what === 'set').map(({ record, what, hours }) => `${record} ${what} ${hours}`).sort()).toEqual(expect.arrayContaining(['1 owner gone', '1 set gone', '1 tag gone', '2 owner gone', '2 set gone', '2 tag gone']))
  // Whoever is free goes to the next: those that still qualify come to others.
  expect(dearer.filter(({ record, what }) => record >= 3 && what !== 'owner' && what !== 'notify')).toEqual([])
  const fresh = told(await trial({ key: 'fresh', label: label('新'), trigger: { on: 'created', object: 'parcel' }, condition: { field: 'worth', op: 'lt', value: '100' }, priority: 50, actions: [{ do: 'tag', add: ['a'] }] }))
  expect(fresh).toEqual([{ record: 0, what: 'tag', detail: 'a', hours: 'new' }])
})

test('Y6 an assignment policy can be tried: other owners, other loads', async () => {
  const policy = { ...DEPOT.assignmentPolicy[0]!, excludeMissingSkill: true, roles: ['chief'] }
  const { apart, loads, effects } = await tried({ draft: { kind: 'assignmentPolicy', key: 'able', body: policy }, days: 30 })
  expect(effects.now.filter(({ what }) => what === 'owner')).toHaveLength(5)
  expect(effects.asIf.filter(({ what }) => what === 'nobody')).toHaveLength(5)
  expect(apart.filter(({ what }) => what === 'owner').every(({ asIf }) => asIf === null)).toBe(true)
  expect([...loads.now.values()].reduce((a, b) => a + b, 0)).toBe(5)
  expect([...loads.asIf.values()].reduce((a, b) => a + b, 0)).toBe(0)
  const [stored] = await home.rows<{ open: number }>('select sum(open)::int as open from {t}.member_load')
  expect(stored!.open).toBe(5)
})

test('Y7 what really happened to the records stands beside: who did what, when', async () => {
  const { actual, apart } = await trial({ ...START, condition: { field: 'worth', op: 'ge', value: '200' } })
  expect(new Set(apart.map(({ record }) => record)).size).toBe(actual.size)
  const third = actual.get(parcels[2]!)!
  expect(third.filter(({ about }) => about !== null).map(({ about }) => about!.object)).toContain('errand')
  expect(third[0]).toMatchObject({ born: true, actor: { kind: 'source' } })
})

test('Y8 a trial writes nothing and can be given up', async () => {
  const counts = () => home.rows('select (select count(*) from {t}.change)::int as changes, (select count(*) from {t}.run)::int as runs, (select count(*) from {t}.notification)::int as told, (select last_value from {t}.change_seq) as seq, (select count(*) from {t}.timer)::int as timers')
  const before = await counts()
  await trial({ ...LATE, condition: { all: [] } })
  expect(await counts()).toEqual(before)
  const given = new AbortController()
  given.abort(new Error('enough'))
  await expect(tryOut(home.db, home.tenant, { draft: { kind: 'rule', key: 'late', body: LATE }, days: 3 }, { signal: given.signal })).rejects.toThrow('enough')
  await expect(trial({ ...LATE, trigger: { on: 'deadline', object: 'errand', field: 'nowhere' } })).rejects.toMatchObject({ refusal: { code: 'DEFINITION_INVALID' } })
  await expect(tryOut(home.db, home.tenant, { draft: { kind: 'rule', key: 'x', body: { ...LATE, key: ids.next() } }, days: 3 })).rejects.toMatchObject({ refusal: { code: 'DEFINITION_INVALID' } })
})

test('Y11 a draft that waits is tried in the time of the course: what comes after the wait, and which way it goes', async () => {
  const waiting = await depot()
  try {
    const ids = [await waiting.parcel({ worth: '10' }), await waiting.parcel({ worth: '20' })]
    await waiting.drain()
    await advanceClock(waiting.db, waiting.tenant, 2 * HOUR)
    await waiting.write([{ op: 'update', object: 'parcel', id: ids[0]!, values: { state: 'shipped' } }])
    await advanceClock(waiting.db, waiting.tenant, 30 * HOUR)
    const body = { key: 'patient', label: label('等'), trigger: { on: 'created', object: 'parcel' }, condition: { all: [] }, priority: 1, actions: [{ do: 'waitUntil', until: { field: 'state', op: 'eq', value: 'shipped' }, atMost: '1d', yes: [{ do: 'tag', add: ['a'] }], no: [{ do: 'tag', add: ['b'] }] }, { do: 'wait', for: '1h' }, { do: 'tag', add: ['c'] }] }
    const { apart } = await tryOut(waiting.db, waiting.tenant, { draft: { kind: 'rule', key: 'patient', body }, days: 9 })
    expect(apart.map(({ record, detail }) => `${ids.indexOf(record)} ${detail}`).sort()).toEqual(['0 a', '0 c', '1 b', '1 c'])
    expect(await waiting.rows('select 1 from {t}.wait')).toEqual([])
  } finally {
    await waiting.drop()
  }
})

test('Y5 G21 a trial reckons as the desk does who keeps their records complete', async () => {
  const body = { ...DEPOT.assignmentPolicy[0]!, completeness: { complete: { field: 'worth', op: 'ge' as const, value: '200' }, days: 30 } }
  await home.within(async (ctx) => { expect((await publish(ctx, 'assignmentPolicy', 'able', body)).ok).toBe(true) })
  const parcel = await home.parcel({ name: 'p6', worth: '300', region: '310000' })
  await home.drain()
  const [kept] = await home.rows<{ member: number; complete: number }>('select member, complete from {t}.completeness where total > 0 order by complete desc, member limit 1')
  const { owner } = await home.image('parcel', parcel)
  // Without it the second would have been next: they have waited longer than the third.
  expect([kept!.complete, owner]).toEqual([1, 3])
  const { effects, apart } = await trial(LATE, 1)
  expect(apart).toEqual([])
  expect(effects.now.find(({ record, what }) => record === parcel && what === 'owner')).toMatchObject({ detail: '3' })
})
