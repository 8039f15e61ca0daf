import { readFileSync } from 'node:fs'
import { beforeAll, expect, test } from 'vitest'
import { demoHouse, living, onPhone, type Person } from './house.ts'
import { makeId } from './records.ts'

/** What leaves is known: a large list is made in the background, a leaked row leads back to who took it along. */
const house = living(demoHouse)
const LOOK = process.env['LOOK']
const look = async ({ page }: Person, name: string) => { if (LOOK) { await page.waitForTimeout(300); await page.screenshot({ path: `${LOOK}/${name}.png`, fullPage: true }) } }
let lead: Person
let director: Person
beforeAll(async () => { lead = await house().member('王海燕'); director = await house().member('陈志远') })

test('主管导出的客户名单里风控评级是星号；总监把流出的五行粘进去，就知道是谁、什么时候、从哪里导出的', async () => {
  const [seller, risk] = [await house().member('李娜'), await house().member('袁彬')]
  for (let i = 0; i < 6; i++) {
    const id = await makeId(seller, 'customer', { name: `汇通村镇银行${i}`, kind: 'company', industry: 'finance', phone: `+8613700${String(200000 + i)}` })
    const { record } = await risk.ask<{ record: { version: string } }>('GET', `/api/v1/objects/customer/records/${id}`)
    await risk.ask('PATCH', `/api/v1/objects/customer/records/${id}`, { version: record.version, values: { risk_rating: 'r4' } })
  }
  const { page } = lead
  const columns = encodeURIComponent(JSON.stringify({ field: 'name', op: 'startsWith', value: '汇通村镇银行' }))
  await page.goto(`/o/customer?filter=${columns}`)
  await page.getByText('6 条').first().waitFor()
  const { searchParams } = new URL(page.url())
  const given = new URLSearchParams({ filter: searchParams.get('filter')!, fields: 'name,phone,industry,risk_rating', sort: 'name', format: 'csv' })
  const file = (await (await page.context().request.get(`/api/v1/objects/customer/export?${given}`)).text()).trim().split('\r\n')
  expect(file).toHaveLength(7)
  expect(file[1]).toMatch(/^汇通村镇银行0,137 0020 0000,[^,]*,\*\*\*,/)
  expect(file[1]).toMatch(/,王海燕 .* E\d+$/)
  const leaked = file.slice(1, 6).toReversed().map((line) => line.split(',').slice(0, 3).toReversed().join('\t')).join('\n')

  const { page: desk } = director
  await desk.goto('/audit')
  await desk.getByRole('link', { name: '导出与追查' }).click()
  await desk.getByRole('tab', { name: '追查泄露' }).click()
  await desk.getByRole('textbox', { name: '把泄露的几行粘贴到这里' }).fill(leaked)
  await desk.getByText('已粘贴 5 行').waitFor()
  await desk.getByRole('button', { name: '追查', exact: true }).click()
  const found = desk.getByRole('region', { name: '最可能出自' })
  await found.getByText('王海燕').waitFor()
  await found.getByText('5 行中的 5 行，15 个值').waitFor()
  await found.getByText('127.0.0.1').waitFor()
  await look(director, 'export-trace')
  await found.getByRole('link', { name: '在审计里查看' }).click()
  await desk.getByRole('row', { name: /王海燕.*导出/ }).first().waitFor()
})

test('大列表在后台导出：离开页面也照做，做好了有通知，点进去下载；别人下载不了', async () => {
  const { no } = await director.ask<{ no: number }>('POST', '/api/v1/objects/lead/exports', { format: 'xlsx', fields: ['name', 'phone', 'company', 'status'] })
  const { page } = director
  await page.goto('/notifications')
  await page.getByRole('link', { name: /导出好了：线索/ }).first().click()
  await page.getByRole('heading', { name: '导出', level: 1 }).waitFor()
  await look(director, 'exports')
  const row = page.getByRole('listitem', { name: `E${no}`, exact: true })
  const [download] = await Promise.all([page.waitForEvent('download'), row.getByRole('link', { name: '下载 线索' }).click()])
  expect(download.suggestedFilename()).toMatch(/^线索 .*\.xlsx$/)
  expect(readFileSync(await download.path()).subarray(0, 2).toString()).toBe('PK')
  await expect(lead.ask('GET', `/api/v1/exports/${no}/file`)).rejects.toThrow('EXPORT_GONE')
  await page.getByRole('tab', { name: '所有人的' }).click()
  await page.getByText(/王海燕/).first().waitFor()
  await look(director, 'exports-all')
})

test('列表也能导出成 PDF，每一页都有水印', async () => {
  const { page } = lead
  await page.goto(`/o/customer?filter=${encodeURIComponent(JSON.stringify({ field: 'name', op: 'startsWith', value: '汇通村镇银行' }))}`)
  await page.getByText('6 条').first().waitFor()
  await page.getByRole('button', { name: '导出', exact: true }).click()
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name: /^PDF/ }).click()])
  expect(download.suggestedFilename()).toMatch(/^客户 .*\.pdf$/)
  const content = readFileSync(await download.path())
  expect(content.subarray(0, 5).toString()).toBe('%PDF-')
})

test('手机宽度也能看导出、追查', async () => {
  const phone = await house().member('陈志远', onPhone)
  await phone.page.goto('/exports?show=trace')
  await phone.page.getByRole('textbox', { name: '把泄露的几行粘贴到这里' }).fill('汇通村镇银行3\t137 0020 0003')
  await phone.page.getByRole('button', { name: '追查', exact: true }).click()
  await phone.page.getByRole('region', { name: '最可能出自' }).getByText('王海燕').first().waitFor()
  await look(phone, 'export-trace-390')
  await phone.page.goto('/exports')
  await phone.page.getByRole('heading', { name: '导出', level: 1 }).waitFor()
  await phone.page.getByText('可以下载').first().waitFor()
  await look(phone, 'exports-390')
  expect(await phone.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
})
