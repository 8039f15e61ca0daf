import { createHmac } from 'node:crypto'
import type { Locator } from 'playwright-core'
import { expect, test } from 'vitest'
import { demoHouse, living, onPhone, type Person } from './house.ts'
import { submit } from './leads.ts'

const house = living(demoHouse)

/** A control of a condition is called by its name and what stands in it. */
async function pick(dialog: Locator, control: string, option: string): Promise<void> {
  await dialog.getByRole('button', { name: new RegExp(`^${control}`) }).first().click()
  await dialog.page().getByRole('option', { name: new RegExp(`^${option}(\\s|$)`) }).first().click()
}

/** Whether it is there once the page has had time to load. */
const comes = (what: Locator): Promise<boolean> => what.waitFor({ timeout: 3_000 }).then(() => true, () => false)

test('总监搭一条会等、会分情况的规则：新线索等 2 小时，预算够的打标签，不够的再等有人跟进；拨快时钟，一步步看它走', async () => {
  const director = await house().member('陈志远')
  const { page } = director
  const tab = (name: string) => page.getByRole('menuitem', { name, exact: true })
  await page.goto(new URL('/automation/new', page.url()).href)
  const sentence = page.getByRole('region', { name: '规则', exact: true })
  await sentence.getByRole('button', { name: '加一个动作' }).click()
  await tab('等一段时间').click()
  await sentence.getByRole('button', { name: '等 1 天' }).click()
  const dialog = page.getByRole('dialog', { name: '修改这一步' })
  await dialog.getByRole('textbox', { name: '等多久' }).fill('2')
  await pick(dialog, '单位', '小时')
  await dialog.getByRole('button', { name: '完成' }).click()
  await sentence.getByRole('button', { name: '等 2 小时' }).waitFor()
  await sentence.getByRole('button', { name: '加一个动作' }).click()
  await tab('分情况').click()
  await sentence.getByRole('button', { name: /^看情况/ }).click()
  await dialog.getByRole('button', { name: '条件', exact: true }).click()
  await pick(dialog, '字段', '预算下限')
  await pick(dialog, '比较方式', '大于等于')
  const amount = dialog.locator('input').filter({ visible: true }).first()
  await amount.fill('30万')
  await amount.blur()
  await dialog.getByRole('button', { name: '完成' }).click()
  await sentence.getByRole('button', { name: '看情况：如果 预算下限 ≥ 30 万' }).waitFor()
  await sentence.getByRole('button', { name: '在「就」里加一步' }).click()
  await tab('打标签').click()
  await sentence.getByRole('button', { name: /^打标签/ }).click()
  const deed = page.getByRole('dialog', { name: '修改动作' })
  await pick(deed, '打上', '高意向')
  await page.keyboard.press('Escape')
  await deed.getByRole('button', { name: '完成' }).click()
  // The other half on the canvas: the same rule, drawn.
  await page.getByText('流程图', { exact: true }).first().click()
  const canvas = page.getByRole('group', { name: '流程图' })
  await canvas.getByRole('button', { name: '在「否则」里加一步' }).click()
  await tab('通知').click()
  await canvas.getByText('通知负责人「〔姓名〕」').waitFor()
  await page.getByRole('button', { name: '启用', exact: true }).click()
  await page.getByRole('button', { name: '暂停' }).waitFor()
  const key = new URL(page.url()).pathname.split('/').at(-1)!

  const [rich, poor] = [await submit(director, { name: '等得起', company: '临港精工', phone: '13900020001', industry: 'auto', need: 'mes', budget: '90万', region: '上海' }), await submit(director, { name: '再看看', company: '浦东精工', phone: '13900020002', industry: 'auto', need: 'mes', budget: '10万', region: '上海' })]
  const tagged = async (lead: string) => (await director.ask<{ record: { tags: string[] } }>('GET', `/api/v1/objects/lead/records/${lead}`)).record.tags.includes('高意向')
  await page.goto(new URL(`/automation/${key}`, page.url()).href)
  const runs = page.getByRole('region', { name: '执行记录' })
  await runs.getByText('等待中').nth(1).waitFor()
  expect(await tagged(rich)).toBe(false)
  await house().pass('3h')
  await expect.poll(() => tagged(rich)).toBe(true)
  expect(await tagged(poor)).toBe(false)
  await page.reload()
  await runs.getByRole('listitem').filter({ hasText: '再看看' }).getByRole('link', { name: '看这一次' }).click()
  await page.getByText('时间到了，继续').first().waitFor()
  await page.getByText('条件不成立，走「否则」').first().waitFor()
  await page.getByText('没走这边').first().waitFor()
})

test('总监搭一条同时进行的规则：两个分支各等各的，键盘也能加减分支；一次执行里看到两个分支，先让一个继续，再不等另一个，规则接着往下走', async () => {
  const director = await house().member('陈志远')
  const { page } = director
  const item = (name: string) => page.getByRole('menuitem', { name, exact: true }).click()
  await page.goto('/automation/new')
  const sentence = page.getByRole('region', { name: '规则', exact: true })
  await sentence.getByRole('button', { name: '加一个动作' }).click()
  await item('同时进行')
  await sentence.getByRole('button', { name: /^同时进行 2 个分支/ }).click()
  const dialog = page.getByRole('dialog', { name: '修改这一步' })
  await dialog.getByRole('button', { name: '加一个分支' }).press('Enter')
  await dialog.getByRole('button', { name: '分支 3 往前' }).press('Enter')
  await dialog.getByRole('button', { name: '删除分支 2' }).press('Enter')
  await dialog.getByText('任何一个做完就往下').click()
  await dialog.getByText('全部做完再往下').click()
  await dialog.getByRole('button', { name: '完成' }).click()
  await sentence.getByRole('button', { name: '在「分支 1」里加一步' }).click()
  await item('等一段时间')
  // The other branch on the canvas: the same rule, drawn.
  await page.getByText('流程图', { exact: true }).first().click()
  const canvas = page.getByRole('group', { name: '流程图' })
  await canvas.getByRole('button', { name: '在「分支 2」里加一步' }).click()
  await item('等一段时间')
  await canvas.getByRole('button', { name: '在「结束」里加一步' }).click()
  await item('通知')
  await canvas.getByText('通知负责人「〔姓名〕」').waitFor()
  await page.getByRole('button', { name: '启用', exact: true }).click()
  await page.getByRole('button', { name: '暂停' }).waitFor()

  await submit(director, { name: '两头等', company: '临港并联', phone: '13900020003', industry: 'auto', need: 'mes', budget: '90万', region: '上海' })
  const row = page.getByRole('region', { name: '执行记录' }).getByRole('listitem').filter({ hasText: '两头等' })
  await expect.poll(async () => { await page.reload(); return comes(row) }).toBe(true)
  await row.getByRole('link', { name: '看这一次' }).click()
  const sides = page.getByRole('region', { name: '分支进展' })
  await expect.poll(() => sides.getByText(/^等到 /).count()).toBe(2)
  await sides.getByRole('group', { name: '处理分支 1' }).getByRole('button', { name: '不等了，现在继续' }).click()
  await sides.getByText('分支 1', { exact: true }).waitFor({ state: 'detached' })
  await sides.getByRole('group', { name: '处理分支 2' }).getByRole('button', { name: '不等这个分支' }).click()
  await page.getByText('叫停：分支 2').waitFor()
  await sides.waitFor({ state: 'detached' })
})

test('手机上看一次还在等的执行：写着等到什么时候，取消、撤销取消，再让它现在继续；动态里写着是谁决定的，审计里有这三步', async () => {
  const director = await house().member('陈志远', onPhone)
  const { page } = director
  const body = { key: 'patient', label: { zh: '等一天再提醒', en: 'Patient' }, trigger: { on: 'created', object: 'customer' }, condition: { all: [] }, priority: 300, actions: [{ do: 'wait', for: '1d' }, { do: 'tag', add: ['高意向'] }] }
  await director.ask('PUT', '/api/v1/definitions/rule/patient', { body, state: 'active' })
  await director.ask('POST', '/api/v1/objects/customer/records', { values: { name: '慢慢来', kind: 'company' } })
  await page.goto(new URL('/runs', page.url()).href)
  await page.getByText('等待中', { exact: true }).first().click()
  const row = page.getByRole('listitem').filter({ hasText: '慢慢来' })
  await expect.poll(async () => { await page.reload(); await page.getByText('等待中', { exact: true }).first().click(); return comes(row) }).toBe(true)
  await row.getByRole('link', { name: '等一天再提醒' }).click()
  await page.getByRole('heading', { name: /等一天再提醒/ }).first().waitFor()
  await page.getByText(/^等到 /).first().waitFor()
  await page.getByRole('button', { name: '取消执行' }).click()
  await page.getByText('已取消', { exact: true }).first().waitFor()
  await page.getByText('陈志远取消的').waitFor()
  await page.getByRole('button', { name: '撤销' }).click()
  await page.getByRole('button', { name: '不等了，现在继续' }).click()
  await page.getByText('不再等，继续（陈志远决定）').first().waitFor()
  expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0)
  // Who decided stands on the record's timeline, on the phone and at the desk.
  const patient = (await page.getByRole('link', { name: '慢慢来' }).first().getAttribute('href'))!
  for (const each of [page, (await house().member('陈志远')).page]) {
    await each.goto(patient)
    await each.getByText('因为陈志远决定不再等').waitFor()
  }
  const audit = await (await house().member('周敏')).ask<{ items: unknown[] }>('GET', '/api/v1/audit?object=system:run')
  expect(audit.items.filter((item) => JSON.stringify(item).includes('等一天再提醒'))).toHaveLength(3)
})

test('没做成的一次执行：陈志远在手机上写明原因忽略它，周敏看到谁、什么时候、为什么，再恢复', async () => {
  const [director, admin] = [await house().member('陈志远', onPhone), await house().member('周敏')]
  const body = { key: 'unnamed', label: { zh: '清空名称', en: 'Without a name' }, trigger: { on: 'created', object: 'customer' }, condition: { field: 'name', op: 'eq', value: '写不成的客户' }, priority: 300, actions: [{ do: 'set', values: { name: null } }] }
  await admin.ask('PUT', '/api/v1/definitions/rule/unnamed', { body, state: 'active' })
  await director.ask('POST', '/api/v1/objects/customer/records', { values: { name: '写不成的客户', kind: 'company' } })
  const failed = async () => (await admin.ask<{ items: { event: number }[] }>('GET', '/api/v1/runs?rule=unnamed&status=failed')).items.map(({ event }) => event)
  await expect.poll(failed).toHaveLength(1)
  const run = `/runs/${(await failed())[0]!}/unnamed`
  await director.page.goto(run)
  await director.page.getByRole('button', { name: '忽略' }).click()
  const dialog = director.page.getByRole('dialog', { name: '忽略这次执行' })
  await dialog.getByRole('textbox', { name: '原因（可不填）' }).fill('测试数据，客户已经建好了')
  await dialog.getByRole('button', { name: '忽略' }).click()
  await director.page.getByText(/^陈志远忽略的 · .+ · 测试数据，客户已经建好了$/).waitFor()
  expect(await director.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0)
  await admin.page.goto(run)
  await admin.page.getByText(/^陈志远忽略的 · \d{4}-\d\d-\d\d \d\d:\d\d · 测试数据，客户已经建好了$/).waitFor()
  await admin.page.getByRole('button', { name: '恢复' }).click()
  await admin.page.getByText(/^周敏恢复的 · /).waitFor()
  await admin.page.getByRole('button', { name: '忽略' }).waitFor()
})

test('李娜新建的客户要审批：王海燕手机上看到 1 件，从通知点进去，看过记录要点点同意，规则接着走；别的同事看不到', async () => {
  const [director, seller, chief] = [await house().member('陈志远'), await house().member('李娜'), await house().member('王海燕', onPhone)]
  const name = '上海临港新片区智能制造与工业互联网创新发展有限公司'
  const actions = [{ do: 'approve', to: [{ supervisor: true }], title: '给「{{name}}」开通月结', body: '首次合作，请确认可以先发货', atMost: '1wd', yes: [{ do: 'tag', add: ['高意向'] }], no: [], late: [] }]
  await director.ask('PUT', '/api/v1/definitions/rule/credit', { body: { key: 'credit', label: { zh: '月结放行', en: 'Credit' }, trigger: { on: 'created', object: 'customer' }, condition: { field: 'name', op: 'contains', value: '创新发展' }, priority: 300, actions }, state: 'active' })
  const customer = async () => (await seller.ask<{ record: { id: string } }>('POST', '/api/v1/objects/customer/records', { values: { name, kind: 'company', industry: 'auto' } })).record.id
  // What the sample company has left to sign.
  const waiting = async ({ ask }: Person) => (await ask<{ items: { state: string }[] }>('GET', '/api/v1/approvals')).items.filter(({ state }) => state === 'waiting').length
  const before = await waiting(chief)
  const [first, second] = [await customer(), await customer()]
  const { page } = chief
  const mine = page.getByRole('navigation').getByRole('link', { name: /^我的/ })
  await expect.poll(() => mine.getAttribute('aria-label')).toBe(`我的，${before + 2} 件待审批`)
  await mine.click()
  await page.getByRole('button', { name: /^待我审批/ }).click()
  await page.getByText(`给「${name}」开通月结`).nth(1).waitFor()
  expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0)
  await page.goto('/notifications')
  await page.getByRole('link', { name: new RegExp(`请审批：给「${name}`) }).first().click()
  await page.getByRole('region', { name: '审批什么' }).getByText('首次合作，请确认可以先发货').waitFor()
  await page.getByRole('region', { name: '客户' }).getByText('汽车').waitFor()
  await page.getByRole('button', { name: '不同意' }).click()
  const sheet = page.getByRole('dialog')
  await sheet.getByRole('button', { name: '不同意' }).click()
  await sheet.getByText('请填写').waitFor()
  await sheet.getByRole('button', { name: '关闭' }).click()
  await page.getByRole('button', { name: '同意', exact: true }).click()
  await sheet.getByRole('textbox').fill('老板已谈妥')
  await sheet.getByRole('button', { name: '同意', exact: true }).click()
  await page.getByText('已同意', { exact: true }).waitFor()
  const tagged = async () => (await Promise.all([first, second].map((id) => director.ask<{ record: { tags: string[] } }>('GET', `/api/v1/objects/customer/records/${id}`)))).map(({ record }) => record.tags.includes('高意向'))
  await expect.poll(async () => (await tagged()).filter(Boolean).length).toBe(1)
  // The timeline says whose word it was, not that a time had come: at the desk and on the phone.
  const signed = (await tagged()).indexOf(true) === 0 ? first : second
  for (const each of [seller.page, page]) {
    await each.goto(`/o/customer/${signed}`)
    await each.getByText('因为王海燕同意了').waitFor()
  }
  // At the desk it is one less, without a reload, and somebody else sees nothing of it.
  const desk = await house().member('王海燕')
  const item = desk.page.getByRole('navigation').getByRole('link', { name: /^待我审批/ })
  await item.filter({ hasText: String(before + 1) }).click()
  await page.goto('/approvals')
  await page.getByText('等我审批').waitFor()
  await page.locator('a[href^="/approvals/"]').filter({ hasText: '开通月结' }).first().click()
  await page.getByRole('button', { name: '不同意' }).click()
  await sheet.getByRole('textbox').fill('额度不够')
  await sheet.getByRole('button', { name: '不同意' }).click()
  if (before === 0) await desk.page.getByText('没有等你审批的事').waitFor()
  else await item.filter({ hasText: String(before) }).waitFor()
  await seller.page.goto('/approvals')
  await seller.page.getByText('没有等你审批的事').waitFor()
})

test('总监接一个外部系统：贴样例、点着取值、写进字段，拿到地址和密钥；对方一推送，线索就建好、标签打上', async () => {
  const director = await house().member('陈志远')
  const { page } = director
  await page.goto('/automation/new')
  const sentence = page.getByRole('region', { name: '规则', exact: true })
  await sentence.getByTitle('修改触发').click()
  const dialog = page.getByRole('dialog', { name: '修改触发' })
  await pick(dialog, '什么时候', '收到外部推送')
  await dialog.getByRole('textbox', { name: '对方会推送什么' }).fill(JSON.stringify({ event: 'paid', data: { mobile: '13800020001', company: '临港重工' } }))
  const places = dialog.getByRole('group', { name: '样例里的项' })
  for (const place of ['data.mobile', 'data.company']) await places.getByRole('button', { name: place }).click()
  await dialog.getByRole('button', { name: /^认记录的字段.*手机/ }).waitFor()
  await pick(dialog, '「company」写入字段', '公司名')
  await dialog.getByText('新建一条', { exact: true }).click()
  await dialog.getByText('密钥放在请求头', { exact: true }).click()
  await dialog.getByRole('button', { name: '完成' }).click()
  await sentence.getByRole('button', { name: '加一个动作' }).click()
  await page.getByRole('menuitem', { name: '打标签', exact: true }).click()
  await sentence.getByRole('button', { name: /^打标签/ }).click()
  const deed = page.getByRole('dialog', { name: '修改动作' })
  await pick(deed, '打上', '高意向')
  await page.keyboard.press('Escape')
  await deed.getByRole('button', { name: '完成' }).click()
  await page.getByRole('button', { name: '启用', exact: true }).click()
  const address = page.getByRole('region', { name: '推送地址' })
  await address.getByRole('button', { name: '显示密钥' }).click()
  const [url, secret] = [await address.getByText(/\/intake\/pushes\//).first().innerText(), await address.getByText(/^nmp_\w/).first().innerText()]
  const push = (mobile: string, key: string) => page.request.post(new URL(url).pathname, { headers: { 'x-nextmove-secret': key }, data: { event: 'paid', data: { mobile, company: '临港重工' } } })
  expect([(await push('13800020009', secret)).status(), (await push('13800020009', 'nmp_wrong')).status()]).toEqual([200, 401])
  await expect.poll(async () => { await page.reload(); await comes(address.getByRole('listitem').nth(1)); return address.getByRole('listitem').count() }).toBe(2)
  await address.getByText('签名或密钥不对').waitFor()
  await address.getByRole('listitem').filter({ hasText: '已处理' }).getByRole('link').click()
  await page.getByRole('main').getByText('临港重工').first().waitFor()
  await page.getByRole('main').getByText('高意向', { exact: true }).first().waitFor()
})

test('总监接上电话系统：启用来电模板，再搭一条「来电或看页面就打标签」的规则，用过去 30 天试过再启用；一通来电推进来，时间线上有时长、号码和按键，标签打上，同一通再推不重复，手机上也看得到', async () => {
  const director = await house().member('陈志远')
  const { page } = director
  await page.goto('/automation/call_pushed')
  await page.getByText(/每通电话结束推一次/).waitFor()
  await page.getByRole('button', { name: '启用', exact: true }).click()
  const address = page.getByRole('region', { name: '推送地址' })
  await address.getByRole('button', { name: '显示密钥' }).click()
  const [url, secret] = [await address.getByText(/\/intake\/pushes\//).first().innerText(), await address.getByText(/^nmp_\w/).first().innerText()]

  await page.goto('/automation/new')
  const sentence = page.getByRole('region', { name: '规则', exact: true })
  await sentence.getByTitle('修改触发').click()
  const dialog = page.getByRole('dialog', { name: '修改触发' })
  await pick(dialog, '什么时候', '有新的客户行为（发来消息、来电等）')
  await dialog.getByRole('button', { name: /^哪些动作/ }).click()
  for (const kind of ['来电', '浏览页面']) await page.getByRole('option', { name: kind, exact: true }).click()
  await page.keyboard.press('Escape')
  await dialog.getByRole('button', { name: '完成' }).click()
  await sentence.getByRole('button', { name: '发生客户行为：来电或浏览页面' }).waitFor()
  await sentence.getByRole('button', { name: '任何情况' }).waitFor()
  await sentence.getByRole('button', { name: '加一个动作' }).click()
  await page.getByRole('menuitem', { name: '打标签', exact: true }).click()
  await sentence.getByRole('button', { name: /打标签/ }).click()
  const deed = page.getByRole('dialog', { name: '修改动作' })
  await deed.getByText('它的来客（线索）').waitFor()
  await pick(deed, '打上', '高意向')
  await page.keyboard.press('Escape')
  await deed.getByRole('button', { name: '完成' }).click()
  await page.getByRole('button', { name: '用过去 30 天试一试' }).click()
  await page.getByText(/^有 [\d,]+ 条记录会不一样/).waitFor({ timeout: 60_000 })
  await page.getByRole('button', { name: '启用', exact: true }).click()
  await page.getByRole('button', { name: '暂停' }).waitFor()

  const call = async () => {
    const [text, seconds] = [JSON.stringify({ caller: '+86 138-0002-0077', seconds: 130, menu: '按 1 咨询产品' }), Math.floor(Date.now() / 1000)]
    const signature = `t=${seconds},v1=${createHmac('sha256', secret).update(`${seconds}.${text}`).digest('hex')}`
    return (await page.request.post(new URL(url).pathname, { headers: { 'content-type': 'application/json', 'x-nextmove-signature': signature, 'x-event-id': 'call-77' }, data: text })).status()
  }
  expect([await call(), await call()]).toEqual([200, 200])
  await page.goto('/automation/call_pushed')
  await address.getByRole('listitem').filter({ hasText: '已处理' }).getByRole('link').click()
  const timeline = page.getByRole('main')
  await timeline.getByText('2 分 10 秒 · 138 0002 0077 · 按 1 咨询产品').waitFor()
  await timeline.getByText('高意向', { exact: true }).first().waitFor()
  expect(await timeline.getByText('按 1 咨询产品').count()).toBe(1)
  const desk = await house().member('陈志远', onPhone)
  await desk.page.goto(new URL(page.url()).pathname)
  await desk.page.getByText('2 分 10 秒 · 138 0002 0077 · 按 1 咨询产品').waitFor()
})

test('规则先试点：页面写着试点的是谁、和模板差在哪里，一键推广到全部人，撤销又只剩试点', async () => {
  const director = await house().member('陈志远')
  const { page } = director
  await page.goto('/automation/r8_remind')
  await page.getByText('先试点', { exact: true }).click()
  await page.getByRole('button', { name: /^上线第/ }).click()
  const bar = page.getByRole('status').filter({ hasText: '试点：陈志远' })
  await bar.waitFor()
  await page.getByRole('region', { name: '与模板不同的地方' }).getByText('陈志远').waitFor()
  await bar.getByRole('button', { name: '推广到全部人' }).click()
  await page.getByText('已推广到全部人').waitFor()
  await page.getByText('与模板不同的地方').waitFor({ state: 'detached' })
  await page.getByRole('button', { name: '撤销' }).click()
  await bar.waitFor()
})
