import { beforeAll, expect, test } from 'vitest'
import { kept } from './hands.ts'
import { demoHouse, living, onPhone, type Person } from './house.ts'

/** What stands where on a page, for whom, and what is said at which stage: arranged on screen, in force at once. */
const house = living(demoHouse)
let administrator: Person
let seller: Person
beforeAll(async () => { [administrator, seller] = [await house().member('周敏'), await house().member('李娜')] })
const LOOK = process.env['LOOK']
const look = (person: Person, name: string) => (LOOK ? person.page.screenshot({ path: `${LOOK}/${name}.png` }) : undefined)
const go = (person: Person, where: string) => person.page.goto(new URL(where, person.page.url()).href)
const lead = async (name: string): Promise<string> => (await seller.ask<{ record: { id: string } }>('POST', '/api/v1/objects/lead/records', { values: { name, company: '常熟轴承', status: 'called', wechat: 'wx-1' } })).record.id

test('管理员给销售单独排一份线索页面：微信藏起来，加一个分组，提示换成自己的话；销售的页面马上照办，别人不变', async () => {
  const id = await lead('杜建平')
  await go(seller, `/o/lead/${id}`)
  await seller.page.getByText('把预算和决策人问清楚').waitFor()
  await seller.page.getByRole('region', { name: '信息' }).getByText('wx-1').waitFor()
  const { page } = administrator
  await go(administrator, '/objects/lead')
  await page.getByRole('link', { name: '页面布局' }).click()
  await page.getByRole('button', { name: '为角色另做一份' }).click()
  await page.getByRole('region', { name: '给谁用' }).getByRole('button').last().click()
  await page.getByRole('option', { name: '销售', exact: true }).click()
  await page.keyboard.press('Escape')
  await page.getByRole('checkbox', { name: '在记录页显示微信' }).uncheck()
  await page.getByRole('textbox', { name: '分组名称' }).first().fill('先看这里')
  const preview = page.getByRole('region', { name: '预览' })
  await preview.getByText('先看这里').waitFor()
  expect(await preview.getByText('微信', { exact: true }).count()).toBe(0)
  await page.getByLabel('已电话沟通').fill('今天就把报价发出去')
  await look(administrator, 'layout-1440')
  await kept(page, () => page.getByRole('button', { name: '保存' }).click())
  await seller.page.getByText('今天就把报价发出去').waitFor({ timeout: 6_000 })
  const fields = seller.page.getByRole('region', { name: '信息' })
  await fields.getByText('先看这里').waitFor()
  expect(await fields.getByText('wx-1').count()).toBe(0)
  await look(seller, 'laid-1440')
  await go(administrator, `/o/lead/${id}`)
  await page.getByText('把预算和决策人问清楚').waitFor()
})

test('手机上的页面和新建也按布局来，状态变了提示跟着变', async () => {
  const id = await lead('汤丽')
  const boss = await house().member('陈志远', onPhone)
  await go(boss, `/o/lead/${id}`)
  await boss.page.getByRole('note').getByText('把预算和决策人问清楚').waitFor()
  await look(boss, 'hint-390')
  const { record } = await seller.ask<{ record: { version: string } }>('GET', `/api/v1/objects/lead/records/${id}`)
  await seller.ask('PATCH', `/api/v1/objects/lead/records/${id}`, { version: record.version, values: { status: 'demo_booked' } })
  await boss.page.getByText('演示前一天再确认一次参加的人').waitFor({ timeout: 6_000 })
})
