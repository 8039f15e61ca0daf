import { afterAll, beforeAll, expect, test } from 'vitest'
import { kernelContext } from '#kernel/access'
import { noticesOf } from '#kernel/delivery'
import { keepReadings } from '#kernel/readings'
import { house, type House } from '../../api/testing/house.ts'
import { reportAnomalies } from './index.ts'

let home: House
beforeAll(async () => { home = await house() })
afterAll(() => home.close())

test('N5 a tag that kept a field from others is taken off, and the field is read: told to whoever audits', async () => {
  const { admin, director } = home.people
  const policy = { key: 'purchase_star', label: { zh: '敏感客户的年采购额', en: 'Purchases of sensitive customers' }, object: 'customer', effect: 'limit', except: { roles: ['director'] }, when: { field: 'tags', op: 'has', value: '敏感客户' }, fields: { annual_purchase: { read: 'leading' } }, actions: [] }
  expect((await home.ask(admin, 'PUT', '/api/v1/definitions/policy/purchase_star', { body: policy })).body.error).toBeUndefined()
  const { record } = (await home.ask(admin, 'POST', '/api/v1/objects/customer/records', { values: { name: '大客户', kind: 'company', annual_purchase: '987654' }, tags: ['敏感客户'] })).body
  const read = async () => (await home.ask(admin, 'GET', `/api/v1/objects/customer/records/${record.id}`)).body.record
  const report = () => home.db.mutate(home.tenant, async (tx) => reportAnomalies(await kernelContext(tx, { kind: 'system', reason: 'test' }, { kind: 'timer' }), () => true))
  expect((await read()).values.annual_purchase).not.toBe('987654')
  await keepReadings(home.db)
  expect(await report()).toEqual([])
  expect((await home.ask(admin, 'PATCH', `/api/v1/objects/customer/records/${record.id}`, { version: (await read()).version, removeTags: ['敏感客户'] })).status).toBe(200)
  expect((await read()).values.annual_purchase).toBe('987654')
  await keepReadings(home.db)
  expect((await report()).map(({ kind, member, record: of }) => [kind, member, of])).toEqual([['untagged', admin.id, record.id]])
  expect(await report()).toEqual([])
  const told = await home.db.read(home.tenant, (tx) => noticesOf(tx, { member: director.id, kind: 'audit', limit: 5 }))
  expect(told[0]).toMatchObject({ title: expect.stringMatching(/^周敏：去掉保护标签「敏感客户」0 分钟后查看了它保护的内容$/), body: '大客户', record: record.id })
})
