import { readFileSync } from 'node:fs'
import { extractText, getDocumentProxy } from 'unpdf'
import { beforeAll, expect, test } from 'vitest'
import { demoHouse, living, onPhone, type Person } from './house.ts'
import { makeId } from './records.ts'

/** A quote becomes a paper; what stands on it is changed on screen. */
const house = living(demoHouse)
let seller: Person
let administrator: Person
beforeAll(async () => {
  seller = await house().member('李娜')
  administrator = await house().member('周敏')
})

test('管理员在报价单模板里加一句话，预览马上变；销售一点「打印」，纸上就有，金额分毫不差', async () => {
  const customer = await makeId(seller, 'customer', { name: '恒力机械', kind: 'company' })
  const opportunity = await makeId(seller, 'opportunity', { name: '恒力产线', customer, amount: '20000', close_on: '2030-12-31' })
  const quote = await makeId(seller, 'quote', { opportunity, customer, valid_until: '2030-12-31' })
  await makeId(seller, 'quote_line', { quote, name: '精密计量泵', quantity: '3', price: '1999.99', tax: '13' })

  const { page: desk } = administrator
  await desk.goto(`${house().url}/prints`)
  await desk.getByRole('link', { name: '报价单' }).click()
  await desk.getByRole('heading', { name: '预览' }).waitFor()
  await desk.getByRole('button', { name: '添加内容' }).click()
  await desk.getByRole('menuitem', { name: '文字' }).click()
  await desk.getByRole('textbox', { name: '文字' }).last().fill('现场安装由我司工程师完成，联系人 {{owner}}。')
  await desk.getByRole('article').getByText('现场安装由我司工程师完成').waitFor()
  await desk.getByRole('button', { name: '保存' }).click()
  await desk.getByText('已保存').waitFor()

  const { page } = seller
  await page.goto(`${house().url}/o/quote/${quote}`)
  const opened = page.context().waitForEvent('page')
  await page.getByRole('button', { name: '打印' }).click()
  await opened
  const answer = await page.context().request.get(`${house().url}/api/v1/objects/quote/records/${quote}/print/quote_sheet`)
  expect([answer.status(), answer.headers()['content-type']]).toEqual([200, 'application/pdf'])
  const { text } = await extractText(await getDocumentProxy(new Uint8Array(await answer.body())), { mergePages: true })
  for (const words of ['恒力机械', '精密计量泵', '¥1,999.99', '¥6,779.97', '陆仟柒佰柒拾玖元玖角柒分', '现场安装由我司工程师完成，联系人 李娜']) expect(text).toContain(words)

  await desk.goto(`${house().url}/audit?object=system%3Aprint`)
  await desk.getByRole('cell', { name: '李娜' }).first().waitFor()
})

test('手机上也能打印', async () => {
  const phone = await house().member('李娜', onPhone)
  const customer = await makeId(seller, 'customer', { name: '永固钢构', kind: 'company' })
  await phone.page.goto(`${house().url}/o/customer/${customer}`)
  await phone.page.getByRole('button', { name: '更多操作' }).click()
  const opened = phone.page.context().waitForEvent('page')
  await phone.page.getByRole('button', { name: '打印拜访记录' }).click()
  await opened
})

test('管理员把线索列表导出成表格，列和筛选跟看到的一样；没有导出权限的人看不到「导出」', async () => {
  const { page } = administrator
  await administrator.ask('POST', '/api/v1/objects/lead/records', { values: { name: '导出甲', company: '只此一家' } })
  await page.goto(`${house().url}/o/lead?filter=${encodeURIComponent(JSON.stringify({ field: 'company', op: 'eq', value: '只此一家' }))}`)
  await page.getByRole('link', { name: '导出甲' }).first().waitFor()
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: '导出' }).click()
  await page.getByRole('menuitem', { name: 'CSV' }).click()
  const file = await download
  expect(file.suggestedFilename()).toMatch(/^线索 .*\.csv$/)
  const lines = readFileSync(await file.path(), 'utf8').split('\r\n').filter(Boolean)
  expect(lines).toHaveLength(2)
  expect([lines[0]!.startsWith('\uFEFF'), lines[1]]).toEqual([true, expect.stringContaining('导出甲')])
  await seller.page.goto(`${house().url}/o/lead`)
  await seller.page.getByRole('row').nth(1).waitFor()
  expect(await seller.page.getByRole('button', { name: '导出' }).count()).toBe(0)
})
