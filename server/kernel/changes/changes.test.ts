import { afterAll, beforeAll, expect, test } from 'vitest'
import { appendChanges, changesOf, type HouseReason, houseReason, lateQueue, logOf, openActs, reasonSaid, rebuild, systemActor, VIRTUAL_QUEUES, virtualQueue, watchCommits, type ChangeDraft, type Committed } from '#kernel/changes'
import { writeOrRefuse } from '#kernel/records'
import { ids } from '#platform/db'
import { workshop, type Workshop } from '../records/testing/workshop.ts'

let home: Workshop
beforeAll(async () => { home = await workshop() })
afterAll(() => home.drop())

const act = (reason: string) => ({ actor: { kind: 'system' as const, reason }, cause: { kind: 'backfill' as const } })
const change = (more: Partial<ChangeDraft> = {}): ChangeDraft => ({ act: 0, object: 'job', record: ids.next(), recordVersion: 1, event: 'created', fields: { name: [null, 'x'] }, todo: false, ...more })
const count = async (table: string, where = 'true', values: unknown[] = []) => (await home.looking('kernel', ({ tx }) => tx.query<{ n: number }>(`select count(*) as n from {t}.${table} where ${where}`, values)))[0]!.n

test('L1 L2 one statement, numbers in order', async () => {
  const [subject, drafts] = [ids.next(), [change({ act: 1 }), change({ todo: true }), change({ act: 1, fields: { price: [null, '0.10'], name: [null, '引号"\\'] } })]]
  drafts[0]!.timeline = [subject, subject]
  let statements = 0
  const appended = await home.as('kernel', (ctx) => appendChanges({ ...ctx, tx: { ...ctx.tx, query: (...args) => { statements++; return ctx.tx.query(...args) } } }, [act('a'), act('b')], drafts))
  expect(statements).toBe(1)
  const [first, second, third] = appended
  expect([second!.seq - first!.seq, third!.seq - second!.seq]).toEqual([1, 1])
  expect(first!.act).toBe(third!.act)
  expect(await count('unsealed', 'act = any($1)', [[first!.act, second!.act]])).toBe(2)
  expect(await count('timeline', 'subject = $1 and record = $2', [subject, drafts[0]!.record])).toBe(1)
  expect(await count('todo', 'seq = any($1)', [appended.map(({ seq }) => seq)])).toBe(1)
  expect((await home.looking('kernel', ({ tx }) => changesOf(tx, 'job', drafts[2]!.record, { limit: 5 })))[0]).toMatchObject({ fields: drafts[2]!.fields, actor: { kind: 'system', reason: 'b' }, cause: { kind: 'backfill' }, event: 'created' })
})

test('L3 L9 acts without changes are not written, unless numbered', async () => {
  const before = await count('act')
  await home.as('kernel', (ctx) => appendChanges(ctx, [act('idle'), act('used')], [change({ act: 1 })]))
  expect(await count('act')).toBe(before + 1)
  const written = await home.as('kernel', async (ctx) => {
    const numbers = await openActs(ctx, 2)
    await appendChanges(ctx, [act('first'), act('second')], [change({ act: 1 })], [undefined, numbers[1]])
    return numbers
  })
  expect(await count('act', 'id = any($1)', [written])).toBe(1)
  expect(await home.as('kernel', (ctx) => appendChanges(ctx, [act('idle')], []))).toEqual([])
  const [one, two] = await home.as('kernel', async (ctx) => {
    const [first] = await appendChanges(ctx, [act('one')], [change()])
    return [first!.act, (await appendChanges(ctx, [{ ...act('one'), joins: first!.act }], [change()]))[0]!.act]
  })
  expect([one, await count('act', 'id = $1', [one]), await count('change', 'act = $1', [one])]).toEqual([two, 1, 2])
})

test('L4 queues are stable and even', () => {
  expect(['01a2018f-a4e1-7000-b50b-1be1e83581dd', '00000000-0000-7000-8000-000000000000'].map(virtualQueue)).toEqual([virtualQueue('01a2018f-a4e1-7000-b50b-1be1e83581dd'), virtualQueue('00000000-0000-7000-8000-000000000000')])
  const sizes = Array.from({ length: VIRTUAL_QUEUES }, () => 0)
  for (let i = 0; i < 8_000; i++) sizes[virtualQueue(ids.next())]!++
  expect(Math.min(...sizes)).toBeGreaterThan(800)
})

test('L5 watchers hear once, after the commit', async () => {
  const heard: Committed[] = []
  const stop = watchCommits((committed) => void heard.push(committed))
  await home.as('kernel', async (ctx) => {
    await appendChanges(ctx, [act('a')], [change()])
    await appendChanges(ctx, [act('b')], [change({ object: 'visit', todo: true })])
    expect(heard).toEqual([])
  })
  await home.as('kernel', async (ctx) => { await appendChanges(ctx, [act('a')], [change()]); throw new Error('no') }).catch(() => {})
  expect(heard).toEqual([{ tenant: home.tenant, objects: new Set(['job', 'visit']), todo: true, news: false }])
  stop()
  await home.as('kernel', (ctx) => appendChanges(ctx, [act('a')], [change()]))
  expect(heard).toHaveLength(1)
})

test('L6 L7 history page by page, and what it makes of a record', async () => {
  const record = ids.next()
  const steps: [number, ChangeDraft['event'], ChangeDraft['fields']][] = [[1, 'created', { name: [null, 'a'], count: [null, 1] }], [2, 'changed', { name: ['a', 'b'] }], [3, 'deleted', { $gone: [false, true] }], [4, 'restored', { $gone: [true, false] }], [5, 'changed', { count: [1, null] }]]
  for (const [recordVersion, event, fields] of steps) await home.as('kernel', (ctx) => appendChanges(ctx, [act('x')], [change({ record, recordVersion, event, fields })]))
  const read = (before: number | undefined, limit: number) => home.looking('kernel', ({ tx }) => changesOf(tx, 'job', record, { before, limit }))
  expect((await read(undefined, 2)).map(({ event, recordVersion }) => [event, recordVersion])).toEqual([['changed', 5], ['restored', 4]])
  expect((await read(4, 9)).map(({ event }) => event)).toEqual(['deleted', 'changed', 'created'])
  const log = (await home.looking('kernel', ({ tx }) => logOf(tx, [record]))).get(record)!
  expect(rebuild(log)).toMatchObject({ values: { name: 'b', count: null }, recordVersion: 5, gone: false })
  expect(rebuild(log.slice(0, 3))).toMatchObject({ gone: true })
  expect(rebuild(log.filter(({ recordVersion }) => recordVersion !== 2))).toBeNull()
  expect(rebuild([])).toBeNull()
})

test('L8 the engine is told only of what is listened to', async () => {
  const write = (fields: object) => home.as('chief', async (ctx) => {
    const [made] = await writeOrRefuse(ctx, [{ op: 'create', object: 'job', values: { name: 'x' } }])
    const [edited] = await writeOrRefuse(ctx, [{ op: 'update', object: 'job', id: made!.id, values: { ...fields } }])
    return [made!.seq, edited!.seq]
  })
  const [, busy] = await write({ state: 'busy' })
  const [born, quiet] = await write({ note: 'x' })
  expect([await count('todo', 'seq = $1', [busy]), await count('todo', 'seq = any($1)', [[born, quiet]])]).toEqual([1, 0])
})

test('L10 what an import changes waits, until something else happens to the record', async () => {
  const [one, other] = [ids.next(), ids.next()]
  const imported = { actor: { kind: 'system' as const, reason: 'x' }, cause: { kind: 'import' as const } }
  const queueOf = async (record: string) => (await home.looking('kernel', ({ tx }) => tx.query<{ sub: number }>('select t.sub from {t}.todo t join {t}.change c on c.seq = t.seq where c.record = $1 order by t.seq', [record]))).map(({ sub }) => sub)
  await home.as('kernel', (ctx) => appendChanges(ctx, [imported], [change({ record: one, todo: true }), change({ record: other, todo: true }), change({ record: one, recordVersion: 2, event: 'changed', todo: true })]))
  expect([await queueOf(one), await queueOf(other)]).toEqual([[lateQueue(one), lateQueue(one)], [lateQueue(other)]])
  await home.as('kernel', (ctx) => appendChanges(ctx, [act('later')], [change({ record: one, recordVersion: 3, event: 'changed', todo: true })]))
  expect([await queueOf(one), await queueOf(other)]).toEqual([Array.from({ length: 3 }, () => virtualQueue(one)), [lateQueue(other)]])
})

test.each<[HouseReason, zh: string, en: string]>([
  [['members_imported', 4], '导入 4 名成员', 'Imported 4 members'], [['company_imported', 1, 2], '导入公司：1 个部门、2 名成员', 'Imported the company: 1 department, 2 members'], [['demo_passwords', 1], '演示公司：1 名成员的登录密码', 'Demo company: passwords of 1 member'],
  [['handed_over', '王 "小" 海\\'], '工作交接：王 "小" 海\\', 'Work handed over: 王 "小" 海\\'], [['changed_team', '李思琪'], '调换部门：李思琪', 'Changed departments: 李思琪'],
  [['configuration_imported', 'a b.json', '远航'], '导入配置 a b.json（远航）', 'Imported configuration a b.json (远航)'], [['configuration_taken_back', 'a.json'], '撤销导入配置 a.json', 'Took back the imported configuration a.json'], [['silent_for', '2d'], '2 天没有跟进', 'No follow-up for 2 days'],
])('L12 a reason of the house in both languages: %j', (reason, zh, en) => {
  expect([reasonSaid(houseReason(reason), 'zh'), reasonSaid(houseReason(reason), 'en')]).toEqual([zh, en])
})

test('L12 what a person wrote stays as it stands; what acts of its own accord has a name, also as older versions kept it', () => {
  expect(['导入 9 名成员', 'house:elsewhere 3', 'house:handed_over', 'house: x', null].map((each) => reasonSaid(each, 'en'))).toEqual(['导入 9 名成员', 'house:elsewhere 3', 'house:handed_over', 'house: x', null])
  expect(['bin', '回收站到期清理', 'company account: 飞书', 'toString', 'somebody else'].map((each) => systemActor(each, 'en'))).toEqual([
    { kind: 'system', name: 'Emptying of the bin', said: true }, { kind: 'system', name: 'Emptying of the bin', said: true }, { kind: 'system', name: 'Company sign-in “飞书”', said: true }, { kind: 'system', name: 'toString' }, { kind: 'system', name: 'somebody else' }])
})
