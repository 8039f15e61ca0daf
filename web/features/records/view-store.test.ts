import { expect, test } from 'vitest'
import type { View } from '#language/definitions'
import { reordered } from './view-store.ts'

const views = ['a', 'b', 'c'].map((key, i) => ({ key, order: i * 10 }) as View)
const moved = (key: string, by: -1 | 1) => { const next = reordered(views, views.find((each) => each.key === key)!, by); return next && [...views.filter((each) => each.key !== key), next].sort((a, b) => a.order - b.order).map((each) => each.key).join('') }

test('a list goes one place further and stays at the ends', () => {
  expect([moved('a', 1), moved('b', 1), moved('c', -1), moved('b', -1), moved('a', -1), moved('c', 1)]).toEqual(['bac', 'acb', 'acb', 'bac', null, null])
})
