import { expect, test } from 'vitest'
import { demoHouse, living } from './house.ts'

const house = living(demoHouse)

test('主管从首页「本月已签」点进去，列表里就是那几单', async () => {
  const { page } = await house().member('王海燕')
  const won = page.getByRole('region', { name: '本月' }).getByRole('link', { name: /本月已签/ })
  await won.click()
  await page.waitForURL(/\/o\/opportunity\?/)
  await page.getByRole('button', { name: /阶段 属于 已签约、已回款、已验收.*预计关单时间 介于/ }).waitFor()
})

test('客服接到电话，输入尾号，一张卡看到这位客户的一切，看不到佣金', async () => {
  const { page, ask } = await house().member('唐宁')
  const { records } = await ask<{ records: { title: string; values: { phone?: string; customer?: string } }[] }>('GET', '/api/v1/objects/contact/records?limit=50')
  const caller = records.find(({ values }) => values.phone && values.customer)!
  await page.getByRole('searchbox', { name: /客户名称、联系人或电话/ }).fill(caller.values.phone!.slice(-8))
  await page.getByRole('button', { name: new RegExp(caller.title) }).first().click()
  const card = page.getByRole('region', { name: '客户全景' })
  await card.getByRole('region', { name: '联系人' }).getByRole('link', { name: new RegExp(caller.title) }).first().waitFor()
  await card.getByRole('region', { name: '最近沟通' }).waitFor()
  expect(await card.getByText('佣金').count()).toBe(0)
  await card.getByRole('link', { name: '打开客户' }).click()
  await page.waitForURL(/\/o\/customer\//)
})
