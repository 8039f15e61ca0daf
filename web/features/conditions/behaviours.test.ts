import { expect, test } from 'vitest'
import type { Condition } from '#language/conditions'
import type { Catalogue } from '../../api/catalogue.ts'
import { readBehaviour, writeBehaviour } from './behaviours.ts'

const field = (key: string, kind: string, more: object = {}) => ({ key, kind, label: { zh: key, en: key }, ...more })
const objects = [
  { key: 'seen', immutable: true, fields: [field('kind', 'select', { dictionary: 'kinds' }), field('page', 'url'), field('seconds', 'integer'), field('who', 'reference', { to: 'person' })] },
  { key: 'note', fields: [field('who', 'reference', { to: 'person' })] },
]
const catalogue = { objects, object: (key: string) => objects.find((each) => each.key === key) } as unknown as Catalogue
const relation = { object: 'seen', via: 'who' }

test('how often, of which kind, with which words, and how much: each line is the condition that it stands for, and reads back as itself', () => {
  const lines: Condition[] = [
    { count: relation, op: 'ge', value: 3, within: '30d' },
    { count: relation, op: 'ge', value: 3, within: '30d', where: { all: [{ field: 'kind', op: 'in', value: ['view'] }, { field: 'page', op: 'contains', value: '/pricing' }] } },
    { sum: relation, of: 'seconds', op: 'gt', value: '60', within: '7d', where: { all: [{ field: 'page', op: 'contains', value: 'video' }] } },
  ]
  for (const line of lines) expect(writeBehaviour(catalogue, readBehaviour(catalogue, line)!)).toEqual(line)
  // Written by hand with an equals, it is the same line.
  expect(readBehaviour(catalogue, { count: relation, op: 'ge', value: 1, within: '1d', where: { all: [{ field: 'kind', op: 'eq', value: 'view' }] } })).toMatchObject({ kinds: ['view'], words: '' })
})

test('what asks for more is left to the row that can show it', () => {
  const more: Condition[] = [
    { count: relation, op: 'ge', value: 3 },
    { count: { object: 'note', via: 'who' }, op: 'ge', value: 3, within: '30d' },
    { count: relation, op: 'ge', value: 3, within: '30d', where: { any: [{ field: 'kind', op: 'in', value: ['view'] }] } },
    { count: relation, op: 'ge', value: 3, within: '30d', where: { all: [{ field: 'seconds', op: 'ge', value: 3 }] } },
    { some: relation },
  ]
  for (const node of more) expect(readBehaviour(catalogue, node)).toBeNull()
})
