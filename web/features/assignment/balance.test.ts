import { expect, test } from 'vitest'
import { balanced, total } from './balance.ts'

const weights = { skill: 0.4, region: 0.35, load: 0.25 }

test.each([
  ['skill', 60, { skill: 0.6, region: 0.23, load: 0.17 }],
  ['load', 100, { skill: 0, region: 0, load: 1 }],
  ['region', 0, { skill: 0.62, region: 0, load: 0.38 }],
] as const)('moving %s to %d keeps the whole', (part, next, expected) => {
  expect(balanced(weights, part, next)).toEqual(expected)
  expect(total(balanced(weights, part, next))).toBe(100)
})

test('from nothing, what is left is shared', () => expect(balanced({ skill: 0, region: 0, load: 1 }, 'load', 50)).toEqual({ skill: 0.25, region: 0.25, load: 0.5 }))
