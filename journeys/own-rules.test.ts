import { expect, test } from 'vitest'
import type { Locator, Page } from 'playwright-core'
import { demoHouse, living, type Person } from './house.ts'
import { ownedLead, submit } from './leads.ts'

const house = living(demoHouse)
const LOOK = process.env['LOOK']
const look = (person: Person, name: string) => (LOOK ? person.page.screenshot({ path: `${LOOK}/${name}.png`, fullPage: true }) : undefined)

/** What is ready-made stays off: the supervisor begins with nothing. */
async function withoutRules(admin: Person): Promise<void> {
  const { definitions } = await admin.ask<{ definitions: { key: string; body: object; state: string }[] }>('GET', '/api/v1/definitions/rule')
  for (const { key, body } of definitions.filter(({ state }) => state === 'active')) await admin.ask('PUT', `/api/v1/definitions/rule/${key}`, { body, state: 'paused' })
}

/** Every press on this page, counted from now on. */
const countPresses = (page: Page) => page.evaluate(() => { const count = { presses: 0 }; (window as unknown as { count: typeof count }).count = count; document.addEventListener('click', ({ detail }) => { if (detail > 0) count.presses++ }, true) })
const presses = (page: Page) => page.evaluate(() => (window as unknown as { count: { presses: number } }).count.presses)

const starting = (name: string) => new RegExp(`^${name}`)
/** Takes an option of the control in `place` whose name begins so, the last of several. */
async function pick(place: Locator, control: string, option: string): Promise<void> {
  await place.getByRole('button', { name: starting(control) }).last().click()
  await place.page().getByRole('option', { name: new RegExp(`^${option}(\\s|$)`) }).first().click()
}
async function step(page: Page, kind: string, edit?: (dialog: Locator) => Promise<void>): Promise<void> {
  await page.getByRole('button', { name: '加一个动作' }).last().click()
  await page.getByRole('menuitem', { name: kind, exact: true }).click()
  if (!edit) return
  await page.getByTitle(/^修改(动作|这一步)$/).last().click()
  const dialog = page.getByRole('dialog', { name: /^修改(动作|这一步)$/ })
  await edit(dialog)
  await dialog.getByRole('button', { name: '完成' }).click()
}
async function field(dialog: Locator, name: string, kind: string): Promise<void> {
  await dialog.getByRole('button', { name: '加一个字段' }).or(dialog.getByRole('button', { name: '字段', exact: true })).last().click()
  const control = dialog.getByRole('button', { name: starting('字段 ') }).last()
  if (!(await control.innerText()).includes(name)) await pick(dialog, '字段 ', name)
  await pick(dialog, '值的来源', kind)
}

test('王海燕从零搭起「表单提交→打标→分配→任务→72 小时升级」：先用过去的数据试，再启用，看着它做，为自己暂停，读完整经过', async () => {
  const admin = await house().member('周敏')
  await withoutRules(admin)
  const boss = await house().member('王海燕')
  const { page } = boss
  await page.getByRole('navigation').getByRole('link', { name: '自动化' }).click()
  await countPresses(page)
  const begun = Date.now()
  await page.getByRole('link', { name: '新建规则' }).click()
  await page.getByRole('textbox', { name: '规则名称' }).fill('官网留资跟进')
  await page.getByTitle('修改触发').click()
  const trigger = page.getByRole('dialog', { name: '修改触发' })
  await pick(trigger, '只限表单', '官网定价页')
  await trigger.getByRole('button', { name: '完成' }).click()
  await step(page, '打标签', async (dialog) => { await pick(dialog, '打上', '高意向'); await page.keyboard.press('Escape') })
  await step(page, '按能力分配')
  await step(page, '新建记录', async (dialog) => {
    // What a task cannot be without stands there already: its title, and three days.
    const title = dialog.getByRole('textbox', { name: '标题' })
    expect(await title.inputValue()).toBe('〔姓名〕')
    await title.fill('跟进 ')
    await dialog.getByRole('button', { name: starting('标题 插入字段') }).click()
    await page.getByRole('option', { name: /^姓名(\s|$)/ }).first().click()
    expect(await title.inputValue()).toBe('跟进 〔姓名〕')
    await dialog.getByRole('textbox', { name: '时长' }).or(dialog.getByText('往后')).first().waitFor()
    await field(dialog, '负责人', '负责人')
  })
  await step(page, '等一段时间', async (dialog) => { await dialog.getByRole('textbox', { name: '等多久' }).fill('72'); await pick(dialog, '单位', '小时') })
  await step(page, '通知', async (dialog) => {
    await dialog.getByRole('button', { name: starting('通知谁') }).click()
    for (const who of ['直属主管', '负责人']) await page.getByRole('option', { name: new RegExp(`^${who}(\\s|$)`) }).first().click()
    await page.keyboard.press('Escape')
    await dialog.getByRole('textbox', { name: '标题' }).fill('72 小时没有跟进：{{name}}')
    await dialog.getByRole('button', { name: '加一个前提' }).click()
    await dialog.getByRole('button', { name: '条件', exact: true }).click()
    await pick(dialog, '字段', '最后跟进时间')
    await pick(dialog, '比较方式', '为空')
  })
  await look(boss, 'own-rule-1440')
  await page.getByRole('button', { name: '用过去 30 天试一试' }).click()
  await page.getByText(/^有 [\d,]+ 条记录会不一样/).waitFor({ timeout: 60_000 })
  await page.getByRole('button', { name: '启用', exact: true }).click()
  await page.getByText('已保存并立即生效').or(page.getByText(/已保存/)).first().waitFor()
  const [seconds, clicks] = [Math.round((Date.now() - begun) / 1000), await presses(page)]
  console.log(`从零搭好、回放、启用：${clicks} 次点击，${seconds} 秒`)

  const lead = await submit(admin, { name: '许承志', company: '浦江精工', phone: '13900020001', industry: 'auto', need: 'mes', budget: '120万', region: '上海' })
  const { owner, supervisor } = await ownedLead(admin, lead)
  expect(supervisor).toBe('王海燕')
  const record = (await boss.ask<{ record: { tags: string[] } }>('GET', `/api/v1/objects/lead/records/${lead}`)).record
  expect(record.tags).toContain('高意向')
  const seller = await house().member(owner)
  await seller.page.goto(new URL('/o/task', seller.page.url()).href)
  await seller.page.getByText('跟进 许承志').first().waitFor()
  await house().pass('73h')
  await page.getByRole('button', { name: /^通知，/ }).click()
  await page.getByRole('dialog', { name: '通知' }).getByText('72 小时没有跟进：许承志').first().waitFor()

  await page.goto(new URL('/my-automation', page.url()).href)
  await page.getByRole('listitem').filter({ hasText: '官网留资跟进' }).getByRole('switch').click()
  await page.getByText('「官网留资跟进」不再处理你名下的记录').waitFor()

  await page.getByRole('navigation').getByRole('link', { name: '自动化' }).click()
  await page.getByRole('link', { name: /官网留资跟进/ }).click()
  await page.getByRole('listitem').filter({ hasText: '许承志' }).getByRole('link', { name: '全程' }).last().click()
  await page.getByRole('heading', { name: '之后' }).waitFor()
  const trace = await page.getByRole('main').innerText()
  for (const word of ['官网留资跟进', '打标签', '按能力分配', '新建记录']) expect(trace).toContain(word)
  await look(boss, 'own-rule-trace-1440')
})
