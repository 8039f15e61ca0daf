import { expect, test } from 'vitest'
import { choose } from './hands.ts'
import { demoHouse, living } from './house.ts'

/** What people do with records by one press is configured by an administrator, without code. */
const house = living(demoHouse)
const LOOK = process.env['LOOK']

test('管理员新建一个「暂缓」操作：什么时候能做、写入什么、要不要原因；销售的线索页上马上就有', async () => {
  const { page, ask } = await house().member('周敏')
  const look = async (name: string) => { if (LOOK) await page.screenshot({ path: `${LOOK}/${name}.png` }) }
  await page.getByRole('navigation').getByRole('link', { name: '操作与转换' }).click()
  await page.getByRole('link', { name: /标记无效/ }).waitFor()
  await look('deeds')
  await page.getByRole('link', { name: '新建操作' }).click()
  await page.getByLabel('名称').fill('暂缓跟进')
  await choose(page, '对象', '线索')
  await page.getByRole('radiogroup', { name: '写原因' }).getByText('必填').click()
  const what = page.getByRole('region', { name: '写入这些字段' })
  await what.getByRole('button', { name: /添加字段/ }).click()
  await page.getByRole('option', { name: '数据悬停' }).click()
  await what.getByText('是', { exact: true }).click()
  await look('deeds-act')
  await page.getByRole('button', { name: '保存并生效' }).click()
  await page.getByText('已保存，立即生效').waitFor()
  const seller = await house().member('李娜')
  const { record } = await seller.ask<{ record: { id: string } }>('POST', '/api/v1/objects/lead/records', { values: { name: '宋暂缓', status: 'confirmed' } })
  await seller.page.goto(new URL(`/o/lead/${record.id}`, seller.page.url()).href)
  await seller.page.getByRole('button', { name: '更多操作' }).click()
  await seller.page.getByRole('menuitem', { name: '暂缓跟进' }).click()
  const dialog = seller.page.getByRole('dialog', { name: '暂缓跟进' })
  await dialog.getByLabel('原因').fill('客户停线检修')
  await dialog.getByRole('button', { name: '暂缓跟进' }).click()
  await expect.poll(async () => (await ask<{ record: { values: Record<string, unknown> } }>('GET', `/api/v1/objects/lead/records/${record.id}`)).record.values['stalled']).toBe(true)
})

test('转换的字段对应是一张表：加一行、保存、看版本，再用回上一版', async () => {
  const { page, ask } = await house().member('周敏')
  const look = async (name: string) => { if (LOOK) await page.screenshot({ path: `${LOOK}/${name}.png`, fullPage: true }) }
  const rows = async () => (await ask<{ body: { targets: { fields: object[] }[] } }>('GET', '/api/v1/definitions/conversion/lead')).body.targets[0]!.fields.length
  const before = await rows()
  await page.goto(new URL('/deeds', page.url()).href)
  await page.getByRole('link', { name: /转为客户/ }).click()
  const customer = page.getByRole('region', { name: '客户（记在「客户」）', exact: true })
  const mapping = customer.getByRole('region', { name: '字段对应' })
  await mapping.getByRole('button', { name: '添加一行' }).click()
  await look('deeds-conversion')
  await page.getByRole('button', { name: '保存并生效' }).click()
  await page.getByText('已保存，立即生效').first().waitFor()
  expect(await rows()).toBe(before + 1)
  await page.getByRole('listitem').filter({ hasText: '第 1 版' }).getByRole('button', { name: '用这一版' }).click()
  await page.getByRole('button', { name: '保存并生效' }).click()
  await expect.poll(rows).toBe(before)
})

test('公司抬头填一次，报价单预览里就有', async () => {
  const { page } = await house().member('周敏')
  await page.goto(new URL('/prints', page.url()).href)
  await page.getByRole('button', { name: '公司抬头' }).click()
  const sheet = page.getByRole('dialog', { name: '公司抬头' })
  await sheet.getByLabel('公司名称').fill('云启智能科技有限公司')
  await sheet.getByLabel('地址').fill('苏州工业园区金鸡湖大道 1 号')
  if (LOOK) await page.screenshot({ path: `${LOOK}/letterhead.png` })
  await sheet.getByRole('button', { name: '保存并生效' }).click()
  await sheet.waitFor({ state: 'detached' })
  await page.getByRole('link', { name: /报价单/ }).click()
  await page.getByRole('article').getByText('云启智能科技有限公司').first().waitFor()
  await page.getByRole('article').getByText('地址：苏州工业园区金鸡湖大道 1 号').waitFor()
})
