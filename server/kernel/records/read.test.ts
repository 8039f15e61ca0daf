import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Sort } from '#language/definitions'
import { ids } from '#platform/db'
import { aggregate, countRecords, getRecord, listRecords, selectIds, writeOrRefuse, type Intent, type ListQuery, type Values } from '#kernel/records'
import { PEOPLE, workshop, type Person, type Workshop } from './testing/workshop.ts'

let home: Workshop
const SITE = ids.next()
/** name, owner, and some fields; made in this order, one transaction each so that created_at differs. */
const JOBS: readonly [name: string, owner: keyof typeof PEOPLE | null, values: Values, tags?: string[]][] = [
  ['张三 50%_off', 'ann', { phone: '13800138000', price: '30', count: 1, due: '2026-03-01', secret: '1', nick: '跳跳猫', state: 'open', site: SITE }, ['急']],
  ['李四', 'ann', { phone: '13900139000', price: '4', count: 1, secret: '2', state: 'busy' }],
  ['王五 ABC', 'bob', { price: '200', due: '2026-01-01', secret: '3', state: 'closed' }, ['熟客']],
  ['阿六', 'bob', { phone: '021-62345678', count: 2, due: '2026-02-01', secret: '4', note: '智康医疗的屏幕' }],
  ['赵七', null, { price: '30', count: 2 }],
]
const NAMES = JOBS.map(([name]) => name[0]!)

beforeAll(async () => {
  home = await workshop()
  await home.as('chief', (ctx) => writeOrRefuse(ctx, [{ op: 'create', object: 'site', id: SITE, values: { name: '城东' } }]))
  for (const [name, owner, values, tags] of JOBS) await home.as('chief', (ctx) => writeOrRefuse(ctx, [{ op: 'create', object: 'job', values: { name, ...values }, owner: owner && PEOPLE[owner], tags } as Intent]))
})
afterAll(() => home.drop())

const list = (who: Person, query: Partial<ListQuery> = {}) => home.looking(who, (ctx) => listRecords(ctx, 'job', { limit: 50, ...query }))
const names = async (who: Person, query: Partial<ListQuery> = {}): Promise<string> => (await list(who, query)).records.map(({ title }) => title[0]).join('')
const refusal = async (work: Promise<unknown>): Promise<string> => work.then(() => 'ok', (error: { refusal?: { code: string } }) => error.refusal?.code ?? 'thrown')

describe('lists', () => {
  /** One line per case: who looks, at what, and the first characters of the names in order. */
  const check = (rule: string, who: Person, query: Partial<ListQuery>, expected: string) => test(`${rule} ${who}: ${JSON.stringify(query)} → ${expected}`, async () => expect(await names(who, query)).toBe(expected))
  const all = { sort: [{ field: 'created_at', direction: 'asc' }] } satisfies Partial<ListQuery>

  check('W30', 'chief', {}, '赵阿王李张')
  check('W30', 'ann', all, '张李')
  check('W30', 'bob', all, '王阿')
  check('W30', 'lead', all, '张李')
  check('W30', 'area', all, '张李')
  check('W30', 'watcher', all, '张李王阿赵')
  check('W31', 'chief', { ...all, filter: { field: 'secret', op: 'ge', value: '3' } }, '王阿')
  check('W30', 'watcher', { ...all, filter: { field: 'price', op: 'eq', value: '30.0' } }, '张赵')
  check('W30', 'watcher', { ...all, filter: { not: { field: 'price', op: 'eq', value: '30' } } }, '李王阿')
  check('W30', 'watcher', { ...all, filter: { field: 'tags', op: 'has', value: '急' } }, '张')
  check('W30', 'ann', { ...all, filter: { field: 'owner', op: 'eq', value: { me: true } } }, '张李')
  check('W30', 'watcher', { ...all, filter: { field: 'owner', op: 'empty' } }, '赵')
  check('W30', 'chief', { ...all, filter: { parent: 'site', where: { field: 'name', op: 'contains', value: '东' } } }, '张')
  check('W32', 'watcher', { sort: [{ field: 'price', direction: 'asc' }] }, '李张赵王阿')
  check('W32', 'watcher', { sort: [{ field: 'price', direction: 'desc' }] }, '王赵张李阿')
  check('W32', 'watcher', { sort: [{ field: 'count', direction: 'desc' }, { field: 'due', direction: 'asc' }] }, '阿赵张李王')
  check('W42', 'watcher', { sort: [{ field: 'name', direction: 'asc' }] }, '阿李王张赵')
  check('W34', 'watcher', { ...all, search: '张三' }, '张')
  check('W34', 'watcher', { ...all, search: '三' }, '张')
  check('W34', 'watcher', { ...all, search: '五 abc' }, '王')
  check('W34', 'watcher', { ...all, search: '0%_o' }, '张')
  check('W34', 'watcher', { ...all, search: '%' }, '张')
  check('W34', 'watcher', { ...all, search: '_x' }, '')
  check('W34', 'watcher', { ...all, search: `'; drop` }, '')
  check('W34', 'chief', { ...all, search: '康医' }, '阿')
  check('W34', 'ann', { ...all, search: '康医' }, '')
  check('W34', 'chief', { ...all, search: '8000' }, '张')
  check('W34', 'chief', { ...all, search: '138 0013 8000' }, '张')
  check('W34', 'chief', { ...all, search: '021-62345678' }, '阿')
  check('W34', 'chief', { ...all, search: '  ' }, '张李王阿赵')
  check('W31', 'watcher', { ...all, search: '8000' }, '')
  check('W81', 'watcher', { ...all, search: 'zs' }, '张')
  check('W81', 'watcher', { ...all, search: 'WwAbc' }, '王')
  check('W81', 'watcher', { ...all, search: 'zz' }, '')
  check('W81', 'chief', { ...all, search: 'ttm' }, '张')
  check('W81', 'watcher', { ...all, search: 'ttm' }, '')
})

test('W81 initials follow a change of the text, and go with it', async () => {
  const id = ids.next()
  const rename = (name: string | null) => home.as('chief', (ctx) => writeOrRefuse(ctx, [name === null ? { op: 'delete', object: 'job', id } : { op: 'update', object: 'job', id, values: { name } }]))
  const found = async (search: string) => (await list('chief', { search })).records.map(({ title }) => title)
  await home.as('chief', (ctx) => writeOrRefuse(ctx, [{ op: 'create', object: 'job', id, values: { name: '钱学森' } }]))
  expect(await found('qxs')).toEqual(['钱学森'])
  await rename('Ivan 伊万')
  expect([await found('qxs'), await found('anyw'), await found('yw')]).toEqual([[], ['Ivan 伊万'], ['Ivan 伊万']])
  await rename('Ivan')
  expect([await found('yw'), await found('ivan')]).toEqual([[], ['Ivan']])
  await rename(null)
})

test('W31 a hidden field is refused like an unknown one, wherever it stands', async () => {
  const ways = (field: string): [string, Promise<unknown>][] => [
    ['filter', list('ann', { filter: { field, op: 'eq', value: '1' } })],
    ['under not', list('ann', { filter: { not: { any: [{ field, op: 'empty' }] } } })],
    ['in a child', list('ann', { filter: { some: { object: 'visit', via: 'job' }, where: { parent: 'job', where: { field, op: 'notEmpty' } } } })],
    ['sort', list('ann', { sort: [{ field, direction: 'asc' }] })],
    ['fields', list('ann', { fields: [field] })],
    ['sum', home.looking('ann', (ctx) => aggregate(ctx, 'job', { measures: [{ of: 'sum', field }] }))],
    ['group', home.looking('ann', (ctx) => aggregate(ctx, 'job', { groupBy: [{ field }] }))],
    ['count', home.looking('ann', (ctx) => countRecords(ctx, 'job', { filter: { field, op: 'gt', value: '0' } }))],
  ]
  const told = (field: string) => Promise.all(ways(field).map(([, work]) => work.then(() => 'ok', (error: { refusal: object }) => JSON.stringify(error.refusal).replaceAll(field, '…'))))
  const [hidden, unknown] = [await told('secret'), await told('nosuch')]
  expect(hidden).toEqual(unknown)
  expect(hidden.every((each) => each.includes('FIELD_NOT_AVAILABLE'))).toBe(true)
  const [record] = (await list('ann')).records
  expect(Object.keys(record!.values)).not.toContain('secret')
})

describe('paging', () => {
  const sorts: Sort[][] = [[], ...(['asc', 'desc'] as const).flatMap((direction): Sort[][] => [
    ...['price', 'count', 'due', 'name', 'created_at', 'updated_at', 'next_contact_at', 'urgent', 'state', 'owner', 'id'].map((field) => [{ field, direction }]),
    [{ field: 'count', direction }, { field: 'price', direction: 'desc' }], [{ field: 'price', direction }, { field: 'due', direction: 'asc' }], [{ field: 'due', direction }, { field: 'name', direction }],
  ])]
  for (const sort of sorts) {
    test(`W32 every row once, by ${sort.map(({ field, direction }) => `${field} ${direction}`).join(', ') || 'default'}`, async () => {
      for (const limit of [1, 2, 3]) {
        const seen: string[] = []
        for (let cursor: string | undefined; ;) {
          const page = await list('chief', { sort, limit, cursor })
          seen.push(...page.records.map(({ title }) => title[0]!))
          if (page.next === null) break
          cursor = page.next
        }
        expect(seen.toSorted()).toEqual(NAMES.toSorted())
        expect(seen.join('')).toBe(await names('chief', { sort }))
      }
    })
  }
})

test('W33 a cursor fits one query of one reader', async () => {
  const first = await list('chief', { limit: 2 })
  const cursor = first.next!
  expect((await list('chief', { limit: 2 })).next).toBe(cursor)
  expect(await names('chief', { limit: 9, cursor })).toBe('王李张')
  const altered = cursor.slice(0, -2) + (cursor.endsWith('A') ? 'BB' : 'AA')
  for (const [who, query] of [['chief', { cursor: altered }], ['chief', { cursor: 'x' }], ['chief', { cursor, search: '张' }], ['chief', { cursor, sort: [{ field: 'price', direction: 'asc' }] }], ['watcher', { cursor }]] as [Person, Partial<ListQuery>][]) {
    expect(await refusal(list(who, query))).toBe('CURSOR_INVALID')
  }
  expect(Buffer.from(cursor, 'base64url').toString('latin1')).not.toContain('2026')
})

test('W35 counts see what lists see', async () => {
  expect(await home.looking('ann', (ctx) => countRecords(ctx, 'job', {}))).toEqual({ exact: 2 })
  expect(await home.looking('chief', (ctx) => countRecords(ctx, 'job', { filter: { field: 'count', op: 'eq', value: 2 } }))).toEqual({ exact: 2 })
})

test('W58 all ids that meet a query', async () => {
  const { records } = await list('chief')
  expect(await home.looking('chief', (ctx) => selectIds(ctx, 'job', {}))).toEqual({ ids: records.map(({ id }) => id), more: false })
  expect(await home.looking('chief', (ctx) => selectIds(ctx, 'job', {}, 2))).toEqual({ ids: records.slice(0, 2).map(({ id }) => id), more: true })
  const mine = await home.looking('ann', (ctx) => selectIds(ctx, 'job', { filter: { field: 'price', op: 'gt', value: 10 } }))
  expect(mine.ids.length).toBeLessThan(records.length)
})

test('W37 a record says what may be done with it', async () => {
  const { records } = await list('chief')
  const id = records.find(({ title }) => title.startsWith('张'))!.id
  const can = async (who: Person) => Object.entries((await home.looking(who, (ctx) => getRecord(ctx, 'job', id))).can).filter(([, may]) => may).map(([what]) => what).join(' ')
  expect(await can('chief')).toBe('edit delete transfer share unlock')
  expect(await can('ann')).toBe('edit transfer share')
  expect(await can('lead')).toBe('edit share')
  expect(await can('watcher')).toBe('')
})

test('W30 unknown objects and records are not found, like those of others', async () => {
  const theirs = (await list('bob')).records[0]!.id
  for (const [object, id] of [['job', theirs], ['job', ids.next()], ['job', `' or 1=1`], ['nope', theirs], ['__proto__', theirs]] as const) expect(await refusal(home.looking('ann', (ctx) => getRecord(ctx, object, id)))).toBe('NOT_FOUND')
  expect(await refusal(home.looking('nobody', (ctx) => listRecords(ctx, 'job', { limit: 5 })))).toBe('NOT_FOUND')
})
