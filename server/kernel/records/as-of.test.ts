import { afterAll, beforeAll, expect, test } from 'vitest'
import { Refused } from '#contract'
import { type Intent, recordAsOf, writeOrRefuse } from '#kernel/records'
import { ids } from '#platform/db'
import { PEOPLE, workshop, type Person, type Workshop } from './testing/workshop.ts'

let home: Workshop
beforeAll(async () => { home = await workshop() })
afterAll(() => home.drop())

const does = (who: Person, intent: Intent) => home.as(who, async (ctx) => { await writeOrRefuse(ctx, [intent]); return ctx.now })
const asOf = (who: Person, id: string, at: Date) => home.looking(who, (ctx) => recordAsOf(ctx, 'job', id, at))

test('W110 a record as it stood at any moment, through today’s lens', async () => {
  const id = ids.next()
  const born = await does('chief', { op: 'create', object: 'job', id, values: { name: '修屏', price: '10', secret: '3' }, tags: ['急'], owner: PEOPLE.ann })
  const secret = await does('chief', { op: 'update', object: 'job', id, values: { secret: '5' } })
  const priced = await does('chief', { op: 'update', object: 'job', id, values: { price: '12' }, removeTags: ['急'] })
  const before = await asOf('chief', id, new Date(born.getTime() - 1))
  expect(before).toMatchObject({ values: null, title: '' })
  expect(await asOf('chief', id, born)).toMatchObject({ title: '修屏', values: { price: '10', secret: '3', owner: PEOPLE.ann }, tags: ['急'] })
  expect(await asOf('chief', id, priced)).toMatchObject({ values: { price: '12', secret: '5' }, tags: [], changed: expect.arrayContaining(['price', 'tags']) })
  expect((await asOf('chief', id, priced)).moments).toEqual([born, secret, priced].map((each) => each.toISOString()))
  const seen = await asOf('ann', id, secret)
  expect([seen.values!['secret'], seen.values!['price'], seen.moments]).toEqual([undefined, '10', [born, priced].map((each) => each.toISOString())])
})

test('W110 deleted is not there; who does not see it now never saw it', async () => {
  const id = ids.next()
  await does('chief', { op: 'create', object: 'job', id, values: { name: '电池' } })
  const gone = await does('chief', { op: 'delete', object: 'job', id })
  await does('chief', { op: 'restore', object: 'job', id })
  expect(await asOf('chief', id, gone)).toMatchObject({ values: null })
  await expect(asOf('ann', id, gone)).rejects.toThrow(Refused)
})
