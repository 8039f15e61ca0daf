import { beforeAll, expect, test } from 'vitest'
import { demoHouse, living, type Person } from './house.ts'

/** One person alone cannot empty a list, and what was deleted comes back whole. */
const house = living(demoHouse)
let director: Person
let keeper: Person
beforeAll(async () => { director = await house().member('陈志远'); keeper = await house().member('周敏') })

const leads = async (): Promise<number> => ((await director.ask<{ exact: number }>('GET', '/api/v1/objects/lead/count')).exact)

test('总监一次删 237 条：一条也没删，管理员收到复核，看过证据同意后才删；再一键全部找回', async () => {
  const { ids } = await director.ask<{ ids: string[] }>('GET', '/api/v1/objects/lead/ids')
  const before = await leads()
  const chosen = ids.slice(0, 237)
  const sample = await director.ask<{ record: { values: object; tags: string[] } }>('GET', `/api/v1/objects/lead/records/${chosen[0]}`)
  const answer = await director.ask<{ changed: number; held: { n: number; told: string[] } }>('POST', '/api/v1/commands/bulk', { object: 'lead', ids: chosen, delete: true })
  expect(answer).toMatchObject({ changed: 0, held: { n: 237, told: expect.arrayContaining(['周敏']) } })
  expect(await leads()).toBe(before)
  const { page } = keeper
  await page.goto('/notifications')
  await page.getByRole('link', { name: /陈志远要删除 237 条线索/ }).first().click()
  await page.getByRole('heading', { name: '陈志远要删除 237 条线索', level: 1 }).waitFor()
  await page.getByText('同意之前，一条也不会删除。').waitFor()
  await page.getByRole('button', { name: '同意删除 237 条' }).click()
  const dialog = page.getByRole('dialog', { name: '同意删除 237 条' })
  await dialog.getByRole('textbox', { name: '原因' }).fill('重复导入的名单')
  await dialog.getByRole('button', { name: '同意删除 237 条' }).click()
  await page.getByText('已同意').waitFor()
  expect(await leads()).toBe(before - 237)
  await director.page.goto('/trash?object=lead')
  await director.page.getByRole('button', { name: '恢复这 237 条' }).click()
  await expect.poll(leads, { timeout: 10_000 }).toBe(before)
  expect(await director.ask('GET', `/api/v1/objects/lead/records/${chosen[0]}`)).toMatchObject({ record: { tags: sample.record.tags } })
})

test('自己不能复核自己的删除，可以撤回', async () => {
  const { ids } = await director.ask<{ ids: string[] }>('GET', '/api/v1/objects/lead/ids')
  const { held } = await director.ask<{ held: { id: string } }>('POST', '/api/v1/commands/bulk', { object: 'lead', ids: ids.slice(0, 60), delete: true })
  const { page } = director
  await page.goto(`/deletions/${held.id}`)
  await page.getByRole('heading', { name: '陈志远要删除 60 条线索', level: 1 }).waitFor()
  expect(await page.getByRole('button', { name: /^同意删除/ }).count()).toBe(0)
  await page.getByRole('button', { name: '撤回' }).click()
  await page.getByText('已撤回').first().waitFor()
})
