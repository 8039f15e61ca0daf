import type { Locator, Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { demoHouse, living, onPhone, type Person } from './house.ts'
import { fillQuote, make, read, type Shown } from './records.ts'
import { ownedLead } from './leads.ts'

/** One deal from the form to the last instalment, through the hands of everybody who has a part in it. Each test goes on where the one before left off. */
const house = living(demoHouse)
const LOOK = process.env['LOOK']
const look = async (person: Person, name: string) => { if (LOOK) await person.page.screenshot({ path: `${LOOK}/${name}.png` }) }

let administrator: Person
let marketing: Person
let seller: Person
let supervisor: Person
let finance: Person
let director: Person
let names: { owner: string; supervisor: string }
let lead: string
let contract: string

const open = async ({ page }: Person, path: string) => { await page.goto(new URL(path, page.url()).href) }
const idAt = (page: Page): string => new URL(page.url()).pathname.split('/').at(-1)!
const related = (page: Page, name: string): Locator => page.getByRole('region', { name })
/** A day of the calendar beside `name`, counted from today by the house's clock. */
async function onDay(place: Locator, name: string, ahead: number): Promise<void> {
  const page = place.page()
  await place.getByRole('button', { name }).click()
  if (ahead === 0) return page.getByRole('button', { name: '今天', exact: true }).click()
  await page.locator('[role="dialog"] [aria-current="date"]').focus()
  for (let i = 0; i < ahead; i++) await page.keyboard.press('ArrowRight')
  await page.keyboard.press('Enter')
}

test('访客从带活动标识的链接填了定价表单；市场的人看到线索、来源和 UTM，手机号只露后四位，活动的线索数加一', async () => {
  administrator = await house().member('周敏')
  marketing = await house().member('苏晴')
  await open(marketing, '/o/campaign')
  await marketing.page.getByRole('row', { name: /秋季搜索投放/ }).waitFor()
  const { records } = await marketing.ask<{ records: Shown[] }>('GET', `/api/v1/objects/campaign/records?filter=${encodeURIComponent('{"field":"utm_campaign","op":"eq","value":"mes2026"}')}`)
  const campaign = records[0]!
  const visitor = await house().visitor(onPhone)
  await visitor.page.goto('/f/pricing?utm_source=baidu&utm_medium=cpc&utm_campaign=mes2026&utm_term=MES')
  await visitor.page.getByLabel('姓名').fill('潘国栋')
  await visitor.page.getByLabel('手机').fill('139 6200 8088')
  await visitor.page.getByLabel('公司名').fill('太湖精密部件')
  await visitor.page.getByLabel('行业').selectOption({ label: '汽车零部件' })
  await visitor.page.getByLabel('需求类型').selectOption({ label: 'MES系统' })
  await visitor.page.getByLabel('预算').fill('120万')
  await visitor.page.getByLabel('所在地区').fill('江苏苏州')
  await visitor.page.getByLabel('我同意').check()
  await visitor.page.getByRole('button', { name: '提交' }).click()
  await visitor.page.getByRole('heading', { name: '已收到，谢谢' }).waitFor()

  await open(marketing, '/forms')
  await marketing.page.getByRole('listitem').filter({ hasText: '官网定价页' }).getByRole('link', { name: /近 30 天/ }).click()
  await marketing.page.getByRole('row', { name: /潘国栋/ }).getByRole('link').first().click()
  await marketing.page.getByRole('heading', { name: '潘国栋' }).waitFor()
  lead = idAt(marketing.page)
  const facts = related(marketing.page, '信息')
  await facts.getByText('秋季搜索投放：MES 选型').waitFor()
  await look(marketing, '1-marketing-lead')
  const text = await facts.innerText()
  for (const said of ['官网定价页', 'baidu', 'mes2026']) expect(text).toContain(said)
  expect(text).not.toContain('6200')
  expect(text).toContain('8088')
  expect(Number((await read(marketing, 'campaign', campaign.id)).values['lead_count'])).toBe(Number(campaign.values['lead_count']) + 1)
  await open(marketing, '/o/campaign')
  await marketing.page.getByRole('row', { name: /秋季搜索投放/ }).waitFor()
  await look(marketing, '1-marketing-campaigns')
})

test('负责人跟进后转为客户、联系人和商机', async () => {
  names = await ownedLead(administrator, lead)
  seller = await house().member(names.owner)
  const { page } = seller
  await open(seller, `/o/lead/${lead}`)
  await page.getByRole('button', { name: '添加跟进' }).click()
  const sheet = page.getByRole('dialog', { name: '添加跟进' })
  await sheet.getByText('接通-有意向').click()
  await sheet.getByText('明天上午').click()
  await look(seller, '2-follow-up')
  await sheet.getByRole('button', { name: '保存' }).click()
  await sheet.waitFor({ state: 'detached' })
  await page.getByRole('button', { name: '转为客户' }).click()
  const conversion = page.getByRole('dialog', { name: '转为客户' })
  const opportunity = conversion.getByRole('region', { name: '商机' })
  await opportunity.getByLabel('名称').fill('太湖精密 MES 一期')
  await onDay(opportunity, '预计关单时间', 20)
  await look(seller, '2-convert')
  await conversion.getByRole('button', { name: '转为客户' }).click()
  await page.getByText(/已转为客户「太湖精密部件」/).waitFor()
  const { values } = await read(seller, 'lead', lead)
  expect(values['status']).toBe('converted')
  await open(seller, `/o/opportunity/${String(values['opportunity'])}`)
  await page.getByRole('heading', { name: '太湖精密 MES 一期' }).waitFor()
  await look(seller, '2-opportunity')
})

test('从商机生成报价单，逐行报价，含税总额精确到分；直属主管看得到', async () => {
  const product = async (name: string, code: string, price: string) => make(administrator, 'product', { name, code, price, tax: '13' })
  await product('精密计量泵', 'JL-88', '1999.99')
  await product('电动调节阀', 'TJ-88', '0.35')
  const { page } = seller
  await page.getByRole('button', { name: '生成报价单' }).click()
  const dialog = page.getByRole('dialog', { name: '生成报价单' })
  await onDay(dialog, '有效期', 15)
  await look(seller, '3-make-quote')
  await dialog.getByRole('button', { name: '生成报价单' }).click()
  const panel = related(page, '报价明细')
  await panel.getByRole('button', { name: '编辑明细' }).click()
  await fillQuote(panel)
  await panel.getByText('¥7,402.41').waitFor()
  await look(seller, '3-quote-lines')
  await panel.getByRole('button', { name: '保存' }).click()
  await panel.getByRole('button', { name: '编辑明细' }).waitFor()
  const quote = await read(seller, 'quote', idAt(page))
  expect([quote.values['total'], quote.values['tax_amount'], quote.values['total_tax']]).toEqual(['7402.41', '962.32', '8364.73'])
  await look(seller, '3-quote')
  supervisor = await house().member(names.supervisor)
  await open(supervisor, '/o/quote')
  const seen = supervisor.page.getByRole('row', { name: new RegExp(quote.title) })
  await seen.getByText('太湖精密部件').waitFor()
  await seen.getByRole('link').first().click()
  await related(supervisor.page, '报价明细').getByText('精密计量泵').first().waitFor()
  await look(supervisor, '3-supervisor-quote')
})

test('报价单生成合同：明细照抄，金额就是含税总额，报价单锁定；合同打印成 PDF', async () => {
  const { page } = seller
  const quote = idAt(page)
  await page.getByRole('button', { name: '生成合同' }).click()
  const dialog = page.getByRole('dialog', { name: '生成合同' })
  await dialog.getByText('合同明细 3 行一并带过去').waitFor()
  await dialog.getByLabel('名称').fill('太湖精密 MES 一期合同')
  await onDay(dialog, '签订日期', 0)
  await dialog.getByLabel('付款条款').fill('签约付 30%，上线付清')
  await look(seller, '4-make-contract')
  await dialog.getByRole('button', { name: '生成合同' }).click()
  await page.getByRole('heading', { name: '太湖精密 MES 一期合同' }).waitFor()
  contract = idAt(page)
  const rows = related(page, '合同明细')
  await rows.getByText('¥1,999.99').first().waitFor()
  expect(await rows.getByRole('row').count()).toBe(4)
  const { values } = await read(seller, 'contract', contract)
  expect([values['amount'], values['lines_total'], values['received'], values['due']]).toEqual(['8364.73', '8364.73', '0', '8364.73'])
  await look(seller, '4-contract')
  await page.getByRole('button', { name: '打印' }).click()
  const [paper] = await Promise.all([page.context().waitForEvent('page'), page.getByRole('menuitem', { name: '合同', exact: true }).click()])
  expect((await paper.context().request.get(paper.url())).headers()['content-type']).toContain('application/pdf')
  await paper.close()
  expect((await read(seller, 'quote', quote)).values).toMatchObject({ locked: true, contract })
})

test('财务排两期回款，登记一笔整期、一笔部分；过了应收日期，只提醒一次', async () => {
  await administrator.page.goto(`${house().url}/automation/r22_overdue`)
  await administrator.page.getByRole('heading', { level: 1 }).waitFor()
  await administrator.page.getByRole('button', { name: /^(启用|暂停)$/ }).waitFor()
  if (await administrator.page.getByRole('button', { name: '启用' }).count()) await administrator.page.getByRole('button', { name: '启用' }).click()
  await administrator.page.getByRole('button', { name: '暂停' }).waitFor()
  finance = await house().member('蔡文')
  const { page } = finance
  await open(finance, `/o/contract/${contract}`)
  const instalment = async (name: string, amount: string, ahead: number) => {
    await related(page, '回款计划').getByRole('button', { name: '新建回款计划' }).click()
    const sheet = page.getByRole('dialog', { name: '新建回款计划' })
    await sheet.getByLabel('名称').fill(name)
    await sheet.getByLabel('应收金额').fill(amount)
    await onDay(sheet, '应收日期', ahead)
    await look(finance, `5-plan-${ahead}`)
    await sheet.getByRole('button', { name: '保存' }).click()
    await page.getByRole('heading', { name }).waitFor()
    return idAt(page)
  }
  const paid = async (plan: string, amount: string) => {
    await open(finance, `/o/payment_plan/${plan}`)
    await related(page, '回款').getByText('暂无').waitFor()
    await related(page, '回款').getByRole('button', { name: '新建回款' }).click()
    const sheet = page.getByRole('dialog', { name: '新建回款' })
    await sheet.getByLabel('金额').fill(amount)
    await onDay(sheet, '日期', 0)
    await look(finance, `5-payment-${amount}`)
    await sheet.getByRole('button', { name: '保存' }).click()
    await page.getByRole('heading', { name: /^HK/ }).waitFor()
  }
  const first = await instalment('首付款', '2509.42', 1)
  await open(finance, `/o/contract/${contract}`)
  const last = await instalment('尾款', '5855.31', 3)
  await paid(first, '2509.42')
  await paid(last, '3000.00')
  await open(finance, `/o/contract/${contract}`)
  await page.getByRole('heading', { name: '太湖精密 MES 一期合同' }).waitFor()
  const { values } = await read(finance, 'contract', contract)
  expect([values['received'], values['due']]).toEqual(['5509.42', '2855.31'])
  expect((await read(finance, 'payment_plan', last)).values['status']).toBe('partial')
  await look(finance, '5-contract')
  await house().pass('121h')
  const told = async (who: Person): Promise<string[]> => (await who.ask<{ items: { title: string; record: string | null }[] }>('GET', '/api/v1/notifications?limit=200')).items.filter(({ title }) => title.startsWith('回款逾期')).map(({ title }) => title)
  const mine = async (who: Person) => (await told(who)).filter((title) => /首付款|尾款/.test(title))
  for (const who of [seller, supervisor, finance]) await expect.poll(() => mine(who)).toEqual(['回款逾期：尾款'])
  await house().pass('49h')
  await open(finance, '/o/payment_plan')
  await page.getByRole('tab', { name: '逾期' }).click()
  await page.getByRole('row', { name: /尾款/ }).waitFor()
  await look(finance, '5-overdue')
  expect(await mine(finance)).toHaveLength(1)
  await open(finance, '/notifications')
  await page.getByText('回款逾期：尾款').first().waitFor()
  await look(finance, '5-notice')
})

test('总监看到这笔生意的来龙去脉', async () => {
  director = await house().member('陈志远')
  const { values } = await read(director, 'contract', contract)
  await open(director, `/o/opportunity/${String(values['opportunity'])}`)
  await director.page.getByRole('heading', { name: '太湖精密 MES 一期' }).waitFor()
  await related(director.page, '合同').getByText('太湖精密 MES 一期合同').waitFor()
  await look(director, '6-opportunity')
  await open(director, `/o/contract/${contract}`)
  await related(director.page, '回款计划').getByText('尾款').waitFor()
  expect(await related(director.page, '信息').innerText()).toMatch(/已回款\s+¥5,509\.42\s+未回款\s+¥2,855\.31/)
  await look(director, '6-contract')
})
