import { afterAll, beforeAll, expect, test } from 'vitest'
import { house, type House } from './testing/house.ts'

let home: House
let [customer, plain, contact]: string[] = []
const at = (object: string, id = '') => `/api/v1/objects/${object}/records${id && `/${id}`}`

beforeAll(async () => {
  home = await house()
  const { admin, sales } = home.people
  const made = async (object: string, values: object, more: object = {}): Promise<string> => (await home.ask(sales, 'POST', at(object), { values, ...more })).body.record.id
  customer = await made('customer', { name: '苏州金科', kind: 'company' })
  plain = await made('customer', { name: '无锡普通', kind: 'company' })
  contact = await made('contact', { name: '周海', phone: '13800138000', customer })
  await home.ask(admin, 'POST', '/api/v1/commands/tag', { object: 'customer', ids: [customer], add: ['敏感客户'] })
})
afterAll(() => home.close())

const version = async (object: string, id: string): Promise<string> => (await home.ask(home.people.sales, 'GET', at(object, id))).body.record.version

/** What a member who is held back may try, and what they are answered. */
const SCRIPTS: readonly [what: string, ask: () => Promise<readonly [method: string, url: string, body: object]>, answer: string][] = [
  ['taking the tag off', async () => ['POST', '/api/v1/commands/tag', { object: 'customer', ids: [customer], remove: ['敏感客户'] }], 'POLICY_TAG_PROTECTED'],
  ['taking it off many', async () => ['POST', '/api/v1/commands/bulk', { object: 'customer', ids: [customer, plain], removeTags: ['敏感客户'] }], 'POLICY_TAG_PROTECTED'],
  ['writing the tags as a value', async () => ['PATCH', at('customer', customer), { version: await version('customer', customer!), values: { tags: [] } }], 'FIELD_READ_ONLY'],
  ['giving it to a new record', async () => ['POST', at('customer'), { values: { name: '新客户', kind: 'company' }, tags: ['敏感客户'] }], 'POLICY_TAG_PROTECTED'],
  ['saying that the tag decides nothing', async () => ['PUT', '/api/v1/definitions/tag/敏感客户', { body: { key: '敏感客户', label: { zh: '敏感客户', en: 'Sensitive' } } }], 'FORBIDDEN'],
  ['hanging the contact on another customer', async () => ['PATCH', at('contact', contact), { version: await version('contact', contact!), values: { customer: plain } }], 'FIELD_LOCKED'],
  ['hanging it on nobody', async () => ['PATCH', at('contact', contact), { version: await version('contact', contact!), values: { customer: null } }], 'FIELD_LOCKED'],
  ['hanging many elsewhere', async () => ['POST', '/api/v1/commands/bulk', { object: 'contact', ids: [contact], values: { customer: plain } }], 'FIELD_LOCKED'],
  ['doing both at once', async () => ['PATCH', at('contact', contact), { version: await version('contact', contact!), values: { customer: plain, phone: '13900139000' } }], 'FIELD_LOCKED'],
  ['changing the phone of many', async () => ['POST', '/api/v1/commands/bulk', { object: 'contact', ids: [contact], values: { phone: '13900139000' } }], 'FIELD_LOCKED'],
]

test.each(SCRIPTS)('H130 %s does not undo what a tag keeps', async (_, asked, code) => {
  const [method, url, body] = await asked()
  const { body: answer } = await home.ask(home.people.sales, method, encodeURI(url), body)
  expect(answer.error?.code ?? answer.refused?.[0]?.code).toBe(code)
  const [{ tags }, held] = [(await home.ask(home.people.sales, 'GET', at('customer', customer))).body.record, (await home.ask(home.people.sales, 'GET', at('contact', contact))).body.record]
  expect([tags, held.values.customer, held.values.phone, held.held.phone]).toEqual([['敏感客户'], customer, '+8613800138000', { read: 'full', write: false }])
})

test('H130 what becomes of a tagged record has its tag, and that a tag came or went is listed among changes of rights', async () => {
  const { admin, sales } = home.people
  const { body: { record } } = await home.ask(sales, 'POST', at('lead'), { values: { name: '周海', company: '苏州金科二厂', status: 'confirmed' } })
  await home.ask(admin, 'POST', '/api/v1/commands/tag', { object: 'lead', ids: [record.id], add: ['敏感客户'] })
  const done = await home.ask(sales, 'POST', '/api/v1/commands/convert', { object: 'lead', id: record.id, conversion: 'lead', targets: [{ into: 'customer', as: 'new', values: { name: '苏州金科二厂', kind: 'company' } }, { into: 'contact', as: 'new', values: { name: '周海' } }, { into: 'opportunity', as: 'none' }] })
  expect(done.body.error).toBeUndefined()
  expect((await home.ask(sales, 'GET', at('customer', done.body.made[0].id))).body.record.tags).toContain('敏感客户')
  const { body: { items } } = await home.ask(admin, 'GET', '/api/v1/audit?about=rights&limit=20')
  expect(items.map((item: { record: string }) => item.record)).toEqual(expect.arrayContaining([customer, record.id]))
})
