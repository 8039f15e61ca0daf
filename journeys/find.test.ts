import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { demoHouse, living, onPhone } from './house.ts'

const house = living(demoHouse)

/** Types into ⌘K until the one record stands there. */
async function finds(page: Page, typed: string, found: string): Promise<void> {
  await page.keyboard.press('Control+k')
  await page.getByPlaceholder('输入姓名、公司、拼音首字母').fill(typed)
  await page.getByRole('option', { name: found }).first().waitFor()
}

test('⌘K 用汉字、拼音首字母和手机尾号都能找到人，回车就打开；列表里也一样', async () => {
  const { page, ask } = await house().member('李娜')
  const { record } = await ask<{ record: { id: string } }>('POST', '/api/v1/objects/lead/records', { values: { name: '单春晓', company: '曾氏云锦科技', phone: '13912345719' } })
  await page.goto('/')
  await page.getByRole('heading', { name: '昨日未闭环事项' }).waitFor()
  for (const typed of ['单春', 'scx', 'ZSYJ', '5719']) {
    await finds(page, typed, '单春晓')
    await page.keyboard.press('Escape')
  }
  await finds(page, 'dcx', '单春晓')
  await page.keyboard.press('Escape')
  // Initials may be others' too; the whole name is theirs alone.
  await finds(page, '单春晓', '单春晓')
  await page.keyboard.press('Enter')
  await page.waitForURL(`**/o/lead/${record.id}`)
  await page.goto('/o/lead')
  await page.getByRole('searchbox', { name: '在列表里查找' }).fill('zsyj')
  await page.getByRole('row', { name: /单春晓/ }).waitFor()
  await expect.poll(() => page.getByRole('row').count()).toBe(2)
})

test('⌘K 也找得到页面', async () => {
  const { page } = await house().member('周敏')
  await page.goto('/')
  await page.getByRole('heading', { level: 1 }).first().waitFor()
  await finds(page, '回收', '回收站')
  await page.keyboard.press('Enter')
  await page.waitForURL('**/trash**')
})

test('手机上按拼音首字母找人', async () => {
  const { page, ask } = await house().member('李娜', onPhone)
  await ask('POST', '/api/v1/objects/lead/records', { values: { name: '慕容雪芹' } })
  await page.goto('/')
  await page.getByRole('button', { name: '找客户、线索、商机' }).first().click()
  await page.getByPlaceholder('姓名、公司、拼音首字母').fill('mrxq')
  await page.getByText('慕容雪芹').first().waitFor()
})
