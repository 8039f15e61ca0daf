import { spawn } from 'node:child_process'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Rule, Step } from '#language/definitions'
import { publish } from '#kernel/metadata'
import { advanceClock, ids } from '#platform/db'
import { type Depot, depot, keysOf, tag, is } from './testing/depot.ts'

let home: Depot
beforeEach(async () => { home = await depot() })
afterEach(() => home.drop())

const HOUR = 3_600_000
const runs = (id: string) => home.rows<{ event: number; head: number | null; status: string; version: number; steps: { do: string; path?: string; went?: string; why?: string }[]; error: string | null }>(`select event, head, status, version, steps, error from {t}.run where record = $1 and rule not like 'grading:%' order by event`, [id])
const waits = () => home.rows<{ state: string; path: string }>('select state, path from {t}.wait')
const timers = () => home.rows(`select key from {t}.timer where kind = 'wait'`)
const change = (id: string, values: Record<string, unknown>) => home.write([{ op: 'update', object: 'parcel', id, values }])
async function made(values: Record<string, unknown> = {}): Promise<string> {
  const id = await home.parcel(values)
  await home.drain()
  return id
}

test('E60 a wait of some length: what stands before it is done at once, what stands after it when the length has passed, once', async () => {
  await home.rule({ key: 'slow', actions: [tag('a'), { do: 'wait', for: '3h' }, tag('b'), { do: 'set', values: { count: { add: 1 } } }] })
  const id = await made()
  expect([await home.tags(id), (await waits()).length]).toEqual([['a'], 1])
  await home.pass(2.9)
  expect(await home.tags(id)).toEqual(['a'])
  await home.pass(0.2)
  expect([await home.tags(id), (await home.image('parcel', id)).values['count'], await waits(), await timers()]).toEqual([['a', 'b'], 1, [], []])
  await home.pass(50)
  expect((await home.image('parcel', id)).values['count']).toBe(1)
  const [first, second] = await runs(id)
  expect([first!.status, second!.status, second!.head]).toEqual(['waiting', 'done', first!.event])
  expect(second!.steps.map(({ do: what, path, went }) => [what, path, went])).toEqual([['wait', '1', 'due'], ['tag', '2', undefined], ['set', '3', undefined]])
})

test('E60 a wait in working time, and one until the clock of the tenant shows a time, on a working day', async () => {
  await home.rule({ key: 'worked', actions: [{ do: 'wait', for: '2wd' }, tag('a')] })
  await home.rule({ key: 'clock', actions: [{ do: 'waitClock', at: '09:30', workingDays: true }, tag('b')] })
  const id = await made()
  const due = await home.rows<{ rule: string; at: string; weekday: number }>(`select rule, to_char(due_at at time zone 'Asia/Shanghai', 'HH24:MI') as at, extract(isodow from due_at at time zone 'Asia/Shanghai')::int as weekday from {t}.wait order by rule`)
  expect(due[0]).toMatchObject({ rule: 'clock', at: '09:30' })
  expect(due[0]!.weekday).toBeLessThan(6)
  await home.pass(24 * 14)
  expect(await home.tags(id)).toEqual(['a', 'b'])
})

const until: Step = { do: 'waitUntil', until: is('state', 'shipped'), atMost: '24h', yes: [tag('a')], no: [tag('b')] }

test('E61 a wait for a condition ends when a change of the record makes it hold, or when its time is over: one way or the other, never both', async () => {
  await home.rule({ key: 'wait', actions: [until, tag('c')] })
  const [met, late, already] = [await made(), await made(), await made({ state: 'shipped' })]
  expect(await home.tags(already)).toEqual(['a', 'c'])
  await change(met, { note: 'x' })
  await home.drain()
  expect(await home.tags(met)).toEqual([])
  await change(met, { state: 'shipped' })
  await home.drain()
  expect([await home.tags(met), await home.tags(late)]).toEqual([['a', 'c'], []])
  await home.pass(25)
  await change(late, { state: 'shipped' })
  await home.pass(25)
  expect([await home.tags(met), await home.tags(late), await waits()]).toEqual([['a', 'c'], ['b', 'c'], []])
})

test('E61 event and timer at the same moment: the record as it stands decides, once', async () => {
  await home.rule({ key: 'wait', actions: [until] })
  const id = await made()
  await advanceClock(home.db, home.tenant, 24 * HOUR)
  await change(id, { state: 'shipped' })
  await Promise.all([home.drain(), home.drain(), home.drain()])
  expect([await home.tags(id), (await runs(id)).map(({ status }) => status)]).toEqual([['a'], ['waiting', 'done']])
})

test('E61 children are waited for too: one that comes, and one that is moved here', async () => {
  await home.rule({ key: 'visited', actions: [{ do: 'waitUntil', until: { some: { object: 'visit', via: 'parcel' } }, atMost: '9d', yes: [tag('a')], no: [tag('b')] }] })
  const [one, two] = [await made(), await made()]
  const visit = ids.next()
  await home.write([{ op: 'create', object: 'visit', id: visit, values: { parcel: one } }])
  await home.drain()
  expect([await home.tags(one), await home.tags(two)]).toEqual([['a'], []])
  await home.write([{ op: 'update', object: 'visit', id: visit, values: { parcel: two } }])
  await home.drain()
  expect(await home.tags(two)).toEqual(['a'])
})

test('E62 a branch goes one way, by the record as those before it have left it; branches stand in branches', async () => {
  await home.rule({ key: 'ways', actions: [
    { do: 'set', values: { count: 7 } },
    { do: 'branch', condition: is('count', 7), yes: [{ do: 'branch', condition: is('state', 'shipped'), yes: [tag('a')], no: [tag('b'), { do: 'wait', for: '1h' }, tag('hot')] }], no: [tag('c')] },
    tag('old'),
  ] })
  const [shipped, fresh] = [await made({ state: 'shipped' }), await made()]
  expect([await home.tags(shipped), await home.tags(fresh)]).toEqual([['a', 'old'], ['b']])
  await home.pass(2)
  expect(await home.tags(fresh)).toEqual(['b', 'hot', 'old'])
  const [first] = await runs(fresh)
  expect(first!.steps.map(({ do: what, path, went }) => `${path} ${what} ${went ?? ''}`.trim())).toEqual(['0 set', '1 branch yes', '1.yes.0 branch no', '1.yes.0.no.0 tag', '1.yes.0.no.1 wait'])
})

test('E62 for each child the steps are carried out on it; stop ends those of one child', async () => {
  await home.rule({ key: 'each', trigger: { on: 'changed', object: 'parcel', fields: ['state'] }, actions: [
    { do: 'forEach', object: 'errand', childVia: 'about', where: is('state', 'open'), steps: [
      { do: 'stop', if: is('title', 'leave') }, { do: 'set', values: { state: 'done' } }, { do: 'create', object: 'errand', values: { title: { text: '后续 {{title}}' }, about: { field: 'about' }, state: 'done' } },
      { do: 'branch', condition: is('title', 'two'), yes: [tag('hot')], no: [tag('a')] },
    ] },
    tag('c'),
  ] })
  const id = await made()
  const errands = ['one', 'two', 'leave'].map((title) => ({ id: ids.next(), title }))
  await home.write(errands.map(({ id: errand, title }) => ({ op: 'create', object: 'errand', id: errand, values: { title, about: { object: 'parcel', id } } })))
  await change(id, { state: 'shipped' })
  await home.drain()
  const images = await Promise.all(errands.map(({ id: errand }) => home.image('errand', errand)))
  expect(images.map((image) => [image.values['state'], keysOf(image)])).toEqual([['done', ['a']], ['done', ['hot']], ['open', []]])
  expect(await home.tags(id)).toEqual(['c'])
  expect((await home.rows<{ title: string }>(`select f_title as title from {t}."o_errand" where f_title like '后续%' order by 1`)).map(({ title }) => title)).toEqual(['后续 one', '后续 two'])
  expect((await home.rows<{ n: number }>(`select count(*)::int as n from {t}."o_errand" where f_about = $1`, [id]))[0]!.n).toBe(5)
})

test('E13 E62 whoever was told by a rule about an event is told once, and the steps of the other children say so', async () => {
  await home.rule({ key: 'each', trigger: { on: 'changed', object: 'parcel', fields: ['state'] }, actions: [{ do: 'forEach', object: 'errand', childVia: 'about', where: is('state', 'open'), steps: [{ do: 'notify', to: [{ member: 1 }], kind: 'open', title: '{{title}}' }] }] })
  const id = await made()
  await home.write(['one', 'two', 'three'].map((title) => ({ op: 'create', object: 'errand', id: ids.next(), values: { title, about: { object: 'parcel', id } } })))
  await change(id, { state: 'shipped' })
  await home.drain()
  expect(await home.rows(`select member, title from {t}.notification where kind = 'open'`)).toEqual([{ member: 1, title: 'one' }])
  const steps = (await home.rows<{ steps: { do: string; to?: number[]; why?: string }[] }>(`select steps from {t}.run where rule = 'each'`)).flatMap((run) => run.steps).filter((step) => step.do === 'notify')
  expect(steps.map(({ to, why }) => to ?? why)).toEqual([[1], 'merged', 'merged'])
})

test('E63 a run goes on by the version with which it began, also when it waits for what only that version asks', async () => {
  await home.rule({ key: 'wait', actions: [until, { do: 'wait', for: '5h' }, tag('c')] })
  const id = await made()
  await home.rule({ key: 'wait', actions: [tag('hot')] })
  await change(id, { state: 'shipped' })
  await home.drain()
  expect(await home.tags(id)).toEqual(['a'])
  await home.pass(6)
  expect([await home.tags(id), (await runs(id)).map(({ version }) => version)]).toEqual([['a', 'c'], [1, 1, 1]])
})

test('E64 a pause holds what waits; switched on again it looks at once: what came due meanwhile goes on, what came to hold is seen, the rest waits on', async () => {
  await home.rule({ key: 'wait', actions: [until] })
  const [met, due, later] = [await made(), await made(), await made()]
  await home.rows(`select 1`)
  await home.switchRule('wait', 'paused')
  await change(met, { state: 'shipped' })
  await home.drain()
  expect([await home.tags(met), await timers(), (await waits()).map(({ state }) => state)]).toEqual([[], [], ['held', 'held', 'held']])
  await home.within(({ tx }) => tx.query(`update {t}.wait set due_at = due_at + interval '5 days' where record = $1`, [later]))
  await home.pass(30)
  expect(await home.tags(due)).toEqual([])
  await home.switchRule('wait', 'active')
  await home.drain()
  expect([await home.tags(met), await home.tags(due), await home.tags(later), (await waits()).map(({ state }) => state)]).toEqual([['a'], ['b'], [], ['waiting']])
})

test('E65 a run whose record is gone ends with its wait; a change taken back is no longer seen by it', async () => {
  await home.rule({ key: 'wait', actions: [{ do: 'wait', for: '2h' }, { do: 'branch', condition: is('state', 'shipped'), yes: [tag('a')], no: [tag('b')] }] })
  const [gone, undone] = [await made(), await made()]
  await change(undone, { state: 'shipped' })
  await home.write([{ op: 'delete', object: 'parcel', id: gone }, { op: 'update', object: 'parcel', id: undone, values: { state: 'new' } }])
  await home.pass(3)
  expect((await runs(gone)).at(-1)).toMatchObject({ status: 'skipped', steps: [{ do: 'wait', why: 'target_gone' }] })
  expect([await home.tags(undone), await waits()]).toEqual([['b'], []])
})

test('E66 what cannot be done after a wait fails there alone, and its place is kept', async () => {
  await home.rule({ key: 'wait', actions: [tag('a'), { do: 'wait', for: '1h' }, tag('b'), { do: 'set', values: { serial: 'taken' } }] })
  await made({ serial: 'taken', name: 'first' })
  const id = await made()
  const other = await made()
  await home.rule({ key: 'fine', actions: [{ do: 'wait', for: '1h' }, tag('hot')] })
  const good = await made()
  await home.pass(1.5)
  expect([await home.tags(id), await home.tags(good)]).toEqual([['a'], ['a', 'hot']])
  expect((await runs(other)).at(-1)!.status).toBe('failed')
  expect((await waits()).map(({ state }) => state)).toContain('failed')
})

test('E68 two engines killed with −9 while waits come due: every run goes on once', async () => {
  await home.rule({ key: 'slow', actions: [{ do: 'wait', for: '1h' }, { do: 'set', values: { count: { add: 1 } } }, { ...until, yes: [tag('a')], no: [tag('b'), { do: 'create', object: 'errand', values: { title: 'late', about: { record: true } } }] }] })
  const parcels = await Promise.all(Array.from({ length: 60 }, () => home.parcel()))
  await home.drain()
  await advanceClock(home.db, home.tenant, 2 * HOUR)
  const config = JSON.stringify((home.db.pool as unknown as { options: object }).options, ['host', 'port', 'user', 'password', 'database'])
  for (let kill = 0; kill < 4; kill++) {
    const engines = [0, 1].map(() => spawn(process.execPath, [path.join(import.meta.dirname, 'testing/engine-process.ts')], { env: { ...process.env, ENGINE_DB: config }, stdio: ['ignore', 'pipe', 'inherit'] }))
    await Promise.all(engines.map((engine) => new Promise((resolve) => engine.stdout.once('data', resolve))))
    if (kill === 2) await advanceClock(home.db, home.tenant, 25 * HOUR)
    await new Promise((resolve) => setTimeout(resolve, 20 + Math.random() * 120))
    for (const engine of engines) engine.kill('SIGKILL')
    await Promise.all(engines.map((engine) => new Promise<void>((resolve) => { if (engine.exitCode ?? engine.signalCode) resolve(); else engine.once('exit', () => resolve()) })))
  }
  await home.drain()
  await home.pass(26)
  const counts = await home.rows<{ count: number; errands: number }>(`select p.f_count as count, (select count(*)::int from {t}."o_errand" e where e.f_about = p.id) as errands from {t}."o_parcel" p`)
  expect(counts).toEqual(parcels.map(() => ({ count: 1, errands: 1 })))
  expect([await waits(), await timers()]).toEqual([[], []])
}, 60_000)

test.each<[string, Step[], RegExp]>([
  ['too deep', [{ do: 'branch', condition: is('state', 'new'), no: [], yes: [{ do: 'branch', condition: is('count', 1), no: [], yes: [{ do: 'branch', condition: is('count', 2), no: [], yes: [{ do: 'branch', condition: is('count', 3), no: [], yes: [tag('a')] }] }] }] }], /太深/],
  ['a wait inside for each', [{ do: 'forEach', object: 'errand', childVia: 'about', where: { all: [] }, steps: [{ do: 'wait', for: '1h' }] }], /不能等待/],
  ['a wait that nothing can end', [{ do: 'waitUntil', until: { all: [is('state', 'new'), is('state', 'shipped')] }, atMost: '1d', yes: [], no: [] }], /永远等不到/],
  ['a wait for nothing', [{ do: 'waitUntil', until: { all: [] }, atMost: '1d', yes: [], no: [] }], /请写明等什么/],
  ['a wait for what it belongs to', [{ do: 'waitUntil', until: { parent: 'hub', where: is('vip', true) }, atMost: '1d', yes: [], no: [] }], /上级记录/],
  ['a branch that is never taken', [{ do: 'branch', condition: { all: [is('state', 'new'), is('state', 'shipped')] }, yes: [tag('a')], no: [] }], /永远走不到/],
  ['an otherwise that is never taken', [{ do: 'branch', condition: { any: [{ field: 'count', op: 'empty' }, { field: 'count', op: 'notEmpty' }] } as Rule['condition'], yes: [tag('a')], no: [tag('b')] }], /「否则」永远走不到/],
  ['a wait of no length', [{ do: 'wait', for: '0h' }], /大于 0/],
  ['an unknown field, deep', [{ do: 'branch', condition: is('state', 'new'), yes: [{ do: 'set', values: { nothing: 1 } }], no: [] }], /没有字段「nothing」/],
])('E67 refused in any state: %s', async (_, actions, words) => {
  const result = await home.within((ctx) => publish(ctx, 'rule', 'r', { key: 'r', label: { zh: 'r', en: 'r' }, trigger: { on: 'created', object: 'parcel' }, condition: { all: [] }, priority: 1, actions }, { state: 'template' }))
  expect(JSON.stringify(result)).toMatch(words)
  expect(result.ok).toBe(false)
})

const scans = (more: object = {}) => ({ count: { object: 'scan', via: 'parcel' }, op: 'eq', value: 0, ...more }) as Rule['condition']

test('E13 E62 what is asked of the children of a record that the same run has made is answered: it has none yet', async () => {
  const hub = { trigger: { on: 'created' as const, object: 'hub' } }
  const make = { do: 'create' as const, object: 'parcel', values: { name: { field: 'name' }, hub: { record: true as const } } }
  await home.rule({ ...hub, key: 'update', actions: [make, { do: 'updateChildren', object: 'parcel', childVia: 'hub', where: scans(), values: { note: 'bare' } }] })
  await home.rule({ ...hub, key: 'each', priority: 20, actions: [{ do: 'forEach', object: 'parcel', childVia: 'hub', where: scans(), steps: [tag('a')] }] })
  await home.rule({ ...hub, key: 'once', priority: 30, actions: [{ ...make, unlessOpen: { via: 'hub', where: scans() } }] })
  await home.write([1, 2].map((n) => ({ op: 'create', object: 'hub', id: ids.next(), values: { name: `h${n}` } })))
  await home.drain()
  const made = await home.rows<{ id: string; note: string }>('select id, f_note as note from {t}.o_parcel')
  expect(await Promise.all(made.map(async ({ id, note }) => [note, await home.tags(id)]))).toEqual([['bare', ['a']], ['bare', ['a']]])
})

test('E62 a rule that forks by one thing after another, each asked for only there, comes to its end', async () => {
  const fork = (days: number, no: Step[]): Step => ({ do: 'branch', condition: { count: { object: 'scan', via: 'parcel' }, within: `${days}d`, op: 'ge', value: 1 }, yes: [], no })
  await home.rule({ key: 'long', actions: Array.from({ length: 19 }, (_, i) => fork(i + 1, [fork(i + 31, [{ do: 'set', values: { count: { add: 1 } } }])])) })
  expect((await home.image('parcel', await made())).values['count']).toBe(19)
})
