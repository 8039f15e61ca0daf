import { afterAll, beforeAll, expect, test } from 'vitest'
import { ids } from '#platform/db'
import { write } from '#kernel/records'
import { workshop, type Workshop } from './testing/workshop.ts'

let home: Workshop
beforeAll(async () => { home = await workshop() })
afterAll(() => home.drop())

test('W1 smoke', async () => {
  const r = await home.as('ann', (ctx) => write(ctx, [{ op: 'create', object: 'job', values: { name: ' 屏幕　', phone: '138 0013 8000', count: 3 }, tags: ['急'] }]))
  console.log(JSON.stringify(r, null, 1))
  const rows = await home.as('chief', async (ctx) => [await ctx.tx.query('select * from {t}.change'), await ctx.tx.query('select * from {t}.act order by id desc limit 1'), await ctx.tx.query('select * from {t}.member_load'), await ctx.tx.query('select * from {t}.assignment')])
  console.log(JSON.stringify(rows.map((x) => x.slice(-2))))
  expect(r.ok).toBe(true)
})
