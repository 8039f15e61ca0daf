import { expect, test } from 'vitest'
import { chooseAll } from './hands.ts'
import { demoHouse, living, onPhone, type Person } from './house.ts'

/** Somebody is away, a colleague stands in, and everything is as before when they are back. */
const house = living(demoHouse)
const LOOK = process.env['LOOK']
const look = (person: Person, name: string) => (LOOK ? person.page.screenshot({ path: `${LOOK}/${name}.png` }) : undefined)
const go = (person: Person, where: string) => person.page.goto(new URL(where, person.page.url()).href)

/** The house's clock is that of the company: eight hours ahead. */
async function untilTomorrowNoon(person: Person): Promise<string> {
  const wall = Date.parse((await person.ask<{ now: string }>('GET', '/api/v1/clock')).now) + 8 * 3_600_000
  return `${Math.round((Math.floor(wall / 86_400_000 + 1) * 86_400_000 + 12 * 3_600_000 - wall) / 60_000)}m`
}

test('李娜明天请假，孙悦代理：到点就接手，作战台写明替谁、到何时，也能改；李娜提前回来就恢复', async () => {
  const lina = await house().member('李娜')
  await go(lina, '/absences')
  await lina.page.getByText('没有请假').waitFor()
  await lina.page.getByRole('button', { name: '登记请假' }).click()
  const form = lina.page.getByRole('dialog', { name: '登记请假' })
  await chooseAll(form, '代理人', ['孙悦'])
  await form.getByText(/期间由孙悦代为查看和修改名下的 [\d,]+ 条记录/).waitFor()
  await look(lina, 'absence-form-1440')
  await form.getByRole('button', { name: '登记请假' }).click()
  await lina.page.getByText('已登记请假').waitFor()
  await lina.page.getByText('孙悦代理').waitFor()

  const sunyue = await house().member('孙悦')
  const { records: [theirs] } = await lina.ask<{ records: { id: string; version: string }[] }>('GET', `/api/v1/objects/lead/records?limit=1&filter=${encodeURIComponent(JSON.stringify({ field: 'owner', op: 'eq', value: { me: true } }))}`)
  await expect(sunyue.ask('GET', `/api/v1/objects/lead/records/${theirs!.id}`)).rejects.toThrow('404')
  await expect(sunyue.page.getByText(/你正在代理/).count()).resolves.toBe(0)
  await house().pass(await untilTomorrowNoon(lina))
  await go(sunyue, '/')
  await sunyue.page.getByText(/你正在代理 李娜 的 \d+ 条线索，至 \d\d-\d\d 18:00/).waitFor()
  await sunyue.page.getByText('代 李娜').first().waitFor()
  await look(sunyue, 'standing-1440')
  await sunyue.page.getByRole('link', { name: /\d+ 条线索/ }).click()
  await sunyue.page.getByText('李娜').first().waitFor()
  await go(sunyue, `/o/lead/${theirs!.id}`)
  await sunyue.page.getByText(/李娜请假中，孙悦代理，至 \d\d-\d\d 18:00/).waitFor()
  expect((await sunyue.ask<{ record: { can: { edit: boolean; transfer: boolean } } }>('GET', `/api/v1/objects/lead/records/${theirs!.id}`)).record.can).toMatchObject({ edit: true, transfer: false })

  await go(lina, '/absences')
  await lina.page.getByRole('button', { name: '提前结束' }).click()
  await lina.page.getByText('已提前结束').waitFor()
  await expect(sunyue.ask('GET', `/api/v1/objects/lead/records/${theirs!.id}`)).rejects.toThrow('404')
  await go(sunyue, '/')
  await sunyue.page.getByRole('heading', { name: '今日待联系线索' }).waitFor()
  expect(await sunyue.page.getByText(/你正在代理/).count()).toBe(0)
})

test('手机上也能登记；主管替下属登记，没选代理人就由主管代理', async () => {
  const boss = await house().member('王海燕', onPhone)
  await go(boss, '/absences')
  await boss.page.getByRole('button', { name: '登记请假' }).click()
  const form = boss.page.getByRole('dialog', { name: '登记请假' })
  await form.getByRole('button', { name: '请假人' }).click()
  await boss.page.getByRole('option', { name: /沈佳/ }).click()
  await form.getByText('没有选代理人，由上级 王海燕 代理').waitFor()
  await look(boss, 'absence-form-390')
  await form.getByRole('button', { name: '登记请假' }).click()
  await boss.page.getByText('已登记请假').waitFor()
  await boss.page.getByRole('button', { name: '取消' }).click()
  await boss.page.getByText('已取消').waitFor()
  await boss.page.getByRole('status').getByRole('button', { name: '撤销' }).last().click()
  await boss.page.getByRole('button', { name: '取消' }).waitFor()
  await look(boss, 'absences-390')
})
