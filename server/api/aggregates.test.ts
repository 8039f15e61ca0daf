import { afterAll, beforeAll, expect, test } from 'vitest'
import { kernelContext } from '#kernel/access'
import { createKey } from '#kernel/members'
import { house, type House, type Person } from './testing/house.ts'

let home: House
let company: string
beforeAll(async () => {
  home = await house()
  const { sales, rival } = home.people
  const make = async (who: Person, object: string, values: object) => (await home.ask(who, 'POST', `/api/v1/objects/${object}/records`, { values })).body.record.id as string
  company = await make(sales, 'customer', { name: '盐城纺机', kind: 'company' })
  await make(sales, 'opportunity', { name: '一期', customer: company, amount: '0.1', close_on: '2026-11-30', stage: 'analysis' })
  await make(sales, 'opportunity', { name: '二期', customer: company, amount: '0.2', close_on: '2026-12-01', stage: 'quoted' })
  await make(rival, 'opportunity', { name: '别人的', customer: await make(rival, 'customer', { name: '别家', kind: 'company' }), amount: '1000000', close_on: '2026-12-01', stage: 'quoted' })
})
afterAll(() => home.close())

const URL_OF = '/api/v1/objects/opportunity/aggregate'
const QUESTION = { measures: [{ of: 'sum', field: 'amount' }, { of: 'count' }], groupBy: [{ field: 'customer' }], filter: { field: 'amount', op: 'gt', value: 0 } }
const inQuery = (parts: object) => Object.entries(parts).map(([key, value]) => `${key}=${encodeURIComponent(typeof value === 'string' ? value : JSON.stringify(value))}`).join('&')

test('H70 asked in the address or in a body, the answer is that of one’s own records, exact, with names', async () => {
  const { sales, supervisor } = home.people
  const [get, post] = [await home.ask(sales, 'GET', `${URL_OF}?${inQuery(QUESTION)}`), await home.ask(sales, 'POST', URL_OF, QUESTION)]
  expect(get.body).toEqual({ rows: [{ keys: [company], rest: false, count: 2, values: ['0.3', 2] }], total: { count: 2, values: ['0.3', 2] }, more: false, related: { [company]: { object: 'customer', title: '盐城纺机' } } })
  expect(post.body).toEqual(get.body)
  expect((await home.ask(supervisor, 'POST', URL_OF, { ...QUESTION, groupBy: [{ field: 'close_on', by: 'month' }], order: { by: 'key', direction: 'asc' } })).body.rows).toEqual([{ keys: ['2026-11-01'], rest: false, count: 1, values: ['0.1', 1] }, { keys: ['2026-12-01'], rest: false, count: 2, values: ['1000000.2', 2] }])
})

test('H70 a number and the list of its filter agree', async () => {
  const { rows } = (await home.ask(home.people.supervisor, 'POST', URL_OF, { groupBy: [{ field: 'stage' }] })).body
  for (const { keys: [stage], count } of rows as { keys: string[]; count: number }[]) {
    const counted = await home.ask(home.people.supervisor, 'GET', `/api/v1/objects/opportunity/count?${inQuery({ filter: { field: 'stage', op: 'eq', value: stage } })}`)
    expect(counted.body).toEqual({ exact: count })
  }
})

test('H70 what one may not see is refused like what is not there; a question is no writing', async () => {
  const { sales, finance, admin } = home.people
  const code = async (who: Person, url: string, body: unknown) => (await home.ask(who, 'POST', url, body)).body.error.code as string
  expect(await code(sales, '/api/v1/objects/made_up/aggregate', {})).toBe('NOT_FOUND')
  expect(await code(finance, '/api/v1/objects/lead/aggregate', { filter: { field: 'name', op: 'eq', value: '没有' } })).toBe('NOT_FOUND')
  expect(await code(sales, URL_OF, { measures: [{ of: 'sum', field: 'made_up' }] })).toBe('FIELD_NOT_AVAILABLE')
  expect(await code(sales, URL_OF, { measures: [{ of: 'sum', field: 'name' }] })).toBe('AGGREGATE_NOT_AVAILABLE')
  expect(await code(sales, URL_OF, { measures: [{ of: 'count', field: 'name' }] })).toBe('KEY_UNKNOWN')
  expect(await code(sales, URL_OF, { groupBy: [{ field: 'stage' }, { field: 'owner' }, { field: 'customer' }] })).toBe('REQUEST_INVALID')
  const { key } = await home.db.mutate(home.tenant, async (tx) => createKey(await kernelContext(tx, { kind: 'system', reason: 'test' }, { kind: 'member' }), admin.id, 'k', ['read']))
  expect((await home.ask(null, 'POST', URL_OF, {}, { authorization: `Bearer ${key}` })).status).toBe(200)
})
