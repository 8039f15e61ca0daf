import { expect, test } from 'vitest'
import { demoHouse, living, onPhone, type Person } from './house.ts'

/** Acts on records: one press does much, and one press takes it back. */
const house = living(demoHouse)
const LOOK = process.env['LOOK']
const look = (person: Person, name: string) => (LOOK ? person.page.screenshot({ path: `${LOOK}/${name}.png` }) : undefined)

const lead = async (person: Person, name: string, values: object = {}): Promise<string> =>
  (await person.ask<{ record: { id: string } }>('POST', '/api/v1/objects/lead/records', { values: { name, status: 'confirmed', ...values } })).record.id

const stored = (person: Person, object: string, id: string) => person.ask<{ record: { values: Record<string, unknown> } }>('GET', `/api/v1/objects/${object}/records/${id}`)
const there = async (person: Person, object: string, id: string): Promise<boolean> => stored(person, object, id).then(() => true, () => false)

test('销售把线索转为客户、联系人和商机：重复的并入，一键完成；八秒内撤销，一切如初', async () => {
  const seller = await house().member('李娜')
  const { page } = seller
  const { record: twin } = await seller.ask<{ record: { id: string } }>('POST', '/api/v1/objects/customer/records', { values: { name: '苏州精工机械', kind: 'company', phone: '13900070001' } })
  const id = await lead(seller, '周海涛', { company: '苏州精工机械', phone: '13900070001', title: '厂长', budget_max: '800000' })
  await page.goto(new URL(`/o/lead/${id}`, page.url()).href)
  await page.getByRole('heading', { name: '周海涛' }).waitFor()
  await page.getByRole('button', { name: '转为客户' }).click()
  const sheet = page.getByRole('dialog', { name: '转为客户' })
  await sheet.getByText('主电话相同').waitFor()
  await look(seller, 'convert-1440')
  await sheet.getByRole('button', { name: '并入苏州精工机械' }).click()
  const opportunity = sheet.getByRole('region', { name: '商机' })
  await sheet.getByRole('button', { name: '转为客户' }).click()
  await opportunity.getByRole('alert').first().waitFor()
  await opportunity.getByRole('button', { name: '预计关单时间' }).click()
  await page.getByRole('button', { name: '今天' }).click()
  await sheet.getByRole('button', { name: '转为客户' }).click()
  await sheet.waitFor({ state: 'detached' })
  await page.getByText(/已转为客户「苏州精工机械」/).waitFor()
  await page.getByText('这条记录已锁定，不能修改').waitFor()
  await look(seller, 'converted-1440')
  const { values } = (await stored(seller, 'lead', id)).record
  expect(values).toMatchObject({ status: 'converted', customer: twin.id })
  await page.getByRole('status').getByRole('button', { name: '撤销' }).click()
  await page.getByText('这条记录已锁定，不能修改').waitFor({ state: 'detached' })
  expect((await stored(seller, 'lead', id)).record.values).toMatchObject({ status: 'confirmed' })
  expect([await there(seller, 'contact', String(values['contact'])), await there(seller, 'opportunity', String(values['opportunity'])), await there(seller, 'customer', twin.id)]).toEqual([false, false, true])
})

test('手机上也能转：商机先不建，两下就好；锁定的线索申请解锁，主管一点就开', async () => {
  const seller = await house().member('李娜', onPhone)
  const { page } = seller
  const id = await lead(seller, '钱多多', { company: '南通铸造', phone: '13900070002' })
  await page.goto(new URL(`/o/lead/${id}`, page.url()).href)
  await page.getByRole('button', { name: '更多操作' }).tap()
  await page.getByRole('dialog').getByRole('button', { name: '转为客户' }).tap()
  const sheet = page.getByRole('dialog', { name: '转为客户' })
  await sheet.getByRole('region', { name: '商机' }).getByRole('radio', { name: '不建' }).tap()
  await look(seller, 'convert-390')
  await sheet.getByRole('button', { name: '转为客户' }).tap()
  await sheet.waitFor({ state: 'detached' })
  await page.getByText('这条记录已锁定').waitFor()
  await seller.ask('POST', '/api/v1/commands/request-unlock', { object: 'lead', id, reason: '电话写错了' })
  expect((await stored(seller, 'lead', id)).record.values['opportunity']).toBeUndefined()
})

test('标记无效要选原因，撤销就回来', async () => {
  const seller = await house().member('李娜')
  const { page } = seller
  const id = await lead(seller, '吴有为')
  await page.goto(new URL(`/o/lead/${id}`, page.url()).href)
  await page.getByRole('button', { name: '更多操作' }).click()
  await page.getByRole('menuitem', { name: '标记无效' }).click()
  const dialog = page.getByRole('dialog', { name: '标记无效' })
  await dialog.getByRole('button', { name: '标记无效' }).click()
  await dialog.getByRole('alert').waitFor()
  await dialog.getByText('预算不足').click()
  await look(seller, 'invalid-1440')
  await dialog.getByRole('button', { name: '标记无效' }).click()
  await page.getByText('已标记无效 1 条').waitFor()
  expect((await stored(seller, 'lead', id)).record.values).toMatchObject({ status: 'invalid', invalid_reason: 'no_budget' })
  await page.getByRole('status').getByRole('button', { name: '撤销' }).click()
  await expect.poll(async () => (await stored(seller, 'lead', id)).record.values['status']).toBe('confirmed')
})

test('成批标记无效：能做的做完，不能做的逐条写明原因，一键撤销；符合条件的可以全部选中', async () => {
  const seller = await house().member('李娜')
  const { page } = seller
  const [open, shut] = [await lead(seller, '批测甲'), await lead(seller, '批测乙', { status: 'invalid' })]
  await page.goto(new URL(`/o/lead?q=${encodeURIComponent('批测')}&filter=${encodeURIComponent('{"all":[]}')}`, page.url()).href)
  await page.getByRole('row', { name: /批测甲/ }).waitFor()
  await page.getByRole('checkbox', { name: '全选' }).check()
  const bar = page.getByRole('toolbar', { name: '批量操作' })
  await bar.getByText('已选 2 条').waitFor()
  await bar.getByRole('button', { name: '更多操作' }).click()
  await page.getByRole('menuitem', { name: '标记无效' }).click()
  const dialog = page.getByRole('dialog', { name: '标记无效' })
  await dialog.getByText('预算不足').click()
  await dialog.getByRole('button', { name: '标记无效' }).click()
  const result = page.getByRole('dialog', { name: '1 条已完成，1 条没有成功' })
  await result.getByRole('region', { name: /现在不能「标记无效」/ }).getByRole('link', { name: '批测乙' }).waitFor()
  await look(seller, 'bulk-1440')
  expect((await stored(seller, 'lead', open)).record.values['status']).toBe('invalid')
  await result.getByRole('button', { name: '撤销' }).click()
  await expect.poll(async () => (await stored(seller, 'lead', open)).record.values['status']).toBe('confirmed')
  expect((await stored(seller, 'lead', shut)).record.values['status']).toBe('invalid')

  const boss = await house().member('周敏')
  await boss.page.goto(new URL(`/o/lead?filter=${encodeURIComponent('{"all":[]}')}`, boss.page.url()).href)
  await boss.page.getByRole('checkbox', { name: '全选' }).check()
  const whole = boss.page.getByRole('toolbar', { name: '批量操作' })
  await whole.getByRole('button', { name: /选中符合条件的全部/ }).click()
  const { exact } = await boss.ask<{ exact: number }>('GET', '/api/v1/objects/lead/count')
  await whole.getByText(`已选 ${exact} 条`).waitFor()
})
