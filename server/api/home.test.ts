import { afterAll, beforeAll, expect, it } from 'vitest'
import { kernelContext, memberContext } from '#kernel/access'
import { tell } from '#kernel/delivery'
import { createMember } from '#kernel/members'
import { dayOf } from '#language/values'
import { house, type House } from './testing/house.ts'
import { panorama } from './workbench/index.ts'

let home: House
beforeAll(async () => { home = await house() })
afterAll(() => home.close())

const made = async (who: keyof House['people'], object: string, values: object, owner?: number) => {
  const { status, body } = await home.ask(home.people[who], 'POST', `/api/v1/objects/${object}/records`, { values, ...(owner && { owner }) })
  expect([status, body.error]).toEqual([201, undefined])
  return body.record as { id: string; values: Record<string, string> }
}
const bench = async (who: keyof House['people']) => (await home.ask(home.people[who], 'GET', '/api/v1/workbench')).body
const inDays = (days: number) => dayOf(Date.now() + days * 86_400_000, 'Asia/Shanghai')
const today = inDays(0)

it('H51 the month of those who lead: each figure is the sum of the list that it opens', async () => {
  const { sales, supervisor } = home.people
  const customer = (await made('sales', 'customer', { kind: 'company', name: '华东精工' })).id
  const deal = (values: object) => made('sales', 'opportunity', { name: '商机', customer, amount: '100000', close_on: today, ...values })
  await deal({ stage: 'signed', won_amount: '80000' })
  await deal({ win_rate: '50' })
  await deal({ stage: 'lost' })
  await deal({ stage: 'signed', won_amount: '1', close_on: inDays(-62) })
  await made('admin', 'target', { name: '本月', member: sales.id, month: `${today.slice(0, 7)}-01`, metric: 'signed', goal: '200000' }, sales.id)
  const { kind, figures } = await bench('supervisor')
  expect(kind).toBe('team')
  expect(figures.map(({ key }: { key: string }) => key)).toEqual(['won', 'forecast', 'target'])
  const SUMMED: Record<string, string> = { won: 'won_amount', forecast: 'weighted', target: 'goal' }
  for (const { key, object, filter, value } of figures as { key: string; object: string; filter: unknown; value: string }[]) {
    const { records } = (await home.ask(supervisor, 'GET', `/api/v1/objects/${object}/records?filter=${encodeURIComponent(JSON.stringify(filter))}`)).body
    expect([key, records.length]).toEqual([key, 1])
    expect([key, Number(records[0].values[SUMMED[key]!])]).toEqual([key, Number(value)])
  }
  expect(Number(figures[0].value)).toBe(80_000)
  expect((await bench('sales')).figures).toBeUndefined()
})

it('H51 who neither sells nor leads sees their own tasks and what was asked of them', async () => {
  const { finance } = home.people
  await made('finance', 'task', { title: '对账', kind: 'follow', due_at: new Date(Date.now() + 3_600_000).toISOString() })
  const customer = await made('sales', 'customer', { kind: 'company', name: '请解锁我' })
  await home.db.mutate(home.tenant, (tx) => tell(tx, [{ member: finance.id, kind: 'unlock', title: '李娜申请解锁「请解锁我」', body: null, object: 'customer', record: customer.id, groupKey: null, event: null, rule: null }]))
  const { kind, blocks, figures } = await bench('finance')
  expect([kind, figures, blocks.map(({ key }: { key: string }) => key)]).toEqual(['tasks', undefined, ['tasks', 'waiting']])
  expect(blocks[0].rows.map(({ title }: { title: string }) => title)).toContain('对账')
  expect(blocks[1].rows).toMatchObject([{ object: 'customer', id: customer.id, title: '李娜申请解锁「请解锁我」' }])
  await home.ask(finance, 'POST', '/api/v1/notifications/read', { all: true })
  expect((await bench('finance')).blocks[1].rows).toEqual([])
})

it('H52 somebody calls: found by a contact\'s phone, everything on one card, through the reader\'s lens', async () => {
  const { admin, finance } = home.people
  const customer = (await made('sales', 'customer', { kind: 'company', name: '苏州全景机械' })).id
  const contact = (await made('sales', 'contact', { name: '钱来电', customer, phone: '13911112222' })).id
  const deal = (await made('sales', 'opportunity', { name: '全景商机', customer, amount: '1000', close_on: today, commission: '77' })).id
  for (const subject of [{ object: 'contact', id: contact }, { object: 'opportunity', id: deal }]) await made('sales', 'activity', { subject, result: 'interested', next_at: new Date(Date.now() + 86_400_000).toISOString(), resource: 'none' })
  await made('admin', 'ticket', { title: '设备报修', customer, kind: 'repair', severity: 'normal', status: 'working' })
  await made('admin', 'ticket', { title: '旧工单', customer, kind: 'repair', severity: 'normal', status: 'closed' })
  const found = async (who: keyof House['people'], q: string) => (await home.ask(home.people[who], 'GET', `/api/v1/panorama?q=${encodeURIComponent(q)}`)).body.found
  expect([await found('admin', '2222'), await found('admin', '全景机械'), await found('rival', '2222')]).toEqual([[{ id: customer, title: '苏州全景机械', hint: '钱来电' }], [{ id: customer, title: '苏州全景机械', hint: '' }], []])
  const { body } = await home.ask(admin, 'GET', `/api/v1/panorama/${customer}`)
  const of = (key: string) => body.parts.find((part: { key: string }) => part.key === key)
  expect([body.record.title, of('people').records.length, of('talks').records.length, of('orders').records]).toEqual(['苏州全景机械', 1, 2, []])
  expect(of('tickets').records.map(({ title }: { title: string }) => title)).toEqual(['设备报修'])
  for (const { object, filter, records } of body.parts) expect((await home.ask(admin, 'GET', `/api/v1/objects/${object}/records?filter=${encodeURIComponent(JSON.stringify(filter))}`)).body.records.map(({ id }: { id: string }) => id)).toEqual(records.map(({ id }: { id: string }) => id))
  const service = await home.db.mutate(home.tenant, async (tx) => createMember(await kernelContext(tx, { kind: 'system', reason: 'test' }, { kind: 'member' }), { name: '客服', email: 'service@example.com', roles: ['service'], team: null, supervisor: null, capability: { skills: [], regions: [], capacity: 0 } }))
  const card = await home.db.read(home.tenant, async (tx) => panorama(await memberContext(tx, service.id), customer))
  expect(card.parts.find(({ key }) => key === 'deals')!.records.map(({ title, values }) => [title, values['commission']])).toEqual([['全景商机', undefined]])
  expect(of('deals').records[0].values.commission).toBeDefined()
  const theirs = (await home.ask(finance, 'GET', `/api/v1/panorama/${customer}`)).body
  expect(theirs.parts.map(({ key }: { key: string }) => key)).not.toContain('talks')
  expect((await home.ask(home.people.rival, 'GET', `/api/v1/panorama/${customer}`)).status).toBe(404)
})
