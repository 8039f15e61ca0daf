import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Context } from '#kernel/access'
import { ids } from '#platform/db'
import { aggregate, changesView, countRecords, getRecord, listRecords, timelineOf, writeOrRefuse, type AggregateQuery, type Intent, type ListQuery } from '#kernel/records'
import { PEOPLE, workshop, type Workshop } from './testing/workshop.ts'

let home: Workshop
const MINE = Array.from({ length: 8 }, () => ids.next())
const THEIRS = Array.from({ length: 8 }, () => ids.next())
const job = (id: string, i: number, owner: number): Intent => ({ op: 'create', object: 'job', id, values: { name: `维修${i}`, count: (i % 3) + 1, price: i % 2 ? String(i) : null, secret: String(i), note: `第${i}次` }, owner })

beforeAll(async () => {
  home = await workshop()
  await home.as('chief', (ctx) => writeOrRefuse(ctx, [...MINE.map((id, i) => job(id, i, PEOPLE.ann)), ...THEIRS.map((id, i) => job(id, i, PEOPLE.bob))]))
})
afterAll(() => home.drop())

const query: fc.Arbitrary<ListQuery> = fc.record({
  limit: fc.constantFrom(1, 3, 50),
  sort: fc.constantFrom<ListQuery['sort']>(undefined, [{ field: 'price', direction: 'asc' }], [{ field: 'count', direction: 'desc' }, { field: 'name', direction: 'asc' }], [{ field: 'secret', direction: 'asc' }]),
  filter: fc.constantFrom<ListQuery['filter']>(undefined, { field: 'price', op: 'empty' }, { not: { field: 'count', op: 'eq', value: 1 } }, { field: 'secret', op: 'gt', value: '3' }, { some: { object: 'job', via: 'about' } }, { field: 'owner', op: 'ne', value: { me: true } }),
  search: fc.constantFrom(undefined, '维修', '第3', '9'),
})
/** Groups, measures, orders and rests, by what the member sees and by what they do not. */
const RECKONED: readonly AggregateQuery[] = [
  { groupBy: [{ field: 'count' }], measures: [{ of: 'sum', field: 'price' }, { of: 'avg', field: 'price' }, { of: 'distinct', field: 'name' }] },
  { groupBy: [{ field: 'name' }, { field: 'owner' }], measures: [{ of: 'count' }, { of: 'max', field: 'price' }], order: { by: 1, direction: 'asc' }, top: 2 },
  { groupBy: [{ field: 'created_at', by: 'month' }, { field: 'tags' }] },
  { groupBy: [{ field: 'secret' }] }, { measures: [{ of: 'sum', field: 'secret' }] }, { groupBy: [{ field: 'count' }], measures: [{ of: 'max', field: 'secret' }], order: { by: 0, direction: 'desc' } },
  { groupBy: [{ field: 'about' }], top: 1 }, {},
]
/** Everything that a member can ask, as bytes. */
const asked = (each: ListQuery) => home.looking('ann', async (ctx: Context) => {
  const told = (work: Promise<unknown>) => work.then((answer) => JSON.stringify(answer), (error: { refusal: unknown }) => JSON.stringify(error.refusal))
  const id = MINE[each.limit % MINE.length]!
  return [
    await told(listRecords(ctx, 'job', each)), await told(countRecords(ctx, 'job', each)), ...(await Promise.all(RECKONED.map((reckoned) => told(aggregate(ctx, 'job', { ...reckoned, filter: each.filter, search: each.search }))))),
    await told(getRecord(ctx, 'job', id)), await told(getRecord(ctx, 'job', THEIRS[0]!)), await told(timelineOf(ctx, 'job', id, { limit: 9 })), await told(changesView(ctx, 'job', id, { limit: 9 })),
  ]
})

/** What the member may not see changes behind the log: hidden cells of their own rows, whole rows of others, more rows of others. */
const disturb = ({ cells, rows }: { cells: (number | null)[]; rows: number }) => home.db.mutate(home.tenant, async (tx) => {
  for (const [i, secret] of cells.entries()) await tx.query('update {t}.o_job set f_secret = $2 where id = $1', [MINE[i], secret])
  await tx.query(`update {t}.o_job set f_name = '维修' || $2, f_price = $3::int, f_count = 1, f_about = $4, f_about__object = 'job', gone_act = case when $3::int % 2 = 0 then 1 end where id = any($1)`, [THEIRS, `${rows}`, rows, MINE[0]])
  await tx.query(`insert into {t}.o_job (id, version, created_at, updated_at, owner, f_name) select gen_random_uuid(), 1, clock_timestamp(), clock_timestamp(), $2, '维修' from generate_series(1, $1::int)`, [rows, PEOPLE.bob])
})

test('W31 W39 two worlds that differ in what a member may not see give the same bytes', async () => {
  await fc.assert(fc.asyncProperty(fc.array(query, { minLength: 2, maxLength: 5 }), fc.record({ cells: fc.array(fc.option(fc.nat(9)), { minLength: 8, maxLength: 8 }), rows: fc.nat(4) }), async (queries, hidden) => {
    const before = await Promise.all(queries.map(asked))
    await disturb(hidden)
    expect(await Promise.all(queries.map(asked))).toEqual(before)
  }), { numRuns: process.env['LAWS'] === 'long' ? 500 : 25 })
}, 120_000)

test('W39 a hidden edit leaves no trace in history and versions', async () => {
  const look = () => home.looking('ann', async (ctx) => JSON.stringify([(await getRecord(ctx, 'job', MINE[1]!)).version, await timelineOf(ctx, 'job', MINE[1]!, { limit: 9 }), await changesView(ctx, 'job', MINE[1]!, { limit: 9 })]))
  const before = await look()
  await home.as('chief', (ctx) => writeOrRefuse(ctx, [{ op: 'update', object: 'job', id: MINE[1]!, values: { secret: '77' } }]))
  expect(await look()).toBe(before)
})
