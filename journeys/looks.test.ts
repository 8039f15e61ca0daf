/// <reference lib="dom" />
import fs from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { demoHouse, living, onPhone, type Look, type Person } from './house.ts'

/** In the dark too with `npm run journeys`; `npm test` looks at all of them by day. */
const LONG = process.env['JOURNEYS'] === 'long'

/** Every kind of screen, by people who see badly, read no English or hold a phone. */
const house = living(demoHouse)

interface Screen { name: string; who: string | null; open(page: Page): Promise<unknown>; /** Looked at in the dark too: where colour says most. */ dark?: true }
const heading = (page: Page, name: string | RegExp): Promise<void> => page.getByRole('heading', { name }).first().waitFor()
const at = (address: string, name: string | RegExp) => async (page: Page): Promise<void> => { await page.goto(address); await heading(page, name) }
const firstLead = async (page: Page): Promise<void> => {
  await page.goto('/o/lead')
  await page.getByRole('main').locator('a[href^="/o/lead/"]').first().click()
  await page.getByText('动态').first().waitFor()
}

const companySignIn = async (page: Page): Promise<void> => {
  await page.goto('/company-sign-in')
  await page.getByRole('button', { name: '接通企业登录' }).click()
  await page.getByText('没有的自动加入').click()
  await page.getByRole('dialog').getByText('回调地址').waitFor()
}

/** A word that 王海燕 is asked for; asked once. */
let asked: Promise<string> | undefined
async function askForIt(): Promise<string> {
  const [director, seller, chief] = [await house().member('陈志远'), await house().member('李娜'), await house().member('王海燕')]
  const actions = [{ do: 'approve', to: [{ supervisor: true }], title: '给「{{name}}」开通月结', body: '首次合作', atMost: '1wd', yes: [{ do: 'tag', add: ['高意向'] }], no: [], late: [] }]
  await director.ask('PUT', '/api/v1/definitions/rule/yj', { body: { key: 'yj', label: { zh: '月结放行', en: 'Credit' }, trigger: { on: 'created', object: 'customer' }, condition: { field: 'name', op: 'contains', value: '创新发展' }, priority: 300, actions }, state: 'active' })
  await seller.ask('POST', '/api/v1/objects/customer/records', { values: { name: '上海临港新片区智能制造创新发展有限公司', kind: 'company', industry: 'auto' } })
  const waiting = async () => (await chief.ask<{ items: { id: string; title: string }[] }>('GET', '/api/v1/approvals')).items.filter(({ title }) => title.includes('开通月结')).map(({ id }) => id)
  const [id = ''] = await expect.poll(waiting).toHaveLength(1).then(waiting)
  await Promise.all([director, seller, chief].map(({ page }) => page.context().close()))
  return id
}
const approval = async (page: Page): Promise<void> => { await page.goto(`/approvals/${await (asked ??= askForIt())}`); await page.getByText('首次合作').waitFor(); await page.getByText('汽车').waitFor() }
const approvals = async (page: Page): Promise<void> => { await (asked ??= askForIt()); await page.goto('/approvals'); await page.getByText(/开通月结/).first().waitFor() }

/** A run of 周敏's that goes two ways at once: one waits, the other asks; set off once. */
let parted: Promise<string> | undefined
async function part(): Promise<string> {
  const [admin, seller] = [await house().member('周敏'), await house().member('李娜')]
  const branches = [[{ do: 'notify', to: [{ owner: true }], kind: 'fk', title: '登记{{name}}的备件' }, { do: 'wait', for: '2d' }, { do: 'tag', add: ['高意向'] }], [{ do: 'approve', to: [{ role: 'admin' }], title: '给「{{name}}」留备件', atMost: '1wd', yes: [{ do: 'tag', add: ['高意向'] }], no: [], late: [] }]]
  const body = { key: 'fk', label: { zh: '备件与放行', en: 'Parts and release' }, trigger: { on: 'created', object: 'customer' }, condition: { field: 'name', op: 'contains', value: '备件中心' }, priority: 301, actions: [{ do: 'parallel', join: 'all', branches }, { do: 'notify', to: [{ owner: true }], kind: 'fk', title: '{{name}}可以开工' }] }
  await admin.ask('PUT', '/api/v1/definitions/rule/fk', { body, state: 'active' })
  await seller.ask('POST', '/api/v1/objects/customer/records', { values: { name: '苏州工业园区精密备件中心', kind: 'company', industry: 'auto' } })
  const standing = async () => (await admin.ask<{ items: { event: number; branches: { kind: string }[] }[] }>('GET', '/api/v1/runs?rule=fk&status=waiting')).items.flatMap(({ event, branches: of }) => (of.map(({ kind }) => kind).sort().join() === 'approval,time' ? [event] : []))
  const [run = 0] = await expect.poll(standing).toHaveLength(1).then(standing)
  await Promise.all([admin, seller].map(({ page }) => page.context().close()))
  return `/runs/${run}/fk`
}
const partedRun = async (page: Page): Promise<void> => { await page.goto(await (parted ??= part())); await heading(page, '分支进展'); await page.getByRole('button', { name: '不等这个分支' }).first().waitFor(); await page.getByText('问了 周敏').waitFor() }

const pushEditor = async (page: Page): Promise<void> => {
  await page.goto('/automation/new')
  await page.getByTitle('修改触发').click()
  const dialog = page.getByRole('dialog', { name: '修改触发' })
  await dialog.getByRole('button', { name: /^什么时候/ }).click()
  await page.getByRole('option', { name: '收到外部推送' }).click()
  await dialog.getByRole('textbox', { name: '对方会推送什么' }).fill('{"手机":"13800020001","公司":"临港重工"}')
  for (const place of ['手机', '公司']) await dialog.getByRole('group', { name: '样例里的项' }).getByRole('button', { name: place }).click()
  await dialog.getByText('凭什么认记录').waitFor()
}

const oneLink = async (page: Page): Promise<void> => {
  await page.goto('/o/tracking_link')
  await page.getByRole('main').locator('a[href^="/o/tracking_link/"]').first().click()
  await page.getByText('点击', { exact: true }).waitFor()
}

const DESK: Screen[] = [
  { name: '失效的追踪链接', who: null, open: at('/l/nowhere', '链接已失效'), dark: true },
  { name: '追踪链接', who: '李娜', open: async (page) => { await page.goto('/o/tracking_link'); await page.getByRole('row').nth(1).waitFor() } },
  { name: '一个追踪链接', who: '李娜', open: oneLink, dark: true },
  { name: '登录', who: null, open: at('/sign-in', /^登录/) },
  { name: '表单页', who: null, open: at('/f/pricing', '官网定价页') },
  { name: '作战台', who: '李娜', open: at('/', '昨日未闭环事项'), dark: true },
  { name: '主管的作战台', who: '王海燕', open: at('/', '审计提醒') },
  { name: '看板', who: '陈志远', open: async (page) => { await page.goto('/?board='); await page.getByRole('link', { name: /至/ }).first().waitFor() }, dark: true },
  { name: '编辑看板', who: '陈志远', open: async (page) => { await page.goto('/?board='); await page.getByRole('button', { name: '编辑', exact: true }).click(); await page.getByRole('button', { name: '修改「本月新线索」' }).click(); await page.getByRole('dialog').getByText('只算哪些记录').waitFor() } },
  { name: '线索列表', who: '李娜', open: async (page) => { await page.goto('/o/lead'); await page.getByRole('row').nth(1).waitFor() }, dark: true },
  { name: '线索', who: '李娜', open: firstLead, dark: true },
  { name: '规则列表', who: '周敏', open: at('/automation', '自动化') },
  { name: '规则', who: '周敏', open: async (page) => { await page.goto('/automation/r1_tag'); await page.getByText('就', { exact: true }).waitFor() }, dark: true },
  { name: '时光回放', who: '周敏', open: async (page) => { await page.goto('/automation/r3_escalate'); await page.getByRole('button', { name: '用过去 30 天试一试' }).click(); await page.getByText('没有差别').first().waitFor({ timeout: 60_000 }) } },
  { name: '全程', who: '周敏', open: async (page) => { await page.goto('/automation/r1_assign'); await page.getByRole('link', { name: '全程' }).first().click(); await page.getByRole('heading', { name: '之后' }).waitFor() }, dark: true },
  { name: '分配', who: '周敏', open: at('/assignment', '分配') },
  { name: '待分配', who: '王海燕', open: at('/unassigned', '待分配'), dark: true },
  { name: '表单设置', who: '周敏', open: async (page) => { await page.goto('/forms/pricing'); await page.getByText('问什么').waitFor() } },
  { name: '打印模板', who: '周敏', open: async (page) => { await page.goto('/prints/quote_sheet'); await page.getByRole('article').waitFor() } },
  { name: '对象与字段', who: '周敏', open: async (page) => { await page.goto('/objects/lead'); await page.getByText('budget_min').first().waitFor() } },
  { name: '成员', who: '周敏', open: async (page) => { await page.goto('/members'); await page.getByText('徐子涵').first().waitFor() } },
  { name: '日程', who: '李娜', open: async (page) => { await page.goto('/calendar'); await page.locator('[data-day]').first().waitFor() }, dark: true },
  { name: '我的账号', who: '李娜', open: async (page) => { await page.goto('/account'); await page.getByRole('button', { name: '生成订阅地址' }).waitFor() } },
  { name: '我的自动化', who: '李娜', open: at('/my-automation', '不推送的时段') },
  { name: '执行记录', who: '陈志远', open: at('/runs', '执行记录'), dark: true },
  { name: '分头进行的一次执行', who: '周敏', open: partedRun, dark: true },
  { name: '规则的流程图', who: '陈志远', open: async (page) => { await page.goto('/automation/r12_retention'); await page.getByText('流程图', { exact: true }).first().click(); await page.getByRole('group', { name: '流程图' }).waitFor() } },
  { name: '外部推送的触发', who: '陈志远', open: pushEditor, dark: true },
  { name: '待我审批', who: '王海燕', open: approvals },
  { name: '一次审批', who: '王海燕', open: approval, dark: true },
  { name: '角色', who: '周敏', open: async (page) => { await page.goto('/roles'); await page.getByRole('heading', { name: '角色' }).first().waitFor() }, dark: true },
  { name: '权限策略', who: '周敏', open: at('/policies', '权限策略') },
  { name: '一条权限策略', who: '周敏', open: async (page) => { await page.goto('/policies/risk_rating_stars'); await page.getByText('生效后的变化').waitFor() }, dark: true },
  { name: '工作日历', who: '周敏', open: at('/working-calendar', '工作日历'), dark: true },
  { name: '推送网址', who: '周敏', open: at('/webhooks', '签名密钥') },
  { name: '企业登录', who: '周敏', open: companySignIn, dark: true },
  { name: '待处理数据', who: '周敏', open: at('/submissions', '待处理数据') },
  { name: '导入', who: '周敏', open: at('/imports/lead', '导入线索'), dark: true },
  { name: '回收站', who: '周敏', open: at('/trash', '回收站') },
  { name: '一个角色', who: '周敏', open: at('/roles/sales', /销售/), dark: true },
  { name: '对象列表', who: '周敏', open: at('/objects', '对象与字段') },
  { name: '字典', who: '周敏', open: async (page) => { await page.goto('/objects/dictionaries/activity_method'); await page.getByRole('heading').first().waitFor() } },
  { name: '表单列表', who: '周敏', open: at('/forms', '表单') },
  { name: '消息', who: '李娜', open: at('/notifications', /消息|通知/) },
  { name: '客户列表', who: '李娜', open: async (page) => { await page.goto('/o/customer'); await page.getByRole('row').nth(1).waitFor() } },
  { name: '报价列表', who: '李娜', open: at('/o/quote', '报价') },
  { name: '审计', who: '周敏', open: async (page) => { await page.goto('/audit'); await page.getByRole('row').nth(1).waitFor() } },
]
const PHONE: Screen[] = [
  { name: '失效的追踪链接', who: null, open: at('/l/nowhere', '链接已失效') },
  { name: '一个追踪链接', who: '李娜', open: oneLink, dark: true },
  { name: '登录', who: null, open: at('/sign-in', /登录/) },
  { name: '表单页', who: null, open: at('/f/pricing', '官网定价页') },
  { name: '作战台', who: '李娜', open: (page) => page.goto('/').then(() => page.getByText('今日待联系').first().waitFor()), dark: true },
  { name: '主管的作战台', who: '王海燕', open: (page) => page.goto('/').then(() => page.getByText('待分配与快超时').first().waitFor()) },
  { name: '看板', who: '陈志远', open: (page) => page.goto('/?board=').then(() => page.getByRole('link', { name: /至/ }).first().waitFor()), dark: true },
  { name: '线索列表', who: '李娜', open: (page) => page.goto('/o/lead').then(() => page.getByRole('main').locator('a[href^="/o/lead/"]').first().waitFor()) },
  { name: '线索', who: '李娜', open: firstLead, dark: true },
  { name: '报价单', who: '李娜', open: async (page) => { await page.goto('/o/quote'); await page.getByRole('main').locator('a[href^="/o/quote/"]').first().click(); await page.getByRole('region', { name: '报价明细' }).waitFor() }, dark: true },
  { name: '待分配', who: '王海燕', open: (page) => page.goto('/unassigned').then(() => page.getByText('按进来的那一周算').waitFor()) },
  { name: '待我审批', who: '王海燕', open: approvals, dark: true },
  { name: '一次审批', who: '王海燕', open: approval, dark: true },
  { name: '公海', who: '李娜', open: (page) => page.goto('/pools').then(() => page.getByRole('tab').first().waitFor()) },
  { name: '客服的首页', who: '许静', open: (page) => page.goto('/').then(() => page.getByRole('searchbox').waitFor()), dark: true },
  { name: '字段', who: '周敏', open: async (page) => { await page.goto('/objects/lead'); await page.getByText('budget_min').first().waitFor() } },
  { name: '成员', who: '周敏', open: async (page) => { await page.goto('/members'); await page.getByText('徐子涵').first().waitFor() } },
  { name: '字典', who: '周敏', open: async (page) => { await page.goto('/objects/dictionaries/activity_method'); await page.getByRole('heading').first().waitFor() } },
  { name: '表单设置', who: '周敏', open: async (page) => { await page.goto('/forms/pricing'); await page.getByText('问什么').waitFor() } },
  { name: '企业登录', who: '周敏', open: companySignIn },
  { name: '消息', who: '李娜', open: at('/notifications', /消息|通知/) },
  { name: '我的', who: '李娜', open: at('/account', /./) },
  { name: '通知设置', who: '李娜', open: at('/account/notifications', /./) },
  { name: '我的自动化', who: '李娜', open: at('/my-automation', '不推送的时段'), dark: true },
  { name: '执行记录', who: '陈志远', open: at('/runs', '执行记录') },
  { name: '分头进行的一次执行', who: '周敏', open: partedRun, dark: true },
  { name: '带等待的规则', who: '陈志远', open: (page) => page.goto('/automation/r12_retention').then(() => page.getByRole('button', { name: '等 7 天' }).waitFor()) },
  { name: '客户列表', who: '李娜', open: (page) => page.goto('/o/customer').then(() => page.getByRole('main').locator('a[href^="/o/customer/"]').first().waitFor()), dark: true },
  { name: '日程', who: '李娜', open: (page) => page.goto('/calendar').then(() => page.getByRole('radio', { name: '日程表' }).waitFor()), dark: true },
]

test('电脑上每一种页面：看得清，键盘和读屏器用得了，没有英文', () => tour(DESK, [{}, ...(LONG ? [{ dark: true }] : [])]), 240_000)
test('手机上每一种页面：看得清、用得了、不用左右滑动，没有英文', () => tour(PHONE, [onPhone, ...(LONG ? [{ ...onPhone, dark: true }] : [])]), 240_000)

/** All complaints at once: a screen that is mended shows the next one. */
async function tour(screens: readonly Screen[], looks: readonly Look[]): Promise<void> {
  const complaints: string[] = []
  for (const look of looks) {
    const shown = screens.filter((screen) => screen.dark || !look.dark)
    for (const who of new Set(shown.map((screen) => screen.who))) {
      const { page }: Person = who === null ? await house().visitor(look) : await house().member(who, look)
      for (const screen of shown.filter((each) => each.who === who)) {
        await screen.open(page)
        const place = `${screen.name}${look.dark ? '（深色）' : ''}`
        for (const complaint of await complaintsAbout(page)) complaints.push(`${place}: ${complaint}`)
      }
      await page.context().close()
    }
  }
  expect(complaints).toEqual([])
}

async function complaintsAbout(page: Page): Promise<string[]> {
  return [...(await barriers(page)), ...(await english(page)), ...(await overflow(page))]
}

const AXE = fs.readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
interface Violation { id: string; impact: string; help: string; nodes: { html: string; target: string[] }[] }

/** What axe finds serious or critical. It compares names with labels word by word, which Chinese does not part by blanks. */
async function barriers(page: Page): Promise<string[]> {
  await page.evaluate(AXE)
  const found = await page.evaluate('axe.run(document, { resultTypes: ["violations"], rules: { "label-content-name-mismatch": { enabled: false } } }).then(({ violations }) => violations)') as Violation[]
  return found.filter(({ impact }) => impact === 'serious' || impact === 'critical').flatMap(({ id, nodes }) => nodes.slice(0, 3).map((node) => `${id}: ${node.html.slice(0, 160)}`))
}

/** Words that a Chinese reader of this trade writes in Latin letters. */
const KNOWN = new Set(['MES', 'URL', 'UTM', 'API', 'CRM', 'ERP', 'APS', 'WMS', 'QMS', 'SCADA', 'PCB', 'SaaS', 'Ctrl', 'App', 'JSON', 'PDF', 'PNG', 'JPEG', 'FAQ', 'ROI', 'OEE', 'AGV', 'PLC', 'IoT', 'VIP', 'English', 'Excel', 'CSV', 'csv', 'xlsx', 'Linux', 'Chrome',
  'whitepaper', 'OpenID', 'Connect', 'Issuer', 'Client', 'ID', 'Secret', 'Redirect', 'URI', 'Authing', 'Keycloak', 'Okta'])

/** What the links of the sample company's campaigns carry: shown as it came. */
const CAMPAIGNS = new Set(['baidu', 'ciif2026', 'cpc', 'diagnosis', 'douyin', 'expo', 'feed', 'menu', 'mes2026', 'official', 'wechat', 'workshop'])

// Text, not a function: it runs in the browser, whose types this project does not know.
const VISIBLE_TEXTS = `(() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  const seen = []
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const parent = node.parentElement
    if (!parent.closest('code, pre, .mono, script, style, textarea, noscript') && parent.checkVisibility()) seen.push(node.textContent)
  }
  return seen
})()`

/** Latin words on screen, without addresses, code, what people type, and keys of files that visitors downloaded. */
async function english(page: Page): Promise<string[]> {
  const texts = (await page.evaluate(VISIBLE_TEXTS)) as string[]
  const words = texts.filter((text) => !CAMPAIGNS.has(text.trim())).flatMap((text) => text.replace(/\S+@\S+|https?:\/\/\S+|\/[\w/-]+|(?:标识|字典) \w+|(?:「|素材 )[a-z]+(?:_[a-z]+)+|[0-9a-f]{16,}/g, '').match(/[A-Za-z]{3,}(?:_[A-Za-z]+)*/g)?.map((word) => ({ word, text })) ?? [])
  return [...new Set(words.filter(({ word }) => !KNOWN.has(word)).map(({ word, text }) => `English “${word}” in “${text.trim().slice(0, 60)}”`))]
}

async function overflow(page: Page): Promise<string[]> {
  const [wide, width] = (await page.evaluate('[document.documentElement.scrollWidth, document.documentElement.clientWidth]')) as [number, number]
  return wide > width ? [`${wide - width} px wider than the screen`] : []
}
