import { afterEach, beforeEach, expect, test } from 'vitest'
import { memberContext } from '#kernel/access'
import { publish } from '#kernel/metadata'
import { branchAt, branchOf, type Step } from '#language/definitions'
import { advanceClock } from '#platform/db'
import { approvalsFor, decideApproval, decideRun, type RunDecision } from './index.ts'
import { CHIEF, type Depot, depot, is, tag } from './testing/depot.ts'
import { openProgress, workQueue } from './worker.ts'

let home: Depot
beforeEach(async () => { home = await depot() })
afterEach(() => home.drop())

const wait = (length: string): Step => ({ do: 'wait', for: length })
const count: Step = { do: 'set', values: { count: { add: 1 } } }
const ask: Step = { do: 'approve', to: [{ role: 'chief' }], title: '{{name}}', atMost: '9d', yes: [tag('hot')], no: [tag('old')], late: [] }
const until: Step = { do: 'waitUntil', until: is('state', 'shipped'), atMost: '9d', yes: [tag('a')], no: [] }
const side = (join: 'all' | 'any', ...branches: Step[][]): Step => ({ do: 'parallel', join, branches })
const yes = (field: string): Step => ({ do: 'branch', condition: is(field, 'x'), yes: [tag('a')], no: [] })
const waits = () => home.rows<{ branch: string; state: string; kind: string }>('select branch, state, kind from {t}.wait order by branch')
const places = async () => (await waits()).map(({ branch, state }) => `${branch} ${state}`)
const timers = () => home.rows(`select key from {t}.timer where kind = 'wait'`)
const runs = (id: string) => home.rows<{ event: number; head: number | null; status: string; steps: Record<string, unknown>[]; error: string | null }>(`select event, head, status, steps, error from {t}.run where record = $1 and rule not like 'grading:%' order by event`, [id])
const told = async (id: string) => (await runs(id)).flatMap(({ steps }) => steps.map(({ path, do: what, went, why, off }) => [path, what, went ?? why, off && JSON.stringify(off)].filter(Boolean).join(' ')))
const counted = async (id: string) => (await home.image('parcel', id)).values['count']
const as = <T>(work: (ctx: Awaited<ReturnType<typeof memberContext>>) => Promise<T>): Promise<T> => home.db.mutate(home.tenant, async (tx) => work(await memberContext(tx, CHIEF)))
const decide = (id: string, decision: RunDecision, branch = '', more: { step?: string; reason?: string } = {}) => runs(id).then(([head]) => as((ctx) => decideRun(ctx, { event: head!.event, rule: 'side', branch }, decision, more))).then(() => home.drain())
const approve = (id: string, agree = true) => as(async (ctx) => decideApproval(ctx, (await approvalsFor(ctx)).find((each) => each.record === id && each.state === 'waiting')!.id, { agree, reason: '' })).then(() => home.drain())
async function made(values: Record<string, unknown> = {}): Promise<string> {
  const id = await home.parcel(values)
  await home.drain()
  return id
}

test('E90 branches go on by themselves, what waits in one holds no other, and the run goes on when all are done, once', async () => {
  await home.rule({ key: 'side', actions: [tag('a'), side('all', [tag('b'), wait('3h'), count], [ask, count], [tag('c')]), tag('late'), count] })
  const id = await made()
  expect([await home.tags(id), await places()]).toEqual([['a', 'b', 'c'], [' waiting', '1.b1 waiting', '1.b2 waiting']])
  await home.pass(4)
  expect([await counted(id), await home.tags(id), await places()]).toEqual([1, ['a', 'b', 'c'], [' waiting', '1.b2 waiting']])
  await approve(id)
  expect([await counted(id), await home.tags(id), await waits(), await timers()]).toEqual([3, ['a', 'b', 'c', 'hot', 'late'], [], []])
  await home.pass(24 * 30)
  expect(await counted(id)).toBe(3)
  const [head, ...parts] = await runs(id)
  expect([head!.status, new Set(parts.map((part) => part.head)), parts.map(({ status }) => status).sort()]).toEqual(['waiting', new Set([head!.event]), ['done', 'done', 'done', 'done', 'waiting', 'waiting']])
  expect((await told(id)).slice(-3)).toEqual(['1 parallel joined', '2 tag', '3 set'])
})

test('E90 where one is enough the first that is done lets the run go on, and the others are called off, also what was asked in them', async () => {
  await home.rule({ key: 'side', actions: [side('any', [wait('2h'), tag('a')], [ask, tag('b')], [until, wait('1h')]), tag('c')] })
  const [timed, agreed] = [await made(), await made()]
  await approve(agreed)
  expect(await home.tags(agreed)).toEqual(['b', 'c', 'hot'])
  await home.pass(3)
  expect([await home.tags(timed), await home.tags(agreed), await waits(), await timers()]).toEqual([['a', 'c'], ['b', 'c', 'hot'], [], []])
  expect((await told(timed)).at(-2)).toBe('0 parallel joined [2,3]')
  expect((await as(approvalsFor)).map(({ state }) => state).sort()).toEqual(['approved', 'late'])
  await home.write([{ op: 'update', object: 'parcel', id: timed, values: { state: 'shipped' } }])
  await home.pass(30)
  expect(await home.tags(timed)).toEqual(['a', 'c'])
})

test('E90 branches that are done at the same moment count each: in one batch, and in engines side by side', async () => {
  await home.rule({ key: 'side', actions: [side('all', [wait('1h'), count], [wait('1h'), count], [wait('1h'), count], [side('all', [wait('1h'), count], [until])]), count] })
  const parcels = [await made(), await made(), await made()]
  await home.write(parcels.map((id) => ({ op: 'update', object: 'parcel', id, values: { state: 'shipped' } })))
  await advanceClock(home.db, home.tenant, 2 * 3_600_000)
  await Promise.all([home.drain(), home.drain(), home.drain()])
  await home.drain()
  expect([await Promise.all(parcels.map(counted)), await waits(), await timers()]).toEqual([[5, 5, 5], [], []])
})

test('E90 a branch that fails fails alone: the others go on, it is tried again or dismissed, and then the run goes on', async () => {
  await home.rule({ key: 'side', actions: [side('all', [{ do: 'set', values: { serial: 'taken' } }, tag('a')], [wait('1h'), tag('b')]), tag('c')] })
  const first = await made()
  await home.pass(2)
  const [again, without, over] = [await made(), await made(), await made()]
  await home.pass(2)
  expect([await home.tags(first), await home.tags(again), (await runs(again)).filter(({ status }) => status === 'failed').length]).toEqual([['a', 'b', 'c'], ['b'], 1])
  expect((await places()).sort()).toEqual([' waiting', ' waiting', ' waiting', '0.b1 failed', '0.b1 failed', '0.b1 failed'])
  await decide(without, 'dismiss', '0.b1')
  await decide(over, 'skip', '0.b1', { step: '0.b1.0', reason: '号已给别人' })
  await home.write([{ op: 'update', object: 'parcel', id: first, values: { serial: 'free' } }])
  await decide(again, 'retry', '0.b1')
  expect([await home.tags(again), await home.tags(without), await home.tags(over), await waits()]).toEqual([['a', 'b', 'c'], ['b', 'c'], ['a', 'b', 'c'], []])
  expect((await told(without)).at(-2)).toBe('0 parallel joined [1]')
})

test('E91 a stop in a branch ends the run with all its branches; so does a record that is gone', async () => {
  await home.rule({ key: 'side', actions: [side('all', [wait('1h'), { do: 'stop', if: is('note', 'x') }, tag('a')], [wait('2h'), tag('b')], [side('any', [wait('5h')], [ask])]), tag('c')] })
  const [stopped, gone, on] = [await made({ note: 'x' }), await made(), await made()]
  await home.write([{ op: 'delete', object: 'parcel', id: gone }])
  await home.pass(1.5)
  expect([await home.tags(stopped), await home.tags(on), (await waits()).length]).toEqual([[], ['a'], 5])
  expect((await runs(gone)).at(-1)).toMatchObject({ status: 'skipped', steps: [{ why: 'target_gone' }] })
  await home.pass(4)
  expect([await home.tags(stopped), await home.tags(on), await waits(), await timers()]).toEqual([[], ['a', 'b', 'c'], [], []])
})

test('E91 a pause holds every branch, and each goes on by the version with which the run began', async () => {
  await home.rule({ key: 'side', actions: [side('all', [wait('1h'), tag('a')], [until, tag('b')]), tag('c')] })
  const id = await made()
  await home.switchRule('side', 'paused')
  await home.drain()
  expect([await places(), await timers()]).toEqual([[' held', '0.b1 held', '0.b2 held'], []])
  await home.pass(2)
  await home.rule({ key: 'side', actions: [tag('hot')] })
  await home.drain()
  expect(await home.tags(id)).toEqual(['a'])
  await home.write([{ op: 'update', object: 'parcel', id, values: { state: 'shipped' } }])
  await home.drain()
  expect([await home.tags(id), await waits()]).toEqual([['a', 'b', 'c'], []])
})

test.each<[string, Step[], [both: string, first: string, second: string, none: string]]>([
  ['of all, one no is a no', [side('all', [wait('2h'), yes('name')], [yes('note')], [tag('a')])], ['hot', 'old', 'old', 'old']],
  ['of one that is enough, the first counts', [side('any', [wait('2h'), yes('name')], [wait('1h'), yes('note')])], ['hot', 'old', 'hot', 'old']],
  ['the first that is through without a fork has no say: what was said before stands', [yes('name'), side('any', [wait('1h')], [wait('2h'), yes('note')])], ['hot', 'hot', 'old', 'old']],
  ['branches inside a branch speak for it', [side('all', [side('any', [wait('1h'), yes('name')], [wait('2h')])], [yes('note'), wait('3h')])], ['hot', 'old', 'old', 'old']],
  ['what comes after them counts more', [side('all', [yes('name')], [yes('name')]), wait('1h'), yes('note')], ['hot', 'old', 'hot', 'old']],
  ['a branch that stops the run speaks beside those that are done, and those that are not have no say', [side('all', [yes('name')], [wait('1h'), yes('note'), { do: 'stop' }], [yes('serial'), wait('9h')])], ['hot', 'old', 'old', 'old']],
  ['one that stops it without a fork leaves what the others said', [side('all', [yes('name')], [wait('1h'), { do: 'stop' }], [yes('note')])], ['hot', 'old', 'old', 'old']],
  ['where one is enough, the first that was done counts before one that stops it', [side('any', [wait('1h'), yes('name')], [wait('1h'), yes('note'), { do: 'stop' }])], ['hot', 'hot', 'old', 'old']],
  ['a stop inside a branch inside a branch speaks for both', [side('all', [yes('name')], [side('all', [yes('note')], [wait('1h'), { do: 'stop' }])])], ['hot', 'old', 'old', 'old']],
  ['a stop in a branch says what that branch said, or what was said before', [yes('name'), side('all', [wait('1h'), { do: 'stop' }], [yes('note'), wait('2h')])], ['hot', 'hot', 'old', 'old']],
])('E91 E58 the yes or no of branches is what they come to together: %s', async (_, actions, expected) => {
  await home.rule({ key: 'side', actions, condition: is('count', 1) })
  await home.rule({ key: 'went_yes', trigger: { on: 'ran', object: 'parcel', rule: 'side', outcome: 'yes' }, actions: [tag('hot')] })
  await home.rule({ key: 'went_no', trigger: { on: 'ran', object: 'parcel', rule: 'side', outcome: 'no' }, actions: [tag('old')] })
  const all = [await made({ count: 1, name: 'x', note: 'x' }), await made({ count: 1, name: 'x' }), await made({ count: 1, note: 'x' }), await made({ count: 1 })]
  for (let n = 0; n < 4; n++) await home.pass(1.2)
  expect(await waits()).toEqual([])
  expect(await Promise.all(all.map(async (id) => (await home.tags(id)).filter((each) => each !== 'a').join()))).toEqual(expected)
})

test('E60 what a run does says what let it go on, where it was not its time', async () => {
  await home.rule({ key: 'side', actions: [side('any', [tag('a'), until, tag('b')], [wait('1h'), tag('c')], [wait('9h'), tag('red')]), tag('late')] })
  await home.rule({ key: 'then', trigger: { on: 'ran', object: 'parcel', rule: 'side', outcome: 'finished' }, actions: [tag('old')] })
  const [met, timed, told] = [await made(), await made(), await made()]
  await home.write([{ op: 'update', object: 'parcel', id: met, values: { state: 'shipped' } }])
  await home.drain()
  await decide(told, 'go', '0.b3')
  await home.pass(1.5)
  const woke = async (id: string) => (await home.rows<{ woke: string | null; tags: number[][] }>(`select a.cause->>'woke' as woke, c.fields->'tags' as tags from {t}.change c join {t}.act a on a.id = c.act where c.record = $1 and c.fields ? 'tags' order by c.seq`, [id])).map((each) => each.woke)
  expect([await woke(met), await woke(timed), await woke(told)]).toEqual([['begun', 'met', 'joined', 'ran'], ['begun', null, 'joined', 'ran'], ['begun', 'told', 'joined', 'ran']])
})

test('E92 a run is called off and restored with all its branches; one branch alone goes on, is dismissed and taken up again; or none is waited for any more', async () => {
  await home.rule({ key: 'side', actions: [side('all', [wait('2h'), tag('a')], [ask, tag('b')]), tag('c')] })
  const [off, one, none] = [await made(), await made(), await made()]
  await decide(off, 'cancel')
  expect([await places(), (await as(approvalsFor)).find(({ record }) => record === off)!.state]).toEqual([expect.arrayContaining([' cancelled', '0.b1 cancelled', '0.b2 cancelled']), 'late'])
  await expect(decide(off, 'go', '0.b1')).rejects.toThrow('RUN_SETTLED')
  await home.pass(3)
  expect([await home.tags(off), await home.tags(one)]).toEqual([[], ['a']])
  await decide(off, 'restore')
  expect([await home.tags(off), (await as(approvalsFor)).find(({ record }) => record === off)!.state]).toEqual([['a'], 'waiting'])
  await approve(off)
  expect(await home.tags(off)).toEqual(['a', 'b', 'c', 'hot'])
  await decide(one, 'dismiss', '0.b2')
  expect(await home.tags(one)).toEqual(['a', 'c'])
  await decide(none, 'go')
  expect([await home.tags(none), await waits()]).toEqual([['a', 'c'], []])
  const last = await made()
  await decide(last, 'dismiss', '0.b1')
  await decide(last, 'restore', '0.b1')
  await decide(last, 'go', '0.b1')
  expect([await home.tags(last), await places()]).toEqual([['a'], [' waiting', '0.b2 waiting']])
  const log = await home.rows<{ fields: Record<string, [unknown, unknown]> }>(`select fields from {t}.change where object = 'system:run' order by seq`)
  expect(log.slice(-3).map(({ fields }) => [fields['decision']![1], fields['branch']![1]])).toEqual([['dismiss', '0.b1'], ['restore', '0.b1'], ['go', '0.b1']])
})

test('E92 a branch inside one that is not waited for is not taken up again alone, but with the one around it', async () => {
  await home.rule({ key: 'side', actions: [side('all', [side('all', [wait('2h'), tag('a')], [wait('9h')])], [wait('3h')]), tag('c')] })
  const id = await made()
  await decide(id, 'dismiss', '0.b1.0.b1')
  await decide(id, 'restore', '0.b1.0.b1')
  await decide(id, 'dismiss', '0.b1')
  expect(await places()).toEqual([' waiting', '0.b1 dismissed', '0.b1.0.b1 dismissed', '0.b1.0.b2 dismissed', '0.b2 waiting'])
  await expect(decide(id, 'restore', '0.b1.0.b1')).rejects.toThrow('RUN_SETTLED')
  await decide(id, 'restore', '0.b1')
  expect((await places()).every((each) => each.endsWith(' waiting'))).toBe(true)
  await home.pass(4)
  expect([await home.tags(id), await places()]).toEqual([['a'], [' waiting', '0.b1 waiting', '0.b1.0.b2 waiting']])
})

test('E92 a branch that was dismissed alone stays dismissed when the one around it is dismissed and taken up again', async () => {
  await home.rule({ key: 'side', actions: [side('all', [side('all', [wait('2h'), tag('a')], [side('all', [wait('3h'), tag('b')], [wait('9h')])])], [wait('3h')]), tag('c')] })
  const [id, through] = [await made(), await made()]
  const [inner, middle, innermost] = ['0.b1.0.b1', '0.b1.0.b2', '0.b1.0.b2.0.b2']
  const off = async () => (await home.rows<{ branch: string }>(`select branch from {t}.wait where record = $1 and state = 'dismissed' order by branch`, [id])).map(({ branch }) => branch)
  for (const branch of [innermost, middle, '0.b1']) await decide(id, 'dismiss', branch)
  await decide(id, 'restore', '0.b1')
  expect(await off()).toEqual([middle, `${middle}.0.b1`, innermost])
  await decide(id, 'restore', middle)
  expect(await off()).toEqual([innermost])
  await decide(id, 'dismiss', inner)
  await decide(id, 'dismiss', '0.b1')
  await decide(id, 'restore', '0.b1')
  expect(await off()).toEqual([inner, innermost])
  await home.pass(4)
  expect([await home.tags(id), await home.tags(through)]).toEqual([['b', 'c'], ['a', 'b']])
  // Nobody is waited for inside any more, and the engine has not looked before it is dismissed as well.
  const { event } = (await runs(through))[0]!
  await as(async (ctx) => { for (const [decision, branch] of [['dismiss', innermost], ['dismiss', middle], ['dismiss', '0.b1'], ['restore', '0.b1']] as const) await decideRun(ctx, { event, rule: 'side', branch }, decision) })
  await home.drain()
  expect(await home.tags(through)).toEqual(['a', 'b', 'c'])
})

test('E92 who decides about one branch holds up no other: what comes to hold just then is seen', async () => {
  await home.rule({ key: 'side', actions: [side('all', [wait('2h'), tag('a')], [until, tag('b')])] })
  const id = await made()
  const [head] = await runs(id)
  await as(async (ctx) => {
    await decideRun(ctx, { event: head!.event, rule: 'side', branch: '0.b1' }, 'go')
    await home.write([{ op: 'update', object: 'parcel', id, values: { state: 'shipped' } }])
    const progress = openProgress()
    await workQueue(home.db, home.tenant, progress)
    expect(await workQueue(home.db, home.tenant, progress)).toMatchObject({ events: 1 })
  })
  await home.drain()
  expect([await home.tags(id), await waits()]).toEqual([['a', 'b'], []])
})

test.each<[string, Step[], RegExp]>([
  ['a branch without steps', [side('all', [tag('a')], [])], /分支 2 里还没有步骤/],
  ['one branch', [side('all', [tag('a')])], /branches/],
  ['six branches', [side('all', ...Array.from({ length: 6 }, () => [tag('a')]))], /branches/],
  ['side by side for each child', [{ do: 'forEach', object: 'errand', childVia: 'about', where: { all: [] }, steps: [side('all', [tag('a')], [tag('b')])] }], /不能同时进行/],
  ['an unknown field in a branch', [side('all', [tag('a')], [{ do: 'set', values: { nothing: 1 } }])], /没有字段「nothing」/],
])('E93 refused in any state: %s', async (_, actions, words) => {
  const result = await home.within((ctx) => publish(ctx, 'rule', 'r', { key: 'r', label: { zh: 'r', en: 'r' }, trigger: { on: 'created', object: 'parcel' }, condition: { all: [] }, priority: 1, actions }, { state: 'template' })).catch((error: unknown) => ({ ok: false, error: JSON.stringify(error) }))
  expect(JSON.stringify(result)).toMatch(words)
  expect(result.ok).toBe(false)
})

test('E90 a path tells the innermost branch in which a step stands', () => {
  expect(['2', '2.b1', '2.b1.0', '2.b1.0.yes.3', '2.b1.0.b2', '2.b1.0.b2.1'].map(branchOf)).toEqual(['', '', '2.b1', '2.b1', '2.b1', '2.b1.0.b2'])
  expect(branchAt('2.b1.0.b12')).toEqual({ step: '2.b1.0', no: 12 })
})
