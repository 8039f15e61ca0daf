import type { Locator } from 'playwright-core'
import { expect, test } from 'vitest'
import { chooseAll, takeBack } from './hands.ts'
import { demoHouse, living, onPhone, type Person } from './house.ts'
import { makeId } from './records.ts'

const house = living(demoHouse)
const HOUR_PX = 44
const FIRST_HOUR = 7

test('在周视图里拖出一段时间建日程：同事有冲突先提醒，能拖动改期也能撤销，到点两个人都收到提醒', async () => {
  const [lina, zihan] = [await house().member('李娜'), await house().member('徐子涵')]
  const { page } = lina
  const { day, column } = await onEmptyWeek(lina)
  const at = (time: string) => new Date(`${day}T${time}:00+08:00`).toISOString()
  await zihan.ask('POST', '/api/v1/objects/schedule/records', { values: { title: '别人的会', starts_at: at('14:30'), ends_at: at('15:30') } })

  const point = await hoursOf(column)
  await page.mouse.move(...point(14))
  await page.mouse.down()
  await page.mouse.move(...point(14.5))
  await page.mouse.move(...point(15))
  await page.mouse.up()
  const form = page.getByRole('dialog', { name: '新建日程' })
  await form.getByLabel('标题').fill('MES 方案演示')
  await chooseAll(form, '参与人', ['徐子涵'])
  await form.getByText('徐子涵 14:30–15:30 已有安排').waitFor()
  await form.getByRole('button', { name: '保存' }).click()
  await form.waitFor({ state: 'detached' })
  const event = page.getByRole('button', { name: /MES 方案演示 14:00–15:00/ })
  await event.waitFor()
  await form.waitFor({ state: 'hidden' })

  await event.focus()
  await page.keyboard.press('Alt+ArrowDown')
  await page.getByRole('button', { name: /MES 方案演示 14:30–15:30/ }).waitFor()
  await takeBack(page, /^「MES 方案演示」改到 /)
  await event.waitFor()
  const box = (await event.boundingBox())!
  await page.mouse.move(box.x + 20, box.y + 8)
  await page.mouse.down()
  await page.mouse.move(box.x + 20, box.y + 8 - HOUR_PX / 2)
  await page.mouse.move(box.x + 20, box.y + 8 - HOUR_PX)
  await page.mouse.up()
  await page.getByRole('button', { name: /MES 方案演示 13:00–14:00/ }).waitFor()

  const shorter = (await page.getByRole('button', { name: /MES 方案演示 13:00–14:00/ }).boundingBox())!
  await page.mouse.move(shorter.x + 20, shorter.y + shorter.height - 2)
  await page.mouse.down()
  await page.mouse.move(shorter.x + 20, shorter.y + shorter.height - HOUR_PX / 4)
  await page.mouse.move(shorter.x + 20, shorter.y + shorter.height - HOUR_PX / 2)
  await page.mouse.up()
  await page.getByRole('button', { name: /MES 方案演示 13:00–13:30/ }).waitFor()

  const { now } = await lina.ask<{ now: string }>('GET', '/api/v1/clock')
  await house().pass(`${Math.ceil((Date.parse(at('13:00')) - Date.parse(now)) / 60_000) - 14}m`)
  for (const { ask } of [lina, zihan]) {
    await expect.poll(async () => (await ask<{ items: { title: string }[] }>('GET', '/api/v1/notifications')).items.filter(({ title }) => title === '日程提醒：MES 方案演示').length).toBe(1)
  }
})

test('线慢的时候，到期的任务后来才到，时间格不会挪动；手再快，也算到松手的地方', async () => {
  const lina = await house().member('李娜')
  const { page } = lina
  let arrive = (): void => undefined
  const arrived = new Promise<void>((resolve) => { arrive = resolve })
  await page.route(/next_contact_at|due_at/, async (route) => { await arrived; await route.continue() })
  const { day, column } = await onEmptyWeek(lina)
  await makeId(lina, 'task', { title: '后来才到的任务', due_at: new Date(`${day}T10:00:00+08:00`).toISOString() })
  const before = await column.boundingBox()
  arrive()
  await page.getByRole('link', { name: /后来才到的任务/ }).waitFor()
  expect(await column.boundingBox()).toEqual(before)

  const point = await hoursOf(column)
  await page.mouse.move(...point(9))
  await page.mouse.down()
  // One stroke: the page has no time to draw between the move and the letting go.
  await column.evaluate((target, [clientX, clientY]) => {
    for (const kind of ['pointermove', 'pointerup']) target.dispatchEvent(new PointerEvent(kind, { bubbles: true, pointerId: 1, clientX, clientY }))
  }, point(12))
  await page.mouse.up()
  const form = page.getByRole('dialog', { name: '新建日程' })
  await form.getByLabel('标题').fill('一笔画成')
  await form.getByRole('button', { name: '保存' }).click()
  await page.getByRole('button', { name: /一笔画成 09:00–12:00/ }).waitFor()
})

test('订阅到系统日历：地址只显示一次，能读到自己的日程；停用后再也读不到', async () => {
  const { page, ask } = await house().member('李娜')
  await ask('POST', '/api/v1/objects/schedule/records', { values: { title: '订阅得到的会', starts_at: new Date(Date.now() + 86_400_000).toISOString(), ends_at: new Date(Date.now() + 90_000_000).toISOString() } })
  await page.goto('/calendar')
  await page.getByRole('button', { name: '订阅', exact: true }).click()
  const dialog = page.getByRole('dialog', { name: '日历订阅' })
  await dialog.getByRole('button', { name: '生成订阅地址' }).click()
  const address = (await dialog.getByText(/\.ics$/).textContent())!
  expect(await (await fetch(address)).text()).toContain('SUMMARY:订阅得到的会')
  await dialog.getByRole('button', { name: '完成' }).click()

  await page.goto('/account')
  await page.getByText(/读取过/).waitFor()
  expect(await page.getByText(address).count()).toBe(0)
  await page.getByRole('button', { name: '停用地址' }).click()
  await page.getByRole('dialog', { name: '停用地址' }).getByRole('button', { name: '停用地址' }).click()
  await page.getByRole('button', { name: '生成订阅地址' }).waitFor()
  expect((await fetch(address)).status).toBe(404)
})

test('手机上是一天一天的日程表，不用左右滚动', async () => {
  const { page } = await house().member('李娜', onPhone)
  await page.goto('/calendar')
  await page.getByRole('radio', { name: '日程表' }).waitFor()
  expect(await page.getByRole('radio', { name: '日程表' }).isChecked()).toBe(true)
  await page.getByRole('button', { name: '新建日程' }).click()
  const form = page.getByRole('dialog', { name: '新建日程' })
  await form.getByLabel('标题').fill('手机上约的会')
  await form.getByRole('button', { name: /新建|保存/ }).last().click()
  await page.getByRole('button', { name: /手机上约的会/ }).waitFor()
  await page.getByRole('radio', { name: '日', exact: true }).check()
  await page.getByRole('radiogroup', { name: '日' }).waitFor()
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)
})

test('工作日历：管理员看到下一年还没有安排，把通知粘贴进来就生效', async () => {
  const { page, ask } = await house().member('周敏')
  const { missing, years } = await ask<{ missing: number[]; years: { year: number }[] }>('GET', '/api/v1/working-calendar')
  const year = missing[0] ?? Math.max(...years.map((each) => each.year)) + 1
  await page.goto('/working-calendar')
  await page.getByRole('button', { name: '录入一年' }).click()
  const dialog = page.getByRole('dialog', { name: '录入一年' })
  await dialog.getByLabel('放假通知全文').fill(`国务院办公厅关于${year}年部分节假日安排的通知 一、元旦：1月1日至3日放假，共3天。 二、国庆节：10月1日至7日放假调休，共7天。9月26日、10月9日上班。`)
  await dialog.getByText('国庆节', { exact: true }).waitFor()
  await dialog.getByRole('button', { name: '采用' }).click()
  await page.getByRole('button', { name: '保存并生效' }).click()
  await expect.poll(async () => (await ask<{ years: { year: number; own: boolean }[] }>('GET', '/api/v1/working-calendar')).years.some((each) => each.year === year && each.own)).toBe(true)
})

/** The calendar three weeks on, where the demonstration has no meetings (they stand in this week and the next), and the Wednesday there. */
async function onEmptyWeek({ page }: Person) {
  await page.goto('/calendar')
  const column = page.locator('[data-day]').nth(2)
  await column.waitFor()
  const day = dayAfter((await column.getAttribute('data-day'))!, 21)
  for (let i = 0; i < 3; i++) await page.getByRole('button', { name: '往后' }).click()
  await page.locator(`[data-day="${day}"]`).waitFor()
  return { day, column }
}

const dayAfter = (day: string, days: number): string => new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10)

/** Where an hour stands on the screen. */
async function hoursOf(column: Locator): Promise<(hour: number) => [number, number]> {
  const { x, y, width } = (await column.boundingBox())!
  return (hour) => [x + width / 2, y + (hour - FIRST_HOUR) * HOUR_PX + 2]
}
