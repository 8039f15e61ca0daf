import type { Locator } from 'playwright-core'
import { expect, test } from 'vitest'
import { demoHouse, living, onPhone } from './house.ts'
import { submit } from './leads.ts'

const house = living(demoHouse)

/** A control of a condition is called by its name and what stands in it. */
async function pick(dialog: Locator, control: string, option: string): Promise<void> {
  await dialog.getByRole('button', { name: new RegExp(`^${control}`) }).first().click()
  await dialog.page().getByRole('option', { name: new RegExp(`^${option}(\\s|$)`) }).first().click()
}

test('总监搭一条会等、会分情况的规则：新线索等 2 小时，预算够的打标签，不够的再等有人跟进；拨快时钟，一步步看它走', async () => {
  const director = await house().member('陈志远')
  const { page } = director
  const tab = (name: string) => page.getByRole('menuitem', { name, exact: true })
  await page.goto(new URL('/automation/new', page.url()).href)
  const sentence = page.getByRole('region', { name: '规则', exact: true })
  await sentence.getByRole('button', { name: '加一个动作' }).click()
  await tab('等一段时间').click()
  await sentence.getByRole('button', { name: '等 1 天' }).click()
  const dialog = page.getByRole('dialog', { name: '修改这一步' })
  await dialog.getByRole('textbox', { name: '等多久' }).fill('2')
  await pick(dialog, '单位', '小时')
  await dialog.getByRole('button', { name: '完成' }).click()
  await sentence.getByRole('button', { name: '等 2 小时' }).waitFor()
  await sentence.getByRole('button', { name: '加一个动作' }).click()
  await tab('分情况').click()
  await sentence.getByRole('button', { name: /^看情况/ }).click()
  await dialog.getByRole('button', { name: '条件', exact: true }).click()
  await pick(dialog, '字段', '预算下限')
  await pick(dialog, '比较方式', '大于等于')
  const amount = dialog.locator('input').filter({ visible: true }).first()
  await amount.fill('30万')
  await amount.blur()
  await dialog.getByRole('button', { name: '完成' }).click()
  await sentence.getByRole('button', { name: '看情况：如果 预算下限 ≥ 30 万' }).waitFor()
  await sentence.getByRole('button', { name: '在「就」里加一步' }).click()
  await tab('打标签').click()
  await sentence.getByRole('button', { name: /^打标签/ }).click()
  const deed = page.getByRole('dialog', { name: '修改动作' })
  await pick(deed, '打上', '高意向')
  await page.keyboard.press('Escape')
  await deed.getByRole('button', { name: '完成' }).click()
  // The other half on the canvas: the same rule, drawn.
  await page.getByText('流程图', { exact: true }).first().click()
  const canvas = page.getByRole('group', { name: '流程图' })
  await canvas.getByRole('button', { name: '在「否则」里加一步' }).click()
  await tab('通知').click()
  await canvas.getByText('通知负责人「标题」').waitFor()
  await page.getByRole('button', { name: '启用', exact: true }).click()
  await page.getByRole('button', { name: '暂停' }).waitFor()
  const key = new URL(page.url()).pathname.split('/').at(-1)!

  const [rich, poor] = [await submit(director, { name: '等得起', company: '临港精工', phone: '13900020001', industry: 'auto', need: 'mes', budget: '90万', region: '上海' }), await submit(director, { name: '再看看', company: '浦东精工', phone: '13900020002', industry: 'auto', need: 'mes', budget: '10万', region: '上海' })]
  const tagged = async (lead: string) => (await director.ask<{ record: { tags: string[] } }>('GET', `/api/v1/objects/lead/records/${lead}`)).record.tags.includes('高意向')
  await page.goto(new URL(`/automation/${key}`, page.url()).href)
  const runs = page.getByRole('region', { name: '执行记录' })
  await runs.getByText('等待中').nth(1).waitFor()
  expect(await tagged(rich)).toBe(false)
  await house().pass('3h')
  await expect.poll(() => tagged(rich), { timeout: 15_000 }).toBe(true)
  expect(await tagged(poor)).toBe(false)
  await page.reload()
  await runs.getByRole('listitem').filter({ hasText: '再看看' }).getByRole('link', { name: '看这一次' }).click()
  await page.getByText('时间到了，继续').first().waitFor()
  await page.getByText('条件不成立，走「否则」').first().waitFor()
  await page.getByText('没走这边').first().waitFor()
})

test('手机上看一次还在等的执行：写着等到什么时候，取消、撤销取消，再让它现在继续；审计里有这三步', async () => {
  const director = await house().member('陈志远', onPhone)
  const { page } = director
  const body = { key: 'patient', label: { zh: '等一天再提醒', en: 'Patient' }, trigger: { on: 'created', object: 'customer' }, condition: { all: [] }, priority: 300, actions: [{ do: 'wait', for: '1d' }, { do: 'tag', add: ['高意向'] }] }
  await director.ask('PUT', '/api/v1/definitions/rule/patient', { body, state: 'active' })
  await director.ask('POST', '/api/v1/objects/customer/records', { values: { name: '慢慢来', kind: 'company' } })
  await page.goto(new URL('/runs', page.url()).href)
  await page.getByText('等待中', { exact: true }).first().click()
  const row = page.getByRole('listitem').filter({ hasText: '慢慢来' })
  await expect.poll(async () => { await page.reload(); await page.getByText('等待中', { exact: true }).first().click(); return row.count() }, { timeout: 15_000 }).toBe(1)
  await row.getByRole('link', { name: '等一天再提醒' }).click()
  await page.getByText(/^等到 /).first().waitFor()
  await page.getByRole('button', { name: '取消执行' }).click()
  await page.getByText('已取消', { exact: true }).first().waitFor()
  await page.getByRole('button', { name: '撤销' }).click()
  await page.getByRole('button', { name: '不等了，现在继续' }).click()
  await page.getByText('时间到了，继续（人工处理）').first().waitFor()
  expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0)
  const audit = await (await house().member('周敏')).ask<{ items: { fields: { key?: string; after?: unknown }[] }[] }>('GET', '/api/v1/audit?object=system:run')
  expect(audit.items).toHaveLength(3)
})
