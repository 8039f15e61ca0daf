import { expect, test } from 'vitest'
import { demoHouse, living, onPhone, type Person } from './house.ts'
import { makeId, read } from './records.ts'

const house = living(demoHouse)
const LOOK = process.env['LOOK']
const look = (person: Person, name: string) => (LOOK ? person.page.screenshot({ path: `${LOOK}/${name}.png`, fullPage: true }) : undefined)
const go = (person: Person, where: string) => person.page.goto(new URL(where, person.page.url()).href)

const RULE = {
  key: 'note_seen', label: { zh: '公司名改动提醒', en: 'Company name changed' }, trigger: { on: 'changed', object: 'lead', fields: ['company'] }, condition: { all: [] }, priority: 500,
  actions: [{ do: 'tag', add: ['高意向'] }, { do: 'notify', to: [{ owner: true }], kind: 'note_seen', title: '公司名改了：{{company}}' }],
}
const ownLead = async (person: Person) => ({ id: await makeId(person, 'lead', { name: '改名试验', company: '旧名' }) })
const rename = async (person: Person, id: string, company: string) => { const { version } = await read(person, 'lead', id); await person.ask('PATCH', `/api/v1/objects/lead/records/${id}`, { version, values: { company } }) }
const runsOf = async (admin: Person, record: string) => (await admin.ask<{ items: { status: string; steps: { why?: string; later?: unknown }[] }[] }>('GET', `/api/v1/runs?rule=note_seen&record=${record}&limit=20`)).items

test('李娜在「我的自动化」里看到哪些规则在处理自己的线索；暂停一条，立刻不再打扰她的线索，别人的照旧；撤销就恢复', async () => {
  const admin = await house().member('周敏')
  await admin.ask('PUT', '/api/v1/definitions/rule/note_seen', { body: RULE, state: 'active' })
  const [lina, sunyue] = [await house().member('李娜'), await house().member('孙悦')]
  const [mine, theirs] = [await ownLead(lina), await ownLead(sunyue)]
  await go(lina, '/my-automation')
  const row = lina.page.getByRole('listitem').filter({ hasText: '公司名改动提醒' })
  await row.getByText('当线索的公司有变化').or(row.getByText(/公司/).first()).first().waitFor()
  await lina.page.getByText('必做', { exact: true }).first().waitFor()
  await row.getByRole('switch').click()
  await lina.page.getByText('「公司名改动提醒」不再处理你名下的记录').waitFor()
  await look(lina, 'own-1440')
  await rename(lina, mine.id, '改名甲')
  await rename(sunyue, theirs.id, '改名乙')
  await expect.poll(async () => (await runsOf(admin, theirs.id)).map(({ status }) => status)).toEqual(['done'])
  await expect.poll(async () => (await runsOf(admin, mine.id)).map(({ status, steps }) => [status, steps[0]!.why])).toEqual([['skipped', 'own_pause']])
  await go(lina, `/o/lead/${mine.id}`)
  await lina.page.getByRole('button', { name: '为什么', exact: true }).first().click()
  const why = lina.page.getByRole('dialog', { name: '为什么会这样' })
  await why.getByText('没有触发', { exact: true }).click()
  await why.getByText(/李娜 为自己的记录暂停了这条规则/).waitFor()
  await go(lina, '/my-automation')
  await row.getByRole('switch').click()
  await lina.page.getByText('「公司名改动提醒」重新处理你名下的记录').waitFor()
  await rename(lina, mine.id, '改名丙')
  await expect.poll(async () => (await runsOf(admin, mine.id))[0]!.status).toBe('done')
})

test('手机上关掉今天的一个时段：通知推迟、页面写明几条在等；重新开放就立刻收到', async () => {
  const lina = await house().member('李娜', onPhone)
  const admin = await house().member('周敏')
  const mine = await ownLead(lina)
  await go(lina, '/account')
  await lina.page.getByRole('button', { name: '我的自动化' }).click()
  await lina.page.getByRole('button', { name: '加一个时段' }).click()
  const form = lina.page.getByRole('form', { name: '加一个时段' })
  await form.getByRole('button', { name: '关闭这个时段' }).click()
  await form.getByText('请选星期几').waitFor()
  for (const day of ['周一', '周二', '周三', '周四', '周五']) await form.getByRole('checkbox', { name: day }).check()
  for (const day of ['周六', '周日']) await form.getByRole('checkbox', { name: day }).check()
  await form.getByLabel('从').fill('00:00')
  await form.getByRole('checkbox', { name: '到当天结束' }).uncheck()
  await form.getByLabel('到', { exact: true }).fill('23:59')
  await form.getByRole('button', { name: '关闭这个时段' }).click()
  await lina.page.getByText(/现在不推送，.*23:59 恢复/).waitFor()
  await rename(lina, mine.id, '推迟的改名')
  await expect.poll(async () => (await runsOf(admin, mine.id))[0]?.steps[1]?.later).toBeTruthy()
  await lina.page.reload()
  await lina.page.getByText(/已推迟：\d+ 条通知/).waitFor()
  await look(lina, 'own-390')
  const told = async () => (await lina.ask<{ items: { title: string }[] }>('GET', '/api/v1/notifications?limit=30')).items.filter(({ title }) => title === '公司名改了：推迟的改名').length
  expect(await told()).toBe(0)
  await lina.page.getByRole('button', { name: /^删除时段/ }).click()
  await lina.page.getByText('没有关闭的时段').waitFor()
  await expect.poll(told).toBe(1)
})

test('步骤多的规则先列前两步，展开看完整的步骤，再收起', async () => {
  const lina = await house().member('李娜')
  await go(lina, '/my-automation')
  const row = lina.page.getByRole('listitem').filter({ has: lina.page.getByRole('switch', { name: /提交报价审批/ }) })
  await row.getByText('请直属主管审批', { exact: false }).waitFor()
  expect(await row.getByText('请财务审批', { exact: false }).count()).toBe(0)
  await row.getByRole('button', { name: '展开全部' }).click()
  await row.getByText('请财务审批', { exact: false }).waitFor()
  await row.getByText('超时', { exact: true }).first().waitFor()
  await row.getByRole('button', { name: '收起' }).click()
  await row.getByText('请财务审批', { exact: false }).waitFor({ state: 'detached' })
})
