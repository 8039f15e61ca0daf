import { beforeAll, expect, test } from 'vitest'
import { kept } from './hands.ts'
import { demoHouse, living, type Person } from './house.ts'

const house = living(demoHouse)
let [administrator, seller]: Person[] = []
beforeAll(async () => { [administrator, seller] = [await house().member('周敏'), await house().member('李娜')] })

interface Customer { id: string; title: string; values: Record<string, unknown>; held?: Record<string, { read: string; write: boolean }> }
const own = async (person: Person): Promise<Customer> =>
  (await person.ask<{ records: Customer[] }>('GET', `/api/v1/objects/customer/records?limit=1&filter=${encodeURIComponent(JSON.stringify({ all: [{ field: 'owner', op: 'eq', value: { me: true } }, { field: 'phone', op: 'notEmpty' }] }))}`)).records[0]!
const phoneOf = async (person: Person, id: string) => (await person.ask<{ record: Customer }>('GET', `/api/v1/objects/customer/records/${id}`)).record.values['phone']

test('管理员写一条策略：销售只看客户主电话的后四位；先看到多少人会少看什么，保存后李娜开着的页面马上变，她点锁知道为什么，关掉策略又恢复', async () => {
  const mine = await own(seller!)
  const whole = mine.values['phone'] as string
  const { page } = administrator!
  const hers = seller!.page
  await hers.goto(`/o/customer/${mine.id}`)
  await hers.getByRole('heading', { name: mine.title, level: 1 }).waitFor()
  await page.getByRole('navigation').getByRole('link', { name: '权限策略' }).click()
  await page.getByText('金融客户的风控评级只给风控总监看').waitFor()
  await page.getByText('风控评级只显示星号').waitFor()
  await page.getByRole('link', { name: '新建策略' }).click()
  await page.getByLabel('名称').fill('销售只看电话后四位')
  await page.getByRole('button', { name: '对象' }).click()
  await page.getByRole('option', { name: '客户', exact: true }).click()
  await page.getByRole('button', { name: '适用于' }).click()
  await page.getByRole('option', { name: '销售', exact: true }).click()
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: '字段', exact: true }).click()
  await page.getByRole('option', { name: '主电话' }).click()
  await page.keyboard.press('Escape')
  await page.getByRole('combobox', { name: '主电话能看多少' }).selectOption('last4')
  await page.getByText('销售，所有客户，主电话只显示后四位').waitFor()
  await page.getByText(/^\d+ 名成员将不再可读 1 个字段$/).waitFor()
  expect(await phoneOf(seller!, mine.id)).toBe(whole)
  await kept(page, () => page.getByRole('button', { name: '保存并生效' }).click())
  await expect.poll(() => phoneOf(seller!, mine.id), { timeout: 4_000, interval: 100 }).toBe(`*******${whole.slice(-4)}`)
  await hers.getByText(`*******${whole.slice(-4)}`).first().waitFor()
  await hers.goto(`/o/customer/${mine.id}`)
  await page.getByRole('navigation').getByRole('link', { name: '权限策略' }).click()
  await kept(page, () => page.getByRole('switch', { name: '启用销售只看电话后四位' }).click())
  await expect.poll(() => phoneOf(seller!, mine.id), { timeout: 4_000, interval: 100 }).toBe(whole)
})

test('金融客户的风控评级：销售看到星号，点锁知道是哪条策略；管理员能替她问', async () => {
  const mine = await own(seller!)
  for (const values of [{ risk_rating: 'r4' }, { industry: 'bank' }]) {
    const { record: { version } } = await administrator!.ask<{ record: { version: string } }>('GET', `/api/v1/objects/customer/records/${mine.id}`)
    await administrator!.ask('PATCH', `/api/v1/objects/customer/records/${mine.id}`, { version, values })
  }
  const { record } = await seller!.ask<{ record: Customer }>('GET', `/api/v1/objects/customer/records/${mine.id}`)
  expect([record.values['risk_rating'], record.held?.['risk_rating']]).toEqual(['***', { read: 'star', write: false }])
  const { page } = seller!
  await page.goto(`/o/customer/${mine.id}`)
  await page.getByRole('button', { name: '为什么：风控评级' }).click()
  const why = page.getByRole('dialog', { name: '「风控评级」的权限' })
  await why.getByText('金融客户的风控评级只给风控总监看').waitFor()
  await why.getByText('只能看到一部分，不能修改').first().waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: '修改行业', exact: true }).click()
  await page.getByText('这一项决定谁能看什么、改什么').waitFor()
  await page.getByRole('option', { name: /^零售快消/ }).first().click()
  await page.getByRole('alert').getByText('「行业」决定这条记录里谁能看什么、改什么，这样改会放开限制').waitFor()
  await page.getByRole('button', { name: '取消' }).click()
  const asked = await administrator!.ask<{ read: string; policies: { holds: boolean }[] }>('GET', `/api/v1/objects/customer/records/${mine.id}/why/risk_rating`)
  expect(asked).toMatchObject({ read: 'star', policies: [{ holds: true }] })
})

test('权限体检找出「全员可编辑」，点「去改」就到那条策略；删掉以后再查就没有了', async () => {
  const { page } = administrator!
  await administrator!.ask('PUT', '/api/v1/definitions/policy/everybody_edits', { body: { key: 'everybody_edits', label: { zh: '产品谁都能改', en: 'All change' }, object: 'product', effect: 'allow', fields: {}, actions: ['read', 'edit'] } })
  await page.goto('/policies')
  await page.getByRole('link', { name: '权限体检' }).click()
  await page.getByText('策略「产品谁都能改」：全员都能修改所有记录').waitFor()
  await page.getByRole('link', { name: '去改产品谁都能改' }).click()
  await page.getByRole('heading', { name: '产品谁都能改', level: 1 }).waitFor()
  await administrator!.ask('DELETE', '/api/v1/definitions/policy/everybody_edits')
  await page.goto('/policies/scan')
  await page.getByRole('button', { name: '重新检查' }).waitFor()
  await page.getByText(/按 \d+ 名在职成员/).waitFor()
  expect(await page.getByText('产品谁都能改').count()).toBe(0)
})

test('给客户加上【敏感客户】先问一句，加上后李娜改不了联系人手机，也摘不掉标签；审计的「权限与成员」里能查到', async () => {
  const mine = await own(seller!)
  const { page } = administrator!
  await page.goto(`/o/customer/${mine.id}`)
  await page.getByRole('button', { name: '+ 打标签' }).click()
  await page.getByRole('option', { name: '敏感客户' }).click()
  const asked = page.getByRole('dialog', { name: '加上「敏感客户」？' })
  await asked.getByText(/谁能看、能改这条记录会马上改变/).waitFor()
  await asked.getByRole('button', { name: '打标签' }).click()
  await expect.poll(async () => (await administrator!.ask<{ record: { tags: string[] } }>('GET', `/api/v1/objects/customer/records/${mine.id}`)).record.tags).toContain('敏感客户')
  const refused = await seller!.ask<{ refused: { code: string }[] }>('POST', '/api/v1/commands/tag', { object: 'customer', ids: [mine.id], remove: ['敏感客户'] })
  expect(refused.refused.map(({ code }) => code)).toEqual(['POLICY_TAG_PROTECTED'])
  const hers = seller!.page
  await hers.goto(`/o/customer/${mine.id}`)
  await hers.getByText('敏感客户').first().waitFor()
  expect(await hers.getByRole('button', { name: /移除.*敏感客户|敏感客户.*移除/ }).count()).toBe(0)
  const { items } = await administrator!.ask<{ items: { record: string | null }[] }>('GET', '/api/v1/audit?about=rights&limit=20')
  expect(items.map(({ record }) => record)).toContain(mine.id)
})

