import { afterAll, beforeAll, expect, test } from 'vitest'
import type { View } from '#language/definitions'
import { house, type House, type Person } from './testing/house.ts'

let home: House
beforeAll(async () => { home = await house() })
afterAll(() => home.close())

const label = { zh: '大单', en: 'Large' }
const view = (key: string, owner: number, more: object = {}) => ({ key, label, object: 'lead', filter: { all: [] }, sort: [], columns: ['name'], owner, shared: false, order: 15.5, ...more })
const put = async (who: Person, body: ReturnType<typeof view>) => { const { status, body: answer } = await home.ask(who, 'PUT', `/api/v1/definitions/view/${body.key}`, { body }); return status === 200 ? 'ok' : answer.error.code }
const sees = async (who: Person, key: string): Promise<boolean> => (await home.ask(who, 'GET', '/api/v1/definitions')).body.views.some((each: View) => each.key === key)

test('H63 a view is one’s own, shared with a department by who leads it, with everybody by who configures', async () => {
  const { admin, supervisor, sales, rival, finance } = home.people
  expect([await put(sales, view('own', sales.id)), await sees(sales, 'own'), await sees(rival, 'own')]).toEqual(['ok', true, false])
  expect([await put(sales, view('own', sales.id, { shared: true })), await put(sales, view('own', sales.id, { firstFor: ['sales'] })), await put(rival, view('own', rival.id))]).toEqual(['FORBIDDEN', 'FORBIDDEN', 'NOT_FOUND'])
  const [east] = (await home.ask(admin, 'GET', '/api/v1/teams')).body.teams
  const money = (await home.ask(admin, 'POST', '/api/v1/teams', { name: '财务部' })).body
  expect((await home.ask(admin, 'PATCH', `/api/v1/teams/${east.id}`, { head: supervisor.id })).status).toBe(200)
  expect((await home.ask(admin, 'PATCH', `/api/v1/members/${finance.id}`, { team: money.id })).status).toBe(200)
  const me = (await home.ask(supervisor, 'GET', '/api/v1/definitions')).body.me
  const team = me.leads[0] as number
  expect(team).toBeGreaterThan(0)
  expect(await put(sales, view('own', sales.id, { teams: [team] }))).toBe('FORBIDDEN')
  expect([await put(supervisor, view('team', supervisor.id, { teams: [team] })), await put(supervisor, view('team', supervisor.id, { teams: [team, money.id] }))]).toEqual(['ok', 'FORBIDDEN'])
  expect([await sees(sales, 'team'), await sees(finance, 'team')]).toEqual([true, false])
  expect([await put(sales, view('team', supervisor.id)), await put(admin, view('all', admin.id, { shared: true, firstFor: ['sales'] })), await sees(rival, 'all')]).toEqual(['FORBIDDEN', 'ok', true])
})

test('H112 「协作给我的」 lists what others share with me, to look or to change, and nothing else', async () => {
  const { admin, sales, rival } = home.people
  const make = async (who: Person, name: string) => (await home.ask(who, 'POST', '/api/v1/objects/customer/records', { values: { name, kind: 'company' } })).body.record.id as string
  const share = (id: string, member: number, access: string, who: Person = rival) => home.ask(who, 'POST', '/api/v1/commands/share', { object: 'customer', ids: [id], members: [{ member, access }] })
  const [look, change, over, theirs, mine] = [await make(rival, '看'), await make(rival, '改'), await make(rival, '不再'), await make(rival, '别人的'), await make(sales, '我的')]
  for (const [id, access] of [[look, 'read'], [change, 'write'], [over, 'read'], [over, 'none']] as const) expect((await share(id, sales.id, access)).status).toBe(200)
  expect((await share(theirs, admin.id, 'read')).status).toBe(200)
  expect((await share(mine, rival.id, 'read', sales)).status).toBe(200)
  const { filter, columns } = (await home.ask(sales, 'GET', '/api/v1/definitions')).body.views.find(({ key }: View) => key === 'customer-shared')
  const listed = async (who: Person, where: object) => (await home.ask(who, 'GET', `/api/v1/objects/customer/records?fields=${columns.join(',')}&filter=${encodeURIComponent(JSON.stringify(where))}`)).body.records as { id: string; values: Record<string, unknown> }[]
  expect(Object.fromEntries((await listed(sales, filter)).map(({ id, values }) => [id, values['collaborators']]))).toEqual({ [look]: [sales.id], [change]: [sales.id] })
  expect([(await listed(rival, filter)).map(({ id }) => id), (await listed(admin, filter)).map(({ id }) => id)]).toEqual([[mine], [theirs]])
  expect((await listed(admin, { field: 'collaborators', op: 'empty' })).map(({ id }) => id)).toEqual([over])
  const { version } = (await home.ask(rival, 'GET', `/api/v1/objects/customer/records/${look}`)).body.record
  expect((await home.ask(rival, 'PATCH', `/api/v1/objects/customer/records/${look}`, { version, values: { collaborators: [admin.id] } })).body.error.code).toBe('FIELD_READ_ONLY')
})

test('H112 who may not know the owner does not find out with whom a record is shared', async () => {
  const { admin, rival } = home.people
  const { body: { body: role, version } } = await home.ask(admin, 'GET', '/api/v1/definitions/role/sales')
  const hiding = { ...role, objects: { ...role.objects, customer: { ...role.objects.customer, fields: { ...role.objects.customer.fields, owner: { read: 'hidden' } } } } }
  expect((await home.ask(admin, 'PUT', '/api/v1/definitions/role/sales', { body: hiding, expectVersion: version })).status).toBe(200)
  const refusal = async (query: string) => (await home.ask(rival, 'GET', `/api/v1/objects/customer/records?${query}`)).body.error?.code
  const filter = encodeURIComponent(JSON.stringify({ field: 'collaborators', op: 'has', value: { me: true } }))
  expect([await refusal(`filter=${filter}`), await refusal('fields=collaborators'), await refusal('')]).toEqual(['FIELD_NOT_AVAILABLE', 'FIELD_NOT_AVAILABLE', undefined])
  const shown = (await home.ask(rival, 'GET', '/api/v1/definitions')).body.objects.find(({ key }: { key: string }) => key === 'customer').fields.map(({ key }: { key: string }) => key)
  expect(shown).not.toContain('collaborators')
})
