import fc from 'fast-check'
import { expect, test } from 'vitest'
import { aggregateOver, explain, needsOf, needsOfChild, shortOf, toSentence, type Condition, type Seen } from './index.ts'
import { conditions, contexts, rows } from './testing/arbitrary.ts'
import { AT, checked } from './testing/check.ts'
import { id } from './testing/world.ts'

const leaf = (field: string, op: string, value?: unknown): Condition => ({ field, op, value }) as Condition
const PART = { object: 'part', via: 'thing' }
const check = (condition: Condition, image: Record<string, unknown>, seen: Seen = {}) =>
  shortOf(checked(condition), explain(checked(condition), image, seen, AT)).map(({ checked: part, negated, saw, alone, gap }) => [toSentence(part, 'zh', {}), negated, saw, alone, gap])

test('C50 what was missing is named in reading order, with what it saw, its gap, and whether it alone stood in the way', () => {
  const wanted: Condition = { all: [leaf('amount', 'ge', '500000'), leaf('page', 'contains', '/pricing')] }
  expect(check(wanted, { amount: '480000', page: '/pricing' })).toEqual([['amount ≥ 50 万', false, '480000', true, '20000']])
  expect(check(wanted, { amount: null, page: '/home' }).map(([, , saw, alone, gap]) => [saw, alone, gap])).toEqual([[null, false, null], ['/home', false, null]])
  expect(check({ any: [leaf('name', 'eq', 'a'), leaf('count', 'gt', 5)] }, { name: 'b', count: 5 }).map(([, , saw, alone, gap]) => [saw, alone, gap])).toEqual([['b', true, null], [5, true, '0']])
  expect(check({ all: [leaf('name', 'eq', 'a'), { not: leaf('open', 'eq', true) }] }, { name: 'a', open: true }).map(([, negated, saw, alone]) => [negated, saw, alone])).toEqual([[true, true, true]])
  expect(check({ parent: 'maker', where: leaf('rate', 'ge', '3') }, { maker: id(3) }, { parents: { maker: { image: { rate: '1' }, seen: {} } } }).map(([, , saw, alone, gap]) => [saw, alone, gap])).toEqual([['1', true, '2']])
  expect(check({ parent: 'maker', where: leaf('rate', 'ge', '3') }, {}).map(([, , saw, alone]) => [saw, alone])).toEqual([[null, true]])
  const views: Condition = { count: PART, op: 'ge', value: 3 }
  expect(check(views, {}, { aggregates: { [needsOf(checked(views)).aggregates[0]!.key]: '1' } }).map(([, , saw, alone, gap]) => [saw, alone, gap])).toEqual([['1', true, '2']])
  expect(check(wanted, { amount: '500000', page: '/pricing' })).toEqual([])
})

test('C50 a condition that does not hold always names something', () => {
  fc.assert(fc.property(rows(false), conditions('thing', 2), contexts, (world, condition, at) => {
    const asked = checked(condition)
    const row = world.find(({ object }) => object === 'thing')
    if (!row || needsOf(asked).parents.length > 0 || needsOf(asked).aggregates.some((need) => needsOfChild(need).parents.length + needsOfChild(need).aggregates.length > 0)) return
    const aggregates = Object.fromEntries(needsOf(asked).aggregates.map((need) => [need.key, aggregateOver(need, [], at).value]))
    const verdict = explain(asked, row.cells, { aggregates }, at)
    // An empty `any` holds for nobody, and there is nothing to name.
    fc.pre(!/\{"(any|all)":\[\]\}/.test(JSON.stringify(condition)))
    expect(shortOf(asked, verdict).length > 0).toBe(!verdict.verdict)
  }), { numRuns: 100 })
})
