import { expect, test } from 'vitest'
import type { View } from '#language/definitions'
import { firstView, usualSort } from './first-view.ts'

const view = (key: string, filter: unknown) => ({ key, filter }) as View
const views = [
  view('mine', { field: 'owner', op: 'eq', value: { me: true } }),
  view('team', { all: [{ field: 'owner', op: 'notEmpty' }, { field: 'owner', op: 'ne', value: { me: true } }] }),
  view('all', { all: [] }),
]

test('a list opens on what its reader works with', () => {
  expect((['workbench', 'team', 'tasks'] as const).map((home) => firstView(views, { home, roles: [] })?.key)).toEqual(['mine', 'team', 'all'])
  // Where nobody looks after others' records, as with tasks, one's own come first for all.
  expect((['workbench', 'team', 'tasks'] as const).map((home) => firstView([views[0]!, views[2]!], { home, roles: [] })?.key)).toEqual(['mine', 'mine', 'mine'])
})

test('a list meant for a role opens first for it', () => {
  const meant = { ...view('late', { all: [] }), firstFor: ['clerk'] }
  expect([firstView([...views, meant], { home: 'workbench', roles: ['clerk'] })?.key, firstView([...views, meant], { home: 'workbench', roles: ['chief'] })?.key]).toEqual(['late', 'mine'])
})

test('beside another record they stand as in the list of all, else as in the first', () => {
  const by = (key: string, filter: unknown, field: string, direction: string) => ({ ...view(key, filter), object: 'plan', shared: true, sort: [{ field, direction }] }) as View
  const late = by('late', { field: 'due', op: 'empty' }, 'due', 'asc')
  const known = new Set(['due', 'made'])
  expect(usualSort([late], 'plan', known)).toEqual({ sort: 'due' })
  expect(usualSort([late, by('all', { all: [] }, 'made', 'desc')], 'plan', known)).toEqual({ sort: '-made' })
  expect([usualSort([late], 'other', known), usualSort([late], 'plan', new Set()), usualSort([{ ...late, shared: false }], 'plan', known)]).toEqual([{}, {}, {}])
})
