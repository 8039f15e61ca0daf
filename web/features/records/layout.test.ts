import { expect, test } from 'vitest'
import type { Layout } from '#language/definitions'
import { arranged, hintsFor, shownIn } from './layout.ts'

const label = (zh: string) => ({ zh, en: zh })
const layout: Layout = {
  key: 'a', label: label('a'), object: 'job', roles: [], order: 1,
  groups: [{ label: label('先看'), fields: ['money', 'gone', 'name'] }, { label: label('空'), fields: [] }],
  hidden: { page: ['note'], create: ['note', 'name'] }, hints: [{ field: 'stage', value: 'won', text: label('寄合同') }],
}
const fields = [{ key: 'name', required: true }, { key: 'note' }, { key: 'money' }, { key: 'later' }]
const keys = (groups: [string, { key: string }[]][]) => groups.map(([name, members]) => [name, ...members.map(({ key }) => key)])

test('fields stand as the layout says, new ones follow in their own group, empty groups and unknown fields are left out', () => {
  expect(keys(arranged(layout, shownIn(layout, fields, 'page'), () => '其他'))).toEqual([['先看', 'money', 'name'], ['其他', 'later']])
  expect(keys(arranged(undefined, fields, () => '全部'))).toEqual([['全部', 'name', 'note', 'money', 'later']])
})
test('what must be filled is asked for although the layout hides it', () => {
  expect(shownIn(layout, fields, 'create').map(({ key }) => key)).toEqual(['name', 'money', 'later'])
})
test('a hint is said while the choice has its value', () => {
  expect([hintsFor(layout, { stage: 'won' }).length, hintsFor(layout, { stage: 'lost' }).length, hintsFor(undefined, { stage: 'won' }).length]).toEqual([1, 0, 0])
})
