import { readFileSync } from 'node:fs'
import { beforeAll, expect, test } from 'vitest'
import { demoHouse, living, type Person } from './house.ts'
import { ownedLead, submit } from './leads.ts'

/** What there is to record and what happens by itself, changed on screen by an administrator and in force for everybody at once. */
const house = living(demoHouse)
let administrator: Person
let seller: Person
beforeAll(async () => {
  administrator = await house().member('周敏')
  seller = await house().member('李娜')
})

test('管理员给线索加一个字段，同事开着的列表和填到一半的表单马上就有它，填过的不丢', async () => {
  await seller.page.getByRole('navigation').getByRole('link', { name: '线索' }).click()
  await seller.page.getByRole('heading', { name: '线索', level: 1 }).waitFor()
  await seller.page.getByRole('button', { name: '新建线索' }).click()
  const half = seller.page.getByRole('dialog', { name: '新建线索' })
  await half.getByLabel('姓名').fill('填到一半')
  const { page } = administrator
  await page.getByRole('navigation').getByRole('link', { name: '对象与字段' }).click()
  await page.getByRole('region', { name: '对象' }).getByRole('link', { name: /^线索/ }).click()
  await page.getByRole('button', { name: '添加字段' }).click()
  const sheet = page.getByRole('dialog', { name: '添加字段' })
  await sheet.getByRole('textbox', { name: '名称', exact: true }).fill('产线数量')
  await sheet.getByRole('button', { name: '类型' }).click()
  await page.getByRole('option', { name: /^整数/ }).click()
  await sheet.getByRole('button', { name: '保存字段' }).click()
  await sheet.waitFor({ state: 'detached' })
  await page.getByText('产线数量').first().waitFor()

  const list = seller.page
  await half.getByLabel('产线数量').waitFor({ timeout: 4_000 })
  expect(await half.getByLabel('姓名').inputValue()).toBe('填到一半')
  await half.getByRole('button', { name: '取消' }).click()
  await list.getByRole('button', { name: '显示的列' }).click()
  await list.getByRole('option', { name: '产线数量' }).click()
  await list.keyboard.press('Escape')
  await list.getByRole('columnheader', { name: '产线数量' }).waitFor()
  await list.getByRole('main').getByRole('button', { expanded: false }).filter({ hasText: '负责人' }).first().click()
  const filter = list.getByRole('dialog', { name: '筛选' })
  await filter.getByRole('button', { name: /^字段/ }).first().click()
  await list.getByRole('option', { name: '产线数量' }).waitFor()
  await list.keyboard.press('Escape')
  await list.keyboard.press('Escape')
  await list.getByRole('button', { name: '新建线索' }).click()
  const form = list.getByRole('dialog', { name: '新建线索' })
  await form.getByLabel('姓名').fill('沈知行')
  await form.getByLabel('手机').fill('13900020001')
  await form.getByLabel('产线数量').fill('12')
  await form.getByRole('button', { name: '保存' }).click()
  await list.getByRole('heading', { name: '沈知行' }).waitFor()
  expect(await list.getByRole('main').innerText()).toMatch(/产线数量\s+12/)
})

test('管理员新建一个对象，马上就能录入', async () => {
  const { page } = administrator
  await page.getByRole('navigation').getByRole('link', { name: '对象与字段' }).click()
  await page.getByRole('button', { name: '新建对象' }).click()
  const sheet = page.getByRole('dialog', { name: '新建对象' })
  await sheet.getByRole('textbox', { name: '名称', exact: true }).fill('设备台账')
  await sheet.getByRole('button', { name: '创建' }).click()
  await page.getByRole('heading', { name: '设备台账' }).waitFor()
  await page.getByRole('link', { name: '打开列表' }).click()
  await page.getByRole('button', { name: '新建设备台账' }).first().click()
  const form = page.getByRole('dialog', { name: '新建设备台账' })
  await form.getByRole('textbox', { name: '名称', exact: true }).fill('二号压铸机')
  await form.getByRole('button', { name: '保存' }).click()
  await page.getByRole('heading', { name: '二号压铸机' }).waitFor()
})

test('把规则里的预算门槛从 50 万改成 30 万，下一张表单就按新的来', async () => {
  const tagsOf = async (id: string): Promise<string[]> => {
    await ownedLead(administrator, id)
    return (await administrator.ask<{ record: { tags: string[] } }>('GET', `/api/v1/objects/lead/records/${id}`)).record.tags
  }
  const answers = { company: '临港动力总成', industry: 'auto', budget: '35万', region: '上海' }
  expect(await tagsOf(await submit(administrator, { ...answers, name: '先来的', phone: '13900020002' }))).not.toContain('高意向-价格敏感')

  const { page } = administrator
  await page.getByRole('navigation').getByRole('link', { name: '自动化' }).click()
  await page.getByRole('link', { name: /高意向-价格敏感/ }).first().click()
  await page.getByRole('button', { name: /预算下限.*50 万/ }).click()
  const editor = page.getByRole('dialog', { name: '修改条件' })
  await editor.getByRole('textbox', { name: '预算下限' }).fill('30万')
  await editor.getByRole('button', { name: '完成' }).click()
  await page.getByRole('button', { name: /预算下限.*30 万/ }).waitFor()
  await page.getByRole('button', { name: /^上线第 \d+ 版$/ }).click()
  await page.getByText(/第 2 版/).first().waitFor()

  expect(await tagsOf(await submit(administrator, { ...answers, name: '后来的', phone: '13900020003' }))).toContain('高意向-价格敏感')
})

test('管理员导出配置，在文件里加了一个标签、改了一条规则，导入前逐项看清，导入后整次撤销', async () => {
  const { page } = administrator
  await page.getByRole('navigation').getByRole('link', { name: '配置导出与导入' }).click()
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: '导出', exact: true }).click()])
  const file = JSON.parse(readFileSync(await download.path(), 'utf8')) as { definitions: Record<'rule' | 'tag', { key: string; priority?: number; label: { zh: string; en: string } }[]> }
  file.definitions.tag.push({ key: '重点跟进', label: { zh: '重点跟进', en: 'Key' } })
  file.definitions.rule.find(({ key }) => key === 'r3_escalate')!.priority = 77
  await page.getByLabel('选择文件').setInputFiles({ name: '试点配置.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(file)) })
  const planned = page.getByRole('region', { name: '要导入的' })
  await planned.getByText('重点跟进').waitFor()
  await planned.getByRole('button', { name: '1 处不同' }).click()
  expect(await planned.innerText()).toMatch(/先后\s+现在\s+10\s+导入后\s+77/)
  await page.getByRole('button', { name: '导入 2 项' }).click()
  const past = page.getByRole('region', { name: '以往的导入' })
  await past.getByRole('listitem', { name: '试点配置.json' }).getByText('改动 2 项').waitFor()
  await past.getByRole('button', { name: '撤销这次导入' }).click()
  await page.getByRole('dialog').getByRole('button', { name: '撤销这次导入' }).click()
  await past.getByText('周敏 已撤销').waitFor()
})
