import { expect, test } from 'vitest'
import { demoHouse, living, onPhone } from './house.ts'

const house = living(demoHouse)

test('手机上一只拇指：从作战台打开跟进，三下就记好，这一行离开', async () => {
  const { page } = await house().member('李娜', onPhone)
  const row = page.getByRole('region', { name: '今日待联系线索' }).getByRole('listitem').first()
  const name = await row.getByRole('link').first().locator('b').innerText()
  await row.getByRole('button', { name: '跟进' }).tap()
  const sheet = page.getByRole('dialog', { name: '添加跟进' })
  await sheet.getByRole('radio', { name: '接通-有意向' }).tap()
  await sheet.getByRole('radio', { name: /^后天/ }).tap()
  const save = sheet.getByRole('button', { name: '记录跟进' })
  const { y, height } = (await save.boundingBox())!
  expect(y, 'the act is under the thumb').toBeGreaterThan(844 / 2)
  expect(height).toBeGreaterThanOrEqual(40)
  await save.tap()
  await page.getByText(`已跟进${name}`).waitFor()
  await page.getByRole('region', { name: '今日待联系线索' }).getByText(name).waitFor({ state: 'detached' })
})
