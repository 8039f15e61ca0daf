import type { Locator } from 'playwright-core'
import { beforeAll, expect, test } from 'vitest'
import { demoHouse, living, type Person } from './house.ts'
import { makeId, read } from './records.ts'

/** A day of somebody's work goes back: first it is shown what would, what would not, and why. */
const house = living(demoHouse)
const LOOK = process.env['LOOK']
const look = async ({ page }: Person, name: string) => { if (LOOK) { await page.waitForTimeout(300); await page.screenshot({ path: `${LOOK}/${name}.png` }) } }
let director: Person
let seller: Person
beforeAll(async () => { director = await house().member('陈志远'); seller = await house().member('李娜') })

/** Asks what would become of all that 李娜 did today. */
async function askOfToday({ page }: Person): Promise<Locator> {
  const dialog = page.getByRole('dialog', { name: '撤销这段时间的修改' })
  await page.goto('/audit')
  await page.getByRole('button', { name: /^成员/ }).click()
  await page.getByRole('option', { name: /^李娜/ }).first().click()
  await page.getByRole('button', { name: /^从哪天/ }).click()
  await page.getByRole('button', { name: '今天' }).click()
  await page.getByRole('button', { name: '撤销这段时间的修改' }).click()
  await dialog.getByText('改回原样的记录').waitFor()
  return dialog
}

const change = async (who: Person, id: string, values: object) => who.ask('PATCH', `/api/v1/objects/customer/records/${id}`, { version: (await read(who, 'customer', id)).version, values })

test('李娜一天里改错了三个客户，其中一个总监又改过：撤销前说清楚哪些改回、哪些保留，撤销后正是这样', async () => {
  // The days before are as they are: what is undone happens after midnight.
  const made = await Promise.all(['甲', '乙', '丙'].map((name) => makeId(seller, 'customer', { name: `撤销${name}公司`, kind: 'company', short_name: '原来的' })))
  await house().pass('25h')
  for (const id of made) await change(seller, id, { short_name: '改错的', address: '写错的地址' })
  await change(director, made[2]!, { short_name: '总监改的' })

  const dialog = await askOfToday(director)
  await dialog.getByText('没有已发出的消息').waitFor()
  const kept = dialog.getByRole('region', { name: /处会保持不变/ })
  await kept.getByText(/撤销丙公司 · 简称/).waitFor()
  await look(director, 'undo-preview')
  expect((await read(seller, 'customer', made[0]!)).values['short_name']).toBe('改错的')
  await dialog.getByRole('button', { name: '撤销这段时间的修改' }).click()
  await dialog.getByRole('region', { name: /处保持不变/ }).getByText(/撤销丙公司 · 简称/).waitFor()
  await look(director, 'undo-done')
  const now = await Promise.all(made.map(async (id) => { const { values } = await read(seller, 'customer', id); return [values['short_name'], values['address'] ?? null] }))
  expect(now).toEqual([['原来的', null], ['原来的', null], ['总监改的', null]])
})

test('风控总监要撤销李娜的一天：他能看、不能改这些字段，撤销前后都说明没有权限改回；管理员在角色页给了「恢复数据」，他就能整天改回', async () => {
  const [risk, administrator] = await Promise.all([house().member('袁彬'), house().member('周敏')])
  const made = await Promise.all(['丁', '戊'].map((name) => makeId(seller, 'customer', { name: `撤销${name}公司`, kind: 'company', short_name: '原来的' })))
  await house().pass('25h')
  for (const id of made) await change(seller, id, { short_name: '改错的', address: '写错的地址' })
  const stands = () => Promise.all(made.map(async (id) => { const { values } = await read(seller, 'customer', id); return [values['short_name'], values['address'] ?? null] }))

  const dialog = await askOfToday(risk)
  const kept = dialog.getByRole('region', { name: /处会保持不变/ })
  await kept.getByText(/撤销丁公司 · .*没有权限改回去，可以请有「恢复数据」权限的人来撤销/).waitFor()
  await look(risk, 'undo-without-right')
  await dialog.getByRole('button', { name: '撤销这段时间的修改' }).click()
  await dialog.getByRole('region', { name: /处保持不变/ }).getByText(/撤销戊公司 · .*没有权限改回去，可以请有「恢复数据」权限的人来撤销/).waitFor()
  expect(await stands()).toEqual([['改错的', '写错的地址'], ['改错的', '写错的地址']])

  await administrator.page.goto('/roles/risk')
  await administrator.page.getByRole('checkbox', { name: '恢复数据（撤销别人的操作）' }).click()
  await administrator.page.getByRole('dialog', { name: '「风控总监」的权限会变大' }).getByRole('button', { name: '确认生效' }).click()
  await expect.poll(() => risk.ask<{ rights: string[] }>('GET', '/api/v1/auth/me').then(({ rights }) => rights)).toContain('restore')
  await askOfToday(risk)
  expect(await kept.count()).toBe(0)
  await dialog.getByRole('button', { name: '撤销这段时间的修改' }).click()
  await dialog.getByRole('status').getByText(/^已撤销/).waitFor()
  await look(risk, 'undo-with-right')
  expect(await stands()).toEqual([['原来的', null], ['原来的', null]])
})
