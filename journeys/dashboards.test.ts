import { expect, test } from 'vitest'
import { demoHouse, living, onPhone, type Person } from './house.ts'
import { choose } from './hands.ts'

/** The second tab of the home page: numbers that one has put together, each with its records behind it. */
const house = living(demoHouse)
const LOOK = process.env['LOOK']
const look = (person: Person, name: string) => (LOOK ? person.page.screenshot({ path: `${LOOK}/${name}.png`, fullPage: true }) : undefined)
const go = (person: Person, where: string) => person.page.goto(new URL(where, person.page.url()).href)
const boards = async (person: Person) => { await go(person, '/'); await person.page.getByRole('button', { name: '看板', exact: true }).click() }
const tile = ({ page }: Person, name: string) => page.getByRole('article', { name, exact: true })
const figure = async (person: Person, name: string): Promise<number> => Number((await tile(person, name).locator('.num').first().innerText()).replaceAll(',', ''))
/** 「4 条」 under the name of a list. */
const listed = async ({ page }: Person): Promise<number> => {
  const told = page.getByText(/^[\d,]+ 条$/).first()
  await told.waitFor()
  return Number((await told.innerText()).replace(/\D/g, ''))
}
const counted = async (person: Person, object: string, filter: object) => (await person.ask<{ exact: number }>('GET', `/api/v1/objects/${object}/count?filter=${encodeURIComponent(JSON.stringify(filter))}`)).exact
const RED = { field: 'grade', op: 'eq', value: 'red' }

test('主管给自己的看板加一块「红标线索」，点数字就是那些线索，条数一样；别人的看板不变，能恢复默认', async () => {
  const boss = await house().member('王海燕')
  const { page } = boss
  await boards(boss)
  await page.getByRole('button', { name: '编辑', exact: true }).click()
  await page.getByRole('button', { name: '添加图块' }).click()
  const gallery = page.getByRole('dialog', { name: '添加图块' })
  await gallery.getByRole('button', { name: /^关于什么 / }).click()
  await page.getByRole('option', { name: /^线索(\s|$)/ }).first().click()
  await gallery.getByRole('button', { name: /从空白开始/ }).click()
  const form = page.getByRole('dialog', { name: '图块' })
  await form.getByLabel('标题').fill('红标线索')
  await form.getByRole('button', { name: '条件', exact: true }).click()
  await choose(form, '字段 姓名', '分级')
  await form.getByRole('button', { name: /^分级 / }).click()
  await page.getByRole('option', { name: '红标' }).click()
  await page.keyboard.press('Escape')
  await look(boss, 'dashboard-form')
  await form.getByRole('button', { name: '完成' }).click()
  await page.getByRole('button', { name: '保存', exact: true }).click()
  await page.getByText('已存成你自己的「团队业绩」').waitFor()
  const red = await counted(boss, 'lead', RED)
  expect(red).toBeGreaterThan(0)
  await expect.poll(() => figure(boss, '红标线索')).toBe(red)
  await look(boss, 'dashboard-own')
  await tile(boss, '红标线索').locator('.num').first().click()
  await page.waitForURL(/\/o\/lead\?/)
  await expect.poll(() => listed(boss)).toBe(red)
  const other = await house().member('刘建军')
  await boards(other)
  await tile(other, '本月新线索').waitFor()
  expect(await tile(other, '红标线索').count()).toBe(0)
  await boards(boss)
  await page.getByRole('button', { name: '看板操作' }).click()
  await page.getByRole('menuitem', { name: '恢复默认' }).click()
  await page.getByText('已恢复成默认的').waitFor()
  await tile(boss, '红标线索').waitFor({ state: 'detached' })
  await page.getByRole('button', { name: '撤销', exact: true }).click()
  await tile(boss, '红标线索').waitFor()
})

test('销售的看板只算自己的；数字随新线索自己变，不用刷新', async () => {
  const [seller, boss] = [await house().member('李娜'), await house().member('王海燕')]
  await boards(seller)
  await boards(boss)
  const mine = { all: [{ field: 'status', op: 'in', value: ['unassigned', 'waiting', 'called', 'confirmed', 'demo_booked'] }] }
  const [own, all] = [await counted(seller, 'lead', mine), await counted(boss, 'lead', mine)]
  expect(own).toBeLessThan(all)
  const bars = tile(seller, '在手线索').getByRole('listitem')
  const shown = async () => (await bars.allInnerTexts()).reduce((sum, text) => sum + Number(/([\d,]+)\s*$/.exec(text.trim())![1]!.replaceAll(',', '')), 0)
  await expect.poll(shown).toBe(own)
  const before = await figure(boss, '本月新线索')
  await seller.ask('POST', '/api/v1/objects/lead/records', { values: { name: '刚来的客户', channel: 'website' } })
  await expect.poll(() => figure(boss, '本月新线索')).toBe(before + 1)
  await expect.poll(shown).toBe(own + 1)
})

test('只用键盘：挪动图块、改大小、撤销；在折线上走一步，回车看到那一周的线索', async () => {
  const boss = await house().member('刘建军')
  const { page } = boss
  await boards(boss)
  await page.getByRole('button', { name: '编辑', exact: true }).click()
  const names = () => page.getByRole('region', { name: '团队业绩' }).getByRole('article').evaluateAll((all) => all.map((each) => each.getAttribute('aria-label')))
  const wide = () => tile(boss, '本月新线索').evaluate((each) => (each as HTMLElement).style.getPropertyValue('--w'))
  const handle = page.getByRole('button', { name: /^移动「本月新线索」/ })
  await handle.waitFor()
  const at = (await names()).indexOf('本月新线索')
  await handle.focus()
  for (const [key, place] of [['ArrowLeft', at - 1], ['ArrowRight', at], ['ArrowLeft', at - 1]] as const) {
    await page.keyboard.press(key)
    await expect.poll(async () => (await names()).indexOf('本月新线索')).toBe(place)
  }
  await page.keyboard.press('Shift+ArrowRight')
  await expect.poll(wide).toBe('4')
  await look(boss, 'dashboard-edit')
  for (let step = 0; step < 4; step++) await page.keyboard.press('Control+z')
  await expect.poll(async () => [(await names()).indexOf('本月新线索'), await wide()]).toEqual([at, '3'])
  await page.getByRole('button', { name: '不保存' }).click()
  const weeks = tile(boss, '近 12 周新线索（按来源）').getByRole('list', { name: '近 12 周新线索（按来源）' })
  await weeks.getByRole('link').last().focus()
  await page.keyboard.press('ArrowLeft')
  const told = (await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))) ?? ''
  const sum = [...told.replace(/^.*? 至 \S+/, '').replaceAll('400电话', '电话').matchAll(/ (\d[\d,]*)/g)].reduce((all, [, n]) => all + Number(n!.replaceAll(',', '')), 0)
  await look(boss, 'dashboard-keys')
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/o\/lead\?/)
  await expect.poll(() => listed(boss)).toBe(sum)
})

test('手机上也看得清：一行两个数字，图能点开看是哪些记录；财务看到的是回款', async () => {
  const phone = await house().member('蔡文', onPhone)
  await boards(phone)
  await tile(phone, '本月回款').waitFor()
  const beside = async () => {
    const [one, two] = [(await tile(phone, '本月回款').boundingBox())!, (await tile(phone, '本月应收').boundingBox())!]
    return [Math.round(one.y) === Math.round(two.y), one.width < 200]
  }
  await expect.poll(beside).toEqual([true, true])
  expect(await phone.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)
  const overdue = { field: 'overdue_days', op: 'gt', value: 0 }
  await look(phone, 'dashboard-390')
  await tile(phone, '逾期未收').locator('.num').first().click()
  await phone.page.waitForURL(/\/o\/payment_plan\?/)
  const late = await counted(phone, 'payment_plan', overdue)
  await expect.poll(() => listed(phone)).toBe(late)
})

test('管理员改大家都看的看板，总经理打开着的页面跟着变；恢复默认又是原来的样子', async () => {
  const [admin, chief] = [await house().member('周敏'), await house().member('何立群')]
  await go(chief, '/?board=company')
  await tile(chief, '逾期未收').waitFor()
  await go(admin, '/?board=company')
  const { page } = admin
  await page.getByRole('button', { name: '编辑', exact: true }).click()
  await page.getByRole('button', { name: '「逾期未收」的操作' }).click()
  await page.getByRole('menuitem', { name: '移除' }).click()
  await page.getByRole('button', { name: '保存', exact: true }).click()
  await page.getByRole('dialog', { name: '保存给谁看' }).getByRole('button', { name: /原来能看到的所有人/ }).click()
  await tile(chief, '逾期未收').waitFor({ state: 'detached' })
  await page.getByRole('button', { name: '看板操作' }).click()
  await page.getByRole('menuitem', { name: '恢复默认' }).click()
  await tile(chief, '逾期未收').waitFor()
})
