import { afterAll, beforeAll, expect, it } from 'vitest'
import { drain } from '#kernel/automation'
import { house, type House, type Person } from './testing/house.ts'

let home: House
beforeAll(async () => { home = await house() })
afterAll(() => home.close())

const LEADS = '/api/v1/objects/lead/records'
const made = async (who: Person, values: object) => (await home.ask(who, 'POST', LEADS, { values })).body.record.id as string
const offered = async (who: Person, id: string) => (await home.ask(who, 'GET', `${LEADS}/${id}/acts`)).body.rules as string[]
const press = (who: Person, rule: string, ids: string[]) => home.ask(who, 'POST', '/api/v1/commands/press-rule', { rule, ids })
const tags = async (id: string) => (await home.ask(home.people.admin, 'GET', `${LEADS}/${id}`)).body.record.tags

it('H87 a rule’s button: offered where it may be pressed and its condition holds, pressed for many, traced to whoever pressed', async () => {
  const { admin, sales, finance } = home.people
  const rule = (key: string, more: object = {}) => home.ask(admin, 'PUT', `/api/v1/definitions/rule/${key}`, { body: { key, label: { zh: `按钮 ${key}`, en: key }, trigger: { on: 'pressed', object: 'lead' }, condition: { field: 'company', op: 'notEmpty' }, actions: [{ do: 'tag', add: ['高意向'] }], priority: 300, ...more }, state: 'active' })
  expect((await rule('hot')).status).toBe(200)
  await rule('for_bosses', { trigger: { on: 'pressed', object: 'lead', roles: ['director'] } })
  const [good, bare, theirs] = [await made(sales, { name: '甲', company: '甲厂' }), await made(sales, { name: '乙' }), await made(admin, { name: '丙', company: '丙厂' })]
  expect([await offered(sales, good), await offered(sales, bare)]).toEqual([['hot'], []])
  expect((await home.ask(sales, 'GET', '/api/v1/definitions')).body.pressable).toEqual([{ key: 'hot', label: { zh: '按钮 hot', en: 'hot' }, object: 'lead' }])
  expect((await press(sales, 'hot', [good, bare, theirs])).body).toEqual({ pressed: 2, refused: 1 })
  await drain(home.db, home.tenant)
  expect([await tags(good), await tags(bare), await tags(theirs)]).toEqual([['高意向'], [], []])
  const [run] = (await home.ask(admin, 'GET', '/api/v1/runs?rule=hot')).body.items
  expect((await home.ask(sales, 'GET', `/api/v1/trace/${run.event}`)).body.events[0].actor).toEqual({ kind: 'member', name: '李思琪' })
  expect((await press(sales, 'for_bosses', [good])).status).toBe(404)
  expect((await press(finance, 'hot', [good])).status).toBe(404)
  expect((await press(sales, 'hot', Array.from({ length: 201 }, () => good))).status).toBe(400)
})
