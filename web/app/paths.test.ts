import { expect, test } from 'vitest'
import { safeReturn } from './paths.ts'

test('after sign-in only a path of our own is returned to', () => {
  expect(safeReturn('/o/lead?view=all')).toBe('/o/lead?view=all')
  for (const foreign of ['https://evil.example', '//evil.example', '/\\evil.example', 'javascript:alert(1)', 7, undefined]) expect(safeReturn(foreign)).toBe('/')
})
