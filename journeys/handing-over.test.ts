import { expect, test } from 'vitest'
import { demoHouse, living, onPhone, type Person } from './house.ts'
import { makeId, read } from './records.ts'

/** Handing records over, sharing them, unlocking them: the same at the desk and on the phone. */
const house = living(demoHouse)
const LOOK = process.env['LOOK']
const look = (person: Person, name: string) => (LOOK ? person.page.screenshot({ path: `${LOOK}/${name}.png` }) : undefined)

const idOf = async (person: Person, name: string) => (await person.ask<{ members: { id: number; name: string }[] }>('GET', '/api/v1/definitions')).members.find((member) => member.name === name)!.id
const go = (person: Person, where: string) => person.page.goto(new URL(where, person.page.url()).href)

test('转移客户要写给谁、为什么，名下的商机一并转走，动态里留着原因，撤销就都回来', async () => {
  const boss = await house().member('陈志远')
  const { page } = boss
  const [mine, other] = [await idOf(boss, '陈志远'), await idOf(boss, '李娜')]
  const customer = await makeId(boss, 'customer', { name: '苏北泵业', kind: 'company' })
  const deal = await makeId(boss, 'opportunity', { name: '苏北泵业二期', customer, amount: '200000', close_on: '2027-01-31' })
  await go(boss, `/o/customer/${customer}`)
  await page.getByRole('heading', { name: '苏北泵业' }).waitFor()
  await page.getByTitle('转移').click()
  const dialog = page.getByRole('dialog', { name: '转移' })
  await dialog.getByRole('button', { name: '转移' }).click()
  await dialog.getByRole('alert').waitFor()
  await dialog.getByRole('button', { name: '新负责人' }).click()
  await page.getByRole('option', { name: /李娜/ }).click()
  await dialog.getByLabel('原因').fill('按行业重新划分')
  await dialog.getByText(/一并转移/).click()
  await look(boss, 'transfer-1440')
  await dialog.getByRole('button', { name: '转移' }).click()
  await page.getByText(/关联的 1 条记录已转给李娜/).waitFor()
  expect([(await read(boss, 'customer', customer)).values['owner'], (await read(boss, 'opportunity', deal)).values['owner']]).toEqual([other, other])
  await page.getByText('按行业重新划分').waitFor()
  await page.getByRole('status').getByRole('button', { name: '撤销' }).click()
  await expect.poll(async () => [(await read(boss, 'customer', customer)).values['owner'], (await read(boss, 'opportunity', deal)).values['owner']]).toEqual([mine, mine])
})

test('手机上转移也写原因；协作人可以加、改、移除；锁定的记录能解锁', async () => {
  const boss = await house().member('陈志远', onPhone)
  const { page } = boss
  const customer = await makeId(boss, 'customer', { name: '淮安阀门', kind: 'company' })
  await go(boss, `/o/customer/${customer}`)
  const shared = page.getByRole('region', { name: '协作人' })
  await shared.getByRole('button', { name: '添加' }).tap()
  await page.getByRole('dialog').getByRole('button', { name: /徐子涵/ }).tap()
  await shared.getByRole('button', { name: /徐子涵/ }).tap()
  await look(boss, 'collaborators-390')
  await page.getByRole('dialog').getByRole('button', { name: '可编辑' }).tap()
  await expect.poll(async () => (await read(boss, 'customer', customer)).collaborators?.map(({ write }) => write)).toEqual([true])
  await page.getByRole('button', { name: '更多' }).last().tap()
  await page.getByRole('dialog').getByRole('button', { name: '锁定' }).tap()
  await page.getByText('这条记录已锁定，不能修改').waitFor()
  await look(boss, 'locked-390')
  await page.getByRole('button', { name: '解锁' }).tap()
  await page.getByText('这条记录已锁定，不能修改').waitFor({ state: 'detached' })
  await page.getByRole('button', { name: '更多' }).last().tap()
  await page.getByRole('dialog').getByRole('button', { name: '转移' }).tap()
  await page.getByRole('dialog', { name: '转移' }).getByRole('button', { name: /李娜/ }).tap()
  const sheet = page.getByRole('dialog', { name: '转移' })
  await sheet.getByLabel('原因').fill('出差接手')
  await look(boss, 'transfer-390')
  await sheet.getByRole('button', { name: '转给李娜' }).tap()
  await page.getByText(/已转给李娜/).waitFor()
  expect((await read(boss, 'customer', customer)).values['owner']).toBe(await idOf(boss, '李娜'))
})

test('没有解锁权限的人在手机上申请解锁，主管收到；记错的跟进八秒内撤销', async () => {
  const boss = await house().member('陈志远')
  const seller = await house().member('李娜', onPhone)
  const { page } = seller
  const lead = await makeId(seller, 'lead', { name: '高建国', phone: '13900071234' })
  await go(seller, `/o/lead/${lead}`)
  await page.getByRole('button', { name: '添加跟进' }).tap()
  const sheet = page.getByRole('dialog', { name: '添加跟进' })
  await sheet.getByRole('radio', { name: '接通-有意向' }).tap()
  await sheet.getByRole('radio', { name: /^后天/ }).tap()
  await sheet.getByRole('button', { name: '记录跟进' }).tap()
  await page.getByText('已跟进高建国').waitFor()
  expect((await read(seller, 'lead', lead)).values['next_contact_at']).toBeTruthy()
  await page.getByRole('button', { name: '撤销' }).last().tap()
  await expect.poll(async () => (await seller.ask<{ records: unknown[] }>('GET', `/api/v1/objects/activity/records?filter=${encodeURIComponent(JSON.stringify({ field: 'subject', op: 'eq', value: `lead:${lead}` }))}`)).records.length).toBe(0)
  const { version } = await read(boss, 'lead', lead)
  await boss.ask('PATCH', `/api/v1/objects/lead/records/${lead}`, { version, values: { locked: true } })
  await page.getByRole('button', { name: '申请解锁' }).tap()
  const asking = page.getByRole('dialog', { name: '申请解锁' })
  await asking.getByLabel('为什么需要修改').fill('电话写错了')
  await asking.getByRole('button', { name: '申请解锁' }).tap()
  await page.getByText(/已通知/).waitFor()
})

const SUZHOU = '320500'

test('两人同时领取公海里的同一条：一人领到，另一人被告知已被领走；领到每日上限就停，撤销就回到公海', async () => {
  const [boss, admin] = [await house().member('王海燕'), await house().member('周敏')]
  const sellers = [await house().member('李娜'), await house().member('孙悦')] as const
  const ids: string[] = []
  for (const name of ['浦口甲', '浦口乙', '浦口丙']) ids.push(await makeId(boss, 'customer', { name, kind: 'company', region: SUZHOU }))
  await boss.ask('POST', '/api/v1/commands/carry-out', { act: 'customer_release', ids, reason: '换区域' })
  const pool = String((await read(boss, 'customer', ids[0]!)).values['pool'])
  const { version } = await read(admin, 'pool', pool)
  await admin.ask('PATCH', `/api/v1/objects/pool/records/${pool}`, { version, values: { daily_claims: 2, hold_limit: 100_000 } })
  for (const each of sellers) {
    await go(each, `/pools?pool=customer/${pool}`)
    await each.page.getByText('今日已领 0 / 2').waitFor()
    await each.page.getByRole('textbox', { name: '在公海里查找' }).fill('浦口')
    await each.page.getByRole('row', { name: /浦口丙/ }).waitFor()
  }
  const take = (each: Person, name: string) => each.page.getByRole('button', { name: `领取${name}` }).click()
  const told = (each: Person, words: RegExp) => each.page.getByRole('status').getByText(words).waitFor()
  const ownerOf = async (at: number) => (await read(boss, 'customer', ids[at]!)).values['owner']
  // What each is told stands only for seconds: it is read as it comes.
  const heard = await Promise.all(sellers.map(async (each) => { await take(each, '浦口甲'); return each.page.getByRole('status').getByText(/^已领取 1 条|这条记录已被别人领走/).innerText() }))
  const [first, second] = heard[0]!.startsWith('已领取') ? sellers : [sellers[1], sellers[0]]
  expect(heard.toSorted()).toEqual([expect.stringMatching(/^已领取 1 条/), expect.stringContaining('这条记录已被别人领走')])
  expect(await ownerOf(0)).toBe(await idOf(boss, first === sellers[0] ? '李娜' : '孙悦'))
  await look(second, 'claim-late-1440')
  await Promise.all([first.page.getByText('今日已领 1 / 2').waitFor(), second.page.getByText('今日已领 0 / 2').waitFor()])

  await take(first, '浦口乙')
  await first.page.getByText('今日已领 2 / 2').waitFor()
  await take(first, '浦口丙')
  await told(first, /今天从「华东公海」领取的已达上限 2 条/)
  await look(first, 'claim-limit-1440')
  await take(second, '浦口丙')
  await second.page.getByRole('row', { name: /浦口丙/ }).waitFor({ state: 'detached' })
  expect(await ownerOf(2)).toBe(await idOf(boss, second === sellers[0] ? '李娜' : '孙悦'))
  await second.page.getByRole('status').getByRole('button', { name: '撤销' }).click()
  await second.page.getByRole('row', { name: /浦口丙/ }).waitFor()
  expect((await read(boss, 'customer', ids[2]!)).values['pool']).toBe(pool)
})

test('陆鸣离职：工作分给两位同事，先看各得多少再确认；做完的任务留在原处；撤销交接，一切如初', async () => {
  const admin = await house().member('周敏')
  const { page } = admin
  const leaver = await idOf(admin, '陆鸣')
  const task = (title: string, status: string) => makeId(admin, 'task', { title, due_at: '2026-12-01T02:00:00Z', status, owner: leaver })
  const [going, staying] = [await task('给宏达寄样', 'open'), await task('已寄合同', 'done')]
  type Held = { objects: { object: string; count: number }[]; collaborations: number }
  const holdings = () => admin.ask<Held>('GET', `/api/v1/members/${leaver}/holdings`)
  const before = await holdings()
  const held = Object.fromEntries(before.objects.map(({ object, count }) => [object, count]))
  const ownerOf = async (id: string) => (await read(admin, 'task', id)).values['owner']

  await go(admin, '/members')
  await page.getByRole('button', { name: '陆鸣', exact: true }).click()
  await page.getByRole('dialog', { name: '陆鸣' }).getByRole('button', { name: '交接' }).click()
  const wizard = page.getByRole('dialog', { name: '陆鸣的工作交接' })
  await wizard.getByRole('button', { name: '全部交给' }).click()
  await page.getByRole('option', { name: /^孙悦/ }).click()
  await wizard.getByRole('button', { name: `客户 · ${held['customer']} 条` }).click()
  await page.getByRole('option', { name: /^沈佳/ }).click()
  await look(admin, 'handover-1440')
  await wizard.getByRole('button', { name: '预览数量' }).click()
  const row = (thing: string) => wizard.getByRole('row', { name: new RegExp(`^${thing} `) })
  await row('客户').waitFor()
  expect([await row('客户').innerText(), await row('待办任务').innerText()].map((each) => each.split(/\s+/))).toEqual([['客户', '沈佳', String(held['customer'])], ['待办任务', '孙悦', String(held['task'])]])
  await look(admin, 'handover-preview-1440')
  expect(await ownerOf(going)).toBe(leaver)
  await wizard.getByRole('button', { name: '确认交接' }).click()
  const done = page.getByRole('dialog', { name: '陆鸣的工作已交接' })
  await done.getByText('已停用陆鸣').waitFor()
  await look(admin, 'handover-done-1440')
  expect([await ownerOf(going), await ownerOf(staying), (await holdings()).objects]).toEqual([await idOf(admin, '孙悦'), leaver, []])
  await done.getByRole('button', { name: '撤销交接' }).click()
  await page.getByText(/已撤销交接，\d+ 条记录回到原处/).waitFor()
  const after = await holdings()
  expect([Object.fromEntries(after.objects.map(({ object, count }) => [object, count])), after.collaborations, await ownerOf(going)]).toEqual([held, before.collaborations, leaver])
  expect((await admin.ask<{ state: string }>('GET', `/api/v1/members/${leaver}`)).state).toBe('active')
})

test('「协作给我的」只列出别人请我协作的客户', async () => {
  const [boss, seller] = [await house().member('陈志远'), await house().member('沈佳')]
  const [shared] = [await makeId(boss, 'customer', { name: '盐城纺机', kind: 'company' }), await makeId(boss, 'customer', { name: '盐城轴承', kind: 'company' }), await makeId(seller, 'customer', { name: '盐城电机', kind: 'company' })]
  await boss.ask('POST', '/api/v1/commands/share', { object: 'customer', ids: [shared], members: [{ member: await idOf(boss, '沈佳'), access: 'read' }] })
  await go(seller, '/o/customer')
  await seller.page.getByRole('tab', { name: '协作给我的' }).click()
  await seller.page.getByRole('row', { name: /盐城纺机/ }).waitFor()
  await look(seller, 'shared-1440')
  expect(await seller.page.getByRole('row', { name: /盐城/ }).count()).toBe(1)
})

test('李娜换主部门：先写明名下有多少记录归属原部门，选了一起转走才能保存，撤销就都回来', async () => {
  const admin = await house().member('周敏')
  const { page } = admin
  const [lina, { teams }] = [await idOf(admin, '李娜'), await admin.ask<{ teams: { id: number; name: string }[] }>('GET', '/api/v1/teams')]
  const teamOf = async () => (await admin.ask<{ team: number }>('GET', `/api/v1/members/${lina}`)).team
  const held = async () => (await admin.ask<{ objects: { object: string; count: number }[] }>('GET', `/api/v1/members/${lina}/team-records`)).objects
  const [before, records] = [await teamOf(), await held()]
  const [from, to] = [teams.find(({ id }) => id === before)!, teams.find(({ id }) => id !== before)!]
  await go(admin, '/members')
  await page.getByRole('button', { name: '李娜', exact: true }).click()
  const form = page.getByRole('dialog', { name: '李娜' })
  await form.getByRole('button', { name: '主部门', exact: true }).click()
  await page.getByRole('option', { name: to.name, exact: true }).click()
  const question = form.getByRole('region', { name: `名下归属「${from.name}」的记录怎么处理？` })
  await question.getByText(`线索 ${records.find(({ object }) => object === 'lead')!.count}`).waitFor()
  expect(await form.getByRole('button', { name: '保存' }).isDisabled()).toBe(true)
  await look(admin, 'move-1440')
  if (LOOK) { await page.setViewportSize({ width: 390, height: 844 }); await question.scrollIntoViewIfNeeded(); await look(admin, 'move-390'); await page.setViewportSize({ width: 1440, height: 900 }) }
  await question.getByText(`一起转到「${to.name}」`).click()
  await form.getByRole('button', { name: '保存' }).click()
  await page.getByText(`李娜已换部门，${records.reduce((sum, { count }) => sum + count, 0)} 条记录一起转走`).waitFor()
  expect([await teamOf(), await held()]).toEqual([to.id, records])
  await page.getByRole('status').getByRole('button', { name: '撤销' }).click()
  await page.getByText(/^李娜已回到原部门/).waitFor()
  expect([await teamOf(), await held()]).toEqual([from.id, records])
})
