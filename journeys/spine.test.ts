import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { chooseAll } from './hands.ts'
import { emptyHouse, living, onPhone, type Person } from './house.ts'

/** One lead, end to end, in a house that began empty. Each test goes on where the one before left off. */
const house = living(emptyHouse)
let administrator: Person
let owner: Person

const PASSWORD = '青山不改绿水长流后会有期'

test('空的数据目录：打开终端里的一次性链接，填公司、管理员、方案，就能开始', async () => {
  administrator = await house().visitor()
  const { page } = administrator
  await page.goto(/http\S+setup\S+/.exec(house().terminal)![0])
  await page.getByLabel('公司名称').fill('远山制造')
  await page.getByLabel('姓名').fill('周敏')
  await page.getByLabel('邮箱').fill('zhou@example.com')
  await page.getByLabel('密码', { exact: true }).fill(PASSWORD)
  await page.getByRole('radio', { name: '标准 CRM' }).check()
  await page.getByRole('button', { name: '完成设置' }).click()
  await page.getByRole('navigation').getByText('远山制造').waitFor()
  expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('今日作战台')
})

test('前三组规则还没有跑过，管理员再开一组：页面说出是哪几组、为什么先看看；撤销就不再提醒', async () => {
  const { page } = administrator
  await page.getByRole('navigation').getByRole('link', { name: '自动化' }).click()
  await page.getByRole('searchbox', { name: '找规则：名称，或它做什么' }).fill('25 分钟')
  await page.getByRole('switch', { name: /^启用「R8 新线索 25 分钟未跟进/ }).press('Space')
  await page.getByText(/^已启用「R8/).waitFor()
  await page.getByRole('searchbox').fill('')
  await page.getByText('「R1 组」「R2 组」「R3 组」还没有跑过：一次开太多，同事会被提醒淹没；先看它们跑得怎么样，再开新的').waitFor()
  await page.getByRole('button', { name: '撤销' }).click()
  await page.getByText(/还没有跑过：/).waitFor({ state: 'detached' })
})

test('管理员邀请两位销售，填行业、区域和承接上限；销售用邀请链接设密码，进入自己的作战台', async () => {
  const first = await invite({ name: '李雷', email: 'lilei@example.com', skill: '汽车', region: '上海' })
  await invite({ name: '韩梅', email: 'hanmei@example.com', skill: '医疗健康', region: '北京' })
  owner = await house().visitor()
  const { page } = owner
  await page.goto(first)
  await page.getByRole('heading', { name: '欢迎你，李雷' }).waitFor()
  await page.getByLabel('新密码', { exact: true }).fill(PASSWORD)
  await page.getByRole('button', { name: '开始使用' }).click()
  await page.getByRole('heading', { name: '今日作战台' }).waitFor()
  await page.getByText('今天没有待联系的线索').waitFor()
  expect(await page.getByRole('region').getByRole('heading', { level: 2 }).allInnerTexts()).toEqual(['今日待联系线索', '客户最新行为', '昨日未闭环事项'])
})

async function invite({ name, email, skill, region }: { name: string; email: string; skill: string; region: string }): Promise<string> {
  const { page } = administrator
  await page.getByRole('navigation').getByRole('link', { name: '成员' }).click()
  await page.getByRole('button', { name: '邀请成员' }).click()
  const sheet = page.getByRole('dialog', { name: '邀请成员' })
  await sheet.getByLabel('姓名').fill(name)
  await sheet.getByLabel('邮箱').fill(email)
  await chooseAll(sheet, '角色', ['销售'])
  await chooseAll(sheet, '擅长行业', [skill])
  await chooseAll(sheet, '覆盖区域', [region])
  await sheet.getByRole('button', { name: '生成邀请链接' }).click()
  const link = page.getByRole('dialog', { name: `${name}的邀请链接` })
  const address = await link.locator('code').innerText()
  await link.getByRole('button', { name: '完成' }).click()
  return address
}

test('访客在手机上看定价页、下载资料、填预算 50-100万 并提交，看到「已收到」', async () => {
  const { page } = await house().visitor(onPhone)
  await page.goto('/f/pricing?utm_source=baidu')
  const downloaded = page.waitForEvent('download')
  await page.getByRole('link', { name: 'MES 实施白皮书' }).click()
  await downloaded
  await page.getByRole('button', { name: '提交' }).click()
  await page.getByRole('alert').getByText('请填写「手机」').waitFor()
  await page.getByLabel('姓名').fill('王建国')
  await page.getByLabel('手机').fill('138 0013 8000')
  await page.getByLabel('公司名').fill('申江汽车零部件')
  await page.getByLabel('行业').selectOption('汽车')
  await page.getByLabel('预算').fill('50-100万')
  await page.getByLabel('所在地区').fill('上海')
  await page.getByLabel('我同意').check()
  await page.getByRole('button', { name: '提交' }).click()
  await page.getByRole('heading', { name: '已收到，谢谢' }).waitFor()
})

test('负责人的作战台不刷新就出现这条线索，带分级、原因和标签；铃铛里也有', async () => {
  const { page } = owner
  const row = page.getByRole('region', { name: '今日待联系线索' }).getByRole('listitem').filter({ hasText: '王建国' })
  await row.waitFor()
  const text = await row.innerText()
  expect(text).toContain('申江汽车零部件')
  expect(text).toContain('高意向-价格敏感')
  expect(text).toMatch(/[红黄绿]标/)
  await page.getByRole('region', { name: '客户最新行为' }).getByText('下载').first().waitFor()
  await page.getByRole('button', { name: /^通知，[1-9]\d* 条未读$/ }).click()
  await page.getByRole('dialog', { name: '通知' }).getByText('王建国').first().waitFor()
  await page.keyboard.press('Escape')
})

test('添加跟进只有三个必填项；保存后这一行离开作战台', async () => {
  const { page } = owner
  const row = page.getByRole('region', { name: '今日待联系线索' }).getByRole('listitem').filter({ hasText: '王建国' })
  await row.getByRole('button', { name: '跟进' }).click()
  const sheet = page.getByRole('dialog', { name: '添加跟进' })
  await sheet.getByRole('button', { name: '保存' }).click()
  expect(await sheet.getByRole('alert').count(), 'the resource is preselected').toBe(2)
  expect(await sheet.getByRole('radio', { name: '无需', exact: true }).isChecked()).toBe(true)
  expect(await sheet.getByText('*', { exact: true }).count()).toBe(3)
  await sheet.getByText('接通-有意向').click()
  await sheet.getByText('明天上午').click()
  await sheet.getByRole('button', { name: '保存' }).click()
  await page.getByText('已记录对王建国的跟进').waitFor()
  await row.waitFor({ state: 'detached' })
})

test('管理员打开这条线索：发生了什么、为什么是李雷而不是韩梅、谁在什么时候从哪个地址改了什么', async () => {
  const { page } = administrator
  await page.getByRole('navigation').getByRole('link', { name: '线索' }).click()
  await page.getByRole('tab', { name: '全部', exact: true }).click()
  await page.getByRole('link', { name: '王建国' }).click()
  await page.getByRole('heading', { name: '王建国' }).waitFor()
  const timeline = page.getByRole('region', { name: '动态' })
  for (const story of ['跟进记录', '客户行为', '下载']) await timeline.getByText(story).first().waitFor()

  await page.getByRole('button', { name: '为什么' }).first().click()
  const why = page.getByRole('dialog', { name: '为什么会这样' })
  await why.getByText('李雷').first().waitFor()
  const reasons = await why.innerText()
  for (const word of ['韩梅', '高意向-价格敏感', '行业', '区域', '负载']) expect(reasons).toContain(word)
  await page.keyboard.press('Escape')

  await page.getByRole('button', { name: '更多操作' }).click()
  await page.getByRole('menuitem', { name: '变更记录' }).click()
  const history = page.getByRole('dialog', { name: '变更记录' })
  await history.getByText('127.0.0.1').first().waitFor()
  const told = await history.innerText()
  for (const word of ['表单「官网定价页」', '李雷', '状态', '从', '改为', '规则']) expect(told).toContain(word)
})

test('最新的备份超过 26 小时，备份页亮红说该查什么；有了新的一份，就回到正常；刚开始用、还没轮到备份的公司不报警', async () => {
  const { page } = administrator
  const { key } = (await administrator.ask<{ tenant: { key: string } }>('GET', '/api/v1/definitions')).tenant
  const made = (hoursAgo: number) => {
    const at = new Date(Date.now() - hoursAgo * 3_600_000).toISOString()
    const folder = path.join(house().folder, 'backups', `${key}-${at.replaceAll(/[:.]/g, '-')}`)
    fs.mkdirSync(folder, { recursive: true })
    fs.writeFileSync(path.join(folder, 'archive.json'), JSON.stringify({ format: 1, at, tables: [{ rows: 1_234 }] }))
  }
  const now = page.getByRole('region', { name: '现在' })
  await page.goto('/backups')
  await now.getByText('还没有备份').first().waitFor()
  expect(await page.getByRole('alert').count()).toBe(0)
  made(27)
  await page.reload()
  await now.getByText('太旧了').waitFor()
  expect(await now.getByRole('alert').innerText()).toBe('超过 26 小时没有可用的备份。请检查磁盘空间和服务器日志，再点「立即备份」。')
  await page.getByText('1,234 行').waitFor()
  made(1)
  await page.reload()
  await now.getByText('正常', { exact: true }).waitFor()
  expect(await page.getByRole('alert').count()).toBe(0)
})
