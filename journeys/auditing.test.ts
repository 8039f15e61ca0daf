import { beforeAll, expect, test } from 'vitest'
import { demoHouse, living, onPhone, type Person } from './house.ts'

/** Whoever answers for the data looks back: what was done, by whom, how a record stood, and that nobody has touched the log. */
const house = living(demoHouse)
const LOOK = process.env['LOOK']
const look = async ({ page }: Person, name: string) => { if (LOOK) { await page.waitForTimeout(300); await page.screenshot({ path: `${LOOK}/${name}.png`, fullPage: true }) } }
let director: Person
beforeAll(async () => { director = await house().member('陈志远') })

test('审计：已封存到第几块，只看被拒绝的尝试，一条记录当时的样子', async () => {
  const seller = await house().member('李娜')
  await seller.ask('GET', '/api/v1/audit').catch(() => null)
  const [lead] = (await director.ask<{ records: { id: string; version: string; title: string }[] }>('GET', '/api/v1/objects/lead/records?limit=1')).records
  const { record } = await director.ask<{ record: { version: string } }>('GET', `/api/v1/objects/lead/records/${lead!.id}`)
  await director.ask('PATCH', `/api/v1/objects/lead/records/${lead!.id}`, { version: record.version, values: { company: '后来的公司' } })
  const { page } = director
  await page.goto('/audit')
  await page.getByText(/已封存到第 \d+ 块/).waitFor()
  await page.getByRole('button', { name: /^关注/ }).click()
  await page.getByRole('option', { name: '被拒绝的尝试' }).click()
  await page.getByRole('row', { name: /李娜.*被拒绝的操作/ }).first().waitFor()
  await page.goto(`/o/lead/${lead!.id}`)
  await page.getByRole('button', { name: '更多操作' }).click()
  await page.getByRole('menuitem', { name: '变更记录' }).click()
  const drawer = page.getByRole('dialog', { name: '变更记录' })
  await drawer.getByRole('button', { name: /^看 .* 的样子$/ }).first().click()
  await drawer.getByText('后来的公司').waitFor()
  await drawer.getByRole('button', { name: '上一次变化' }).click()
  await expect.poll(() => drawer.getByText('后来的公司').count()).toBe(0)
})

test('渠道有互动、却没人写沟通记录：主管名下有一张核查工单，核实后改成已解决', async () => {
  const supervisor = await house().member('王海燕')
  const { page } = supervisor
  await page.goto('/o/ticket?view=ticket-mine')
  await page.getByRole('link', { name: /^核查：.*连续 5 个工作日没有沟通记录$/ }).first().click()
  await page.getByRole('heading', { level: 1, name: /^核查：/ }).waitFor()
  await page.getByText('系统里却没有沟通记录').first().waitFor()
  await look(supervisor, 'silent-ticket')
  const id = page.url().split('/').at(-1)!.split('?')[0]!
  const { record } = await supervisor.ask<{ record: { version: string } }>('GET', `/api/v1/objects/ticket/records/${id}`)
  await supervisor.ask('PATCH', `/api/v1/objects/ticket/records/${id}`, { version: record.version, values: { status: 'resolved' } })
  await page.goto('/notifications')
  await page.getByText(/渠道有互动，却没有沟通记录/).first().waitFor()
})

test('填「待定」不算填完：这样的线索在「信息待补全」里；主管打开「数据质量」，看到是谁的，点进去就是这些线索', async () => {
  const seller = await house().member('李娜')
  const lead = (name: string, phone: string, core_need: string) => seller.ask('POST', '/api/v1/objects/lead/records', { values: { name, phone, company: '待定测试', core_need, status: 'waiting' } })
  await lead('填了待定的', '+8613700900001', '待定')
  await lead('填得清楚的', '+8613700900002', '要一套 MES')
  const { page } = seller
  await page.goto('/o/lead?view=lead-incomplete&q=待定测试')
  await page.getByRole('link', { name: '填了待定的' }).waitFor()
  expect(await page.getByRole('link', { name: '填得清楚的' }).count()).toBe(0)
  const supervisor = await house().member('王海燕')
  await supervisor.page.goto('/?board=quality')
  await supervisor.page.getByRole('article', { name: '信息待补全：谁的', exact: true }).getByRole('link', { name: /李娜/ }).click()
  await supervisor.page.waitForURL(/\/o\/lead\?/)
  await supervisor.page.getByRole('link', { name: '填了待定的' }).waitFor()
})

test('销售撤回的评论，总监点「看原文」还看得到；谁重复建客户，选对象和字段就看到', async () => {
  const seller = await house().member('李娜')
  const { record } = await seller.ask<{ record: { id: string } }>('POST', '/api/v1/objects/customer/records', { values: { name: '撤回评论的客户', kind: 'company' } })
  const { record: comment } = await seller.ask<{ record: { id: string } }>('POST', '/api/v1/commands/comment', { subject: { object: 'customer', id: record.id }, text: '客户说价格太高' })
  await seller.ask('POST', '/api/v1/commands/withdraw-comment', { id: comment.id })
  const { page } = director
  await page.goto(`/o/customer/${record.id}`)
  await page.getByRole('link', { name: '看原文' }).click()
  await page.getByRole('row', { name: /客户说价格太高/ }).first().waitFor()
  await page.goto('/audit?object=customer&field=phone')
  const twice = page.getByRole('region', { name: '已有相同「主电话」，又新建了' })
  await twice.getByRole('link').first().waitFor()
  await look(director, 'made-twice')
})

test('销售写了一半没发的评论，换到手机上还在；清空以后自己看不到，总监点「看原文」还看得到', async () => {
  const seller = await house().member('李娜')
  const { record } = await seller.ask<{ record: { id: string } }>('POST', '/api/v1/objects/customer/records', { values: { name: '草稿客户', kind: 'company' } })
  await seller.page.goto(`/o/customer/${record.id}`)
  const box = seller.page.getByRole('textbox', { name: '评论', exact: true })
  const kept = seller.page.waitForResponse((answer) => answer.request().method() === 'PUT' && answer.url().includes('/draft'))
  await box.fill('客户说预算被砍了一半')
  await seller.page.getByText('草稿自动保存 90 天').waitFor()
  expect((await kept).status()).toBe(200)
  await look(seller, 'draft-1440')
  const mobile = await house().member('李娜', onPhone)
  await mobile.page.goto(`/o/customer/${record.id}`)
  const there = mobile.page.getByRole('textbox', { name: '评论', exact: true })
  await expect.poll(() => there.inputValue()).toBe('客户说预算被砍了一半')
  await look(mobile, 'draft-390')
  const gone = mobile.page.waitForResponse((answer) => answer.request().method() === 'PUT' && answer.url().includes('/draft'))
  await there.fill('')
  await gone
  const { page } = director
  await page.goto(`/o/customer/${record.id}`)
  await page.getByText('有 1 条未发出的草稿').waitFor()
  await page.getByRole('button', { name: '看原文' }).click()
  const sheet = page.getByRole('dialog', { name: '未发出的草稿' })
  await sheet.getByText('客户说预算被砍了一半').waitFor()
  await sheet.getByText('已丢弃', { exact: true }).waitFor()
  await look(director, 'unsent-1440')
})

test('新建填了一半、字段改了没存，换到手机上还在；丢弃了，总监看得到写过什么', async () => {
  const seller = await house().member('李娜')
  const { record } = await seller.ask<{ record: { id: string } }>('POST', '/api/v1/objects/customer/records', { values: { name: '表单草稿客户', kind: 'company' } })
  const put = ({ page }: Person) => page.waitForResponse((answer) => answer.request().method() === 'PUT' && answer.url().includes('/form-draft') && answer.ok())
  await seller.page.goto('/o/customer')
  await seller.page.getByRole('button', { name: '新建客户' }).first().click()
  let kept = put(seller)
  await seller.page.getByRole('dialog').getByRole('textbox', { name: '名称' }).fill('写到一半的客户')
  await kept
  await seller.page.reload()
  await seller.page.getByRole('button', { name: '新建客户' }).first().click()
  await seller.page.getByText('上次没保存的内容还在').waitFor()
  await look(seller, 'form-draft-1440')
  await seller.page.goto(`/o/customer/${record.id}`)
  await seller.page.getByRole('button', { name: '修改名称' }).click()
  kept = put(seller)
  await seller.page.getByRole('textbox', { name: '名称' }).fill('改了没存的名字')
  await kept
  await seller.page.reload()
  await seller.page.getByText('上次改了没保存').waitFor()
  await look(seller, 'edit-draft-1440')
  const mobile = await house().member('李娜', onPhone)
  await mobile.page.goto(`/o/customer/${record.id}`)
  await mobile.page.getByRole('button', { name: '上次改了没保存' }).click()
  const there = mobile.page.getByRole('dialog').getByRole('textbox')
  await expect.poll(() => there.inputValue()).toBe('改了没存的名字')
  await look(mobile, 'edit-draft-390')
  await mobile.page.getByRole('button', { name: '保存', exact: true }).click()
  await mobile.page.getByRole('heading', { name: '改了没存的名字' }).waitFor()
  expect((await seller.ask<{ draft: unknown }>('GET', `/api/v1/objects/customer/form-draft?id=${record.id}`)).draft).toBeNull()
  await mobile.page.goto('/o/customer')
  await mobile.page.getByRole('button', { name: /^新建/ }).first().click()
  await mobile.page.getByText('上次没保存的内容还在').waitFor()
  await look(mobile, 'form-draft-390')
  kept = put(mobile)
  await mobile.page.getByRole('button', { name: '丢弃' }).click()
  await kept
  const { page } = director
  await page.goto('/audit')
  await page.getByRole('button', { name: '没保存的新建表单' }).click()
  const sheet = page.getByRole('dialog', { name: '没保存的新建表单' })
  await sheet.getByText('写到一半的客户').waitFor()
  await sheet.getByText('已丢弃', { exact: true }).first().waitFor()
  await look(director, 'unsaved-forms-1440')
})

test('手机宽度也能看审计', async () => {
  const { page } = await house().member('袁彬', onPhone)
  await page.goto('/audit')
  await page.getByRole('heading', { name: '审计', level: 1 }).waitFor()
  await page.getByText(/已封存到第 \d+ 块/).waitFor()
  await look({ page } as Person, 'audit-390')
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
})
