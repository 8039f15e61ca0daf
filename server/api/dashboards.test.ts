import { afterAll, beforeAll, expect, test } from 'vitest'
import { memberContext, type Context } from '#kernel/access'
import { aggregate, listRecords } from '#kernel/records'
import { questionOf } from '#language/dashboards'
import type { Dashboard, Tile } from '#language/definitions'
import { dashboardHash, dashboardsFor } from './dashboards.ts'
import { house, type House, type Person } from './testing/house.ts'

let home: House
beforeAll(async () => { home = await house() })
afterAll(() => home.close())

const label = { zh: '我的数', en: 'My numbers' }
const tile: Tile = { kind: 'number', key: 'deals', title: label, object: 'opportunity', filter: { all: [] }, width: 3, height: 1, measure: { of: 'sum', field: 'amount' } }
const board = (key: string, owner: number | null, more: object = {}): Dashboard => ({ key, label, owner, shared: false, order: 5, tiles: [tile], ...more })
const put = async (who: Person, body: Dashboard) => { const { status, body: answer } = await home.ask(who, 'PUT', `/api/v1/definitions/dashboard/${body.key}`, { body }); return status === 200 ? 'ok' : answer.error.code }
const seen = async (who: Person): Promise<Record<string, Dashboard>> => Object.fromEntries((await home.ask(who, 'GET', '/api/v1/definitions')).body.dashboards.map((each: Dashboard) => [each.key, each]))
const looking = <T>(who: Person, work: (ctx: Context) => Promise<T>) => home.db.read(home.tenant, async (tx) => work(await memberContext(tx, who.id, { id: 'req', ip: null, agent: null, lang: 'zh' })))

test('H71 a dashboard is one’s own, shared with a department by who leads it, with everybody by who configures', async () => {
  const { admin, sales, rival, supervisor } = home.people
  expect([await put(sales, board('mine', sales.id)), 'mine' in (await seen(sales)), 'mine' in (await seen(rival))]).toEqual(['ok', true, false])
  expect([await put(sales, board('mine', sales.id, { shared: true })), await put(sales, board('mine', sales.id, { roles: ['sales'] })), await put(rival, board('mine', rival.id)), await put(sales, board('team', sales.id)), await put(sales, board('x', null))]).toEqual(['FORBIDDEN', 'FORBIDDEN', 'NOT_FOUND', 'NOT_FOUND', 'FORBIDDEN'])
  expect([(await home.ask(rival, 'GET', '/api/v1/definitions/dashboard/mine')).status, (await home.ask(rival, 'DELETE', '/api/v1/definitions/dashboard/mine')).status]).toEqual([404, 404])
  const [east] = (await home.ask(admin, 'GET', '/api/v1/teams')).body.teams
  expect((await home.ask(admin, 'PATCH', `/api/v1/teams/${east.id}`, { head: supervisor.id })).status).toBe(200)
  expect([await put(supervisor, board('east', supervisor.id, { teams: [east.id] })), 'east' in (await seen(rival))]).toEqual(['ok', true])
  expect([await put(admin, board('all', admin.id, { shared: true, roles: ['finance'] })), 'all' in (await seen(rival)), 'all' in (await seen(home.people.finance))]).toEqual(['ok', false, true])
  expect((await home.ask(rival, 'GET', '/api/v1/definitions/dashboard/east/versions')).status).toBe(403)
  expect((await home.ask(sales, 'DELETE', '/api/v1/definitions/dashboard/mine')).status).toBe(200)
})

test('H71 a tile about what its reader may not read is shown by its name only', async () => {
  const { admin, finance } = home.people
  const leads: Tile = { ...tile, key: 'leads', object: 'lead', measure: { of: 'count' }, filter: { field: 'grade', op: 'eq', value: 'red' } }
  expect(await put(admin, board('mixed', admin.id, { shared: true, tiles: [tile, leads] }))).toBe('ok')
  const { tiles } = (await seen(finance))['mixed']!
  expect(tiles).toEqual([tile, { kind: 'closed', key: 'leads', title: label, width: 3, height: 1 }])
  expect((await home.ask(finance, 'GET', '/api/v1/definitions/dashboard/mixed')).body.body.tiles).toEqual(tiles)
  expect((await seen(admin))['mixed']!.tiles).toEqual([tile, leads])
})

test('H71 every tile of the ready dashboards opens and answers for the roles that they are meant for', async () => {
  await looking(home.people.admin, async (admin) => {
    const ready = [...admin.metadata.dashboards.values()].filter(({ owner }) => owner === null)
    expect(ready.length).toBeGreaterThanOrEqual(6)
    for (const { key, roles } of ready) for (const role of roles!) {
      if (admin.principal.kind !== 'member') throw new Error('a member looks')
      const ctx: Context = { ...admin, principal: { kind: 'member', member: { ...admin.principal.member, roles: [role], rights: new Set() } } }
      const { tiles } = dashboardsFor(ctx).find((each) => each.key === key)!
      expect(tiles.flatMap((each) => (each.kind === 'closed' ? `${key}.${each.key} is closed to ${role}` : []))).toEqual([])
      for (const each of tiles as Tile[]) for (const before of [false, true]) {
        const question = questionOf(each, '2026-11-22', before)
        await (question.ask === 'list' ? listRecords(ctx, question.object, question) : aggregate(ctx, question.object, question))
      }
    }
  })
})

test('H71 what a reader sees on a dashboard changes when and only when their records do', async () => {
  const { admin, sales, rival } = home.people
  expect(await put(admin, board('live', admin.id, { shared: true, tiles: [tile, { ...tile, key: 'rows', kind: 'list', columns: ['name'], sort: [], limit: 5, measure: undefined }] }))).toBe('ok')
  const digest = () => looking(sales, (ctx) => dashboardHash(ctx, 'live'))
  const deal = async (who: Person, amount: string) => {
    const { record: customer } = (await home.ask(who, 'POST', '/api/v1/objects/customer/records', { values: { name: '客户', kind: 'company' } })).body
    return (await home.ask(who, 'POST', '/api/v1/objects/opportunity/records', { values: { name: '商机', customer: customer.id, amount, close_on: '2026-12-01' } })).status
  }
  const before = await digest()
  expect([await deal(rival, '5'), await digest()]).toEqual([201, before])
  expect(await deal(sales, '7')).toBe(201)
  expect(await digest()).not.toBe(before)
  expect(await looking(rival, (ctx) => dashboardHash(ctx, 'made-up'))).toBeNull()
})
