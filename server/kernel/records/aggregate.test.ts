import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ids } from '#platform/db'
import { aggregate, budgeted, writeOrRefuse, type AggregateQuery, type Intent, type Values } from '#kernel/records'
import { PEOPLE, workshop, type Person, type Workshop } from './testing/workshop.ts'

let home: Workshop
const SITE = ids.next()
/** The name, the owner, and what the job says; days fall on both sides of a week, a month and a quarter. */
const JOBS: readonly [name: string, owner: keyof typeof PEOPLE | null, values: Values, tags?: string[]][] = [
  ['一', 'ann', { price: '0.10', count: 1, due: '2026-03-31', received: '2026-03-31T16:30:00Z', state: 'open', site: SITE, parts: ['screen', 'case'], urgent: true }, ['急', '熟客']],
  ['二', 'ann', { price: '0.20', count: 2, due: '2026-04-01', received: '2026-03-31T15:30:00Z', state: 'open', parts: ['screen'] }, ['急']],
  ['三', 'bob', { price: '100000000000000000000.01', count: 1, due: '2026-04-05', state: 'busy', site: SITE, checker: PEOPLE.ann, received: null }],
  ['四', 'bob', { price: '0.03', count: 5, due: '2026-04-06', state: 'closed', about: { object: 'site', id: SITE }, received: null }],
  ['五', null, { count: 5, secret: '7', state: null, received: null }],
]

beforeAll(async () => {
  home = await workshop()
  await home.as('chief', (ctx) => writeOrRefuse(ctx, [{ op: 'create', object: 'site', id: SITE, values: { name: '城东' } }]))
  await home.as('chief', (ctx) => writeOrRefuse(ctx, JOBS.map(([name, owner, values, tags]) => ({ op: 'create', object: 'job', values: { name, ...values }, owner: owner && PEOPLE[owner], tags }) as Intent)))
})
afterAll(() => home.drop())

const ask = (who: Person, query: AggregateQuery) => home.looking(who, (ctx) => aggregate(ctx, 'job', query))
/** A row in brief: keys, `…` for the rest, then the values. */
const brief = async (who: Person, query: AggregateQuery) => (await ask(who, query)).rows.map(({ keys, rest, values }) => [...(rest ? ['…', ...keys.slice(1)] : keys), ...values])
const byKey = { by: 'key', direction: 'asc' } as const

describe('groups and measures', () => {
  /** One line per case: who asks what, and the rows. */
  const check = (title: string, who: Person, query: AggregateQuery, expected: unknown[][]) => test(`W36 W90 ${title}`, async () => expect(await brief(who, query)).toEqual(expected))
  check('by a choice, the largest first', 'chief', { groupBy: [{ field: 'state' }] }, [['open', 2], ['busy', 1], ['closed', 1], [null, 1]])
  check('what is visible only', 'ann', { groupBy: [{ field: 'state' }] }, [['open', 2]])
  check('by member', 'chief', { groupBy: [{ field: 'owner' }], order: byKey }, [[PEOPLE.ann, 2], [PEOPLE.bob, 2], [null, 1]])
  check('by department', 'chief', { groupBy: [{ field: 'owner_team' }], order: byKey }, [[2, 2], [3, 2], [null, 1]])
  check('by a record pointed to', 'chief', { groupBy: [{ field: 'site' }] }, [[null, 3], [SITE, 2]])
  check('by a record of any object', 'chief', { groupBy: [{ field: 'about' }] }, [[null, 4], [`site:${SITE}`, 1]])
  check('by yes and no', 'chief', { groupBy: [{ field: 'urgent' }] }, [[null, 4], [true, 1]])
  check('by tag: a record stands under each of its tags', 'chief', { groupBy: [{ field: 'tags' }] }, [[null, 3], ['急', 2], ['熟客', 1]])
  check('by several choices', 'chief', { groupBy: [{ field: 'parts' }] }, [[null, 3], ['screen', 2], ['case', 1]])
  check('by month', 'chief', { groupBy: [{ field: 'due', by: 'month' }], order: byKey }, [['2026-03-01', 1], ['2026-04-01', 3], [null, 1]])
  check('by week, from Monday on', 'chief', { groupBy: [{ field: 'due', by: 'week' }], order: byKey }, [['2026-03-30', 3], ['2026-04-06', 1], [null, 1]])
  check('by quarter', 'chief', { groupBy: [{ field: 'due', by: 'quarter' }], order: byKey }, [['2026-01-01', 1], ['2026-04-01', 3], [null, 1]])
  check('by year', 'chief', { groupBy: [{ field: 'due', by: 'year' }], order: byKey }, [['2026-01-01', 4], [null, 1]])
  check('by day, newest first, empty last', 'chief', { groupBy: [{ field: 'due' }], order: { by: 'key', direction: 'desc' } }, [['2026-04-06', 1], ['2026-04-05', 1], ['2026-04-01', 1], ['2026-03-31', 1], [null, 1]])
  check('an instant falls on a day of the tenant’s zone', 'chief', { groupBy: [{ field: 'received', by: 'month' }], filter: { field: 'received', op: 'notEmpty' }, order: byKey }, [['2026-03-01', 1], ['2026-04-01', 1]])
  check('two levels', 'chief', { groupBy: [{ field: 'count' }, { field: 'owner' }], order: byKey }, [[1, PEOPLE.ann, 1], [1, PEOPLE.bob, 1], [2, PEOPLE.ann, 1], [5, PEOPLE.bob, 1], [5, null, 1]])
  check('exact to the last digit', 'chief', { groupBy: [{ field: 'count' }], measures: [{ of: 'sum', field: 'price' }], order: byKey }, [[1, '100000000000000000000.11'], [2, '0.2'], [5, '0.03']])
  check('average to the cent, extremes, distinct', 'ann', { groupBy: [{ field: 'state' }], measures: [{ of: 'avg', field: 'price' }, { of: 'min', field: 'due' }, { of: 'max', field: 'received' }, { of: 'distinct', field: 'count' }] }, [['open', '0.15', '2026-03-31', '2026-03-31T16:30:00.000Z', 2]])
  check('nothing to reckon is empty, not nought', 'chief', { groupBy: [{ field: 'owner' }], measures: [{ of: 'sum', field: 'price' }], filter: { field: 'owner', op: 'empty' } }, [[null, null]])
  check('in order of a measure', 'chief', { groupBy: [{ field: 'count' }], measures: [{ of: 'count' }, { of: 'max', field: 'price' }], order: { by: 1, direction: 'asc' } }, [[5, 2, '0.03'], [2, 1, '0.2'], [1, 2, '100000000000000000000.01']])
  check('the first and the rest', 'chief', { groupBy: [{ field: 'name' }], measures: [{ of: 'sum', field: 'count' }, { of: 'avg', field: 'price' }, { of: 'distinct', field: 'state' }], top: 2 }, [['四', '5', '0.03', 1], ['五', '5', null, 0], ['…', '4', '33333333333333333333.44', null]])
  check('the first and the rest of two levels', 'chief', { groupBy: [{ field: 'count' }, { field: 'owner' }], order: { by: 'key', direction: 'desc' }, top: 1 }, [[5, PEOPLE.bob, 1], [5, null, 1], ['…', PEOPLE.ann, 2], ['…', PEOPLE.bob, 1]])
})

describe('totals', () => {
  const total = async (who: Person, query: AggregateQuery) => { const { total: { count, values } } = await ask(who, query); return [count, ...values] }
  test('W91 the total counts each record once, whatever the groups and the rest', async () => {
    const measures: AggregateQuery['measures'] = [{ of: 'sum', field: 'count' }, { of: 'distinct', field: 'count' }, { of: 'avg', field: 'count' }]
    const [plain, ...others] = await Promise.all([{}, { groupBy: [{ field: 'tags' }] }, { groupBy: [{ field: 'parts' }, { field: 'owner' }], top: 1 }, { groupBy: [{ field: 'state' }], top: 1 }].map((query) => total('chief', { ...query, measures })))
    expect(plain).toEqual([5, '14', 3, '2.8'])
    expect(others).toEqual([plain, plain, plain])
    expect(await total('chief', { groupBy: [{ field: 'state' }], measures: [{ of: 'avg', field: 'price' }] })).toEqual([5, '25000000000000000000.09'])
  })
  test('W91 of nothing at all', async () => {
    const nothing: AggregateQuery = { filter: { field: 'name', op: 'eq', value: '无' }, measures: [{ of: 'count' }, { of: 'sum', field: 'price' }] }
    expect([await ask('chief', nothing), await ask('chief', { ...nothing, groupBy: [{ field: 'state' }], top: 3 })]).toEqual(Array(2).fill({ rows: [], total: { count: 0, values: [0, null] }, more: false }))
  })
})

describe('refusals', () => {
  const code = async (work: Promise<unknown>): Promise<string> => work.then(() => 'ok', (error: { refusal?: { code: string; path?: string } }) => `${error.refusal?.code} ${error.refusal?.path}`)
  const check = (title: string, who: Person, query: AggregateQuery, expected: string) => test(`W90 ${title}`, async () => expect(await code(ask(who, query))).toBe(expected))
  check('a hidden field, as second level', 'ann', { groupBy: [{ field: 'count' }, { field: 'secret' }] }, 'FIELD_NOT_AVAILABLE groupBy.1')
  check('a hidden field, as measure', 'ann', { measures: [{ of: 'count' }, { of: 'max', field: 'secret' }] }, 'FIELD_NOT_AVAILABLE measures.1')
  check('a field nobody has', 'ann', { measures: [{ of: 'distinct', field: 'nosuch' }] }, 'FIELD_NOT_AVAILABLE measures.0')
  check('a sum of words', 'chief', { measures: [{ of: 'sum', field: 'name' }] }, 'AGGREGATE_NOT_AVAILABLE measures.0')
  check('groups of long text', 'chief', { groupBy: [{ field: 'note' }] }, 'AGGREGATE_NOT_AVAILABLE groupBy.0')
  check('months of a choice', 'chief', { groupBy: [{ field: 'state', by: 'month' }] }, 'AGGREGATE_NOT_AVAILABLE groupBy.0')
  check('an order by a measure that is not asked for', 'chief', { groupBy: [{ field: 'state' }], order: { by: 3, direction: 'asc' } }, 'REQUEST_INVALID order.by')
  check('by who may not read the object, though nothing would be found', 'nobody', { filter: { field: 'name', op: 'eq', value: '无' } }, 'NOT_FOUND undefined')
  test('W90 what takes too long is refused', async () => {
    const slow = home.looking('chief', (ctx) => budgeted(ctx.tx, 0.05, () => ctx.tx.query('select pg_sleep(2)')))
    expect(await code(slow)).toBe('AGGREGATE_TOO_LARGE undefined')
  })
})

test('W92 one statement, whatever is asked; more than a thousand groups are cut and said so', async () => {
  const texts: string[] = []
  const listening = (query: AggregateQuery) => home.looking('ann', (ctx) => aggregate({ ...ctx, tx: { ...ctx.tx, query: (text, values, options) => { texts.push(text); return ctx.tx.query(text, values, options) } } }, 'job', query))
  await listening({ groupBy: [{ field: 'tags' }, { field: 'due', by: 'week' }], measures: [{ of: 'avg', field: 'price' }, { of: 'distinct', field: 'owner' }], top: 2, order: { by: 0, direction: 'asc' } })
  await listening({ measures: [{ of: 'sum', field: 'price' }] })
  expect(texts).toHaveLength(2)
  expect(texts[1]).toBe(`SELECT s.n AS all_n, trim_scale((s.p0)::numeric)::text AS t0 FROM (SELECT count(*) AS n, sum(r."f_price") AS p0 FROM {t}."o_job" r WHERE r.gone_act IS NULL AND (r.owner = $1::int OR (r.collaborators <> '{}' AND r.collaborators @> ARRAY[$1::int]))) s`)
  await home.db.mutate(home.tenant, (tx) => tx.query(`insert into {t}.o_job (id, version, created_at, updated_at, owner, f_name) select gen_random_uuid(), 1, $2, $2, $1, 'n' || i from generate_series(1, 1100) i`, [PEOPLE.ann, tx.now]))
  const { rows, more, total } = await ask('ann', { groupBy: [{ field: 'name' }] })
  expect([rows.length, more, total.count]).toEqual([1000, true, 1102])
  const folded = await ask('ann', { groupBy: [{ field: 'name' }], top: 5 })
  expect([folded.rows.length, folded.more, folded.rows.at(-1)!.count]).toEqual([6, false, 1097])
})
