import { expect, test } from 'vitest'
import type { Layout } from '#language/definitions'
import { completed, hinted, moved, stepped, toggled } from './layout-draft.ts'

const label = (zh: string) => ({ zh, en: zh })
const layout: Layout = { key: 'a', label: label('a'), object: 'job', roles: [], order: 1, groups: [{ label: label('一'), fields: ['a', 'b'] }, { label: label('二'), fields: ['c'] }], hidden: { page: [], create: [] }, hints: [] }
const keys = ({ groups }: Layout) => groups.map(({ fields }) => fields.join(''))

test('a field goes one step at a time, over the edge of its group, and never gets lost', () => {
  expect([keys(stepped(layout, 'b', -1)), keys(stepped(layout, 'a', 1)), keys(stepped(layout, 'b', 1)), keys(stepped(layout, 'c', -1)), keys(stepped(layout, 'a', -1)), keys(stepped(layout, 'c', 1))])
    .toEqual([['ba', 'c'], ['ba', 'c'], ['a', 'bc'], ['abc', ''], ['ab', 'c'], ['ab', 'c']])
  expect([keys(moved(layout, 'c', { to: 0, before: 'a' })), keys(moved(layout, 'a', { to: 0, before: 'a' }))]).toEqual([['cab', ''], ['ab', 'c']])
})
test('fields that the layout does not know of are placed, those that are gone fall out', () => {
  const field = (key: string) => ({ key, label: label(key), kind: 'text' as const })
  expect(keys(completed(layout, ['a', 'c', 'd'].map(field)))).toEqual(['a', 'c', 'd'])
})
test('hiding and hints go on and off', () => {
  expect(toggled(toggled(layout, 'page', 'a'), 'page', 'a')).toEqual(layout)
  expect(hinted(hinted(layout, 's', 'x', '打电话'), 's', 'x', '发报价').hints).toEqual([{ field: 's', value: 'x', text: label('发报价') }])
  expect(hinted(hinted(layout, 's', 'x', '打电话'), 's', 'x', '').hints).toEqual([])
})
