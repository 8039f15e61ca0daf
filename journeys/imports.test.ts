import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { expect, test } from 'vitest'
import { type Cell, readSheet, xlsxOf } from '#platform/sheets'
import { demoHouse, living, type Person } from './house.ts'

/** A table of one's own: from the template to records, and back. */
const house = living(demoHouse)
const LOOK = process.env['LOOK']
const look = async ({ page }: Person, name: string) => { if (LOOK) { await page.waitForTimeout(300); await page.screenshot({ path: `${LOOK}/${name}.png`, fullPage: true }) } }
const go = (person: Person, where: string) => person.page.goto(new URL(where, person.page.url()).href)
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'nextmove-imports-'))

async function headsIn(file: string): Promise<string[]> {
  for await (const [head] of readSheet(fs.readFileSync(file), file)) return head!.cells
  return []
}

/** A workbook with these rows under the heads of the template. */
async function filled(name: string, heads: readonly string[], rows: readonly Record<string, string>[]): Promise<string> {
  const place = path.join(folder, name)
  async function* table() { yield await Promise.resolve([[...heads], ...rows.map((row) => heads.map((head): Cell => row[head] ?? null))]) }
  const pieces: Buffer[] = []
  for await (const piece of xlsxOf({ name: '名单' }, table())) pieces.push(piece)
  fs.writeFileSync(place, Buffer.concat(pieces))
  return place
}

const counted = async ({ page }: Person) => Object.fromEntries(await page.locator('dl > div').evaluateAll((all) => all.map((each) => [each.querySelector('dt')!.textContent, Number(each.querySelector('dd')!.textContent)])))

test('总监下载模板填好，试运行看到错在哪里，导入对的，再整体撤销；同事改过的那条留着', async () => {
  const [boss, seller] = [await house().member('陈志远'), await house().member('李娜')]
  const { page } = boss
  await go(seller, '/o/lead')
  await seller.page.getByRole('heading', { name: '线索', level: 1 }).waitFor()
  expect(await seller.page.getByRole('button', { name: '导入', exact: true }).count()).toBe(0)

  await go(boss, '/o/lead')
  await page.getByRole('button', { name: '导入', exact: true }).click()
  await page.getByRole('heading', { name: '导入线索' }).waitFor()
  await page.getByText('还没有导入过线索').waitFor()
  await page.getByRole('button', { name: '下载模板' }).click()
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name: 'Excel 模板（带下拉选项）' }).click()])
  expect(download.suggestedFilename()).toBe('线索导入模板.xlsx')
  const template = path.join(folder, '模板.xlsx')
  await download.saveAs(template)
  const heads = await headsIn(template)
  expect(heads).toEqual(expect.arrayContaining(['姓名', '手机', '公司名', '行业', '负责人']))

  const good = Array.from({ length: 30 }, (_, i) => ({ 姓名: `展会客户${i + 1}`, 手机: `1397000${String(1000 + i)}`, 公司名: '秋季展会', 行业: '汽车零部件', 预算下限: '50万', 地区: '江苏苏州', 负责人: i < 5 ? '李娜' : '' }))
  const file = await filled('秋季展会.xlsx', heads, [...good, { 姓名: '电话少一位', 手机: '139700', 公司名: '秋季展会' }, { 姓名: '行业写错', 手机: '13970009001', 公司名: '秋季展会', 行业: '卖花' }, { 姓名: '重了', 手机: '13970001000', 公司名: '秋季展会' }])
  await page.locator('input[type="file"]').setInputFiles(file)
  await page.getByRole('heading', { name: '对应列' }).waitFor()
  await page.getByText('139 7000 1000').waitFor()
  await look(boss, 'import-mapping')

  await page.getByRole('button', { name: '试运行', exact: true }).click()
  await page.getByRole('heading', { name: '试运行的结果' }).waitFor()
  await expect.poll(() => counted(boss)).toEqual({ 将新建: 30, 将更新: 0, 将跳过: 1, 不能导入: 2 })
  await page.getByText('「139700」不是有效的电话号码').waitFor()
  await page.getByText(/「卖花」不在可选项中/).waitFor()
  await look(boss, 'import-trial')
  await page.getByRole('tab', { name: /将跳过/ }).click()
  await page.getByText(/和第 2 行重复/).waitFor()

  await page.getByRole('button', { name: '开始导入 30 行' }).click()
  await page.getByRole('heading', { name: '导入的结果' }).waitFor()
  await expect.poll(() => counted(boss)).toEqual({ 新建: 30, 更新: 0, 跳过: 1, 未导入: 2 })
  await page.getByRole('button', { name: '下载结果' }).click()
  const [result] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name: '只要未导入的行（Excel）' }).click()])
  await result.saveAs(path.join(folder, '未导入.xlsx'))
  const back: string[][] = []
  for await (const rows of readSheet(fs.readFileSync(path.join(folder, '未导入.xlsx')), 'x')) back.push(...rows.map(({ cells }) => cells))
  expect(back.map((cells) => cells.at(-1))).toEqual(['原因', expect.stringContaining('不是有效的电话号码'), expect.stringContaining('不在可选项中')])

  await go(seller, `/o/lead?filter=${encodeURIComponent(JSON.stringify({ field: 'company', op: 'eq', value: '秋季展会' }))}`)
  await seller.page.getByRole('link', { name: '展会客户3', exact: true }).first().click()
  await seller.page.getByRole('heading', { name: '展会客户3' }).waitFor()
  const id = seller.page.url().split('/').at(-1)!.split('?')[0]!
  const { record } = await seller.ask<{ record: { version: string } }>('GET', `/api/v1/objects/lead/records/${id}`)
  await seller.ask('PATCH', `/api/v1/objects/lead/records/${id}`, { version: record.version, values: { title: '设备经理' } })

  await page.getByRole('button', { name: '换一个文件' }).click()
  await page.getByRole('link', { name: '查看「秋季展会.xlsx」' }).click()
  await page.getByRole('button', { name: '撤销这次导入' }).click()
  await page.getByRole('dialog').getByText('有 1 条导入后被人改过，改过的内容会保留。').waitFor()
  await page.getByRole('dialog').getByRole('button', { name: '撤销这次导入' }).click()
  await page.getByText('已退回 29 条').waitFor()
  await page.getByText('导入后又被改过').first().waitFor()
  await look(boss, 'import-undone')
  const { records } = await boss.ask<{ records: { title: string }[] }>('GET', `/api/v1/objects/lead/records?limit=50&filter=${encodeURIComponent(JSON.stringify({ field: 'company', op: 'eq', value: '秋季展会' }))}`)
  expect(records.map(({ title }) => title)).toEqual(['展会客户3'])
})
