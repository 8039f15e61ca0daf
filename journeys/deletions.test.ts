import { beforeAll, expect, test } from 'vitest'
import { demoHouse, living, onPhone, type Person } from './house.ts'

/** One person alone cannot empty a list, and what was deleted comes back whole. */
const house = living(demoHouse)
const LOOK = process.env['LOOK']
const look = async ({ page }: Person, name: string) => { if (LOOK) { await page.waitForTimeout(300); await page.screenshot({ path: `${LOOK}/${name}.png` }) } }
let director: Person
let keeper: Person
beforeAll(async () => { director = await house().member('陈志远'); keeper = await house().member('周敏') })

/** Every value, tag and owner of these records, and what hangs on them, as one number. */
async function stateOf(chosen: readonly string[]): Promise<string> {
  const found: unknown[] = []
  for (let from = 0; from < chosen.length; from += 20) {
    found.push(...await Promise.all(chosen.slice(from, from + 20).map(async (id) => {
      const { record: { version: _, ...record } } = await director.ask<{ record: { version: string } & Record<string, unknown> }>('GET', `/api/v1/objects/lead/records/${id}`)
      const values = Object.fromEntries(Object.entries(record['values'] as object).filter(([key]) => key !== 'updated_at' && key !== 'updated_by'))
      return { ...record, values, history: (await director.ask<{ items: { kind: string }[] }>('GET', `/api/v1/objects/lead/records/${id}/timeline?limit=200`)).items.filter(({ kind }) => kind === 'child').length }
    })))
  }
  return JSON.stringify(found, null, 1)
}

const leads = async (): Promise<number> => ((await director.ask<{ exact: number }>('GET', '/api/v1/objects/lead/count')).exact)

test('总监一次删 237 条：一条也没删，管理员收到复核，看过证据同意后才删；再一键全部找回', async () => {
  // Old ones: nothing comes due on them while they are looked at.
  const { ids } = await director.ask<{ ids: string[] }>('GET', `/api/v1/objects/lead/ids?filter=${encodeURIComponent(JSON.stringify({ all: [{ field: 'grade', op: 'notEmpty' }, { field: 'created_at', op: 'olderThan', value: '30d' }] }))}`)
  const before = await leads()
  const chosen = ids.slice(0, 237)
  const state = await stateOf(chosen)
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
  await expect.poll(leads).toBe(before)
  expect(await stateOf(chosen)).toBe(state)
})

test('手机上也能看到要复核的删除，看过证据，点同意', async () => {
  const phone = await house().member('周敏', onPhone)
  const { ids } = await director.ask<{ ids: string[] }>('GET', '/api/v1/objects/lead/ids')
  const before = await leads()
  const { held } = await director.ask<{ held: { id: string } }>('POST', '/api/v1/commands/bulk', { object: 'lead', ids: ids.slice(0, 55), delete: true })
  const { page } = phone
  await page.goto('/notifications')
  await page.getByText(/陈志远要删除 55 条线索/).first().click()
  await page.getByRole('heading', { name: '陈志远要删除 55 条线索', level: 1 }).waitFor()
  expect(page.url()).toContain(held.id)
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
  await look(phone, 'deletion-390')
  await page.getByRole('button', { name: '同意删除 55 条' }).click()
  const dialog = page.getByRole('dialog', { name: '同意删除 55 条' })
  await dialog.getByRole('textbox', { name: '原因' }).fill('手机上确认过')
  await look(phone, 'deletion-390-agree')
  await dialog.getByRole('button', { name: '同意删除 55 条' }).click()
  await page.getByText('已同意').first().waitFor()
  expect(await leads()).toBe(before - 55)
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
