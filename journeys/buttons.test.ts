import { expect, test } from 'vitest'
import { demoHouse, living, onPhone, type Person } from './house.ts'
import { makeId, read } from './records.ts'

const house = living(demoHouse)
const LOOK = process.env['LOOK']
const look = (person: Person, name: string) => (LOOK ? person.page.screenshot({ path: `${LOOK}/${name}.png`, fullPage: true }) : undefined)
const go = (person: Person, where: string) => person.page.goto(new URL(where, person.page.url()).href)

test('总监做一条「有人点按钮时」的规则；李娜在线索上点一下、在列表里点一批、在手机上点一下，规则就做；没满足条件的没有按钮', async () => {
  const director = await house().member('陈志远')
  await go(director, '/automation/new')
  const { page } = director
  await page.getByRole('textbox', { name: '规则名称' }).fill('重点跟进')
  await page.getByTitle('修改触发').click()
  const trigger = page.getByRole('dialog', { name: '修改触发' })
  await trigger.getByRole('button', { name: '什么时候' }).click()
  await page.getByRole('option', { name: '数值越过界限时' }).click()
  await trigger.getByLabel('界限').fill('75')
  await look(director, 'crossed-1440')
  await trigger.getByRole('button', { name: '什么时候' }).click()
  await page.getByRole('option', { name: '有人点按钮时' }).click()
  await look(director, 'pressed-1440')
  await trigger.getByRole('button', { name: '完成' }).click()
  await page.getByText('有人在线索上点这条规则的按钮').waitFor()
  const rule = { key: 'press_hot', label: { zh: '重点跟进', en: 'Hot' }, trigger: { on: 'pressed', object: 'lead' }, condition: { field: 'company', op: 'notEmpty' }, actions: [{ do: 'tag', add: ['高意向'] }], priority: 400 }
  await director.ask('PUT', '/api/v1/definitions/rule/press_hot', { body: rule, state: 'active' })

  const lina = await house().member('李娜')
  const [one, two, three, bare] = [await makeId(lina, 'lead', { name: '按钮甲', company: '甲厂' }), await makeId(lina, 'lead', { name: '按钮乙', company: '乙厂' }), await makeId(lina, 'lead', { name: '按钮丙', company: '丙厂' }), await makeId(lina, 'lead', { name: '按钮丁' })]
  const tagged = async (id: string) => ((await read(lina, 'lead', id)) as unknown as { tags: string[] }).tags.includes('高意向')
  await go(lina, `/o/lead/${one}`)
  await lina.page.getByRole('button', { name: '重点跟进', exact: true }).click()
  await lina.page.getByText('「重点跟进」已开始处理 1 条').waitFor()
  await lina.page.getByText('高意向', { exact: true }).first().waitFor()
  await look(lina, 'pressed-record-1440')
  await go(lina, `/o/lead/${bare}`)
  await lina.page.getByRole('heading', { name: '按钮丁' }).waitFor()
  await lina.page.getByRole('button', { name: '为什么', exact: true }).first().waitFor()
  expect(await lina.page.getByRole('button', { name: '重点跟进', exact: true }).count()).toBe(0)

  await go(lina, `/o/lead?search=${encodeURIComponent('按钮乙')}`)
  await lina.page.getByRole('row').filter({ hasText: '按钮乙' }).getByRole('checkbox').check()
  await lina.page.getByRole('toolbar').getByRole('button', { name: '执行规则' }).click()
  await lina.page.getByRole('menuitem', { name: '重点跟进' }).click()
  await lina.page.getByText('「重点跟进」已开始处理 1 条').waitFor()
  await expect.poll(() => tagged(two)).toBe(true)

  const small = await house().member('李娜', onPhone)
  await go(small, `/o/lead/${three}`)
  await small.page.getByRole('button', { name: '更多' }).first().click()
  await small.page.getByText('执行「重点跟进」').click()
  await expect.poll(() => tagged(three)).toBe(true)
})
