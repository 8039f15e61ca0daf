import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { drain } from '#kernel/automation'
import { kernelContext } from '#kernel/access'
import { publish } from '#kernel/metadata'
import { house, type House, type Person } from '../../api/testing/house.ts'

let home: House
let sales: Person
beforeAll(async () => { home = await house(); sales = home.people.sales })
afterAll(() => home.close())

const at = (object: string, id = '') => `/api/v1/objects/${object}/records${id && `/${id}`}`
const made = async (who: Person, object: string, values: object, more: object = {}) => {
  const { status, body } = await home.ask(who, 'POST', at(object), { values, ...more })
  expect([status, body.error]).toEqual([201, undefined])
  return body.record
}
const lead = (values: object = {}, who = sales, more: object = {}) => made(who, 'lead', { name: '周海', status: 'confirmed', ...values }, more)
const read = async (who: Person, object: string, id: string) => (await home.ask(who, 'GET', at(object, id))).body.record
const offered = async (who: Person, id: string) => (await home.ask(who, 'GET', `${at('lead', id)}/acts`)).body
const carry = (who: Person, act: string, ids: string[], more: object = {}) => home.ask(who, 'POST', '/api/v1/commands/carry-out', { act, ids, ...more })
const propose = async (who: Person, id: string) => (await home.ask(who, 'GET', `${at('lead', id)}/conversions/lead`))
const convert = (who: Person, id: string, targets: object[]) => home.ask(who, 'POST', '/api/v1/commands/convert', { object: 'lead', id, conversion: 'lead', targets })
const undo = (who: Person, token: string) => home.ask(who, 'POST', '/api/v1/commands/undo', { undo: token })
const ALL = (name: string) => [
  { into: 'customer', as: 'new', values: { name, kind: 'company' } },
  { into: 'contact', as: 'new', values: { name: '周海' } },
  { into: 'opportunity', as: 'new', values: { name, amount: '500000', close_on: '2027-01-31', stage: 'analysis' } },
]

describe('record acts', () => {
  it('X1 offered by right and condition', async () => {
    const { id } = await lead()
    expect(await offered(sales, id)).toEqual({ acts: ['lead_release', 'lead_invalid', 'lead_test'], conversions: ['lead'], rules: [] })
    expect((await home.ask(home.people.rival, 'GET', `${at('lead', id)}/acts`)).status).toBe(404)
    await carry(sales, 'lead_invalid', [id], { choice: 'no_need' })
    expect(await offered(sales, id)).toEqual({ acts: ['lead_reopen'], conversions: [], rules: [] })
  })

  it('X2 X3 the reason is demanded and kept, the record is left without an owner, and it is undone', async () => {
    const { id } = await lead({ next_contact_at: undefined })
    const bare = await carry(sales, 'lead_release', [id])
    expect([bare.status, bare.body.error.path, (await read(sales, 'lead', id)).values.status]).toEqual([422, 'reason', 'confirmed'])
    expect((await carry(sales, 'lead_invalid', [id])).body.error).toMatchObject({ code: 'VALUE_REQUIRED', path: 'choice' })
    const done = await carry(sales, 'lead_release', [id], { reason: '换区域' })
    expect(done.body).toEqual({ changed: 1, refused: [], undo: expect.any(String) })
    expect((await read(home.people.admin, 'lead', id)).values).toMatchObject({ status: 'pool' })
    const [act] = await home.db.read(home.tenant, (tx) => tx.query<{ reason: string; ref: string }>(`select a.reason, a.actor_ref as ref from {t}.change c join {t}.act a on a.id = c.act where c.record = $1 order by c.seq desc limit 1`, [id]))
    expect(act).toEqual({ reason: '换区域', ref: String(sales.id) })
    expect((await undo(sales, done.body.undo)).body).toMatchObject({ changed: 1, kept: [] })
    expect((await read(sales, 'lead', id)).values).toMatchObject({ status: 'confirmed', owner: sales.id })
  })

  it('X4 on many: done where it may be done, named where not', async () => {
    const [mine, gone, theirs] = [await lead(), await lead({ status: 'invalid' }), await lead({}, home.people.rival)]
    const { body } = await carry(sales, 'lead_invalid', [mine.id, gone.id, theirs.id], { choice: 'no_budget' })
    expect(body.changed).toBe(1)
    expect(body.refused.map(({ id, code, title }: { id: string; code: string; title: string }) => [id, code, title])).toEqual([[gone.id, 'ACT_NOT_OFFERED', '周海'], [theirs.id, 'NOT_FOUND', '']])
    expect((await read(sales, 'lead', mine.id)).values).toMatchObject({ status: 'invalid', invalid_reason: 'no_budget' })
  })
})

describe('conversion', () => {
  it('X5 what is carried over, and who may be the same', async () => {
    const twin = await made(sales, 'customer', { name: '苏州精工', kind: 'company', phone: '13800138111' })
    await made(home.people.rival, 'customer', { name: '苏州精工', kind: 'company' })
    const { id } = await lead({ company: '苏州精工', phone: '13800138111', industry: 'auto', budget_max: '800000', title: '厂长' })
    const { body } = await propose(sales, id)
    const [customer, contact, opportunity] = body.targets
    expect(customer).toMatchObject({ into: 'customer', optional: false, can: true, values: { name: '苏州精工', industry: 'auto', kind: 'company', phone: '+8613800138111' } })
    expect(customer.twins.map(({ record, same }: { record: { id: string }; same: string[] }) => [record.id, same])).toEqual([[twin.id, ['phone', 'name']]])
    expect([contact.values.title, opportunity.values.amount, opportunity.optional, opportunity.ask]).toEqual(['厂长', '800000', true, ['name', 'amount', 'close_on']])
    expect((await propose(home.people.rival, id)).status).toBe(404)
  })

  it('X6 X9 X10 one act makes, links, marks and locks; rules answer; undone, all is as before', async () => {
    const { id } = await lead({ company: '无锡重工', phone: '13800138222' }, sales, { tags: ['高意向-价格敏感'] })
    const done = await convert(sales, id, ALL('无锡重工'))
    expect([done.status, done.body.error]).toEqual([201, undefined])
    const by = Object.fromEntries(done.body.made.map((each: { into: string; id: string }) => [each.into, each.id]))
    const after = await read(sales, 'lead', id)
    expect(after).toMatchObject({ values: { status: 'converted', locked: true, ...by }, can: { edit: false, unlock: false } })
    expect((await home.ask(sales, 'PATCH', at('lead', id), { version: after.version, values: { company: '改' } })).body.error.code).toBe('RECORD_LOCKED')
    expect((await read(sales, 'opportunity', by['opportunity'])).values).toMatchObject({ customer: by['customer'], contact: by['contact'], lead: id, owner: sales.id })
    expect((await read(sales, 'customer', by['customer'])).tags).toEqual(['高意向-价格敏感'])
    const acts = await home.db.read(home.tenant, (tx) => tx.query<{ act: number }>(`select distinct act from {t}.change where record = any($1::uuid[]) and act in (select act from {t}.change where record = $2)`, [[by['customer'], by['contact'], by['opportunity'], id], by['opportunity']]))
    expect(acts).toHaveLength(1)
    await drain(home.db, home.tenant)
    expect((await convert(sales, id, ALL('无锡重工'))).body.error.code).toBe('RECORD_LOCKED')
    expect((await undo(sales, done.body.undo)).body).toMatchObject({ changed: 4, kept: [] })
    const back = await read(sales, 'lead', id)
    expect([back.values['status'], back.values['locked'], back.values['customer'], back.can.edit]).toEqual(['confirmed', undefined, undefined, true])
    expect((await home.ask(sales, 'GET', at('customer', by['customer']))).status).toBe(404)
  })

  it('X7 joined, left out, and a refusal that says where', async () => {
    const there = await made(sales, 'customer', { name: '常州电机', kind: 'company' })
    const { id } = await lead({ company: '常州电机' })
    const bad = await convert(sales, id, [{ into: 'customer', as: 'join', id: there.id }, { into: 'contact', as: 'new', values: {} }])
    expect(bad.body.error).toMatchObject({ code: 'VALUE_REQUIRED', path: 'contact.name' })
    expect((await convert(sales, id, [{ into: 'customer', as: 'none' }, ALL('x')[1]!])).body.error.code).toBe('REQUEST_INVALID')
    expect((await read(sales, 'lead', id)).values.status).toBe('confirmed')
    const done = await convert(sales, id, [{ into: 'customer', as: 'join', id: there.id }, { into: 'contact', as: 'new', values: { name: '周海' } }, { into: 'opportunity', as: 'none' }])
    expect(done.body.made.map(({ title }: { title: string }) => title)).toEqual(['常州电机', '周海'])
    expect((await read(sales, 'lead', id)).values).toMatchObject({ customer: there.id, status: 'converted' })
    const theirs = await made(home.people.rival, 'customer', { name: '别人的', kind: 'company' })
    const other = await lead()
    expect((await convert(sales, other.id, [{ into: 'customer', as: 'join', id: theirs.id }, ALL('x')[1]!])).status).toBe(404)
  })

  it('X8 the story goes along', async () => {
    const { id } = await lead({ company: '南通机械' })
    const said = await home.ask(sales, 'POST', '/api/v1/commands/follow-up', { subject: { object: 'lead', id }, result: 'interested', nextAt: '2027-01-01T02:00:00Z', resource: 'none', note: '聊过' })
    expect(said.status).toBe(201)
    const { made: targets } = (await convert(sales, id, ALL('南通机械'))).body
    const { items } = (await home.ask(sales, 'GET', `${at('customer', targets[0].id)}/timeline`)).body
    expect(items.map(({ child }: { child?: { object: string; id: string } }) => child?.id)).toContain(said.body.record.id)
    expect(items.filter(({ child }: { child?: { id: string } }) => child?.id === targets[2].id)).toHaveLength(1)
  })

  it('X11 what is not there is not published', async () => {
    const conversion = { key: 'odd', label: { zh: '转', en: 'C' }, object: 'lead', set: { nope: 1 }, lock: false, targets: [{ object: 'customer', into: 'campaign', fields: [{ from: 'name', to: 'annual_purchase' }], links: [{ to: 'parent', target: 'later' }], ask: [], match: [] }] }
    const paths = await home.db.mutate(home.tenant, async (tx) => {
      const ctx = await kernelContext(tx, { kind: 'system', reason: 'test' }, { kind: 'member' })
      const results = [await publish(ctx, 'conversion', 'odd', conversion), await publish(ctx, 'recordAct', 'odd', { key: 'odd', label: { zh: '做', en: 'D' }, object: 'lead', right: 'edit', reason: 'none', ask: 'name', set: {}, order: 1 })]
      return results.flatMap((result) => (result.ok ? ['ok'] : result.refusals.map(({ path }) => path)))
    })
    expect(paths).toEqual(['set.nope', 'targets.0.into', 'targets.0.fields.0', 'targets.0.links.0', 'ask'])
  })
})

describe('rows', () => {
  it('X13 X14 go along as they stand, in their order, as far as the member sees them, tags stay behind; undone, they are gone; rows that the objects do not have are not published', async () => {
    const product = await made(home.people.admin, 'product', { name: '计量泵', code: 'X13-1', price: '1999.99', tax: '13' })
    const customer = await made(sales, 'customer', { name: '常州泵业', kind: 'company' })
    const opportunity = await made(sales, 'opportunity', { name: '常州泵业扩产', customer: customer.id, amount: '10000', close_on: '2027-01-31' })
    const lines = { quote_line: [{ values: { position: 1, product: product.id, quantity: '3', discount: '10' } }, { values: { position: 2, name: '上门安装', quantity: '1', price: '0.35' } }] }
    const quote = (await home.ask(sales, 'POST', at('quote'), { values: { opportunity: opportunity.id, customer: customer.id, valid_until: '2027-01-31' }, lines, tags: ['高意向'] })).body.record
    const { version } = await read(home.people.admin, 'product', product.id)
    await home.ask(home.people.admin, 'PATCH', at('product', product.id), { version, values: { price: '1', tax: '6' } })
    const proposed = (await home.ask(sales, 'GET', `${at('quote', quote.id)}/conversions/quote_contract`)).body
    expect([proposed.conversion.lock, proposed.targets[0].rows, proposed.targets[0].values.amount]).toEqual([true, [{ object: 'contract_line', count: 2 }], '6102.32'])
    const done = await home.ask(sales, 'POST', '/api/v1/commands/convert', { object: 'quote', id: quote.id, conversion: 'quote_contract', targets: [{ into: 'contract', as: 'new', values: { name: '常州泵业合同', customer: customer.id, opportunity: opportunity.id, amount: '6102.32' } }] })
    expect([done.status, done.body.error]).toEqual([201, undefined])
    const contract = await read(sales, 'contract', done.body.made[0].id)
    expect(contract.values).toMatchObject({ quote: quote.id, opportunity: opportunity.id, amount: '6102.32', lines_total: '6102.32' })
    expect(contract.tags).toEqual([])
    const rows = (await home.ask(sales, 'GET', `${at('contract_line')}?filter=${encodeURIComponent(JSON.stringify({ field: 'contract', op: 'eq', value: contract.id }))}&sort=position`)).body.records
    expect(rows.map(({ values }: { values: Record<string, unknown> }) => [values['name'], values['quantity'], values['price'], values['discount'] ?? null, values['tax'] ?? null])).toEqual([['计量泵', '3', '1999.99', '10', '13'], ['上门安装', '1', '0.35', null, null]])
    expect((await undo(sales, done.body.undo)).body.kept).toEqual([])
    expect((await home.ask(sales, 'GET', at('contract', contract.id))).status).toBe(404)
    const odd = { key: 'odd_rows', label: { zh: '转', en: 'C' }, object: 'quote', set: {}, lock: false, targets: [{ object: 'contract', into: 'contract', fields: [], links: [], ask: [], match: [], lines: [{ from: 'order_line', to: 'contract_line', fields: [{ from: 'name', to: 'price' }] }] }] }
    const refused = await home.db.mutate(home.tenant, async (tx) => publish(await kernelContext(tx, { kind: 'system', reason: 'test' }, { kind: 'member' }), 'conversion', 'odd_rows', odd))
    expect(refused.ok ? [] : refused.refusals.map(({ path }) => path)).toEqual(['targets.0.lines.0.from', 'targets.0.lines.0.fields.0'])
  })
})

describe('unlocking', () => {
  it('X12 asked for by who cannot, told to the one above who can, done by one press', async () => {
    const { id } = await lead({ company: '宿迁' })
    expect((await home.ask(sales, 'POST', '/api/v1/commands/request-unlock', { object: 'lead', id, reason: '改' })).body.error.code).toBe('ACT_NOT_OFFERED')
    await convert(sales, id, ALL('宿迁'))
    expect((await home.ask(sales, 'POST', '/api/v1/commands/request-unlock', { object: 'lead', id, reason: '电话写错了' })).body).toEqual({ told: ['王海燕'] })
    const { items } = (await home.ask(home.people.supervisor, 'GET', '/api/v1/notifications')).body
    expect(items[0]).toMatchObject({ title: '李思琪申请解锁「周海」', body: '电话写错了', object: 'lead', record: id })
    const { version, can } = await read(home.people.supervisor, 'lead', id)
    expect([can.unlock, (await home.ask(home.people.supervisor, 'PATCH', at('lead', id), { version, values: { locked: false } })).status]).toEqual([true, 200])
    expect((await read(sales, 'lead', id)).can.edit).toBe(true)
    const audit = (await home.ask(home.people.admin, 'GET', '/api/v1/audit?object=system:unlock')).body
    expect(audit.items[0]).toMatchObject({ reason: '电话写错了', actor: { name: '李思琪' } })
  })
})
