import { expect, test } from 'vitest'
import { demoHouse, living } from './house.ts'

const house = living(demoHouse)

test('管理员查看并更换推送的签名密钥：旧的再用一天，谁看过、谁换过都在审计里', async () => {
  const { page } = await house().member('周敏')
  await page.goto('/webhooks')
  const key = page.getByRole('region', { name: '签名密钥' })
  expect(await key.textContent()).not.toMatch(/nm_[0-9a-f]/)
  await key.getByRole('button', { name: '显示密钥' }).click()
  const first = await key.getByText(/^nm_[0-9a-f]{64}$/).textContent()
  await key.getByRole('button', { name: '更换密钥' }).click()
  await page.getByRole('dialog', { name: '更换密钥' }).getByRole('button', { name: '更换密钥' }).click()
  await key.getByText(/旧密钥用到/).waitFor()
  await key.getByRole('button', { name: '显示密钥' }).click()
  await expect.poll(() => key.getByText(/^nm_[0-9a-f]{64}$/).allTextContents()).toEqual([expect.not.stringContaining(first!), first])
  await page.goto('/audit')
  await page.getByText('签名密钥').first().waitFor()
})
