import { expect, test } from 'vitest'
import { unpile } from './hands.ts'
import { demoHouse, living, onPhone, type Person } from './house.ts'

/** The walk through the demonstration: it goes on by itself once something was done, also from another chair. */
const house = living(demoHouse)
let visitor: Person

const coach = () => visitor.page.getByRole('complementary', { name: '导览' })

test('总监打开演示就看到导览；填一份定价表单，导览自己走到下一步，说出它分给了谁', async () => {
  visitor = await house().member('陈志远')
  await visitor.page.getByRole('button', { name: /演示数据 · 导览 1\/8/ }).click()
  await coach().getByText('第 1 步，共 8 步').waitFor()
  await coach().getByText('等你做完，这里会自己往下走').waitFor()
  const form = await visitor.tab()
  await form.goto('/f/pricing')
  await form.getByLabel('姓名').fill('导览访客')
  await form.getByLabel('手机').fill('139 1000 2000')
  await form.getByLabel('公司名').fill('苏州演示汽车零部件')
  await form.getByLabel('行业').selectOption({ label: '汽车零部件' })
  await form.getByLabel('需求类型').selectOption({ label: 'MES系统' })
  await form.getByLabel('预算').fill('120万')
  await form.getByLabel('所在地区').fill('江苏苏州')
  await form.getByLabel('我同意').check()
  await form.getByRole('button', { name: '提交' }).click()
  await form.getByRole('heading', { name: '已收到，谢谢' }).waitFor()
  await coach().getByText('第 2 步，共 8 步').waitFor()
  await coach().getByText(/「导览访客.*分给/).waitFor()
})

test('换成负责人：导览跟着走，打开「为什么」就算看过；收起后从原处继续', async () => {
  await coach().getByRole('button', { name: /^换成/ }).click()
  await coach().getByText('第 3 步，共 8 步').waitFor()
  await visitor.page.getByRole('region', { name: '今日待联系线索' }).getByText('导览访客').waitFor()
  await visitor.page.keyboard.press('Tab')
  await coach().getByRole('button', { name: '先收起' }).click()
  await visitor.page.getByRole('button', { name: /演示数据 · 导览 3\/8/ }).click()
  await coach().getByRole('button', { name: '打开这条线索' }).click()
  // The first is about the owner; the timeline below has its own.
  await visitor.page.getByRole('button', { name: '为什么', exact: true }).first().click()
  await coach().getByText('第 4 步，共 8 步').waitFor()
})

test('拨快 73 小时，主管的通知里就有这条线索', async () => {
  await visitor.page.keyboard.press('Escape')
  await coach().getByRole('button', { name: '拨快 73 小时' }).click()
  await coach().getByText('第 5 步，共 8 步').waitFor()
  await coach().getByRole('button', { name: /^换成/ }).click()
  const { page } = visitor
  await unpile(page, page.getByText(/72 小时未跟进：导览访客/).first())
  await coach().getByRole('button', { name: '看到了' }).click()
  await coach().getByText('第 6 步，共 8 步').waitFor()
})

test('总监在审计最上面看到三个人在推预计采购时间，各推了三次', async () => {
  await coach().getByRole('button', { name: /^换成/ }).click()
  const most = visitor.page.getByRole('region', { name: '14 天内把「预计采购时间」改了又改' })
  await most.getByRole('listitem').first().waitFor()
  const said = await most.getByRole('listitem').allInnerTexts()
  expect([said.length, said.every((each) => each.includes('3 次'))]).toEqual([3, true])
  await coach().getByRole('button', { name: '看到了' }).click()
})

test('手机上也标着演示数据，导览可以打开', async () => {
  const { page } = await house().member('李娜', onPhone)
  await page.getByRole('button', { name: /演示数据 · 导览/ }).tap()
  const panel = page.getByRole('complementary', { name: '导览' })
  await panel.getByText('先换成销售总监').waitFor()
  await panel.getByRole('button', { name: '先收起' }).tap()
  await panel.waitFor({ state: 'detached' })
  expect(await page.getByRole('button', { name: /演示数据 · 导览/ }).count()).toBe(1)
})
