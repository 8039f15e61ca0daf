import { expect, test } from 'vitest'
import { demoHouse, living, onPhone, type Person } from './house.ts'

const house = living(demoHouse)
let seller: Person
let lead: string

test('销售评论并 @ 主管，看不到这条线索的同事选不了；主管点通知，落到这条评论上', async () => {
  seller = await house().member('李娜')
  const { page, ask } = seller
  lead = (await ask<{ record: { id: string } }>('POST', '/api/v1/objects/lead/records', { values: { name: '评论试验' } })).record.id
  await page.goto(`/o/lead/${lead}`)
  const box = page.getByRole('textbox', { name: '评论' })
  await box.fill('请 @赵')
  await page.getByRole('option', { name: /赵磊.*看不到这条记录/ }).waitFor()
  await box.fill('请 @王')
  await page.getByRole('option', { name: '王海燕' }).click()
  await box.pressSequentially('今天看一下报价')
  await page.getByRole('button', { name: '发表' }).click()
  const timeline = page.getByRole('region', { name: '动态' })
  await timeline.getByText('@王海燕').waitFor()
  const supervisor = await house().member('王海燕')
  await supervisor.page.getByRole('button', { name: /通知/ }).click()
  await supervisor.page.getByRole('link', { name: /李娜在「评论试验」中提到你/ }).click()
  await supervisor.page.locator('[data-meant]').getByText('今天看一下报价').waitFor()
})

test('写错了十五分钟内可以改，也可以撤回；写过什么还在变更记录里', async () => {
  const { page, ask } = seller
  const timeline = page.getByRole('region', { name: '动态' })
  await timeline.getByRole('button', { name: '修改', exact: true }).click()
  await timeline.getByRole('textbox', { name: '修改评论' }).fill('@王海燕 明天看')
  await timeline.getByRole('button', { name: '保存' }).click()
  await timeline.getByText('明天看').waitFor()
  await timeline.getByRole('button', { name: '撤回' }).click()
  await page.getByRole('dialog').getByRole('button', { name: '撤回' }).click()
  await timeline.getByText('评论已撤回').waitFor()
  const { records } = await ask<{ records: { id: string }[] }>('GET', '/api/v1/objects/comment/records')
  const { items } = await ask<{ items: unknown[] }>('GET', `/api/v1/objects/comment/records/${records[0]!.id}/changes`)
  expect(JSON.stringify(items)).toContain('明天看')
})

test('主管关注这条线索，销售改了金额，主管马上知道改成了多少；手机上也能取消关注', async () => {
  const supervisor = await house().member('王海燕')
  await supervisor.page.goto(`/o/lead/${lead}`)
  await supervisor.page.getByRole('button', { name: '关注', exact: true }).click()
  await supervisor.page.getByRole('button', { name: '已关注' }).waitFor()
  const { record } = await seller.ask<{ record: { version: string } }>('GET', `/api/v1/objects/lead/records/${lead}`)
  await seller.ask('PATCH', `/api/v1/objects/lead/records/${lead}`, { version: record.version, values: { est_amount: '320000' } })
  await supervisor.page.getByRole('button', { name: /通知/ }).click()
  await supervisor.page.getByText(/预估合同额：无 → 32 万/).waitFor()
  const phone = await house().member('王海燕', onPhone)
  await phone.page.goto(`/o/lead/${lead}`)
  await phone.page.getByRole('button', { name: '更多操作' }).tap()
  await phone.page.getByRole('button', { name: '取消关注' }).tap()
  await phone.page.getByText('已取消关注').waitFor()
})
