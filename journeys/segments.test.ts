import { expect, test } from 'vitest'
import { choose } from './hands.ts'
import { demoHouse, living, onPhone, type Person } from './house.ts'
import { read } from './records.ts'

const house = living(demoHouse)
const LOOK = process.env['LOOK']
const look = (person: Person, name: string) => (LOOK ? person.page.screenshot({ path: `${LOOK}/${name}.png`, fullPage: true }) : undefined)

const TAGGED = encodeURIComponent(JSON.stringify({ field: 'tags', op: 'has', value: '百万线索' }))
const carried = async (person: Person) => (await person.ask<{ exact: number }>('GET', `/api/v1/objects/lead/count?filter=${TAGGED}`)).exact

test('周敏新建动态标签：保存前看到有多少条、是哪些；保存后正是这些线索打上，改了预算就自动进出，手动加不上', async () => {
  const admin = await house().member('周敏')
  const { page } = admin
  await page.goto(new URL('/objects', page.url()).href)
  await page.getByRole('tab', { name: '标签' }).click()
  await page.getByRole('link', { name: '新建动态标签' }).click()
  await page.getByLabel('标签名称').fill('百万线索')
  await choose(page, '哪类记录', '线索')
  await page.getByRole('button', { name: '条件', exact: true }).click()
  // A condition that is only begun is no mistake.
  await page.getByRole('region', { name: '现在会有谁' }).getByText('条件写完，这里就列出现在会有谁').waitFor()
  const when = page.getByRole('group', { name: '满足什么条件' })
  for (const [control, option] of [['字段', '预算下限'], ['比较方式', '大于等于']] as const) { await when.getByRole('button', { name: new RegExp(`^${control}`) }).click(); await page.getByRole('option', { name: new RegExp(`^${option}(\\s|$)`) }).first().click() }
  const amount = when.getByRole('textbox').last()
  await amount.fill('100万')
  await amount.blur()
  const preview = page.getByRole('region', { name: '现在会有谁' })
  const said = (await admin.ask<{ exact: number }>('GET', `/api/v1/objects/lead/count?filter=${encodeURIComponent(JSON.stringify({ field: 'budget_min', op: 'ge', value: '1000000' }))}`)).exact
  expect(said).toBeGreaterThan(5)
  await preview.getByText(new RegExp(`^现在符合的有\\s*${said.toLocaleString('en')} 条`)).waitFor()
  const first = await preview.getByRole('link').first().innerText()
  await look(admin, 'segment-1440')
  await page.getByRole('button', { name: '保存' }).click()
  await page.getByText('已保存').first().waitFor()
  await expect.poll(() => carried(admin)).toBe(said)

  await preview.getByRole('link', { name: first }).first().click()
  await page.getByRole('heading', { name: first }).waitFor()
  await page.getByText('百万线索').first().waitFor()
  expect(await page.getByRole('button', { name: /移除.*百万线索/ }).count()).toBe(0)
  const id = /lead\/([0-9a-f-]+)/.exec(page.url())![1]!
  const { version } = await read(admin, 'lead', id)
  await admin.ask('PATCH', `/api/v1/objects/lead/records/${id}`, { version, values: { budget_min: '200000' } })
  await expect.poll(() => carried(admin)).toBe(said - 1)
  expect((await admin.ask<{ refused: { message: string }[] }>('POST', '/api/v1/commands/tag', { object: 'lead', ids: [id], add: ['百万线索'] })).refused[0]!.message).toContain('动态标签')
  await page.getByRole('button', { name: '为什么', exact: true }).first().click()
  await page.goto(new URL('/objects', page.url()).href)
  await page.getByRole('tab', { name: '标签' }).click()
  await page.getByText(/线索：预算下限 ≥ 100 万/).waitFor()
  await look(admin, 'tags-1440')
})

test('永远不成立的组合，还没保存就说出哪两个条件互相矛盾；手机宽度也看得清', async () => {
  const admin = await house().member('周敏')
  const loyal = { key: '高潜复购客', label: { zh: '高潜复购客', en: 'Loyal' }, segment: { object: 'customer', condition: { all: [{ count: { object: 'activity', via: 'subject' }, within: '180d', op: 'ge', value: 2 }, { latest: { object: 'activity', via: 'subject' }, of: 'created_at', op: 'olderThan', value: '540d' }] } } }
  const preview = await admin.ask<{ problems: { message: { zh: string } }[] }>('POST', '/api/v1/definitions/rule/preview', { tag: loyal })
  expect(preview.problems[0]!.message.zh).toMatch(/^条件永远不成立：「.+」和「.+」不可能同时满足$/)
  await expect(admin.ask('PUT', '/api/v1/definitions/tag/高潜复购客', { body: loyal })).rejects.toThrow(/永远不成立/)
  const small = await house().member('周敏', onPhone)
  await small.page.goto(new URL(`/objects/tags/${encodeURIComponent('百万线索')}`, small.page.url()).href)
  await small.page.getByText(/现在符合的有/).waitFor()
  expect(await small.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
  await look(small, 'segment-390')
})

test('周敏按自然月比较下单：从天换成自然月就是一个月，写明不含本月；保存后读得出来，手机宽度也放得下', async () => {
  const admin = await house().member('周敏')
  const { page } = admin
  await page.goto(new URL('/objects', page.url()).href)
  await page.getByRole('tab', { name: '标签' }).click()
  await page.getByRole('link', { name: '新建动态标签' }).click()
  await page.getByLabel('标签名称').fill('越买越少')
  await choose(page, '哪类记录', '客户')
  await page.getByRole('button', { name: '相关记录', exact: true }).click()
  const when = page.getByRole('group', { name: '满足什么条件' })
  const pick = async (control: string, option: string) => { await when.getByRole('button', { name: new RegExp(`^${control}`) }).first().click(); await page.getByRole('option', { name: new RegExp(`^${option}(\\s|$)`) }).first().click() }
  await pick('相关记录', '订单')
  await pick('怎么看', '和前一段相比')
  expect(await when.getByText('（不含本月）').count()).toBe(0)
  await pick('单位', '自然月')
  await when.getByText('（不含本月）').waitFor()
  expect(await when.getByRole('textbox', { name: '时长' }).inputValue()).toBe('1')
  await page.getByRole('region', { name: '现在会有谁' }).getByText(/^现在(符合的有|没有)/).first().waitFor()
  await look(admin, 'months-1440')
  await page.getByRole('button', { name: '保存' }).click()
  await page.getByText('已保存').first().waitFor()
  const small = await house().member('周敏', onPhone)
  await small.page.goto(new URL(`/objects/tags/${encodeURIComponent('越买越少')}`, small.page.url()).href)
  await small.page.getByText('（不含本月）').waitFor()
  expect(await small.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
  await look(small, 'months-390')
  await page.goto(new URL('/objects', page.url()).href)
  await page.getByRole('tab', { name: '标签' }).click()
  await page.getByText(/客户：订单（按.+）的数量，连续 2 个自然月（不含本月）都比前一个月下降超过 40%/).waitFor()
})
