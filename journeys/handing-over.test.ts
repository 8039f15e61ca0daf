import { expect, test } from 'vitest'
import { demoHouse, living, onPhone, type Person } from './house.ts'

/** Handing records over, sharing them, unlocking them: the same at the desk and on the phone. */
const house = living(demoHouse)
const LOOK = process.env['LOOK']
const look = (person: Person, name: string) => (LOOK ? person.page.screenshot({ path: `${LOOK}/${name}.png` }) : undefined)

type Answer = { record: { id: string; version: string; values: Record<string, unknown>; collaborators?: { member: number; write: boolean }[] } }
const make = async (person: Person, object: string, values: object): Promise<string> => (await person.ask<Answer>('POST', `/api/v1/objects/${object}/records`, { values })).record.id
const stored = async (person: Person, object: string, id: string) => (await person.ask<Answer>('GET', `/api/v1/objects/${object}/records/${id}`)).record
const idOf = async (person: Person, name: string) => (await person.ask<{ members: { id: number; name: string }[] }>('GET', '/api/v1/definitions')).members.find((member) => member.name === name)!.id
const go = (person: Person, where: string) => person.page.goto(new URL(where, person.page.url()).href)

test('转移客户要写给谁、为什么，名下的商机一并转走，动态里留着原因，撤销就都回来', async () => {
  const boss = await house().member('陈志远')
  const { page } = boss
  const [mine, other] = [await idOf(boss, '陈志远'), await idOf(boss, '李娜')]
  const customer = await make(boss, 'customer', { name: '苏北泵业', kind: 'company' })
  const deal = await make(boss, 'opportunity', { name: '苏北泵业二期', customer, amount: '200000', close_on: '2027-01-31' })
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
  expect([(await stored(boss, 'customer', customer)).values['owner'], (await stored(boss, 'opportunity', deal)).values['owner']]).toEqual([other, other])
  await page.getByText('按行业重新划分').waitFor()
  await page.getByRole('status').getByRole('button', { name: '撤销' }).click()
  await expect.poll(async () => [(await stored(boss, 'customer', customer)).values['owner'], (await stored(boss, 'opportunity', deal)).values['owner']]).toEqual([mine, mine])
})

test('手机上转移也写原因；协作人可以加、改、移除；锁定的记录能解锁', async () => {
  const boss = await house().member('陈志远', onPhone)
  const { page } = boss
  const customer = await make(boss, 'customer', { name: '淮安阀门', kind: 'company' })
  await go(boss, `/o/customer/${customer}`)
  const shared = page.getByRole('region', { name: '协作人' })
  await shared.getByRole('button', { name: '添加' }).tap()
  await page.getByRole('dialog').getByRole('button', { name: /徐子涵/ }).tap()
  await shared.getByRole('button', { name: /徐子涵/ }).tap()
  await look(boss, 'collaborators-390')
  await page.getByRole('dialog').getByRole('button', { name: '可编辑' }).tap()
  await expect.poll(async () => (await stored(boss, 'customer', customer)).collaborators?.map(({ write }) => write)).toEqual([true])
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
  expect((await stored(boss, 'customer', customer)).values['owner']).toBe(await idOf(boss, '李娜'))
})

test('没有解锁权限的人在手机上申请解锁，主管收到；记错的跟进八秒内撤销', async () => {
  const boss = await house().member('陈志远')
  const seller = await house().member('李娜', onPhone)
  const { page } = seller
  const lead = await make(seller, 'lead', { name: '高建国', phone: '13900071234' })
  await go(seller, `/o/lead/${lead}`)
  await page.getByRole('button', { name: '添加跟进' }).tap()
  const sheet = page.getByRole('dialog', { name: '添加跟进' })
  await sheet.getByRole('radio', { name: '接通-有意向' }).tap()
  await sheet.getByRole('radio', { name: /^后天/ }).tap()
  await sheet.getByRole('button', { name: '记录跟进' }).tap()
  await page.getByText('已跟进高建国').waitFor()
  expect((await stored(seller, 'lead', lead)).values['next_contact_at']).toBeTruthy()
  await page.getByRole('button', { name: '撤销' }).last().tap()
  await expect.poll(async () => (await seller.ask<{ records: unknown[] }>('GET', `/api/v1/objects/activity/records?filter=${encodeURIComponent(JSON.stringify({ field: 'subject', op: 'eq', value: `lead:${lead}` }))}`)).records.length).toBe(0)
  const { version } = await stored(boss, 'lead', lead)
  await boss.ask('PATCH', `/api/v1/objects/lead/records/${lead}`, { version, values: { locked: true } })
  await page.getByRole('button', { name: '申请解锁' }).tap()
  const asking = page.getByRole('dialog', { name: '申请解锁' })
  await asking.getByLabel('为什么需要修改').fill('电话写错了')
  await asking.getByRole('button', { name: '申请解锁' }).tap()
  await page.getByText(/已通知/).waitFor()
})
