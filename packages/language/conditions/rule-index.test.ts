import fc from 'fast-check'
import { expect, test } from 'vitest'
import { accessKey, accessKeys, buildRuleIndex, toPredicate, type Condition } from './index.ts'
import { IntervalIndex, PairIndex } from './interval-index.ts'
import { SubstringIndex } from './substring-index.ts'
import { conditions, contexts, rows } from './testing/arbitrary.ts'
import { AT, checked } from './testing/check.ts'

const leaf = (field: string, op: string, value?: unknown): Condition => ({ field, op, value }) as Condition

test.for<[Condition, unknown]>([
  [{ all: [leaf('amount', 'ge', '500000'), leaf('page', 'contains', '/Pricing')] }, { by: 'substring', field: 'page', needle: '/pricing' }],
  [{ all: [leaf('page', 'contains', '/pricing'), leaf('tags', 'has', '大客户')] }, { by: 'member', field: 'tags', values: [2] }],
  [{ all: [leaf('tags', 'has', 'hot'), leaf('colour', 'under', 'dark_red')] }, { by: 'equal', field: 'colour', values: ['dark_red', 'wine'] }],
  [{ all: [leaf('count', 'ge', 0), leaf('count', 'lt', 8)] }, { by: 'range', field: 'count', low: 0, high: expect.closeTo(8), and: [] }],
  [{ all: [leaf('count', 'ge', 0), leaf('amount', 'lt', '0')] }, { by: 'range', field: 'count', low: 0, high: null, and: [{ field: 'amount', low: null, high: 0 }] }],
  [{ any: [leaf('colour', 'eq', 'red'), leaf('name', 'eq', 'a')] }, { by: 'several', keys: [{ by: 'equal', field: 'colour', values: ['red'] }, { by: 'equal', field: 'name', values: ['a'] }] }],
  [{ any: [leaf('colour', 'eq', 'red'), leaf('name', 'empty')] }, { by: 'none' }], [leaf('moment', 'olderThan', '1d'), { by: 'present', field: 'moment' }], [leaf('keeper', 'eq', { me: true }), { by: 'present', field: 'keeper' }], [{ not: leaf('colour', 'eq', 'red') }, { by: 'none' }],
  [{ changedTo: 'colour', value: 'red' }, { by: 'equal', field: 'colour', values: ['red'] }], [{ any: [] }, { by: 'several', keys: [] }],
])('C46 %j is filed under %j', ([condition, key]) => expect(accessKey(checked(condition))).toEqual(key))

test('C46 what many share is not what tells them apart: the next necessary predicate does', () => {
  const one = checked({ all: [leaf('colour', 'eq', 'red'), leaf('region', 'under', '440000'), leaf('page', 'contains', '/a'), leaf('moment', 'olderThan', '1d')] })
  expect(accessKeys(one)).toEqual([{ by: 'equal', field: 'colour', values: ['red'] }, { by: 'prefix', field: 'region', values: ['44'] }, { by: 'substring', field: 'page', needle: '/a' }])
  let verified = 0
  const index = buildRuleIndex(Array.from({ length: 500 }, (_, id) => ({ id, checked: checked({ all: [leaf('colour', 'eq', 'red'), [leaf('region', 'under', '440000'), leaf('page', 'contains', `/cases/${id}`), leaf('count', 'ge', 700 + id)][id % 3]!] }) })))
  const image = new Proxy({ colour: 'red', region: '320500', page: '/pricing', count: 600 }, { get: (cells, key) => { verified++; return cells[key as keyof typeof cells] } })
  expect(index.candidates(image as never, AT)).toEqual([])
  // A few cells for each drawer, and those few rules that stand under the shared one.
  expect(verified).toBeLessThan(40)
  expect(index.candidates({ colour: 'red', region: '440300', page: '/cases/7' }, AT)).toEqual(Array.from({ length: 167 }, (_, i) => i * 3).concat([7]).sort((a, b) => a - b))
})

const isOwn = (condition: Condition): boolean => !/"(parent|some|none|count|sum|latest|recent|trend)":/.test(JSON.stringify(condition))

test('C46 C47 the index finds what trying all would find, in order, while rules come and go', () =>
  fc.assert(fc.property(rows(false), contexts, fc.array(fc.tuple(conditions().filter(isOwn), fc.nat(2)), { minLength: 1, maxLength: 40, size: 'max' }), fc.array(fc.nat(39)), (stored, at, all, gone) => {
    const rules = all.map(([condition, priority], id) => ({ id, priority, checked: checked(condition) }))
    const index = buildRuleIndex(rules)
    for (const id of gone) index.remove(id)
    const again = rules.filter(({ id }) => gone.includes(id) && id % 2 === 0)
    for (const rule of again) index.add(rule)
    const present = [...rules.filter(({ id }) => !gone.includes(id)), ...again]
    expect(index.size).toBe(present.length)
    for (const { cells } of stored.slice(0, 2)) {
      const expected = present.filter((rule) => toPredicate(rule.checked)(cells, {}, at)).sort((a, b) => a.priority - b.priority).map(({ id }) => id)
      expect(index.match(cells, {}, at)).toEqual(expected)
      expect(index.candidates(cells, at)).toEqual(expected)
    }
  }), { numRuns: 200 }))

test('C46 every needle in a text is found, each time it ends', () =>
  fc.assert(fc.property(fc.array(fc.string({ unit: fc.constantFrom('a', 'b', 'c', '中'), minLength: 1, maxLength: 4 }), { maxLength: 20 }), fc.string({ unit: fc.constantFrom('a', 'b', 'c', '中'), maxLength: 30 }), (needles, text) => {
    const index = new SubstringIndex<number>()
    needles.forEach((needle, i) => index.add(needle, i))
    const found = new Set<number>()
    index.search(text, (i) => found.add(i))
    expect([...found].sort((a, b) => a - b)).toEqual(needles.flatMap((needle, i) => (text.includes(needle) ? [i] : [])))
  })))

const end = fc.option(fc.integer({ min: -20, max: 20 }))
test('C46 every interval that holds a number is found', () =>
  fc.assert(fc.property(fc.array(fc.tuple(end, end)), fc.integer({ min: -25, max: 25 }), (intervals, value) => {
    const index = new IntervalIndex<number>()
    intervals.forEach(([low, high], entry) => index.add({ low, high, entry }))
    const found: number[] = []
    index.search(value, (entry) => void found.push(entry))
    expect(found.sort((a, b) => a - b)).toEqual(intervals.flatMap(([low, high], i) => ((low ?? -99) <= value && value <= (high ?? 99) ? [i] : [])))
  })))
test('C46 every pair of thresholds that two numbers meet is found', () =>
  fc.assert(fc.property(fc.array(fc.tuple(fc.integer({ min: -20, max: 20 }), end, end)), fc.integer({ min: -25, max: 25 }), fc.integer({ min: -25, max: 25 }), (pairs, x, y) => {
    const index = new PairIndex<number>()
    pairs.forEach(([bound, low, high], entry) => index.add({ bound, low, high, entry }))
    const found: number[] = []
    index.search(x, y, (entry) => void found.push(entry))
    expect(found.sort((a, b) => a - b)).toEqual(pairs.flatMap(([bound, low, high], i) => (bound <= x && (low ?? -99) <= y && y <= (high ?? 99) ? [i] : [])))
  })))

/** Rules of every kind that this record narrowly misses. */
const misses = (i: number): Condition => [
  { all: [leaf('name', 'eq', `n${i}`), leaf('amount', 'ge', '1')] }, { all: [leaf('page', 'contains', `/pricing/p${i + 1000}`), leaf('amount', 'ge', '1')] }, leaf('amount', 'between', [String(700_000 + i), String(900_000 + i)]),
  { all: [leaf('count', 'ge', i % 50), leaf('amount', 'le', String(599_999 - i))] }, leaf('count', 'ge', 51 + i), { any: [leaf('name', 'in', [`m${i}`, `k${i}`]), leaf('page', 'startsWith', `https://m${i}.cn`)] },
][i % 6] as Condition

test('C48 ten thousand rules try no more candidates than a hundred', () => {
  const image = { name: 'x', page: 'https://www.example.cn/pricing/p7?utm_source=b', amount: '600000.00', count: 50, tags: [1] }
  for (const size of [100, 10_000]) {
    const index = buildRuleIndex(Array.from({ length: size }, (_, id) => ({ id, checked: checked(id < 5 ? leaf('tags', 'has', 'hot') : misses(id)) })))
    let tried = 0
    const counted = new Proxy(image, { get: (target, key) => { tried++; return Reflect.get(target, key) as unknown } })
    expect(index.match(counted, {}, AT)).toEqual([0, 1, 2, 3, 4])
    expect(tried).toBeLessThan(60)
  }
})
