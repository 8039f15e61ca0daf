import fs from 'node:fs'
import path from 'node:path'
import zlib from 'node:zlib'
import type { Locator } from 'playwright-core'
import { expect, test } from 'vitest'
import { demoHouse, living, onPhone } from './house.ts'

const house = living(demoHouse)

test('手机上一只拇指：从作战台打开跟进，三下就记好，这一行离开', async () => {
  const { page } = await house().member('李娜', onPhone)
  const rows = page.getByRole('region', { name: '今日待联系线索' }).getByRole('listitem')
  const link = rows.first().getByRole('link').first()
  const [name, address] = [await link.locator('b').innerText(), (await link.getAttribute('href'))!]
  const own = page.locator(`a[href="${address}"]`)
  await rows.filter({ has: own }).getByRole('button', { name: '跟进' }).tap()
  const sheet = page.getByRole('dialog', { name: '添加跟进' })
  await sheet.getByRole('radio', { name: '接通-有意向' }).tap()
  await sheet.getByRole('radio', { name: /^后天/ }).tap()
  const save = sheet.getByRole('button', { name: '记录跟进' })
  const { y, height } = (await save.boundingBox())!
  expect(y, 'the act is under the thumb').toBeGreaterThan(844 / 2)
  expect(height).toBeGreaterThanOrEqual(40)
  await save.tap()
  await page.getByText(`已跟进${name}`).waitFor()
  await page.getByRole('region', { name: '今日待联系线索' }).locator(own).waitFor({ state: 'detached' })
})

const DIST = path.resolve(import.meta.dirname, '../web/dist')
test('手机第一次打开要下载的脚本不超过 120 KB', () => {
  const chunks = JSON.parse(fs.readFileSync(path.join(DIST, '.vite/manifest.json'), 'utf8')) as Record<string, { file: string; imports?: string[] }>
  const needed = new Set<string>()
  const need = (key: string): void => { if (!needed.has(key)) { needed.add(key); chunks[key]!.imports?.forEach(need) } }
  need('index.html')
  need('phone/main.tsx')
  expect(needed.size).toBeGreaterThan(5)
  const bytes = [...needed].map((key) => zlib.gzipSync(fs.readFileSync(path.join(DIST, chunks[key]!.file))).length)
  expect(bytes.reduce((sum, each) => sum + each)).toBeLessThanOrEqual(120 * 1024)
})

test('手机上新建报价单，连明细一起；合计随着输入变', async () => {
  const { page, ask } = await house().member('李娜', onPhone)
  const { record: customer } = await ask<Made>('POST', '/api/v1/objects/customer/records', { values: { name: '手机上报价的客户', kind: 'company' } })
  await ask('POST', '/api/v1/objects/opportunity/records', { values: { name: '手机上报价的商机', customer: customer.id, amount: '20000', close_on: '2030-12-31' } })
  await page.goto('/o/quote')
  await page.getByRole('button', { name: '新建报价单' }).tap()
  const sheet = page.getByRole('dialog', { name: '新建报价单' })
  await find(sheet, '商机', '手机上报价的商机')
  await find(sheet, '客户', '手机上报价的客户')
  await sheet.getByLabel('有效期').fill('2030-12-31')
  await sheet.getByRole('button', { name: '添加一行' }).tap()
  const row = sheet.getByRole('row', { name: '第 1 行' })
  await row.getByRole('button', { name: /^产品/ }).tap()
  await page.getByRole('option', { name: /^云启 MES 专业版/ }).tap()
  await row.getByLabel('数量').fill('2')
  await sheet.getByText('¥813,600.00').first().waitFor()
  await sheet.getByRole('button', { name: '保存' }).tap()
  const lines = page.getByRole('region', { name: '报价明细' })
  await lines.getByRole('link', { name: '云启 MES 专业版' }).waitFor()
  await lines.getByRole('link', { name: '云启 MES 专业版' }).tap()
  await page.getByRole('heading', { name: '云启 MES 专业版' }).waitFor()
})

interface Made { record: { id: string; title: string } }
async function find(sheet: Locator, field: string, name: string): Promise<void> {
  await sheet.getByRole('searchbox', { name: new RegExp(`^${field}`) }).fill(name)
  await sheet.getByRole('button', { name: new RegExp(`^${name}`) }).first().tap()
}

test('客户来电：客服在手机首页输入名称，一张卡上是这个客户的一切', async () => {
  const { page } = await house().member('许静', onPhone)
  const { hits } = await (await house().member('许静')).ask<{ hits: { object: string; title: string }[] }>('GET', '/api/v1/search?q=有限公司&limit=20')
  const { title } = hits.find(({ object }) => object === 'customer')!
  await page.getByRole('searchbox', { name: /客户名称/ }).fill(title)
  await page.getByRole('button', { name: new RegExp(`^${title}`) }).tap()
  const card = page.getByRole('region', { name: '客户全景' })
  await card.getByRole('heading', { name: title }).waitFor()
  await card.getByRole('link', { name: '打开客户' }).tap()
  await page.getByRole('heading', { name: title, level: 1 }).waitFor()
})
