import fc from 'fast-check'
import { expect, test } from 'vitest'
import { permuted } from './numbers.ts'

const keys = Int32Array.from([11, -7, 1234567, 42, 99, -1, 2 ** 30, 5])

test('W12 all numbers of a length, each once, in no order; then one digit more', () => {
  const drawn = Array.from({ length: 11_000 }, (_, n) => permuted(n, 3, keys))
  expect(new Set(drawn).size).toBe(11_000)
  expect([0, 1_000].map((from) => new Set(drawn.slice(from, from === 0 ? 1_000 : 11_000).map(({ length }) => length)))).toEqual([new Set([3]), new Set([4])])
  const rising = drawn.slice(1, 1_000).filter((each, i) => each > drawn[i]!).length
  expect(Math.abs(rising - 500)).toBeLessThan(80)
})

test('W12 distinct at every length', () => {
  fc.assert(fc.property(fc.integer({ min: 3, max: 12 }), fc.uniqueArray(fc.maxSafeNat(), { minLength: 2, maxLength: 20 }), (digits, drawn) => {
    const numbers = drawn.map((n) => permuted(n % 10 ** 12, digits, keys))
    expect(new Set(numbers).size).toBe(new Set(drawn.map((n) => n % 10 ** 12)).size)
  }))
})
