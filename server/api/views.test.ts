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
