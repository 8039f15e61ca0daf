import { afterAll, beforeAll, expect, it } from 'vitest'
import { house, type House, type Person } from './testing/house.ts'

let home: House
let id: string
beforeAll(async () => {
  home = await house()
  id = (await home.ask(home.people.sales, 'POST', '/api/v1/objects/lead/records', { values: { name: '赵工' } })).body.record.id
})
afterAll(() => home.close())

const post = (who: Person, command: string, body: object) => home.ask(who, 'POST', `/api/v1/commands/${command}`, body)
const comment = (who: Person, text: string) => post(who, 'comment', { subject: { object: 'lead', id }, text })
const code = ({ status, body }: Awaited<ReturnType<typeof comment>>) => [status, body.error?.code]

it('H41 said by who reads it, seen by who reads it', async () => {
  const { sales, rival, supervisor } = home.people
  expect((await comment(supervisor, '先报价')).body.record).toMatchObject({ object: 'comment', values: { text: '先报价', subject: { object: 'lead', id }, created_by: supervisor.id } })
  expect(code(await comment(rival, '我也看看'))).toEqual([404, 'NOT_FOUND'])
  const timeline = await home.ask(sales, 'GET', `/api/v1/objects/lead/records/${id}/timeline`)
  expect(timeline.body.items.map(({ child }: { child?: { values: { text?: string } } }) => child?.values.text)).toContain('先报价')
  expect((await home.ask(rival, 'GET', '/api/v1/objects/comment/records')).body.records).toEqual([])
})

it('H41 a mention arrives or is refused', async () => {
  const { sales, rival, supervisor } = home.people
  expect((await home.ask(sales, 'GET', `/api/v1/objects/lead/records/${id}/readers?members=${rival.id},${supervisor.id}`)).body).toEqual({ readers: [supervisor.id] })
  const refused = await comment(sales, `@[赵一鸣](${rival.id}) 帮忙`)
  expect([...code(refused), refused.body.error.message]).toEqual([422, 'MENTION_UNREADABLE', '赵一鸣看不到这条记录，@ 了也收不到'])
  expect((await comment(sales, `@[王海燕](${supervisor.id}) 帮忙`)).status).toBe(201)
})

it('H41 one\'s own, within 15 minutes; withdrawn, it stays in the history', async () => {
  const { sales, supervisor } = home.people
  const { id: said, version } = (await comment(sales, '第一稿')).body.record
  const at = `/api/v1/objects/comment/records/${said}`
  expect(code(await home.ask(sales, 'PATCH', at, { version, values: { text: '绕过' } }))).toEqual([403, 'FORBIDDEN'])
  expect(code(await post(supervisor, 'edit-comment', { id: said, text: '替你改' }))).toEqual([403, 'COMMENT_NOT_YOURS'])
  expect((await post(sales, 'edit-comment', { id: said, text: '第二稿' })).body.record.values.text).toBe('第二稿')
  await home.db.mutate(home.tenant, (tx) => tx.query(`update {t}.o_comment set created_at = created_at - interval '16 minutes' where id = $1`, [said]))
  expect(code(await post(sales, 'edit-comment', { id: said, text: '第三稿' }))).toEqual([422, 'COMMENT_TOO_OLD'])
  expect((await post(sales, 'withdraw-comment', { id: said })).body.record.values).toMatchObject({ text: '（评论已撤回）', withdrawn: true })
  expect(code(await post(sales, 'withdraw-comment', { id: said }))).toEqual([404, 'NOT_FOUND'])
  const { items } = (await home.ask(sales, 'GET', `${at}/changes`)).body
  expect(items[0].fields).toContainEqual(expect.objectContaining({ field: 'text', before: '第二稿', after: '（评论已撤回）' }))
  expect(items[0].actor).toMatchObject({ kind: 'member', id: sales.id })
})

it('H41 followed, and not', async () => {
  const { supervisor, rival } = home.people
  const subject = { object: 'lead', id }
  expect((await post(supervisor, 'follow', { subject, on: true })).body).toEqual({ following: true, followers: 1 })
  expect((await home.ask(supervisor, 'GET', `/api/v1/objects/lead/records/${id}/following`)).body).toEqual({ following: true, followers: 1 })
  expect(code(await post(rival, 'follow', { subject, on: true }))).toEqual([404, 'NOT_FOUND'])
  expect((await post(supervisor, 'follow', { subject, on: false })).body).toEqual({ following: false, followers: 0 })
})
