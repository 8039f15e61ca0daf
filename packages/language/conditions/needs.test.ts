import { describe, expect, test } from 'vitest'
import { aggregateKey, explain, needSql, needsOf, plainEnv, toOwnPredicate, validUntil, type Condition, type Seen } from './index.ts'
import { AT, checked, holds } from './testing/check.ts'
import { id } from './testing/world.ts'

const leaf = (field: string, op: string, value?: unknown): Condition => ({ field, op, value }) as Condition
const PART = { object: 'part', via: 'thing' }
const VIEWS: Condition = { count: PART, where: leaf('page', 'contains', '/pricing'), within: '7d', op: 'ge', value: 3 }

describe('needs', () => {
  test('C37 a condition names all that it reads', () => {
    const needs = needsOf(checked({ all: [leaf('name', 'eq', 'a'), { not: VIEWS }, { parent: 'maker', where: { any: [leaf('name', 'empty'), leaf('rate', 'gt', '1')] } }, { parent: 'maker', where: leaf('open', 'eq', true) }, leaf('keeper', 'eq', { me: true }), { changed: 'colour' }] }))
    expect([...needs.own].sort()).toEqual(['colour', 'keeper', 'maker', 'name'])
    expect(needs.parents.map(({ field, object, needs: { own } }) => [field, object, [...own]])).toEqual([['maker', 'maker', ['name', 'rate', 'open']]])
    expect(needs.aggregates.map(aggregateKeyOf)).toEqual(['count|part|thing|7d|created_at|{"field":"page","op":"contains","value":"/pricing"}'])
    expect(Object.fromEntries([...needs.reads].map(([object, fields]) => [object, [...fields].sort()]))).toEqual({ thing: ['colour', 'keeper', 'maker', 'name'], part: ['created_at', 'page', 'thing'], maker: ['name', 'open', 'rate'] })
    expect([needs.windows, needs.readsMember]).toEqual([['7d'], true])
  })
  const aggregateKeyOf = ({ node }: { node: Parameters<typeof aggregateKey>[0] }): string => aggregateKey(node)

  test('C37 one value has one key, whatever it is compared with and however it is written', () => {
    const count = (op: string, value: number, where: object): Condition => ({ count: PART, op, value, where }) as Condition
    expect(needsOf(checked({ any: [count('ge', 3, { field: 'name', op: 'empty' }), count('lt', 9, { op: 'empty', field: 'name' })] })).aggregates).toHaveLength(1)
    expect(needsOf(checked({ any: [{ some: PART }, { none: PART }] })).aggregates).toHaveLength(1)
    expect(needsOf(checked({ any: [count('ge', 3, leaf('name', 'empty')), count('ge', 3, leaf('name', 'notEmpty'))] })).aggregates).toHaveLength(2)
    const different: Condition[] = [{ count: PART, op: 'ge', value: 1 }, { count: PART, op: 'ge', value: 1, within: '7d' }, { count: PART, op: 'ge', value: 1, within: '3d' }, { count: PART, op: 'ge', value: 1, within: '7d', at: 'moment' }, { count: { object: 'part', via: 'whole' }, op: 'ge', value: 1 },
      { sum: PART, of: 'amount', op: 'ge', value: '1' }, { sum: PART, of: 'ratio', op: 'ge', value: '1' }, { latest: PART, of: 'amount', op: 'notEmpty' }, { latest: PART, of: 'amount', at: 'moment', op: 'notEmpty' }, { some: PART }]
    expect(needsOf(checked({ all: different })).aggregates).toHaveLength(different.length)
  })

  test.for<[Condition, string]>([
    [leaf('name', 'eq', 'a'), 'own'], [leaf('moment', 'ge', '2026-11-22'), 'own'], [leaf('moment', 'olderThan', '72h'), 'over-time'], [leaf('day', 'ge', { today: true }), 'over-time'], [{ parent: 'maker', where: leaf('name', 'empty') }, 'related'], [{ some: PART }, 'related'], [VIEWS, 'over-time'],
    [{ trend: PART, per: '30d', periods: 1, move: 'up', percent: 0 } as Condition, 'over-time'], [{ trend: PART, per: '1mo', periods: 1, move: 'up', percent: 0 } as Condition, 'over-time'], [{ recent: PART, last: 1, that: leaf('moment', 'olderThan', '1d') } as Condition, 'over-time'], [{ recent: PART, last: 1, that: leaf('name', 'empty') } as Condition, 'related'],
    [{ parent: 'maker', where: leaf('created_at', 'withinLast', '3d') }, 'over-time'], [{ latest: PART, of: 'moment', op: 'olderThan', value: '1d' } as Condition, 'over-time'],
  ])('C38 %j reaches %s', ([condition, reach]) => expect(needsOf(checked(condition)).reach).toBe(reach))

  test('C39 a forgotten need throws', () => {
    expect(() => holds({ some: PART }, {})).toThrow(/not handed in/)
    expect(() => holds({ parent: 'maker', where: { all: [] } }, { maker: id(3) })).toThrow(/not handed in/)
    expect(() => validUntil(checked(VIEWS), {}, {}, AT)).toThrow(/not handed in/)
  })
  test('C37 what a need costs is one expression, with the instant at which it runs out', () => {
    const { value, until } = needSql(needsOf(checked(VIEWS)).aggregates[0]!, AT, plainEnv('t_1', { object: 'thing', alias: 'r' }))
    expect(value).toMatch(/^\(select count\(\*\) from "t_1"\."o_part" r_1 where r_1\.f_thing = r\.id .*\)::text$/)
    expect(until).toMatch(/select min\(least\(/)
    expect(needSql(needsOf(checked({ some: PART })).aggregates[0]!, AT, plainEnv('t_1', { object: 'thing', alias: 'r' })).until).toBeNull()
  })
  test.for(['day', 'moment'])('C63 months compared by a %s are looked at again when the next one begins, not every day', (at) => {
    const env = plainEnv('t_1', { object: 'thing', alias: 'r' })
    needSql(needsOf(checked({ trend: PART, at, per: '1mo', periods: 2, move: 'down', percent: 40 })).aggregates[0]!, AT, env)
    expect(env.values).toContain('2026-11-30T16:00:00.000000Z')
    expect(env.values).not.toContain('2026-11-22T16:00:00.000000Z')
  })
})

test.for<[Condition, boolean]>([
  [{ all: [leaf('name', 'eq', 'a'), VIEWS] }, true], [{ all: [leaf('name', 'eq', 'b'), VIEWS] }, false], [{ any: [leaf('name', 'eq', 'b'), VIEWS] }, true], [{ not: VIEWS }, true], [{ not: { any: [leaf('name', 'eq', 'a'), VIEWS] } }, false], [{ changed: 'name' }, true],
])('C41 own fields leave %j open: %s', ([condition, expected]) => expect(toOwnPredicate(checked(condition))({ name: 'a' }, {}, AT)).toBe(expected))

test('C42 an explanation names every leaf, where it stands and what it saw', () => {
  const condition = { all: [leaf('name', 'eq', 'a'), { not: leaf('count', 'gt', 5) }, { parent: 'maker', where: leaf('open', 'eq', true) }, VIEWS] }
  const key = needsOf(checked(VIEWS)).aggregates[0]!.key
  const seen: Seen = { parents: { maker: { image: { open: false }, seen: {} } }, aggregates: { [key]: '2' } }
  expect(explain(checked(condition), { name: 'a', maker: id(3) }, seen, AT)).toEqual({
    path: '', is: 'all', verdict: false, parts: [
      { path: 'all.0', is: 'leaf', field: 'name', op: 'eq', verdict: true, saw: 'a' },
      { path: 'all.1', is: 'not', verdict: true, parts: [{ path: 'all.1.not', is: 'leaf', field: 'count', op: 'gt', verdict: false, saw: null }] },
      { path: 'all.2', is: 'parent', field: 'maker', verdict: false, saw: id(3), parts: [{ path: 'all.2.where', is: 'leaf', field: 'open', op: 'eq', verdict: false, saw: false }] },
      { path: 'all.3', is: 'count', verdict: false, saw: '2' },
    ],
  })
})

describe('how long a verdict stands', () => {
  const until = (condition: Condition, image: Record<string, unknown>, seen: Seen = {}): string | undefined => validUntil(checked(condition), image, seen, AT)?.toISOString()
  test('C43 until a value crosses a moving edge, on either side', () => {
    expect(until(leaf('moment', 'olderThan', '72h'), { moment: '2026-11-20T06:00:00.000Z' })).toBe('2026-11-23T06:00:00.000Z')
    expect(until(leaf('moment', 'olderThan', '72h'), { moment: '2026-11-01T06:00:00.000Z' })).toBeUndefined()
    expect(until(leaf('moment', 'withinNext', '1d'), { moment: '2026-11-24T06:00:00.000Z' })).toBe('2026-11-23T06:00:00.000Z')
    expect(until(leaf('day', 'lt', { today: true }), { day: '2026-11-24' })).toBe('2026-11-24T16:00:00.000Z')
    expect(until(leaf('moment', 'ge', '2026-11-22'), { moment: '2026-11-24T06:00:00.000Z' })).toBeUndefined()
    expect(until(leaf('moment', 'olderThan', '72h'), {})).toBeUndefined()
    expect(until(leaf('moment', 'notOlderThan', '999999w'), { moment: '2026-11-22T06:00:00.000Z' })).toBeUndefined()
  })
  test('C43 C60 a working length ends where the calendar says', () => {
    expect(until(leaf('moment', 'olderThan', '8wh'), { moment: '2026-11-20T03:00:00.000Z' })).toBe('2026-11-23T02:00:00.000Z')
    expect(until(leaf('moment', 'withinLast', '1wd'), { moment: '2026-11-20T03:00:00.000Z' })).toBe('2026-11-23T03:00:00.000Z')
    expect(until(leaf('day', 'olderThan', '1wd'), { day: '2026-11-20' })).toBe('2026-11-22T16:00:00.000Z')
    // Days off go with the working day before them.
    expect(until(leaf('day', 'olderThan', '1wd'), { day: '2026-11-22' })).toBe('2026-11-22T16:00:00.000Z')
    expect(until(leaf('moment', 'withinLast', '1wd'), { moment: '2026-11-21T03:00:00.000Z' })).toBe('2026-11-23T15:59:59.999Z')
    expect(until(leaf('moment', 'olderThan', '8wh'), { moment: '2026-11-19T03:00:00.000Z' })).toBeUndefined()
    expect(needsOf(checked(leaf('moment', 'olderThan', '8wh')))).toMatchObject({ reach: 'over-time' })
  })
  test('C43 the first of several, a window among them', () => {
    const key = needsOf(checked(VIEWS)).aggregates[0]!.key
    const seen = { aggregates: { [key]: '2' }, untils: { [key]: '2026-11-22T07:30:00.000500Z' } }
    expect(until({ any: [VIEWS, leaf('moment', 'olderThan', '72h')] }, { moment: '2026-11-20T06:00:00.000Z' }, seen)).toBe('2026-11-22T07:30:00.001Z')
    expect(until(VIEWS, {}, { ...seen, untils: { [key]: null } })).toBeUndefined()
  })
})
