import { expect, test } from 'vitest'
import { choose } from './hands.ts'
import { emptyHouse, living, onPhone } from './house.ts'
import { makeId } from './records.ts'

const house = living(emptyHouse)

test('诊所经理排一周的护士长班：缺人的时段马上看得到，复制到下一周，预约落在谁的班上，「准备诊室」就归谁；手机上看到现在谁值班，一点就拨，还有自己这周的班', async () => {
  const manager = await house().visitor()
  const { page } = manager
  await page.goto(/http\S+setup\S+/.exec(house().terminal)![0])
  await page.getByLabel('公司名称').fill('青禾齿科')
  await page.getByLabel('姓名').fill('林经理')
  await page.getByLabel('邮箱').fill('lin@example.com')
  await page.getByLabel('密码', { exact: true }).fill('青山不改绿水长流后会有期')
  await page.getByText('口腔诊所', { exact: true }).click()
  await page.getByRole('button', { name: '完成设置' }).click()
  await page.getByRole('navigation').getByText('青禾齿科').waitFor()
  for (const [name, email] of [['周护士', 'zhou@example.com'], ['吴护士', 'wu@example.com']]) await manager.ask('POST', '/api/v1/members', { name, email, roles: ['nurse'], team: null, supervisor: null })
  await page.reload()

  await page.getByRole('navigation').getByRole('link', { name: '排班' }).click()
  await page.getByText('这一周还没有排班').waitFor()
  await page.getByRole('button', { name: '下一周', exact: true }).click()
  const monday = page.getByRole('main').getByRole('listitem').filter({ has: page.getByRole('button', { name: /周一 排班$/ }) })
  for (const [who, from, to] of [['周护士', '08:00', '12:00'], ['吴护士', '13:00', '18:00']] as const) {
    await monday.getByRole('button', { name: /周一 排班$/ }).click()
    const sheet = page.getByRole('dialog')
    await choose(sheet, '值班人', who)
    await sheet.getByLabel('从', { exact: true }).fill(from)
    await sheet.getByLabel('到', { exact: true }).fill(to)
    await sheet.getByRole('button', { name: '保存' }).click()
    await sheet.waitFor({ state: 'detached' })
    await monday.getByText(`${from}–${to}`).waitFor()
  }
  await page.getByText(/周一 12:00–13:00 没有护士长/).waitFor()
  await page.getByRole('button', { name: '复制到下一周' }).click()
  await page.getByText('已复制 2 个班次到下一周').waitFor()
  const shifts = await manager.ask<{ records: { values: { member: number; starts_at: string } }[] }>('GET', '/api/v1/objects/shift/records?limit=10&sort=starts_at')
  expect(shifts.records).toHaveLength(4)

  const patient = await makeId(manager, 'patient', { name: '钱女士' })
  const first = shifts.records[0]!
  await makeId(manager, 'visit', { title: '洁牙', patient, starts_at: new Date(Date.parse(first.values.starts_at) + 3_600_000).toISOString(), status: 'booked' })
  await expect.poll(async () => (await manager.ask<{ records: { values: { owner: number; title: string } }[] }>('GET', '/api/v1/objects/todo/records?limit=5')).records.map(({ values }) => [values.title, values.owner])).toEqual([['准备诊室：洁牙', first.values.member]])

  await page.getByRole('button', { name: /^吴护士 13:00/ }).first().click()
  await page.getByRole('dialog').getByRole('button', { name: '删除' }).click()
  await page.getByText('已取消吴护士的班次').waitFor()
  await page.getByRole('button', { name: '撤销' }).last().click()
  await page.getByRole('button', { name: /^吴护士 13:00/ }).first().waitFor()
  const phone = await house().visitor(onPhone)
  await phone.ask('POST', '/api/v1/auth/sign-in', { account: 'lin@example.com', password: '青山不改绿水长流后会有期' })
  await phone.page.goto('/shifts')
  // Whoever is on now stands first, one press from a call; then one's own week.
  await phone.page.getByText('现在没有人值班').waitFor()
  await phone.page.getByText('这一周没有排到你').waitFor()
  const nurse = first.values.member
  await manager.ask('PATCH', `/api/v1/members/${nurse}`, { phone: '13812345678' })
  const me = (await manager.ask<{ id: number }>('GET', '/api/v1/auth/me')).id
  const from = new Date(Date.now() - 3_600_000).toISOString()
  for (const member of [nurse, me]) await makeId(manager, 'shift', { duty: 'head_nurse', member, starts_at: from, ends_at: new Date(Date.now() + 1_800_000).toISOString() })
  await phone.page.reload()
  const call = phone.page.getByRole('link', { name: '打给周护士' })
  await call.waitFor()
  expect(await call.getAttribute('href')).toMatch(/^tel:(\+86)?13812345678$/)
  await phone.page.getByRole('region', { name: '我的班' }).getByText('护士长').waitFor()
})
