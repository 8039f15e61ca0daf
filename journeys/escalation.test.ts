import { expect, test } from 'vitest'
import { unpile } from './hands.ts'
import { demoHouse, living, type Person } from './house.ts'
import { ownedLead, submit, visit } from './leads.ts'

const house = living(demoHouse)

test('72 小时没有跟进：直属主管的铃铛里出现这条线索和客户的最新行为，点开就是这条记录；跟进过的不升级', async () => {
  const administrator = await house().member('周敏')
  const visitor = crypto.randomUUID()
  await visit(administrator, { visitor, kind: 'view' })
  await visit(administrator, { visitor, kind: 'download', material: 'mes_whitepaper' })
  const forgotten = await submit(administrator, { name: '江一帆', company: '临港动力总成', phone: '13900010001', industry: 'auto', need: 'mes', budget: '120万', region: '上海', _visitor: visitor })
  const cared = await submit(administrator, { name: '贺兰亭', company: '嘉定精密', phone: '13900010002', industry: 'auto', need: 'mes', budget: '80万', region: '上海' })
  const { owner, supervisor } = await ownedLead(administrator, forgotten)
  const { owner: carer } = await ownedLead(administrator, cared)
  await followUp(await house().member(carer), '贺兰亭')

  const { page } = await house().member(supervisor)
  await house().pass('73h')
  // What three days bring moves the list for as long as it comes in.
  await expect.poll(async () => { const { queue } = await administrator.ask<{ queue: { waiting: number; timersDue: number } }>('GET', '/api/v1/status'); return queue.waiting + queue.timersDue }).toBe(0)
  await page.getByRole('button', { name: /^通知，[1-9]\d* 条未读$/ }).click()
  const bell = page.getByRole('dialog', { name: '通知' })
  const entry = bell.getByRole('listitem').filter({ hasText: '72 小时未跟进：江一帆' })
  await unpile(bell, entry)
  const text = await entry.innerText()
  for (const word of ['临港动力总成', owner, '下载']) expect(text).toContain(word)
  expect(await bell.innerText()).not.toContain('72 小时未跟进：贺兰亭')
  await entry.getByRole('link').click()
  await page.getByRole('heading', { name: '江一帆' }).waitFor()
  await page.getByText('已超时').first().waitFor()
  expect(await administrator.ask<{ record: { tags: string[] } }>('GET', `/api/v1/objects/lead/records/${cared}`).then(({ record }) => record.tags)).not.toContain('已超时')
})

async function followUp({ page }: Person, name: string): Promise<void> {
  await page.getByRole('region', { name: '今日待联系线索' }).getByRole('listitem').filter({ hasText: name }).getByRole('button', { name: '跟进' }).click()
  const sheet = page.getByRole('dialog', { name: '添加跟进' })
  await sheet.getByText('接通-有意向').click()
  await sheet.getByText('明天上午').click()
  await sheet.getByRole('button', { name: '保存' }).click()
  await page.getByText(`已记录对${name}的跟进`).waitFor()
}
