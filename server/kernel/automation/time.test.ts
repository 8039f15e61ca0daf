import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { kernelContext } from '#kernel/access'
import { publish } from '#kernel/metadata'
import { writeOrRefuse, type Intent } from '#kernel/records'
import { advanceClock, ids, type Tx } from '#platform/db'
import { takeDue } from './due.ts'
import { type Depot, depot, keysOf, tag } from './testing/depot.ts'
import { after, workingCalendar } from '#language/values'

let home: Depot
beforeAll(async () => {
  home = await depot()
  await home.rule({ key: 'late', trigger: { on: 'deadline', object: 'errand', field: 'due_at' }, condition: { field: 'state', op: 'eq', value: 'open' }, actions: [{ do: 'set', values: { late_at: { now: true } } }, { do: 'tag', add: ['late'] }] })
})
afterAll(() => home.drop())

const HOUR = 3_600_000
const inHours = async (hours: number) => new Date((await home.within(async ({ now }) => now.getTime())) + hours * HOUR).toISOString()

async function errand(hours: number, more: Record<string, unknown> = {}): Promise<string> {
  const id = ids.next()
  await home.write([{ op: 'create', object: 'errand', id, values: { title: 'e', due_at: await inHours(hours), ...more } }])
  await home.drain()
  return id
}
const lateRuns = (id: string) => home.rows(`select 1 from {t}.run where record = $1 and rule = 'late' and status = 'done'`, [id])
const isLate = async (id: string) => keysOf(await home.image('errand', id)).includes('late')

test('E10 a deadline fires once, when its instant has come', async () => {
  const id = await errand(72)
  await home.pass(71)
  expect(await isLate(id)).toBe(false)
  await home.pass(1.1)
  expect(await isLate(id)).toBe(true)
  await home.pass(100)
  expect(await lateRuns(id)).toHaveLength(1)
})

test('E10 a deadline some calendar months later comes on the same day of the month, or on its last, whether the record or the rule was there first', async () => {
  const due = async (id: string) => (await home.rows<{ at: Date }>(`select due_at as at from {t}.timer where key = $1`, [`deadline:monthly:${id}`])).map(({ at }) => at.toISOString())
  const before = await home.parcel({ promised: '2190-01-31' })
  await home.rule({ key: 'monthly', trigger: { on: 'deadline', object: 'parcel', field: 'promised', after: '1mo' }, actions: [tag('hot')] })
  await home.drain()
  const [after, common] = [await home.parcel({ promised: '2191-12-31' }), await home.parcel({ promised: '2190-03-15' })]
  await home.drain()
  expect([await due(before), await due(after), await due(common)]).toEqual([['2190-02-27T16:00:00.000Z'], ['2192-01-30T16:00:00.000Z'], ['2190-04-14T16:00:00.000Z']])
  await home.switchRule('monthly', 'paused')
})

test('E10 months are refused with a reason where a length is not counted onwards from one instant of a record', async () => {
  const trigger = { on: 'created', object: 'parcel' } as const
  for (const body of [{ trigger: { on: 'silence', object: 'parcel', since: 'seen_at', for: '3mo' }, actions: [tag('hot')] }, { trigger, actions: [{ do: 'wait', for: '1mo' }, tag('hot')] }]) {
    const result = await home.within((ctx) => publish(ctx, 'rule', 'refused', { key: 'refused', label: { zh: 'r', en: 'r' }, condition: { all: [] }, priority: 1, ...body } as never, { state: 'template' }))
    expect([result.ok, JSON.stringify(result)]).toEqual([false, expect.stringContaining('这里不能按月计')])
  }
})

test('E10 its condition is asked then: what has been done meanwhile is not late', async () => {
  const id = await errand(5)
  await home.write([{ op: 'update', object: 'errand', id, values: { state: 'done' } }])
  await home.pass(6)
  expect([await isLate(id), await lateRuns(id)]).toEqual([false, []])
})

test('E10 a deadline that moved fires at its new instant only; one that was emptied or whose record is gone never', async () => {
  const [moved, emptied, gone] = [await errand(5), await errand(5), await errand(5)]
  await home.write([{ op: 'update', object: 'errand', id: moved, values: { due_at: await inHours(20) } }, { op: 'update', object: 'errand', id: emptied, values: { due_at: null } }, { op: 'delete', object: 'errand', id: gone }])
  // Its timer is still the old one: the change has not been answered yet.
  await home.pass(6)
  expect([await isLate(moved), await isLate(emptied)]).toEqual([false, false])
  await home.pass(15)
  expect([await isLate(moved), await isLate(emptied)]).toEqual([true, false])
  expect(await home.rows(`select 1 from {t}.timer where key like 'deadline:late:%'`)).toEqual([])
})

/** A transaction that has done its work and commits when what this gives is called, at the latest when the test is over. */
async function holding(work: (tx: Tx) => Promise<unknown>): Promise<() => Promise<void>> {
  const [begun, told] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const done = home.db.mutate(home.tenant, async (tx) => { await work(tx); begun.resolve(); await told.promise })
  await Promise.race([begun.promise, done])
  const over = (): Promise<void> => { told.resolve(); return done }
  onTestFinished(over)
  return over
}

/** Somebody has these timers in hand. */
const inHand = (keys: readonly string[]) => holding((tx) => tx.query('select from {t}.timer where key = any($1::text[]) for update', [keys]))
/** Somebody writes now and commits later. */
const writing = (intents: readonly Intent[]) => holding(async (tx) => writeOrRefuse(await kernelContext(tx, { kind: 'system', reason: 'test' }, { kind: 'definition' }), intents))

test('E80 who finds a timer in somebody else’s hands again and again meets it again later', async () => {
  const id = await errand(72)
  const due = async () => (await home.rows<{ at: Date }>('select due_at as at from {t}.timer where key = $1', [`deadline:late:${id}`]))[0]!.at.toISOString()
  const [before, later] = [await due(), await inHours(99)]
  const letGo = await inHand([`deadline:late:${id}`])
  await home.write([{ op: 'update', object: 'errand', id, values: { due_at: later } }])
  // Longer than a transaction is begun again for.
  const over = new Promise((resolve) => { setTimeout(() => resolve(letGo()), 1_000) })
  await home.drain()
  await over
  expect([before === later, await due()]).toEqual([false, later])
})

test('E80 a record’s timers that are due are in one hand: nobody takes the next while somebody answers the first', async () => {
  const several = await Promise.all(Array.from({ length: 30 }, () => errand(72)))
  const wake = (id: string, n: number) => ({ k: `wait:${n}:nothing`, p: { object: 'errand', record: id, name: 'nothing', run: n } })
  await home.within(({ tx }) => tx.query(`insert into {t}.timer (key, due_at, kind, payload) select k, $2, 'wait', p from json_to_recordset($1) as x(k text, p jsonb)`, [JSON.stringify(several.flatMap((id, n) => [wake(id, 2 * n), wake(id, 2 * n + 1)])), new Date(0)]))
  const recordsOf = (due: Awaited<ReturnType<typeof takeDue>>) => new Set(due.map(({ payload }) => payload.record))
  await home.within(async ({ tx }) => {
    const mine = recordsOf(await takeDue(tx, 10))
    const theirs = await home.db.mutate(home.tenant, async (other) => recordsOf(await takeDue(other, 1_000)))
    expect([mine.size > 0, theirs.size > 0, mine.intersection(theirs).size]).toEqual([true, true, 0])
  })
  await home.drain()
  expect(await home.rows(`select from {t}.timer where key like 'wait:%:nothing'`)).toEqual([])
})

test('E80 who was put off takes fewer timers when it begins again, so that what somebody holds keeps few others waiting', async () => {
  await home.rule({ key: 'second', trigger: { on: 'deadline', object: 'errand', field: 'late_at', after: '1h' }, actions: [tag('old')] })
  const several: string[] = []
  for (let n = 0; n < 40; n++) several.push(await errand(10 + n / 100))
  await home.within(({ tx }) => tx.query(`insert into {t}.timer (key, due_at, kind, payload) values ($1, 'infinity', 'deadline', $2)`, [`deadline:second:${several.at(-1)}`, JSON.stringify({ object: 'errand', record: several.at(-1), name: 'second' })]))
  const letGo = await inHand([`deadline:second:${several.at(-1)}`])
  await advanceClock(home.db, home.tenant, 11 * HOUR)
  const draining = home.drain()
  const late = async () => (await home.rows(`select from {t}.run where record = any($1::uuid[]) and rule = 'late' and status = 'done'`, [several])).length
  await expect.poll(late, { timeout: 15_000 }).toBe(39)
  await letGo()
  await draining
  expect(await late()).toBe(40)
  await home.switchRule('second', 'paused')
})

test('E10 what a rule makes has its deadline in the same transaction; a rule that closes it ends the clock', async () => {
  await home.rule({ key: 'start', condition: { field: 'name', op: 'eq', value: 'clocked' }, actions: [{ do: 'create', object: 'errand', values: { title: 't', about: { record: true }, due_at: { now: true, plus: '72h' } } }] })
  await home.rule({ key: 'visited', trigger: { on: 'created', object: 'visit' }, actions: [{ do: 'updateChildren', via: 'parcel', object: 'errand', childVia: 'about', where: { field: 'state', op: 'eq', value: 'open' }, values: { state: 'done' } }] })
  const parcel = await home.parcel({ name: 'clocked' })
  await home.drain()
  const [made] = await home.rows<{ id: string }>(`select id from {t}."o_errand" where f_about = $1`, [parcel])
  expect(await home.rows(`select 1 from {t}.timer where key = $1`, [`deadline:late:${made!.id}`])).toHaveLength(1)
  await home.write([{ op: 'create', object: 'visit', values: { parcel } }])
  await home.pass(73)
  expect(await isLate(made!.id)).toBe(false)
})

test('E10 a new owner starts the clock again: through a rule that moves the deadline', async () => {
  await home.rule({ key: 'restart', trigger: { on: 'changed', object: 'parcel', fields: ['owner'] }, actions: [{ do: 'updateChildren', object: 'errand', childVia: 'about', where: { field: 'state', op: 'eq', value: 'open' }, values: { due_at: { now: true, plus: '72h' }, owner: { owner: true } } }] })
  const parcel = await home.parcel()
  const id = await errand(72, { about: { object: 'parcel', id: parcel } })
  await home.pass(70)
  await home.write([{ op: 'update', object: 'parcel', id: parcel, owner: 2 }])
  await home.drain()
  await home.pass(10)
  expect(await isLate(id)).toBe(false)
  await home.pass(63)
  expect([await isLate(id), (await home.image('errand', id)).owner]).toEqual([true, 2])
})

test('E10 switching a rule on sets the deadlines still to come, not those that have passed', async () => {
  const [past, coming] = [ids.next(), ids.next()]
  await home.rule({ key: 'soon', trigger: { on: 'deadline', object: 'parcel', field: 'promised', after: '1d' }, actions: [{ do: 'tag', add: ['hot'] }] }, 'paused')
  const day = async (hours: number) => (await inHours(hours)).slice(0, 10)
  await home.write([{ op: 'create', object: 'parcel', id: past, values: { name: 'p', promised: await day(-72) } }, { op: 'create', object: 'parcel', id: coming, values: { name: 'p', promised: await day(72) } }])
  await home.drain()
  await home.switchRule('soon', 'active')
  await home.drain()
  await home.pass(24 * 6)
  expect([await home.tags(past), await home.tags(coming)]).toEqual([[], ['hot']])
})

test('E10 E53 what was being written when a rule or a segment was switched on is found a minute later', async () => {
  const [id, name] = [ids.next(), 'unseen']
  const over = await writing([{ op: 'create', object: 'parcel', id, values: { name, worth: '500', seen_at: await inHours(2) } }])
  await home.rule({ key: 'unseen', trigger: { on: 'deadline', object: 'parcel', field: 'seen_at' }, condition: { field: 'name', op: 'eq', value: name }, actions: [tag('late')] })
  expect(await home.within((ctx) => publish(ctx, 'tag', 'unseen', { key: 'unseen', label: { zh: 'u', en: 'u' }, segment: { object: 'parcel', condition: { all: [{ field: 'name', op: 'eq', value: name }, { field: 'worth', op: 'ge', value: '100' }] } } }))).toMatchObject({ ok: true })
  await home.drain()
  await over()
  await home.drain()
  await home.pass(0.1)
  expect(await home.tags(id)).toContain('unseen')
  await home.pass(2)
  expect(await home.tags(id)).toContain('late')
  await home.switchRule('unseen', 'paused')
})

test('E10 working time runs from Monday to Friday, nine to six', () => {
  const place = { zone: 'Asia/Shanghai', calendar: workingCalendar() }
  const at = (text: string) => Date.parse(`${text}+08:00`)
  const cases: [from: string, length: string, to: string][] = [
    ['2026-11-23T10:00:00', '2wh', '2026-11-23T12:00:00'], ['2026-11-23T17:00:00', '2wh', '2026-11-24T10:00:00'], ['2026-11-27T17:30:00', '1wh', '2026-11-30T09:30:00'],
    ['2026-11-22T12:00:00', '9wh', '2026-11-23T18:00:00'], ['2026-11-27T15:00:00', '3wd', '2026-12-02T15:00:00'], ['2026-11-23T10:00:00', '72h', '2026-11-26T10:00:00'],
  ]
  for (const [from, length, to] of cases) expect(new Date(after(at(from), length, place)).toISOString()).toBe(new Date(at(to)).toISOString())
})

test('E10 a deadline in working time follows the working calendar, also when the calendar changes', async () => {
  await home.rule({ key: 'worked', trigger: { on: 'deadline', object: 'parcel', field: 'promised', after: '1wd' }, actions: [{ do: 'tag', add: ['hot'] }] })
  const id = await home.parcel({ promised: '2032-10-01' })
  await home.drain()
  const due = async () => (await home.rows<{ due_at: Date }>(`select due_at from {t}.timer where key = $1`, [`deadline:worked:${id}`]))[0]!.due_at.toISOString()
  expect(await due()).toBe('2032-10-03T16:00:00.000Z')
  const years = [{ year: 2032, source: 'test', holidays: [{ label: { zh: '国庆节', en: 'National Day' }, from: '2032-10-01', to: '2032-10-07' }], workdays: [] }]
  await home.within((ctx) => publish(ctx, 'calendar', 'working', { key: 'working', label: { zh: '工作日历', en: 'Working calendar' }, weekdays: [1, 2, 3, 4, 5], opens: '09:00', closes: '18:00', years }))
  await home.drain()
  expect(await due()).toBe('2032-10-07T16:00:00.000Z')
})

test('E10 working time across a year that nobody has announced says so in its step', async () => {
  await home.rule({ key: 'far', trigger: { on: 'created', object: 'errand' }, condition: { field: 'title', op: 'eq', value: 'far' }, actions: [{ do: 'set', values: { due_at: { now: true, plus: '3000wd' } } }] })
  await errand(1, { title: 'far' })
  const [run] = await home.rows<{ steps: { unannounced?: number[] }[] }>(`select steps from {t}.run where rule = 'far'`)
  expect(run!.steps[0]!.unannounced).toContain(2033)
})

const gradeOf = async (id: string) => (await home.image('parcel', id)).values['grade']
const scan = (parcel: string) => ({ op: 'create' as const, object: 'scan', values: { parcel, kind: 'x' } })

test('E11 a grade is taken on creation and follows own fields, children and parents', async () => {
  const [hub, other] = [ids.next(), ids.next()]
  await home.write([{ op: 'create', object: 'hub', id: hub, values: {} }, { op: 'create', object: 'hub', id: other, values: {} }])
  const [plain, tagged, atHub] = [await home.parcel(), await home.parcel(), await home.parcel({ hub })]
  await home.drain()
  expect([await gradeOf(plain), await gradeOf(tagged), await gradeOf(atHub)]).toEqual(['green', 'green', 'green'])
  await home.write([{ op: 'update', object: 'parcel', id: tagged, addTags: ['red'] }, { op: 'update', object: 'hub', id: hub, values: { vip: true } }, scan(plain), scan(plain), scan(plain)])
  await home.drain()
  expect([await gradeOf(plain), await gradeOf(tagged), await gradeOf(atHub)]).toEqual(['red', 'red', 'yellow'])
  await home.write([{ op: 'update', object: 'parcel', id: atHub, values: { hub: other } }])
  await home.drain()
  expect(await gradeOf(atHub)).toBe('green')
})

test('E11 every record of a parent that changes is graded anew, however many there are, and no batch takes more than some hundreds', async () => {
  const hubs = [ids.next(), ids.next()]
  await home.write(hubs.map((id) => ({ op: 'create', object: 'hub', id, values: {} })))
  const [first, second] = hubs.map((hub) => Array.from({ length: 520 }, () => ({ op: 'create' as const, object: 'parcel', id: ids.next(), values: { name: 'many', hub } })))
  for (const some of [first!, second!]) await home.write(some)
  await home.drain()
  const grades = () => home.rows<{ grade: string; n: number }>(`select f_grade as grade, count(*)::int as n from {t}.o_parcel where f_hub = any($1::uuid[]) group by 1 order by 1`, [hubs])
  expect(await grades()).toEqual([{ grade: 'green', n: 1040 }])
  await home.write([...hubs, hubs[0]!].map((id, n) => ({ op: 'update', object: 'hub', id, values: { vip: true, name: String(n) } })))
  await home.drain()
  expect(await grades()).toEqual([{ grade: 'yellow', n: 1040 }])
  const most = await home.rows<{ n: number }>(`select count(*)::int as n from {t}.change c join {t}.act a on a.id = c.act where c.object = 'parcel' and a.actor_kind = 'rule' and c.fields->'grade'->>1 = 'yellow' group by c.act order by 1 desc limit 1`)
  expect(most[0]!.n).toBeLessThanOrEqual(500)
  expect(await home.rows(`select key from {t}.timer where key like 'kin:%'`)).toEqual([])
}, 60_000)

test('E11 a window that runs out turns the grade back, and the run keeps level, reason and what was seen', async () => {
  const id = await home.parcel()
  await home.drain()
  await home.write([scan(id), scan(id), scan(id)])
  await home.drain()
  expect(await gradeOf(id)).toBe('red')
  await home.pass(24 * 6)
  expect(await gradeOf(id)).toBe('red')
  await home.pass(25)
  expect(await gradeOf(id)).toBe('green')
  const runs = await home.rows<{ steps: unknown[] }>(`select steps from {t}.run where record = $1 and rule = 'grading:heat' order by event`, [id])
  expect(runs.map(({ steps }) => steps[0])).toMatchObject([
    { do: 'grade', from: null, to: 'green', level: 3 },
    { do: 'grade', from: 'green', to: 'red', level: 0, reason: { zh: '七天内扫描三次' }, saw: { aggregates: ['3'] } },
    { from: 'red', to: 'green', level: 3, saw: { aggregates: ['0'] } },
  ])
})

test('E11 the action takes the same verdict, with its reason in the step', async () => {
  await home.rule({ key: 'graded', condition: { field: 'name', op: 'eq', value: 'graded' }, actions: [{ do: 'tag', add: ['red'] }, { do: 'grade', grading: 'heat' }] })
  const id = await home.parcel({ name: 'graded' })
  await home.drain()
  expect(await gradeOf(id)).toBe('red')
  const [run] = await home.rows<{ steps: unknown[] }>(`select steps from {t}.run where record = $1 and rule = 'graded'`, [id])
  expect(run!.steps[1]).toMatchObject({ do: 'grade', to: 'red', level: 1, reason: { zh: '标红' } })
})

test('E80 a change is answered beside one who has its timer in hand, and does not wait for it with the record', async () => {
  const id = await errand(5)
  const holder = await home.db.pool.connect()
  await holder.query('begin')
  await holder.query(`select from "${home.tenant.schema}".timer where key = $1 for update`, [`deadline:late:${id}`])
  await home.write([{ op: 'update', object: 'errand', id, values: { due_at: await inHours(8) } }])
  const drained = home.drain().catch((error: unknown) => error)
  // Whoever holds the timer gets the record at once.
  await new Promise((resolve) => { setTimeout(resolve, 100) })
  await holder.query(`set local lock_timeout = '500ms'`)
  await holder.query(`select from "${home.tenant.schema}"."o_errand" where id = $1 for update`, [id])
  await holder.query('commit')
  holder.release()
  await drained
  await home.drain()
  expect((await home.rows<{ due: Date }>('select due_at as due from {t}.timer where key = $1', [`deadline:late:${id}`]))[0]!.due.toISOString()).toBe((await home.image('errand', id)).values['due_at'])
})
