import { expect, test } from 'vitest'
import { demoHouse, living, onPhone, type Person } from './house.ts'
import { makeId } from './records.ts'

const house = living(demoHouse)
let seller: Person

/** A supervisor names her in a comment: something that she has not read. */
async function mentioned() {
  const boss = await house().member('王海燕')
  const { members } = await boss.ask<{ members: { id: number; name: string }[] }>('GET', '/api/v1/definitions')
  const about = await makeId(seller, 'lead', { name: '宋佳怡' })
  await boss.ask('POST', '/api/v1/commands/comment', { subject: { object: 'lead', id: about }, text: `@[李娜](${members.find(({ name }) => name === '李娜')!.id}) 今天看一下` })
}

test('销售在通知中心只看 @我的、搜一条、整页标为已读，再撤销', async () => {
  seller = await house().member('李娜')
  const { page } = seller
  await mentioned()
  await page.goto('/notifications')
  const list = page.getByRole('region', { name: '通知', exact: true })
  await list.getByRole('link').first().waitFor()
  await page.getByRole('tab', { name: '@我的' }).click()
  await list.getByRole('link', { name: /王海燕在「宋佳怡」中提到你/ }).waitFor()
  await expect.poll(() => list.getByRole('link').count()).toBe(1)
  await page.getByRole('tab', { name: '全部' }).click()
  await page.getByRole('searchbox', { name: '搜索通知' }).fill('没有这样的话')
  await list.getByText('没有符合条件的通知').waitFor()
  await page.getByRole('searchbox', { name: '搜索通知' }).fill('')
  await page.getByRole('tab', { name: /未读/ }).click()
  await page.getByRole('button', { name: '全部标为已读' }).click()
  await list.getByText('没有通知').waitFor()
  await page.getByRole('button', { name: '撤销' }).click()
  await list.getByRole('link', { name: /王海燕在「宋佳怡」中提到你/ }).waitFor()
})

test('打开邮件、改免打扰、约好每天几点收摘要；手机上看到同样的设置', async () => {
  const { page } = seller
  await page.goto('/account')
  const panel = page.getByRole('region', { name: '通知设置' })
  for (const [name, on] of [['@我的：邮件', true], ['开启免打扰', false], ['每天发一封摘要', true]] as const) {
    const one = panel.getByRole('switch', { name })
    await one.click()
    await expect.poll(() => one.isChecked()).toBe(on)
  }
  const hour = panel.getByLabel('发送时间')
  await hour.fill('07:15')
  const saved = page.waitForResponse((response) => response.url().endsWith('/notifications/settings') && response.request().method() === 'PUT')
  await hour.blur()
  expect((await saved).status()).toBe(200)
  const phone = await house().member('李娜', onPhone)
  await phone.page.goto('/account/notifications')
  expect(await phone.page.getByRole('switch', { name: '@我的：邮件' }).isChecked()).toBe(true)
  expect(await phone.page.getByRole('switch', { name: '开启免打扰' }).isChecked()).toBe(false)
  expect(await phone.page.getByLabel('发送时间').inputValue()).toBe('07:15')
})

test('到了约好的时间，一封摘要留在待发里；第二天才有下一封', async () => {
  const admin = await house().member('周敏')
  const waiting = async () => (await admin.ask<{ outbox: { ready: number } }>('GET', '/api/v1/status')).outbox.ready
  const before = await waiting()
  await house().pass('24h')
  await expect.poll(waiting).toBe(before + 1)
  await house().pass('24h')
  await expect.poll(waiting).toBe(before + 2)
})
