import { expect, test } from 'vitest'
import { demoHouse, living, type Person } from './house.ts'

/** Saved lists: one's own, a department's, everybody's. */
const house = living(demoHouse)
const LOOK = process.env['LOOK']
const look = (person: Person, name: string) => (LOOK ? person.page.screenshot({ path: `${LOOK}/${name}.png` }) : undefined)
const go = (person: Person, where: string) => person.page.goto(new URL(where, person.page.url()).href)
const viewMenu = async ({ page }: Person, entry: string) => { await page.getByRole('button', { name: '视图操作' }).click(); await page.getByRole('menuitem', { name: entry }).click() }

test('主管存一个视图，先自己用，再改名共享给部门，前移、删掉又撤销；部门的人看得到，别的部门看不到', async () => {
  const [boss, seller, other] = [await house().member('王海燕'), await house().member('李娜'), await house().member('刘建军')]
  const { page } = boss
  await go(boss, '/o/lead?view=lead-mine')
  await viewMenu(boss, '另存为视图')
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('视图名称').fill('本周要打的')
  await dialog.getByRole('button', { name: '保存' }).click()
  await page.getByRole('tab', { name: '本周要打的' }).waitFor()
  await go(seller, '/o/lead')
  await seller.page.getByRole('tab').first().waitFor()
  expect(await seller.page.getByRole('tab', { name: '本周要打的' }).count()).toBe(0)
  await viewMenu(boss, '改名与共享')
  await dialog.getByLabel('视图名称').fill('华东本周')
  await dialog.getByRole('radiogroup', { name: '谁能看到' }).getByText('部门').click()
  await dialog.getByRole('button', { name: '部门', exact: true }).click()
  await page.getByRole('option', { name: '华东区' }).click()
  await page.keyboard.press('Escape')
  await look(boss, 'view-1440')
  await dialog.getByRole('button', { name: '保存' }).click()
  await page.getByRole('tab', { name: '华东本周' }).waitFor()
  await seller.page.getByRole('tab', { name: '华东本周' }).waitFor({ timeout: 6_000 })
  await go(other, '/o/lead')
  await other.page.getByRole('tab').first().waitFor()
  expect(await other.page.getByRole('tab', { name: '华东本周' }).count()).toBe(0)
  const names = () => page.getByRole('tab').allInnerTexts()
  const before = (await names()).indexOf('华东本周')
  await viewMenu(boss, '前移')
  await expect.poll(async () => (await names()).indexOf('华东本周')).toBe(before - 1)
  await viewMenu(boss, '删除视图')
  await page.getByRole('tab', { name: '华东本周' }).waitFor({ state: 'detached' })
  await page.getByText('已删除「华东本周」').or(page.getByText(/已删除/)).last().locator('..').getByRole('button', { name: '撤销' }).click()
  await page.getByRole('tab', { name: '华东本周' }).waitFor()
})

test('客户页面上的关联列表写着准确的条数，点开就是这个客户的那些', async () => {
  const seller = await house().member('陈志远')
  const { page } = seller
  const { record: customer } = await seller.ask<{ record: { id: string } }>('POST', '/api/v1/objects/customer/records', { values: { name: '盐城纺机', kind: 'company' } })
  for (let i = 1; i <= 6; i++) await seller.ask('POST', '/api/v1/objects/contact/records', { values: { name: `联系人${i}`, customer: customer.id } })
  await go(seller, `/o/customer/${customer.id}`)
  const contacts = page.getByRole('region', { name: '联系人' })
  await contacts.getByText('6 条').waitFor()
  await contacts.getByRole('button', { name: /联系人/ }).click()
  const sheet = page.getByRole('dialog', { name: /新建联系人/ })
  await sheet.getByText('盐城纺机').first().waitFor()
  await sheet.getByRole('button', { name: '取消' }).click()
  await contacts.getByRole('link', { name: '查看全部' }).click()
  await page.getByRole('link', { name: '联系人6' }).or(page.getByText('联系人6')).first().waitFor()
})
