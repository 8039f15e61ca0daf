import { beforeAll, expect, test } from 'vitest'
import { demoHouse, living, type Person } from './house.ts'

const house = living(demoHouse)
let [administrator, seller]: Person[] = []
beforeAll(async () => { [administrator, seller] = [await house().member('周敏'), await house().member('赵磊')] })

test('改成代理商的赵磊不能直接新建线索，提交的是建议；管理员只采纳姓名和手机，他看得到结果和那条线索', async () => {
  const { members } = await administrator!.ask<{ members: { id: number; name: string }[] }>('GET', '/api/v1/members')
  await administrator!.ask('PATCH', `/api/v1/members/${members.find(({ name }) => name === '赵磊')!.id}`, { roles: ['agent'] })
  const his = seller!.page
  await his.goto('/o/lead')
  await his.getByRole('button', { name: '建议新建线索' }).first().click()
  const form = his.getByRole('dialog', { name: '建议新建线索' })
  await form.getByLabel('姓名').fill('何大川')
  await form.getByLabel('手机').fill('13955550001')
  await form.getByLabel('公司名').fill('待核实的公司')
  await form.getByRole('button', { name: '提交建议' }).click()
  await his.getByText('已提交建议，等待审核').waitFor()
  const { page } = administrator!
  await page.goto('/suggestions')
  await page.getByText('赵磊建议新建线索：何大川').waitFor()
  await page.getByRole('checkbox', { name: '公司名', exact: true }).uncheck()
  await page.getByRole('button', { name: /采纳所选 \d+ 项/ }).click()
  await page.getByText('已采纳：何大川').waitFor()
  await his.goto('/suggestions')
  await his.getByText('已采纳').first().waitFor()
  await his.getByRole('link', { name: '赵磊建议新建线索：何大川' }).click()
  await his.getByRole('heading', { name: '何大川', level: 1 }).waitFor()
  const { records } = await seller!.ask<{ records: { title: string; values: Record<string, unknown>; can: { edit: boolean } }[] }>('GET', '/api/v1/objects/lead/records?limit=50')
  expect(records.filter(({ title }) => title === '何大川').map(({ values, can }) => [values['phone'], values['company'], can.edit])).toEqual([['+8613955550001', undefined, false]])
})
