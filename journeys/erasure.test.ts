import { readFileSync } from 'node:fs'
import { unzipSync } from 'fflate'
import { beforeAll, expect, test } from 'vitest'
import { demoHouse, living, type Person } from './house.ts'

/** Somebody writes in: what do you hold on me, and please forget me. */
const house = living(demoHouse)
let keeper: Person
let director: Person
beforeAll(async () => { keeper = await house().member('周敏'); director = await house().member('陈志远') })

const NAME = '欧阳若琳'

test('管理员先给本人一份副本，再申请删除；总监同意后，全公司再也找不到这个人', async () => {
  const made = await keeper.ask<{ record: { id: string } }>('POST', '/api/v1/objects/lead/records', { values: { name: NAME, phone: '13912345678', email: 'ouyang@example.cn', company: '若水科技' } })
  await keeper.ask('POST', '/api/v1/objects/lead/records', { values: { name: '王磊', phone: '13900001111', core_need: `${NAME}介绍来的` } })
  const { page } = keeper
  await page.goto(`/o/lead/${made.record.id}`)
  await page.getByRole('button', { name: '更多操作', exact: true }).click()
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name: '导出个人信息副本' }).click()])
  const parts = unzipSync(readFileSync(await download.path()))
  expect(Buffer.from(parts['个人信息副本.html']!).toString()).toContain('139 1234 5678')

  await page.getByRole('button', { name: '更多操作', exact: true }).click()
  await page.getByRole('menuitem', { name: '删除个人信息…' }).click()
  const dialog = page.getByRole('dialog', { name: '删除个人信息' })
  await dialog.getByText('没有同名的人').waitFor()
  await dialog.getByRole('textbox', { name: '怎么提出的，怎么核实的身份' }).fill(`${NAME}来函，已回拨登记号码核实`)
  await dialog.getByRole('button', { name: '提交复核' }).click()
  await page.getByText('同意之前，什么都不会删除。').waitFor()
  expect(await page.getByRole('button', { name: '同意删除' }).count()).toBe(0)

  const desk = director.page
  await desk.goto('/notifications')
  await desk.getByRole('link', { name: /周敏申请删除一个人的个人信息/ }).first().click()
  await desk.getByRole('button', { name: '同意删除' }).click()
  const word = desk.getByRole('dialog', { name: '同意删除' })
  await word.getByRole('textbox', { name: '复核意见' }).fill('来函属实')
  await word.getByRole('button', { name: '同意删除' }).click()
  await desk.getByText(/数据库、日志和附件里都已找不到/).waitFor({ timeout: 20_000 })

  const found = await director.ask<{ records?: unknown[] }>('GET', `/api/v1/search?q=${encodeURIComponent(NAME)}`)
  expect(JSON.stringify(found)).not.toContain(made.record.id)
  const { records } = await director.ask<{ records: { title: string; values: { core_need?: string } }[] }>('GET', '/api/v1/objects/lead/records?search=13900001111&fields=core_need&limit=5')
  expect(records[0]).toMatchObject({ title: '王磊', values: { core_need: '【已删除】介绍来的' } })
})
