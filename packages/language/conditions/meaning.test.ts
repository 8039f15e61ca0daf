import { describe, expect, test } from 'vitest'
import type { Condition, Image } from './index.ts'
import { AT, checked, holds } from './testing/check.ts'
import { TWINS } from './ast.ts'
import { needsOf } from './needs.ts'
import { id } from './testing/world.ts'

const leaf = (field: string, op: string, value?: unknown): Condition => ({ field, op, value }) as Condition
/** One line of data: a cell, a leaf about it, whether it holds. */
const check = (rule: string, cases: [cell: unknown, field: string, op: string, value: unknown, holds: boolean][]): void =>
  test.for(cases)(`${rule} %j: %s %s %j → %s`, ([cell, field, op, value, expected]) => expect(holds(leaf(field, op, value), { [field]: cell })).toBe(expected))

describe('truth', () => {
  const ASKED: Record<string, [field: string, value: unknown]> = {
    eq: ['name', 'a'], in: ['name', ['a']], contains: ['name', 'a'], startsWith: ['name', 'a'], gt: ['count', 1], ge: ['count', 1], between: ['count', [1, 2]], under: ['colour', 'red'], has: ['tags', 'hot'], hasAny: ['tags', ['hot']],
    olderThan: ['moment', '1d'], withinLast: ['moment', '1d'], withinNext: ['moment', '1d'],
  }
  test.for(Object.entries(TWINS).filter(([op]) => op !== 'empty'))('C1 C2 C6 %s and %s are false on an empty value, their negations true', ([op, twin]) => {
    const [field, value] = ASKED[op]!
    for (const image of [{}, { [field]: null }, ...(field === 'tags' ? [{ tags: [] }] : [])] as Image[]) {
      expect([holds(leaf(field, op, value), image), holds(leaf(field, twin, value), image)]).toEqual([false, false])
      expect([holds({ not: leaf(field, op, value) }, image), holds({ not: leaf(field, twin, value) }, image)]).toEqual([true, true])
      expect([holds(leaf(field, 'empty'), image), holds(leaf(field, 'notEmpty'), image)]).toEqual([true, false])
    }
  })
  test('C3 all of nothing holds, any of nothing does not', () => expect([holds({ all: [] }, {}), holds({ any: [] }, {}), holds({ not: { any: [] } }, {})]).toEqual([true, false, true]))
  test('C6 empty text is a value', () => expect([holds(leaf('name', 'empty'), { name: '' }), holds(leaf('name', 'ne', 'a'), { name: '' })]).toEqual([false, true]))
  check('C4', [
    ['a', 'name', 'in', [], false], ['a', 'name', 'notIn', [], true], [null, 'name', 'notIn', [], false], [[1], 'tags', 'hasAny', [], false], [[1], 'tags', 'hasNone', [], true], [[], 'tags', 'hasNone', [], false],
  ])
  test('C4 C25 nobody is nobody’s equal', () => {
    const nobody = { ...AT, me: null, myTeams: [] }
    for (const op of ['eq', 'ne']) expect(holds(leaf('keeper', op, { me: true }), { keeper: 2 }, {}, nobody)).toBe(false)
    expect([holds(leaf('crew', 'in', { myTeams: true }), { crew: 1 }, {}, nobody), holds(leaf('crew', 'notIn', { myTeams: true }), { crew: 1 }, {}, nobody)]).toEqual([false, true])
  })
})

describe('comparing', () => {
  check('C16', [
    ['Acme', 'name', 'contains', 'ACM', true], ['ACME', 'name', 'startsWith', 'acm', true], ['ÉCOLE', 'name', 'contains', 'école', false], ['Ａ', 'name', 'contains', 'ａ', false], ['\u212a', 'name', 'contains', 'k', false], ['100%', 'name', 'contains', '0%', true], ['100x', 'name', 'contains', '0%', false],
    ['axb', 'name', 'contains', 'a_b', false], ['a\\b', 'name', 'contains', '\\', true], ['a', 'name', 'eq', 'A', false], ['é', 'name', 'eq', 'e\u0301', true], ['e\u0301', 'name', 'eq', 'é', false], ['https://x.cn/Pricing?a', 'page', 'contains', '/pricing', true], ['智康医疗', 'name', 'notContains', '康医', false],
    ['+8613800138000', 'phone', 'contains', '8000', true],
  ])
  check('C17', [
    ['0.30', 'ratio', 'eq', '0.3', true], ['0.30000000000000004', 'ratio', 'eq', '0.3', false], ['9007199254740993', 'amount', 'gt', '9007199254740992', true], ['1.0', 'amount', 'in', ['1'], true], ['500000.00', 'amount', 'ge', '500000', true], ['5', 'amount', 'between', ['5', '7'], true], ['7.01', 'amount', 'between', ['5', '7'], false],
    ['4', 'amount', 'notBetween', ['5', '7'], true], [9007199254740991, 'count', 'eq', 9007199254740991, true], ['-0', 'ratio', 'eq', '0', true],
  ])
  check('C18', [
    [[1, 2], 'tags', 'has', 'hot', true], [[2], 'tags', 'has', 'hot', false], [[2], 'tags', 'hasNot', 'hot', true], [[2], 'tags', 'hasAny', ['hot', '大客户'], true], [[3], 'tags', 'hasNone', ['hot', '大客户'], true], [['red', 'wine'], 'colours', 'has', 'wine', true], [['red'], 'colours', 'hasAny', ['green'], false],
  ])
  check('C19', [
    ['wine', 'colour', 'under', 'red', true], ['red', 'colour', 'under', 'dark_red', false], ['green', 'colour', 'notUnder', 'red', true], ['wine', 'colour', 'under', ['green', 'dark_red'], true], ['320505', 'region', 'under', '320000', true], ['320505', 'region', 'under', '320500', true], ['320500', 'region', 'under', '320505', false],
    ['310000', 'region', 'under', 'east', true], ['440300', 'region', 'under', 'east', false], ['440300', 'region', 'notUnder', ['east', '110000'], true],
  ])
  const about = { object: 'thing', id: id(7) }
  check('C20', [
    [about, 'about', 'eq', `thing:${id(7)}`, true], [about, 'about', 'eq', `maker:${id(7)}`, false], [about, 'about', 'ne', `thing:${id(8)}`, true], [about, 'about', 'in', [`thing:${id(1)}`, `thing:${id(7)}`], true], [about, 'about', 'notIn', [`thing:${id(7)}`], false], [about, 'about', 'under', 'thing', true],
    [about, 'about', 'notUnder', ['maker'], true], [null, 'about', 'ne', `thing:${id(8)}`, false], [null, 'about', 'empty', undefined, true],
  ])
})

describe('time, at 14:00 on 2026-11-22 in Shanghai', () => {
  check('C21', [
    ['2026-11-21T15:59:59.999Z', 'moment', 'eq', '2026-11-22', false], ['2026-11-21T16:00:00.000Z', 'moment', 'eq', '2026-11-22', true], ['2026-11-22T15:59:59.999999Z', 'moment', 'le', '2026-11-22', true], ['2026-11-22T16:00:00.000Z', 'moment', 'gt', '2026-11-22', true], ['2026-11-22T15:59:59.999Z', 'moment', 'gt', '2026-11-22', false],
    ['2026-11-22T15:00:00.000Z', 'moment', 'between', ['2026-11-20', '2026-11-22'], true], ['2026-11-22T00:00:00.000Z', 'moment', 'ne', '2026-11-22', false],
  ])
  check('C22', [
    ['2026-11-19T06:00:00.000Z', 'moment', 'olderThan', '72h', true], ['2026-11-19T06:00:00.000Z', 'moment', 'withinLast', '72h', false], ['2026-11-19T06:00:00.000001Z', 'moment', 'olderThan', '72h', false], ['2026-11-19T06:00:00.000001Z', 'moment', 'withinLast', '72h', true], ['2026-11-22T06:00:00.000Z', 'moment', 'withinLast', '1h', true],
    ['2026-11-22T06:00:00.001Z', 'moment', 'withinLast', '1h', false], ['2026-11-22T06:00:00.000Z', 'moment', 'withinNext', '1h', true], ['2026-11-22T07:00:00.000Z', 'moment', 'withinNext', '1h', true], ['2026-11-22T07:00:00.001Z', 'moment', 'withinNext', '1h', false], ['2030-01-01T00:00:00.000Z', 'moment', 'notOlderThan', '72h', true],
  ])
  check('C23', [
    ['2026-11-22', 'day', 'withinLast', '1d', true], ['2026-11-21', 'day', 'withinLast', '1d', false], ['2026-11-21', 'day', 'olderThan', '1d', true], ['2026-11-22', 'day', 'withinNext', '3d', true], ['2026-11-25', 'day', 'withinNext', '3d', true], ['2026-11-26', 'day', 'withinNext', '3d', false], ['2026-11-21', 'day', 'withinNext', '3d', false],
  ])
  check('C24', [
    ['2026-11-22', 'day', 'eq', { today: true }, true], ['2026-11-25', 'day', 'lt', { today: true, plus: '3d' }, false], ['2026-11-22T05:59:59.999Z', 'moment', 'lt', { now: true }, true], ['2026-11-22T06:00:00.000Z', 'moment', 'lt', { now: true }, false], ['2026-11-21T16:00:00.000Z', 'moment', 'ge', { today: true }, true],
    ['2026-11-21T16:00:00.000Z', 'moment', 'eq', { today: true }, true], ['2026-11-22T08:00:00.000Z', 'moment', 'le', { now: true, plus: '2h' }, true], ['2026-11-20', 'day', 'ge', { now: true, minus: '2d' }, true],
  ])
  // Sunday, two in the afternoon.
  check('C60', [
    ['2026-11-20T02:00:00.000Z', 'moment', 'olderThan', '8wh', true], ['2026-11-20T02:00:00.000001Z', 'moment', 'olderThan', '8wh', false], ['2026-11-20T02:00:00.000001Z', 'moment', 'withinLast', '8wh', true], ['2026-11-22T06:00:00.001Z', 'moment', 'withinLast', '8wh', false], ['2026-11-20T12:00:00.000Z', 'moment', 'olderThan', '1wh', false],
    ['2026-11-23T03:00:00.000Z', 'moment', 'withinNext', '2wh', true], ['2026-11-23T03:00:00.001Z', 'moment', 'withinNext', '2wh', false], ['2026-11-23T03:00:00.001Z', 'moment', 'notWithinNext', '2wh', true],
    ['2026-11-19T15:59:59.999Z', 'moment', 'olderThan', '1wd', true], ['2026-11-19T16:00:00.000Z', 'moment', 'olderThan', '1wd', false], ['2026-11-19', 'day', 'olderThan', '1wd', true], ['2026-11-20', 'day', 'olderThan', '1wd', false], ['2026-11-23', 'day', 'withinNext', '1wd', true], ['2026-11-24', 'day', 'withinNext', '1wd', false],
  ])
  check('C25', [[2, 'keeper', 'eq', { me: true }, true], [3, 'keeper', 'in', [{ me: true }, 1], false], [3, 'crew', 'in', { myTeams: true }, true], [2, 'crew', 'notIn', { myTeams: true }, true]])
})

describe('other records', () => {
  const PART = { object: 'part', via: 'thing' }
  const keyOf = (condition: Condition): string => needsOf(checked(condition)).aggregates[0]!.key
  const seeing = (condition: Condition, value: unknown): boolean => holds(condition, {}, { aggregates: { [keyOf(condition)]: value } })

  test('C26 a parent is looked through, or is not there', () => {
    const where = leaf('name', 'eq', 'A')
    const about = (parent: Image | null, condition: Condition): boolean => holds(condition, { maker: id(3) }, { parents: { maker: parent && { image: parent, seen: {} } } })
    expect([about({ name: 'A' }, { parent: 'maker', where }), about({ name: 'B' }, { parent: 'maker', where }), about(null, { parent: 'maker', where })]).toEqual([true, false, false])
    expect([about(null, { not: { parent: 'maker', where } }), holds({ not: { parent: 'maker', where } }, {}), holds({ parent: 'maker', where }, {})]).toEqual([true, true, false])
  })
  test('C27 some and none are each other’s opposite', () => {
    expect([seeing({ some: PART }, true), seeing({ some: PART }, false), seeing({ none: PART }, true), seeing({ none: PART }, false)]).toEqual([true, false, false, true])
  })
  test('C28 counts and sums are numbers, also of nothing', () => {
    expect([seeing({ count: PART, op: 'ge', value: 3 }, '3'), seeing({ count: PART, op: 'lt', value: 1 }, 0), seeing({ count: PART, within: '7d', op: 'eq', value: 0 }, '0')]).toEqual([true, true, true])
    expect([seeing({ sum: PART, of: 'amount', op: 'eq', value: '0.3' }, '0.30'), seeing({ sum: PART, of: 'amount', op: 'ge', value: '1' }, '0')]).toEqual([true, false])
  })
  test('C29 the latest child’s cell is judged like a field', () => {
    const latest = (op: string, value?: unknown): Condition => ({ latest: PART, of: 'colour', op, value }) as Condition
    expect([seeing(latest('eq', 'red'), 'red'), seeing(latest('ne', 'red'), null), seeing(latest('empty'), null), seeing({ not: latest('ne', 'red') }, null)]).toEqual([true, false, true, true])
  })
  test('C61 each of the newest so many, and there must be as many', () => {
    const recent: Condition = { recent: PART, last: 2, that: leaf('name', 'empty') }
    expect([seeing(recent, '2'), seeing(recent, '1'), seeing({ not: recent }, '1'), seeing({ not: recent }, 2)]).toEqual([true, false, true, false])
  })
  test.for<[string[], 'down' | 'up', number, boolean]>([
    [['5', '9', '20'], 'down', 40, true], [['6', '10', '20'], 'down', 40, false], [['5.9999999999999999999', '10', '20'], 'down', 40, true], [['0', '0', '9'], 'down', 40, false], [['0', '1', '9'], 'down', 40, true], [['9', '5', '20'], 'down', 40, false],
    [['30', '14', '10'], 'up', 30, true], [['20', '10', '0'], 'up', 0, false], [['1', '-1', '-2'], 'up', 0, false], [['1.4', '1', '0.5'], 'up', 40, false],
  ])('C62 %j %s by more than %i%%: %s', ([numbers, move, percent, holds]) => {
    const trend: Condition = { trend: PART, of: 'amount', per: '30d', periods: 2, move, percent }
    expect([seeing(trend, numbers), seeing({ not: trend }, numbers)]).toEqual([holds, !holds])
  })
  test('C30 changed is about the change at hand', () => {
    const change = (condition: Condition, changes: Record<string, [unknown, unknown]>): boolean => holds(condition, { colour: 'green' }, { changes })
    expect([change({ changed: 'colour' }, { colour: ['red', 'green'] }), change({ changed: 'colour' }, {}), change({ not: { changed: 'colour' } }, {})]).toEqual([true, false, true])
    expect([change({ changedTo: 'colour', value: 'green' }, { colour: ['red', 'green'] }), change({ changedTo: 'colour', value: 'red' }, { colour: ['red', 'green'] }), change({ changedTo: 'colour', value: 'green' }, {})]).toEqual([true, false, false])
    expect(change({ changedTo: 'colour', value: 'green' }, { colour: ['green', null] })).toBe(false)
  })
})
