import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Condition, FAMILIES, familyOf, OPERATORS, PROBLEM_CODES, type ConditionKind } from './index.ts'
import { conditions, fieldsOf } from './testing/arbitrary.ts'
import { checked, faults, problemsOf } from './testing/check.ts'
import { kindOf } from './testing/world.ts'

const nested = (levels: number): unknown => Array.from({ length: levels }).reduce<unknown>((inner) => ({ not: inner }), { all: [] })
const leaf = (field: string, op: string, value?: unknown): object => ({ field, op, value })
const ID = '00000000-0000-4000-8000-000000000001'

describe('sizes', () => {
  test('C7 twelve levels are accepted, thirteen refused', () => expect([faults(nested(11)), faults(nested(12))]).toEqual([[], ['too_deep@not.not.not.not.not.not.not.not.not.not.not.not']]))
  test('C7 two hundred nodes are accepted, one more refused', () => {
    const wide = (leaves: number) => ({ all: Array.from({ length: leaves }, () => leaf('count', 'eq', 1)) })
    expect([faults(wide(199)), faults(wide(200))]).toEqual([[], ['too_large@all.199']])
  })
  test('C7 C15 hostile nesting is refused at once by the checker and by the schema', () => {
    const hostile = nested(200_000)
    const started = performance.now()
    expect(faults(hostile)).toEqual(['too_deep@'])
    expect(Condition.safeParse(hostile).success).toBe(false)
    expect(performance.now() - started).toBeLessThan(500)
  })
  test('C7 more nodes than the limit are counted, not explored', () => expect(faults({ all: Array.from({ length: 200 }, () => ({ all: Array.from({ length: 200 }, () => ({ all: [] })) })) })).toEqual(['too_large@all.0.all.198']))
})

describe('shapes', () => {
  test.for<[unknown, string]>([
    [null, 'not_a_condition@'], [[], 'not_a_condition@'], ['x', 'not_a_condition@'], [{}, 'not_a_condition@'], [{ foo: 1 }, 'not_a_condition@'], [{ all: [{ any: {} }] }, 'not_a_condition@all.0.any'],
    [{ all: [], any: [] }, 'not_a_condition@'], [{ field: 'name', op: 'like', value: 'x' }, 'not_a_condition@op'], [{ field: 'name', op: 'eq', value: { sql: '1' } }, 'not_a_condition@value'], [{ count: { object: 'part', via: 'thing' }, op: 'ge', value: -1 }, 'not_a_condition@value'],
    [{ count: { object: 'part', via: 'thing' }, op: 'ge', value: 1, within: '3 days' }, 'not_a_condition@within'], [{ constructor: 1 }, 'not_a_condition@'], [JSON.parse('{"__proto__": {"all": []}}'), 'not_a_condition@'],
  ])('C8 %j is refused: %s', ([json, fault]) => expect(faults(json)).toEqual([fault]))

  test('C8 any JSON gets an answer', () =>
    fc.assert(fc.property(fc.json({ maxDepth: 6 }), (json) => void problemsOf(JSON.parse(json)))))

  const keys = fc.constantFrom('all', 'any', 'not', 'field', 'op', 'value', 'parent', 'where', 'some', 'none', 'count', 'sum', 'latest', 'of', 'at', 'within', 'object', 'via', 'changed', 'changedTo', 'me', 'now', 'plus')
  const words = fc.constantFrom<unknown>('name', 'count', 'colour', 'part', 'thing', 'maker', 'eq', 'in', 'between', 'has', '7d', 'red', 1, true, null, '2026-11-22')
  const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({ tree: fc.oneof({ maxDepth: 5 }, words, fc.dictionary(keys, tie('tree'), { maxKeys: 4 }), fc.array(tie('tree'), { maxLength: 3 })) }))
  test('C8 C15 JSON that looks like a condition gets an answer, and the schema accepts all that is valid', () =>
    fc.assert(fc.property(tree, (json) => {
      const accepted = problemsOf(json).length === 0
      expect(!accepted || Condition.safeParse(json).success).toBe(true)
    }), { numRuns: 2000 }))
  test('C8 C15 generated conditions are valid', () =>
    fc.assert(fc.property(conditions(), (condition) => {
      expect(faults(condition)).toEqual([])
      expect(Condition.safeParse(condition).success).toBe(true)
    })))
})

describe('names', () => {
  test.for<[unknown, string]>([
    [leaf('nope', 'eq', 1), 'unknown_field@field'], [{ parent: 'nope', where: { all: [] } }, 'unknown_field@parent'], [{ parent: 'maker', where: leaf('nope', 'empty') }, 'unknown_field@where.field'], [{ some: { object: 'nope', via: 'thing' } }, 'unknown_object@some.object'],
    [{ some: { object: 'part', via: 'nope' } }, 'unknown_field@some.via'], [leaf('colour', 'eq', 'blue'), 'unknown_option@value'], [leaf('colour', 'in', ['red', 'blue']), 'unknown_option@value.1'], [leaf('colour', 'under', 'blue'), 'unknown_option@value'],
    [leaf('tags', 'has', 'cold'), 'unknown_tag@value'], [leaf('region', 'eq', '990000'), 'unknown_region@value'], [leaf('region', 'eq', 'east'), 'unknown_region@value'], [leaf('about', 'eq', ID), 'unknown_object@value'], [leaf('about', 'eq', 'thing:x'), 'value_not_for_kind@value'], [leaf('about', 'eq', `nope:${ID}`), 'unknown_object@value'], [leaf('toString', 'empty'), 'unknown_field@field'],
  ])('C9 %j is refused: %s', ([condition, fault]) => expect(faults(condition)).toEqual([fault]))
})

describe('operators and values', () => {
  test('C10 exactly the operators of its family are accepted on a field', () => {
    for (const key of fieldsOf('thing')) {
      const kind = kindOf('thing', key) as ConditionKind
      const refused = OPERATORS.filter((op) => problemsOf(leaf(key, op)).some(({ code }) => code === 'operator_not_for_kind'))
      expect([key, refused]).toEqual([key, OPERATORS.filter((op) => !FAMILIES[familyOf({ kind })].operators.includes(op))])
    }
  })
  test.for<[unknown, string]>([
    [leaf('name', 'eq'), 'value_missing@value'], [leaf('name', 'empty', 'x'), 'value_not_allowed@value'], [leaf('name', 'in', 'x'), 'list_expected@value'], [leaf('name', 'eq', ['x']), 'single_expected@value'], [leaf('count', 'between', [1]), 'two_expected@value'], [leaf('count', 'between', 1), 'two_expected@value'],
    [leaf('count', 'between', [1, 2, 3]), 'two_expected@value'], [leaf('tags', 'hasAny', 'hot'), 'list_expected@value'], [leaf('tags', 'has', ['hot']), 'single_expected@value'],
  ])('C10 %j is refused: %s', ([condition, fault]) => expect(faults(condition)).toEqual([fault]))

  test.for<[string, string, unknown]>([
    ['name', 'eq', 1], ['count', 'eq', 1.5], ['count', 'eq', 2 ** 53], ['count', 'eq', '1'], ['ratio', 'eq', 'abc'], ['ratio', 'eq', '1e5'], ['ratio', 'eq', 1e21], ['ratio', 'eq', true], ['ratio', 'eq', '1'.repeat(42)], ['open', 'eq', 'true'], ['day', 'eq', '2026-02-30'], ['day', 'eq', '2026-11-22T00:00:00Z'],
    ['moment', 'ge', '2026-11-22T00:00:00'], ['moment', 'ge', 'soon'], ['moment', 'olderThan', 72], ['phone', 'eq', '138 0013 8000'], ['maker', 'eq', 'x'], ['keeper', 'eq', 0], ['keeper', 'eq', 1.5], ['crew', 'eq', { myTeams: true }], ['name', 'eq', { me: true }], ['count', 'eq', { now: true }], ['keeper', 'eq', { today: true }],
  ])('C11 %s %s %j does not fit', ([field, op, value]) => expect(faults(leaf(field, op, value))).toEqual(['value_not_for_kind@value']))
  test('C11 empty text is refused', () => expect([faults(leaf('name', 'eq', ' \u3000')), faults(leaf('name', 'contains', ''))]).toEqual([['empty_text@value'], ['empty_text@value']]))

  test.for<[string, string, unknown, unknown]>([
    ['name', 'eq', ' e\u0301 ', 'é'], ['ratio', 'eq', 0.1, '0.1'], ['amount', 'ge', '0500000.00', '500000'], ['amount', 'ge', 500000, '500000'], ['moment', 'ge', '2026-11-22T14:05:00+08:00', '2026-11-22T06:05:00.000Z'], ['maker', 'eq', ID.toUpperCase(), ID],
  ])('C11 %s %s %j is kept as %j', ([field, op, value, kept]) => expect(checked(leaf(field, op, value)).root).toMatchObject({ value: kept }))

  test('C60 C24 working time and half days are refused where they cannot be counted', () => {
    for (const length of ['8wh', '20000wh', '3wd', '2500wd']) expect(faults(leaf('moment', 'olderThan', length))).toEqual([])
    expect(faults(leaf('day', 'withinNext', '3wd'))).toEqual([])
    expect(faults(leaf('day', 'withinNext', '3wh'))).toEqual(['duration_not_for_kind@value'])
    for (const length of ['20001wh', '2501wd']) expect(faults(leaf('moment', 'olderThan', length))).toEqual(['value_not_for_kind@value'])
    expect(faults({ some: { object: 'part', via: 'thing' }, where: leaf('moment', 'olderThan', '8wh') })).toEqual(['working_time@where.value'])
    expect(faults({ latest: { object: 'part', via: 'thing' }, of: 'moment', op: 'olderThan', value: '8wh' })).toEqual(['working_time@value'])
    expect(faults(leaf('moment', 'ge', { now: true, plus: '3wd' }))).toEqual(['working_time@value'])
    expect(faults(leaf('day', 'olderThan', '72h'))).toEqual(['duration_not_for_kind@value'])
    expect(faults(leaf('moment', 'ge', { today: true, plus: '3h' }))).toEqual(['duration_not_for_kind@value'])
    expect(faults({ count: { object: 'part', via: 'thing' }, op: 'ge', value: 1, within: '3wd' })).toEqual(['working_time@within'])
    expect(faults({ count: { object: 'part', via: 'thing' }, op: 'ge', value: 1, within: '72h', at: 'day' })).toEqual(['duration_not_for_kind@within'])
  })
})

describe('other records', () => {
  const PART = { object: 'part', via: 'thing' }
  test.for<[unknown, string]>([
    [{ some: { object: 'part', via: 'maker' } }, 'relation_not_here@some.via'], [{ none: { object: 'part', via: 'name' } }, 'relation_not_here@none.via'], [{ parent: 'about', where: { all: [] } }, 'not_a_reference@parent'], [{ parent: 'name', where: { all: [] } }, 'not_a_reference@parent'],
    [{ sum: PART, of: 'name', op: 'ge', value: '1' }, 'not_numeric@of'], [{ sum: PART, of: 'amount', op: 'ge', value: 'much' }, 'value_not_for_kind@value'], [{ latest: PART, of: 'name', at: 'colour', op: 'eq', value: 'x' }, 'not_a_time@at'], [{ count: PART, at: 'name', op: 'ge', value: 1 }, 'not_a_time@at'],
    [{ latest: PART, of: 'colour', op: 'eq', value: 'blue' }, 'unknown_option@value'],
    [{ recent: PART, last: 2, at: 'name', that: { all: [] } }, 'not_a_time@at'], [{ recent: PART, last: 2, that: { field: 'nothing', op: 'empty' } }, 'unknown_field@that.field'], [{ recent: PART, last: 0, that: { all: [] } }, 'not_a_condition@last'],
    [{ trend: PART, per: '8wh', periods: 2, move: 'down', percent: 40 }, 'working_time@per'], [{ trend: PART, of: 'name', per: '30d', periods: 2, move: 'down', percent: 40 }, 'not_numeric@of'], [{ trend: PART, per: '8h', at: 'day', periods: 2, move: 'down', percent: 40 }, 'duration_not_for_kind@per'],
    [{ trend: PART, per: '1000mo', periods: 2, move: 'down', percent: 40 }, 'not_a_condition@per'], [{ count: PART, within: '1mo', op: 'ge', value: 1 }, 'not_a_condition@within'],
  ])('C12 %j is refused: %s', ([condition, fault]) => expect(faults(condition)).toEqual([fault]))
  test.for(['day', 'moment'])('C63 months are compared by a %s', (at) => expect(faults({ trend: PART, per: '1mo', at, periods: 2, move: 'down', percent: 40 })).toEqual([]))
  test('C12 an anyReference to everything points here too', () => expect(faults({ some: { object: 'part', via: 'whole' } })).toEqual([]))
})

describe('profiles', () => {
  const CHANGED = { changed: 'name' }
  test('C13 a filter has no before and after', () => {
    expect([faults(CHANGED, 'filter'), faults({ changedTo: 'colour', value: 'red' }, 'filter'), faults(CHANGED, 'rule')]).toEqual([['not_in_profile@'], ['not_in_profile@'], []])
  })
  test('C13 a field check looks at own fields only', () => {
    const reaching = [{ parent: 'maker', where: { all: [] } }, { some: { object: 'part', via: 'thing' } }, { count: { object: 'part', via: 'thing' }, op: 'ge', value: 1 }, CHANGED]
    for (const condition of reaching) expect(faults(condition, 'field-check')).toEqual(['not_in_profile@'])
    expect(faults(leaf('day', 'ge', { today: true }), 'field-check')).toEqual([])
  })
  test('C13 other records have not changed', () => expect(faults({ parent: 'maker', where: CHANGED })).toEqual(['changed_not_here@where']))
})

test('C14 every problem says what and where in both languages', () => {
  const problems = problemsOf({ all: [leaf('nope', 'eq', 1), { any: [leaf('count', 'eq', 'x'), { foo: 1 }] }, leaf('colour', 'has', 'red')] })
  expect(problems.map(({ path }) => path)).toEqual(['all.0.field', 'all.1.any.0.value', 'all.1.any.1', 'all.2.op'])
  for (const { zh, en } of problems) expect([/[\u4e00-\u9fff]/.test(zh), /^[\x20-\x7e–]+$/.test(en)]).toEqual([true, true])
  expect(new Set(PROBLEM_CODES).size).toBe(PROBLEM_CODES.length)
})
