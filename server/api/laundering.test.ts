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

/** The other thing that decides: what a customer does for a living is for everybody to change. */
test('H130 nobody sees a secret by changing the field that decides about it: not by hand, on many, in a file, by undo, or by a rule', async () => {
  const { admin, sales, supervisor } = home.people
  const bank = (await home.ask(sales, 'POST', at('customer'), { values: { name: '苏州城商行', kind: 'company', industry: 'retail' } })).body.record.id as string
  const rated = await home.ask(admin, 'PATCH', at('customer', bank), { version: (await home.ask(admin, 'GET', at('customer', bank))).body.record.version, values: { risk_rating: 'r4' } })
  expect(rated.body.error).toBeUndefined()
  const patch = async (values: object) => (await home.ask(sales, 'PATCH', at('customer', bank), { version: await version('customer', bank), values })).body.error
  expect(await patch({ industry: 'bank' })).toBeUndefined()
  expect(await patch({ industry: 'retail' })).toMatchObject({ code: 'POLICY_FIELD_PROTECTED', path: 'industry', message: expect.stringContaining('行业'), remedy: expect.stringContaining('不受这项限制') })
  expect((await patch({ industry: null }))?.code).toBe('POLICY_FIELD_PROTECTED')
  const bulk = await home.ask(sales, 'POST', '/api/v1/commands/bulk', { object: 'customer', ids: [bank, plain], values: { industry: 'retail' } })
  expect(bulk.body.refused).toMatchObject([{ id: bank, code: 'POLICY_FIELD_PROTECTED' }])
  expect(await patch({ industry: 'insurance' })).toBeUndefined()
  expect((await home.ask(sales, 'GET', at('customer', bank))).body.record).toMatchObject({ values: { risk_rating: '***', industry: 'insurance' } })
  const rule = { key: 'away', label: { zh: '改行业', en: 'Away' }, team: 1, trigger: { on: 'changed', object: 'customer' }, condition: { all: [] }, actions: [{ do: 'branch', condition: { all: [] }, yes: [{ do: 'set', values: { industry: 'retail' } }], no: [] }], priority: 300 }
  expect((await home.ask(supervisor, 'PUT', '/api/v1/definitions/rule/away', { body: rule })).body.error?.code).toBe('POLICY_FIELD_PROTECTED')
  const fields = (await home.ask(sales, 'GET', '/api/v1/definitions')).body.objects.find(({ key }: { key: string }) => key === 'customer').fields as { key: string; decides?: boolean }[]
  expect(fields.filter(({ decides }) => decides).map(({ key }) => key)).toEqual(['industry'])
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

test('H130 what hangs on a customer decides no less: its last complaint is not talked away by hand, on many, by deleting or moving it, or by a rule', async () => {
  const { admin, sales, supervisor } = home.people
  const firm = (await home.ask(sales, 'POST', at('customer'), { values: { name: '常州机电', kind: 'company' } })).body.record.id as string
  const ask = async (method: string, url: string, body?: object) => { const { body: answer } = await home.ask(sales, method, url, body); return answer?.error?.code ?? answer?.refused?.[0]?.code ?? 'ok' }
  const body = { key: 'silent', label: { zh: '投诉期间', en: 'While they complain' }, object: 'customer', effect: 'limit', except: { roles: ['admin'] }, when: { some: { object: 'contact', via: 'customer' }, where: { field: 'title', op: 'eq', value: '投诉人' } }, fields: { risk_rating: { read: 'hidden' } }, actions: [] }
  expect((await home.ask(admin, 'PUT', '/api/v1/definitions/policy/silent', { body })).body.error).toBeUndefined()
  const who = (await home.ask(sales, 'POST', at('contact'), { values: { name: '钱平', customer: firm, title: '投诉人' } })).body.record.id as string
  const patch = async (values: object) => ask('PATCH', at('contact', who), { version: await version('contact', who), values })
  expect([await patch({ title: '经理' }), await patch({ customer: plain }), await patch({ name: '钱平平' })]).toEqual(['POLICY_FIELD_PROTECTED', 'POLICY_FIELD_PROTECTED', 'ok'])
  expect(await ask('POST', '/api/v1/commands/bulk', { object: 'contact', ids: [who], values: { title: '经理' } })).toBe('POLICY_FIELD_PROTECTED')
  const rule = { key: 'calm', label: { zh: '改职务', en: 'Calm' }, team: 1, trigger: { on: 'changed', object: 'customer' }, condition: { all: [] }, actions: [{ do: 'updateChildren', object: 'contact', childVia: 'customer', where: { all: [] }, values: { title: '经理' } }], priority: 300 }
  expect((await home.ask(supervisor, 'PUT', '/api/v1/definitions/rule/calm', { body: rule })).body.error?.code).toBe('POLICY_FIELD_PROTECTED')
  const fields = (await home.ask(sales, 'GET', '/api/v1/definitions')).body.objects.find(({ key }: { key: string }) => key === 'contact').fields as { key: string; decides?: boolean }[]
  expect(fields.filter(({ decides }) => decides).map(({ key }) => key).sort()).toEqual(['customer', 'title'])
  await home.ask(admin, 'DELETE', '/api/v1/definitions/policy/silent')
  expect(await patch({ title: '经理' })).toBe('ok')
})
