import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Intent, planSpan, undoSpan, writeOrRefuse } from '#kernel/records'
import { ids } from '#platform/db'
import { PEOPLE, workshop, type Person, type Workshop } from './testing/workshop.ts'

let home: Workshop
beforeAll(async () => { home = await workshop() })
afterAll(() => home.drop())

const does = (who: Person | 'kernel', ...intents: Intent[]) => home.as(who, async (ctx) => { await writeOrRefuse(ctx, intents); return ctx.now })
const job = async (id: string) => (await home.looking('kernel', ({ tx }) => tx.query<{ name: string; price: string | null; note: string | null; gone: boolean }>('select f_name as name, f_price as price, f_note as note, gone_act is not null as gone from {t}.o_job where id = $1', [id])))[0]

test('W111 a member’s work of some time goes back; what others changed since stays and is named', async () => {
  const [kept, theirs, before] = [ids.next(), ids.next(), ids.next()]
  await does('chief', { op: 'create', object: 'job', id: before, values: { name: '旧', price: '1', note: '甲' }, owner: PEOPLE.ann })
  await new Promise((resolve) => setTimeout(resolve, 5))
  const from = await does('lead', { op: 'create', object: 'job', id: kept, values: { name: '别人的' }, owner: PEOPLE.lead })
  await does('ann', { op: 'create', object: 'job', id: theirs, values: { name: '安新建的' } })
  await does('ann', { op: 'update', object: 'job', id: before, values: { name: '新', note: '乙' } })
  await does('chief', { op: 'update', object: 'job', id: before, values: { note: '主管改的' } })
  const to = new Date(Date.now() + 60_000)
  const span = { member: PEOPLE.ann, from, to, along: true }
  const stood = await job(before)
  expect(await home.as('chief', (ctx) => planSpan(ctx, span))).toMatchObject({ changes: 2, records: [{ object: 'job', n: 2 }], answers: 0, sent: [], back: 2, kept: [{ id: before, title: '新', fields: ['note'], why: 'changed' }] })
  expect(await job(before)).toEqual(stood)
  const undone = await home.as('chief', (ctx) => undoSpan(ctx, span))
  expect(undone.kept).toMatchObject([{ id: before, fields: ['note'], why: 'changed' }])
  expect(await job(before)).toMatchObject({ name: '旧', note: '主管改的' })
  expect([(await job(theirs))!.gone, (await job(kept))!.gone]).toEqual([true, false])
  expect((await home.as('chief', (ctx) => undoSpan(ctx, span))).changed).toBe(0)
})

test('W111 a rule’s work of some time, and what was sent because of it is listed', async () => {
  const id = ids.next()
  await does('chief', { op: 'create', object: 'job', id, values: { name: '规则改我' }, owner: PEOPLE.ann })
  const from = await does('kernel', { op: 'update', object: 'job', id, values: { note: '规则写的' } })
  await home.as('kernel', ({ tx }) => tx.query(`insert into {t}.outbox (channel, key, body, state, next_at, run_event, rule, created_at) values ('sms', 'span', '{}', 'sent', $1, 7, 'closed', $1)`, [from]))
  const span = { rule: 'closed', from, to: new Date(from.getTime() + 1), along: false }
  expect(await home.as('chief', (ctx) => planSpan(ctx, span))).toMatchObject({ changes: 1, sent: [{ channel: 'sms', n: 1 }] })
  await home.as('chief', (ctx) => undoSpan(ctx, span))
  expect((await job(id))!.note).toBeNull()
})

test('W111 a thousand deleted by one act come back by one undo', async () => {
  const many = Array.from({ length: 1_000 }, () => ids.next())
  await does('kernel', ...many.map((id, i): Intent => ({ op: 'create', object: 'job', id, values: { name: `多${i}` }, owner: PEOPLE.bob })))
  const from = await does('kernel', ...many.map((id): Intent => ({ op: 'delete', object: 'job', id })))
  const { changed, kept } = await home.as('chief', (ctx) => undoSpan(ctx, { rule: 'closed', from, to: new Date(from.getTime() + 1), along: false }))
  expect([changed, kept]).toEqual([1_000, []])
})
