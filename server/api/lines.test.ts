import { afterAll, beforeAll, expect, test } from 'vitest'
import { house, type House } from './testing/house.ts'

let home: House
beforeAll(async () => { home = await house() })
afterAll(() => home.close())

const made = async (object: string, body: object, who = home.people.sales) => {
  const answer = await home.ask(who, 'POST', `/api/v1/objects/${object}/records`, body)
  expect([object, answer.status, answer.body.message ?? null]).toEqual([object, 201, null])
  return answer.body.record
}
const fetched = async (object: string, id: string, who = home.people.sales) => (await home.ask(who, 'GET', `/api/v1/objects/${object}/records/${id}`)).body.record
const rowsOf = async (quote: string) => (await home.ask(home.people.sales, 'GET', `/api/v1/objects/quote_line/records?filter=${encodeURIComponent(JSON.stringify({ field: 'quote', op: 'eq', value: quote }))}&sort=position`)).body.records as { id: string; values: Record<string, unknown> }[]

test('H60 a quote is saved with its rows in one act, right to the cent, and stays when the price of the product changes', async () => {
  const pump = await made('product', { values: { name: '计量泵', code: 'P1', price: '1999.99', tax: '13' } }, home.people.admin)
  const customer = await made('customer', { values: { name: '恒力机械', kind: 'company' } })
  const opportunity = await made('opportunity', { values: { name: '恒力产线', customer: customer.id, amount: '10000', close_on: '2026-12-31' } })
  const row = (values: object) => ({ values })
  const quote = await made('quote', {
    values: { opportunity: opportunity.id, customer: customer.id, valid_until: '2026-12-31' },
    lines: { quote_line: [row({ product: pump.id, quantity: '3', discount: '10', position: 1 }), row({ name: '安装', price: '333.33', quantity: '1', tax: '6', position: 2 }), row({ name: '培训', price: '0.005', quantity: '1', position: 3 })] },
  })
  expect(quote.values).toMatchObject({ list_total: '6333.31', total: '5733.31', tax_amount: '722', total_tax: '6455.31', discount: '9.47' })
  const rows = await rowsOf(quote.id)
  expect(rows.map(({ values }) => [values['name'], values['price'], values['subtotal'], values['total']])).toEqual([['计量泵', '1999.99', '5399.97', '6101.97'], ['安装', '333.33', '333.33', '353.33'], ['培训', '0.005', '0.01', '0.01']])
  const product = await fetched('product', pump.id, home.people.admin)
  expect((await home.ask(home.people.admin, 'PATCH', `/api/v1/objects/product/records/${pump.id}`, { version: product.version, values: { price: '9' } })).status).toBe(200)
  expect((await fetched('quote', quote.id)).values.total).toBe('5733.31')
  const changed = await home.ask(home.people.sales, 'PATCH', `/api/v1/objects/quote/records/${quote.id}`, { version: (await fetched('quote', quote.id)).version, lines: { quote_line: [{ id: rows[0]!.id, values: { quantity: '1' } }, { id: rows[2]!.id, remove: true }, row({ product: pump.id, position: 4 })] } })
  expect([changed.status, changed.body.record.values.total]).toEqual([200, '2142.32'])
  expect((await home.ask(home.people.rival, 'PATCH', `/api/v1/objects/quote_line/records/${rows[0]!.id}`, { version: 'x', values: { quantity: '9' } })).status).toBe(404)
  const strange = await home.ask(home.people.sales, 'POST', '/api/v1/objects/quote/records', { values: {}, lines: { payment: [] } })
  expect([strange.status, JSON.stringify(strange.body)]).toEqual([400, expect.stringMatching(/FIELD_NOT_AVAILABLE.*lines\.payment/)])
})

test('H61 payments move what a contract has received and what is outstanding, plan and all', async () => {
  const customer = await made('customer', { values: { name: '永固钢构', kind: 'company' } })
  const contract = await made('contract', { values: { name: '永固合同', customer: customer.id, amount: '100000' } })
  expect(contract.values).toMatchObject({ received: '0', due: '100000', invoiced: '0' })
  const plan = await made('payment_plan', { values: { name: '首款', contract: contract.id, due_on: '2020-01-31', amount: '30000' } }, home.people.finance)
  expect([plan.values.status, plan.values.overdue_days > 2000]).toEqual(['overdue', true])
  await made('payment', { values: { contract: contract.id, plan: plan.id, amount: '10000.5', paid_on: '2026-11-01' } }, home.people.finance)
  expect((await fetched('contract', contract.id)).values).toMatchObject({ received: '10000.5', due: '89999.5' })
  await made('payment', { values: { contract: contract.id, plan: plan.id, amount: '19999.5', paid_on: '2026-11-02' } }, home.people.finance)
  expect((await fetched('payment_plan', plan.id)).values).toMatchObject({ received: '30000', unpaid: '0', overdue_days: 0, status: 'received' })
  await made('invoice', { values: { contract: contract.id, title: '永固', amount: '30000', status: 'issued' } }, home.people.finance)
  expect((await fetched('contract', contract.id)).values).toMatchObject({ received: '30000', due: '70000', invoiced: '30000' })
})
