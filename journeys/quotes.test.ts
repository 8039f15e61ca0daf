import { beforeAll, expect, test } from 'vitest'
import { demoHouse, living, type Person } from './house.ts'
import { fillQuote, make, read } from './records.ts'

/** A quote with three rows, right to the cent, that stays as it was when the price of the product changes; a contract that knows what came in. */
const house = living(demoHouse)
let seller: Person
let administrator: Person
beforeAll(async () => {
  seller = await house().member('李娜')
  administrator = await house().member('周敏')
})

test('销售在报价单里逐行添加产品，合计精确到分；之后产品调价，报价不变', async () => {
  const pump = await make(administrator, 'product', { name: '精密计量泵', code: 'JL-01', price: '1999.99', tax: '13' })
  const valve = await make(administrator, 'product', { name: '电动调节阀', code: 'TJ-02', price: '0.35', tax: '13' })
  const customer = await make(seller, 'customer', { name: '恒力机械', kind: 'company' })
  const opportunity = await make(seller, 'opportunity', { name: '恒力产线改造', customer: customer.id, amount: '20000', close_on: '2030-12-31' })
  const quote = await make(seller, 'quote', { opportunity: opportunity.id, customer: customer.id, valid_until: '2030-12-31' })
  const { page } = seller
  await page.goto(`${house().url}/o/quote/${quote.id}`)
  const panel = page.getByRole('region', { name: '报价明细' })
  await panel.getByRole('button', { name: '编辑明细' }).click()
  await fillQuote(panel)
  await panel.getByText('¥7,402.41').waitFor()
  await panel.getByRole('button', { name: '保存' }).click()
  await panel.getByRole('button', { name: '编辑明细' }).waitFor()
  const saved = await read(seller, 'quote', quote.id)
  expect([saved.values['total'], saved.values['tax_amount'], saved.values['total_tax']]).toEqual(['7402.41', '962.32', '8364.73'])
  await administrator.ask('PATCH', `/api/v1/objects/product/records/${pump.id}`, { version: pump.version, values: { price: '1' } })
  await administrator.ask('PATCH', `/api/v1/objects/product/records/${valve.id}`, { version: valve.version, values: { price: '1' } })
  await page.reload()
  await panel.getByText('¥1,999.99').first().waitFor()
  expect((await read(seller, 'quote', quote.id)).values['total_tax']).toBe('8364.73')
})

test('登记回款后，合同的已回款和未回款跟着变', async () => {
  const { members } = await administrator.ask<{ members: { id: number; name: string; roles: string[] }[] }>('GET', '/api/v1/members')
  const own = members.find(({ name }) => name === '周敏')!
  await administrator.ask('PATCH', `/api/v1/members/${own.id}`, { roles: [...own.roles, 'finance'] })
  const customer = await make(seller, 'customer', { name: '永固钢构', kind: 'company' })
  const contract = await make(seller, 'contract', { name: '永固钢构一期', customer: customer.id, amount: '100000' })
  await make(administrator, 'payment', { contract: contract.id, amount: '30000', paid_on: '2026-11-20' })
  await seller.page.goto(`${house().url}/o/contract/${contract.id}`)
  await seller.page.getByRole('heading', { name: '永固钢构一期' }).waitFor()
  expect(await seller.page.getByRole('region', { name: '信息' }).innerText()).toMatch(/已回款\s+¥30,000　3 万\s+未回款\s+¥70,000　7 万/)
})
