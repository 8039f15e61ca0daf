import { expect, test } from 'vitest'
import { choose } from './hands.ts'
import { demoHouse, living } from './house.ts'
import { submit } from './leads.ts'

const house = living(demoHouse)

test('总监把 R4 的预算线降到 20 万，用过去 30 天试一试：多打了哪些标签、真实经过怎样，一条条看；规则和线索都没有动', async () => {
  const director = await house().member('陈志远')
  const { page } = director
  await page.getByRole('navigation').getByRole('link', { name: '自动化' }).click()
  await page.getByRole('link', { name: /^R4 高意向-价格敏感 ?当新建/ }).first().click()
  await page.getByTitle('修改条件').first().click()
  const dialog = page.getByRole('dialog', { name: '修改条件' })
  const amount = dialog.locator('input').filter({ visible: true }).first()
  await amount.fill('20万')
  await amount.blur()
  await dialog.getByRole('button', { name: '完成' }).click()
  await page.getByText('预算下限 ≥ 20 万').first().waitFor()
  await page.getByText('还没有用过去的记录试过').waitFor()
  const before = await director.ask<{ body: object }>('GET', '/api/v1/definitions/rule/r1_tag')
  await page.getByRole('button', { name: '用过去 30 天试一试' }).click()
  await page.getByText(/^有 [\d,]+ 条记录会不一样/).waitFor({ timeout: 60_000 })
  await page.getByText('还没有用过去的记录试过').waitFor({ state: 'detached' })
  const totals = page.getByRole('table', { name: '各种动作的次数' })
  await expect.poll(() => totals.getByRole('row', { name: /^打标签/ }).innerText()).toMatch(/\+\d/)
  await page.getByRole('button', { name: /^查看.+的差别$/ }).first().click()
  await page.getByText('真实经过').waitFor()
  await expect.poll(() => page.getByRole('region', { name: '哪些记录会不一样' }).innerText()).toMatch(/多 打【高意向-价格敏感】[\s\S]*进来/)
  expect(await director.ask('GET', '/api/v1/definitions/rule/r1_tag')).toEqual(before)
})

test('一条预算 48 万的线索为什么没有打上标签：记录上写着差 2 万，只差这一项；规则自己的页面也这么说', async () => {
  const director = await house().member('陈志远')
  const { page } = director
  const lead = await submit(director, { name: '差两万', company: '临港精工', phone: '13900010077', industry: 'auto', need: 'mes', budget: '48万', region: '上海' })
  await page.goto(`${new URL(page.url()).origin}/o/lead/${lead}`)
  await page.getByRole('button', { name: '为什么', exact: true }).first().click()
  const why = page.getByRole('dialog', { name: '为什么会这样' })
  await why.getByText('没有触发', { exact: true }).click()
  const rule = why.getByRole('listitem').filter({ hasText: 'R4 高意向-价格敏感' }).first()
  await rule.getByText('预算下限 ≥ 50 万').waitFor()
  const text = await rule.innerText()
  for (const word of ['条件不满足', '当时是', '48 万', '差 2 万', '只差这一项']) expect(text).toContain(word)
  await rule.getByRole('link', { name: 'R4 高意向-价格敏感' }).click()
  const panel = page.getByRole('region', { name: '为什么没有触发' })
  await choose(panel, '线索', '差两万')
  await panel.getByText('差 2 万').waitFor()
})

test('新建一条永远不会成立的规则：还没保存就说出哪两个条件互相矛盾，也存不进去', async () => {
  const director = await house().member('陈志远')
  const rule = (await director.ask<{ body: Record<string, unknown> }>('GET', '/api/v1/definitions/rule/r1_tag')).body
  const loyal = { ...rule, key: 'loyal', label: { zh: '高潜复购客', en: 'Loyal' }, trigger: { on: 'created', object: 'customer' }, condition: { all: [{ count: { object: 'activity', via: 'subject' }, within: '180d', op: 'ge', value: 2 }, { latest: { object: 'activity', via: 'subject' }, of: 'created_at', op: 'olderThan', value: '540d' }] }, actions: [{ do: 'tag', add: ['高意向'] }] }
  const preview = await director.ask<{ problems: { message: { zh: string } }[] }>('POST', '/api/v1/definitions/rule/preview', { rule: loyal })
  expect(preview.problems[0]!.message.zh).toMatch(/^条件永远不成立：「.+」和「.+」不可能同时满足$/)
  await expect(director.ask('PUT', '/api/v1/definitions/rule/loyal', { body: loyal, state: 'template' })).rejects.toThrow(/永远不成立/)
})

test('四十多个模板里按要做的事找一条：搜不到时说怎么办，组名不会和规则名里的编号混在一起', async () => {
  const { page } = await house().member('周敏')
  await page.getByRole('navigation').getByRole('link', { name: '自动化' }).click()
  const rules = page.getByRole('region', { name: '已启用' })
  await expect.poll(() => rules.getByRole('link', { name: /^R4 高意向-价格敏感/ }).count()).toBe(1)
  expect(await rules.getByText('R1', { exact: true }).count()).toBe(0)
  await rules.getByText('R1 组', { exact: true }).waitFor()
  const search = page.getByRole('searchbox', { name: '找规则：名称，或它做什么' })
  await search.fill('回款 负责人')
  await rules.getByRole('link', { name: /^R4/ }).waitFor({ state: 'detached' })
  await page.getByRole('region', { name: '模板' }).getByRole('link', { name: /^R22 回款到期前 3 天：提醒负责人/ }).waitFor()
  await page.getByRole('status').getByText(/^找到 \d+ 条$/).waitFor()
  await search.fill('没有这样的规则')
  await page.getByText(/^换一个词.*点右上角「新建规则」自己搭一条。$/).waitFor()
  await page.getByRole('button', { name: '看全部规则' }).click()
  await rules.getByRole('link', { name: /^R4/ }).waitFor()
  expect(await search.inputValue()).toBe('')
})
