import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Layout } from '#language/definitions'
import { house, type House, type Person } from './testing/house.ts'

let home: House
beforeAll(async () => { home = await house() })
afterAll(() => home.close())

const layoutOf = async (who: Person, object: string): Promise<Layout | undefined> => (await home.ask(who, 'GET', '/api/v1/definitions')).body.layouts.find((each: Layout) => each.object === object)

test('H62 everybody is told one layout for an object, the one meant for them, without fields that they do not see', async () => {
  const { admin, sales, finance } = home.people
  expect((await layoutOf(sales, 'lead'))!.key).toBe('lead_page')
  const label = { zh: '财务', en: 'Finance' }
  const own = { key: 'deal_money', label, object: 'opportunity', roles: ['finance'], order: 99, groups: [{ label, fields: ['amount', 'commission'] }], hidden: { page: ['competitors'], create: [] }, hints: [] }
  expect((await home.ask(admin, 'PUT', '/api/v1/definitions/layout/deal_money', { body: own })).status).toBe(200)
  expect([(await layoutOf(finance, 'opportunity'))!.key, (await layoutOf(sales, 'opportunity'))!.key]).toEqual(['deal_money', 'opportunity_page'])
  expect((await home.ask(sales, 'PUT', '/api/v1/definitions/layout/mine', { body: { ...own, key: 'mine' } })).body.error.code).toBe('FORBIDDEN')
  const role = (await home.ask(admin, 'GET', '/api/v1/definitions/role/finance')).body
  const blind = { ...role.body, objects: { ...role.body.objects, opportunity: { ...role.body.objects.opportunity, fields: { commission: { read: 'hidden' }, competitors: { read: 'hidden' } } } } }
  expect((await home.ask(admin, 'PUT', '/api/v1/definitions/role/finance', { body: blind, expectVersion: role.version })).status).toBe(200)
  expect(await layoutOf(finance, 'opportunity')).toMatchObject({ groups: [{ fields: ['amount'] }], hidden: { page: [] } })
})
