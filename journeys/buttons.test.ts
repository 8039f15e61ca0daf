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

test('李娜的报价被驳回过：改好再提交，王海燕在手机上看着金额和折扣同意，报价就通过了，李娜马上知道', async () => {
  const lina = await house().member('李娜')
  const [refused] = (await lina.ask<{ records: { id: string; values: { no: string } }[] }>('GET', `/api/v1/objects/quote/records?filter=${encodeURIComponent(JSON.stringify({ field: 'approval', op: 'eq', value: 'rejected' }))}`)).records
  const { id, values: { no } } = refused!
  await go(lina, `/o/quote/${id}`)
  await lina.page.getByText('已驳回', { exact: true }).first().waitFor()
  await lina.page.getByRole('button', { name: '提交报价审批', exact: true }).click()
  await lina.page.getByText('审批中', { exact: true }).first().waitFor()
  const boss = await house().member('王海燕', onPhone)
  await go(boss, '/approvals')
  await look(boss, 'quotes-waiting-390')
  await boss.page.getByRole('link', { name: new RegExp(no) }).first().click()
  await boss.page.getByRole('region', { name: '审批什么' }).getByText(/整单折扣/).waitFor()
  await look(boss, 'quote-asked-390')
  await boss.page.getByRole('button', { name: '同意', exact: true }).click()
  await boss.page.getByRole('dialog').getByRole('button', { name: '同意', exact: true }).click()
  await boss.page.getByText('已同意', { exact: true }).waitFor()
  // 李娜's page is still open.
  await lina.page.getByText('已通过', { exact: true }).first().waitFor()
  await look(lina, 'quote-signed-1440')
  const told = async () => (await lina.ask<{ items: { title: string }[] }>('GET', '/api/v1/notifications')).items.map(({ title }) => title)
  await expect.poll(told).toContainEqual(expect.stringContaining(`${no} 已通过审批`))
})

test('李娜从线索上发一个追踪链接，带着标签；客户在自己的手机上点开，李娜没刷新的页面上就有这次打开，标签也打上了', async () => {
  const lina = await house().member('李娜')
  const lead = await makeId(lina, 'lead', { name: '追踪张工', company: '追踪电机' })
  await go(lina, `/o/lead/${lead}`)
  const { page } = lina
  await page.getByRole('region', { name: '追踪链接' }).getByRole('button', { name: '新建追踪链接' }).click()
  const sheet = page.getByRole('dialog', { name: '新建追踪链接' })
  await sheet.getByLabel('名称').fill('八分钟看懂云启 MES')
  await sheet.getByLabel('目标网址').fill(`${house().url}/f/pricing`)
  await look(lina, 'link-new-1440')
  await sheet.getByRole('button', { name: '保存' }).click()
  await page.getByText('这是专属链接').first().waitFor()
  const address = await page.getByText(/\/l\//).first().innerText()
  await page.getByRole('button', { name: '+ 打标签' }).click()
  await page.getByRole('option', { name: '高意向', exact: true }).click()
  await page.getByText('高意向', { exact: true }).first().waitFor()
  await look(lina, 'link-1440')

  await go(lina, `/o/lead/${lead}`)
  await page.getByRole('heading', { name: '追踪张工' }).waitFor()
  expect(await page.getByText('高意向', { exact: true }).count()).toBe(0)
  const customer = await house().visitor(onPhone)
  await customer.page.setExtraHTTPHeaders({ 'user-agent': 'Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/142.0 Mobile Safari/537.36 MicroMessenger/8.0' })
  await customer.page.goto(address)
  await customer.page.getByRole('heading', { name: '官网定价页' }).waitFor()
  await page.getByText(/打开链接/).first().waitFor()
  await page.getByText('高意向', { exact: true }).first().waitFor()
  await page.getByText(/追踪链接填为八分钟看懂云启/).waitFor()
  await page.getByText(/^追踪链接「\d+」$/).waitFor()
  await look(lina, 'link-opened-1440')
})
