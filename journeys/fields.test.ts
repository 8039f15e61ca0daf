import type { Locator, Page } from 'playwright-core'
import { beforeAll, expect, test } from 'vitest'
import { choose, chooseAll } from './hands.ts'
import { demoHouse, living, onPhone, type Person } from './house.ts'

/** Every kind of field: entered, read on the record, in a list and on the phone, filtered by, sorted by, exported. */
const house = living(demoHouse)
let administrator: Person
let row: { id: string; version: string }

interface Kind {
  kind: string
  /** What the definition says beyond kind and name. */
  with?: object
  /** Entered as a person does. */
  enter?(form: Locator, name: string): Promise<unknown>
  /** As the record reads it; the list says it shorter where `list` is given. */
  shown: string
  list?: string
  exported?: string
  filter: object
  /** As the filter bar reads it. */
  says: string
}
const type = (text: string) => (form: Locator, name: string): Promise<unknown> => form.getByLabel(name, { exact: true }).fill(text)
const pick = (option: string) => (form: Locator, name: string): Promise<unknown> => choose(form, name, option)
const several = (...options: string[]) => (form: Locator, name: string): Promise<unknown> => chooseAll(form, name, options)

const KINDS: Record<string, Kind> = {
  单行文字: { kind: 'text', enter: type('压铸二车间'), shown: '压铸二车间', filter: { op: 'contains', value: '二车间' }, says: '单行文字 包含 二车间' },
  多行文字: { kind: 'long', enter: type('先看样品\n再谈价格'), shown: '先看样品', exported: '先看样品', filter: { op: 'contains', value: '再谈' }, says: '多行文字 包含 再谈' },
  整数: { kind: 'integer', with: { sortable: true }, enter: type('1200'), shown: '1,200', exported: '1200', filter: { op: 'gt', value: 1199 }, says: '整数 > 1,199' },
  小数: { kind: 'decimal', with: { sortable: true }, enter: type('3.25'), shown: '3.25', filter: { op: 'between', value: ['3', '4'] }, says: '小数 介于 3 和 4 之间' },
  金额: { kind: 'money', with: { sortable: true }, enter: type('12.8万'), shown: '¥128,000', list: '12.8 万', exported: '128000', filter: { op: 'ge', value: '128000' }, says: '金额 ≥ 12.8 万' },
  百分比: { kind: 'percent', enter: type('15'), shown: '15%', exported: '15', filter: { op: 'lt', value: '20' }, says: '百分比 < 20%' },
  是否: { kind: 'boolean', enter: (form, name) => form.getByRole('radiogroup', { name }).getByText('是', { exact: true }).click(), shown: '是', filter: { op: 'eq', value: true }, says: '是否 等于 是' },
  日期: { kind: 'date', with: { sortable: true }, shown: '2026-12-01', filter: { op: 'eq', value: '2026-12-01' }, says: '日期 等于 2026-12-01' },
  时刻: { kind: 'datetime', with: { sortable: true }, shown: '12-01 10:30', exported: '2026-12-01 10:30', filter: { op: 'notEmpty' }, says: '时刻 不为空' },
  单选: { kind: 'select', with: { dictionary: 'priority' }, enter: pick('高'), shown: '高', filter: { op: 'eq', value: 'high' }, says: '单选 等于 高' },
  级联: { kind: 'select', with: { dictionary: 'industry' }, enter: pick('汽车零部件'), shown: '汽车 / 汽车零部件', list: '汽车零部件', exported: '汽车零部件', filter: { op: 'under', value: 'auto' }, says: '级联 属于 汽车' },
  多选: { kind: 'multiselect', with: { dictionary: 'activity_method' }, enter: several('电话', '拜访'), shown: '电话、拜访', filter: { op: 'hasAny', value: ['visit'] }, says: '多选 有 拜访 之一' },
  电话: { kind: 'phone', enter: type('139 1111 2222'), shown: '139 1111 2222', filter: { op: 'eq', value: '+8613911112222' }, says: '电话 等于 139 1111 2222' },
  邮箱: { kind: 'email', enter: type('he@fields.example'), shown: 'he@fields.example', filter: { op: 'contains', value: '@fields' }, says: '邮箱 包含 @fields' },
  网址: { kind: 'url', enter: type('https://fields.example/a'), shown: 'https://fields.example/a', filter: { op: 'startsWith', value: 'https' }, says: '网址 开头是 https' },
  关联: { kind: 'reference', with: { to: 'campaign' }, enter: pick('被关联的活动'), shown: '被关联的活动', filter: { op: 'notEmpty' }, says: '关联 不为空' },
  成员: { kind: 'member', enter: pick('徐子涵'), shown: '徐子涵', filter: { op: 'notEmpty' }, says: '成员 不为空' },
  多成员: { kind: 'members', enter: several('李娜', '徐子涵'), shown: '李娜、徐子涵', filter: { op: 'notEmpty' }, says: '多成员 不为空' },
  部门: { kind: 'team', enter: pick('华东区'), shown: '华东区', filter: { op: 'notEmpty' }, says: '部门 不为空' },
  地区: { kind: 'region', enter: pick('苏州'), shown: '江苏苏州', filter: { op: 'under', value: '320000' }, says: '地区 属于 江苏' },
  自动编号: { kind: 'auto', with: { auto: { prefix: 'ZD', digits: 6 } }, shown: 'ZD', filter: { op: 'notEmpty' }, says: '自动编号 不为空' },
  公式: { kind: 'money', with: { formula: 'f_money * 2' }, shown: '¥256,000', list: '25.6 万', exported: '256000', filter: { op: 'gt', value: '200000' }, says: '公式 > 20 万' },
  汇总: { kind: 'integer', with: { rollup: { object: 'lead', via: 'campaign', take: 'count' } }, shown: '1', filter: { op: 'eq', value: 1 }, says: '汇总 等于 1' },
}
const keyOf = (name: string): string => (name === '公式' ? 'f_formula' : name === '汇总' ? 'f_rollup' : name === '级联' ? 'f_cascade' : `f_${KINDS[name]!.kind.toLowerCase()}`)
const NAMES = Object.keys(KINDS)

beforeAll(async () => {
  administrator = await house().member('周敏')
  const { ask, page } = administrator
  const { definitions } = await ask<{ definitions: { key: string; version: number; body: { fields: object[] } }[] }>('GET', '/api/v1/definitions/object')
  const campaign = definitions.find(({ key }) => key === 'campaign')!
  const fields = NAMES.map((name) => ({ key: keyOf(name), label: { zh: name, en: keyOf(name) }, kind: KINDS[name]!.kind, group: '各种字段', ...KINDS[name]!.with }))
  await ask('PUT', '/api/v1/definitions/object/campaign', { body: { ...campaign.body, fields: [...campaign.body.fields, ...fields] }, expectVersion: campaign.version })
  const { definitions: roles } = await ask<{ definitions: { key: string; version: number; body: { objects: Record<string, object> } }[] }>('GET', '/api/v1/definitions/role')
  const role = roles.find(({ key }) => key === 'admin')!
  await ask('PUT', '/api/v1/definitions/role/admin', { body: { ...role.body, objects: { ...role.body.objects, campaign: { ...role.body.objects['campaign'], export: 'all' } } }, expectVersion: role.version })
  await ask('POST', '/api/v1/objects/campaign/records', { values: { name: '被关联的活动' } })
  await page.goto('/o/campaign')
  await page.getByRole('button', { name: '新建市场活动' }).first().click()
  const form = page.getByRole('dialog', { name: '新建市场活动' })
  await form.getByLabel('名称').fill('各种字段的活动')
  for (const name of NAMES) await KINDS[name]!.enter?.(form, name)
  await form.getByRole('button', { name: '保存' }).click()
  await page.getByRole('heading', { name: '各种字段的活动' }).waitFor()
  const { records } = await ask<{ records: { id: string; version: string }[] }>('GET', `/api/v1/objects/campaign/records?filter=${encodeURIComponent(JSON.stringify({ field: 'name', op: 'eq', value: '各种字段的活动' }))}`)
  await ask('PATCH', `/api/v1/objects/campaign/records/${records[0]!.id}`, { version: records[0]!.version, values: { f_date: '2026-12-01', f_datetime: '2026-12-01T02:30:00.000Z' } })
  await ask('POST', '/api/v1/objects/lead/records', { values: { name: '来自活动', phone: '13900020999', campaign: records[0]!.id } })
  row = records[0]!
})

test('每一种字段在新建时填得进去，记录页、手机上读得出来', async () => {
  const { page } = administrator
  await page.goto(`${house().url}/o/campaign/${row.id}`)
  const desk = await particulars(page)
  const phone = await house().member('周敏', onPhone)
  await phone.page.goto(`${house().url}/o/campaign/${row.id}`)
  const hand = await particulars(phone.page)
  const missing = NAMES.flatMap((name) => [...(desk.get(name)?.includes(KINDS[name]!.shown) ? [] : [`电脑 ${name}: ${desk.get(name)}`]), ...(hand.get(name)?.includes(KINDS[name]!.list ?? KINDS[name]!.shown) ? [] : [`手机 ${name}: ${hand.get(name)}`])])
  expect(missing).toEqual([])
})

/** Name and text of every field on the record's page. */
async function particulars(page: Page): Promise<Map<string, string>> {
  const panel = page.getByRole('region', { name: '信息' })
  await panel.getByText('各种字段', { exact: true }).waitFor()
  const pairs = await panel.locator('dl > div').evaluateAll((rows) => rows.map((each) => [each.querySelector('dt')?.textContent ?? '', (each.querySelector('dd') as unknown as { innerText: string } | null)?.innerText ?? '']))
  return new Map(pairs as [string, string][])
}

test('每一种字段都能筛选，筛选栏读成一句话；列表和导出里是同一个值', async () => {
  const { page, ask } = administrator
  const said: string[] = []
  for (const name of NAMES) {
    const filter = { all: [{ field: 'name', op: 'eq', value: '各种字段的活动' }, { field: keyOf(name), ...KINDS[name]!.filter }] }
    await page.goto(`${house().url}/o/campaign?filter=${encodeURIComponent(JSON.stringify(filter))}`)
    const bar = page.getByRole('main').getByRole('button', { expanded: false }).filter({ hasText: '名称 等于' }).first()
    await bar.waitFor()
    const text = (await bar.innerText()).replace(/\s+/g, ' ')
    if (!text.includes(KINDS[name]!.says)) said.push(`${name}: ${text}`)
    if ((await ask<{ records: unknown[] }>('GET', `/api/v1/objects/campaign/records?filter=${encodeURIComponent(JSON.stringify(filter))}`)).records.length !== 1) said.push(`${name}: 没有筛出来`)
  }
  expect(said).toEqual([])
})

test('每一种字段导出到表格里都是看得懂的值', async () => {
  const only = encodeURIComponent(JSON.stringify({ field: 'name', op: 'eq', value: '各种字段的活动' }))
  const answer = await administrator.page.context().request.get(`/api/v1/objects/campaign/export?format=csv&filter=${only}&fields=${NAMES.map(keyOf).join(',')}`)
  const text = await answer.text()
  expect(NAMES.filter((name) => !text.includes(KINDS[name]!.exported ?? KINDS[name]!.shown)).map((name) => `${name} ${KINDS[name]!.shown} in ${text}`)).toEqual([])
})

test('能排序的字段点表头就排', async () => {
  const { page } = administrator
  await page.goto(`${house().url}/o/campaign`)
  await page.getByRole('button', { name: '显示的列' }).click()
  for (const name of ['整数', '金额', '日期']) await page.getByRole('option', { name, exact: true }).click()
  await page.keyboard.press('Escape')
  for (const name of ['整数', '金额', '日期']) {
    await page.getByRole('columnheader', { name, exact: true }).getByRole('button').click()
    await page.getByRole('columnheader', { name, exact: true }).and(page.locator('[aria-sort]:not([aria-sort="none"])')).waitFor()
  }
})
