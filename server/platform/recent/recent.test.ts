import { expect, test } from 'vitest'
import { Recent } from '#platform/recent'

test('RC1 what was not asked for longest goes first', () => {
  const recent = new Recent<string, number>(2)
  recent.set('a', 1)
  recent.set('b', 2)
  recent.get('a')
  recent.set('c', 3)
  expect(['a', 'b', 'c'].map((key) => recent.get(key))).toEqual([1, undefined, 3])
})

test('RC1 what is set again takes no second place', () => {
  const recent = new Recent<string, number>(2)
  for (const value of [1, 2, 3]) recent.set('a', value)
  recent.set('b', 4)
  expect(['a', 'b'].map((key) => recent.get(key))).toEqual([3, 4])
})

test('RC2 made once, and again after it was forgotten', () => {
  const recent = new Recent<string, number>(1)
  let made = 0
  const ask = (key: string): number => recent.getOrMake(key, () => ++made)
  expect([ask('a'), ask('a')]).toEqual([1, 1])
  recent.delete('a')
  expect(ask('a')).toBe(2)
  recent.clear()
  expect([ask('a'), ask('b'), ask('a')]).toEqual([3, 4, 5])
})
