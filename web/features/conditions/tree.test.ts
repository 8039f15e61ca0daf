import { expect, test } from 'vitest'
import { asGroup, groupOf, leafAt, leafNode, newLeaf, pathOf, pathText, topGroup, withOperator } from './tree.ts'

const budget = { field: 'budget_min', op: 'ge' as const, value: '500000' }

test('a group is read and written back unchanged', () => {
  for (const condition of [{ all: [budget] }, { any: [budget, budget] }, { not: { any: [budget] } }]) expect(groupOf(asGroup(condition)!)).toEqual(condition)
})

test('a lone sentence becomes the only part of a group', () => {
  expect(groupOf(topGroup(budget))).toEqual({ all: [budget] })
})

test('a field of the record that a reference points to is one leaf', () => {
  const node = leafNode('customer', { field: 'industry', op: 'in', value: ['auto'] })
  expect(node).toEqual({ parent: 'customer', where: { field: 'industry', op: 'in', value: ['auto'] } })
  expect(leafAt(node)).toEqual({ via: 'customer', leaf: { field: 'industry', op: 'in', value: ['auto'] } })
  expect(pathOf(pathText({ via: 'customer', field: 'industry' }))).toEqual({ via: 'customer', field: 'industry' })
})

test('another operator keeps what still fits', () => {
  expect(withOperator(budget, 'le')).toEqual({ ...budget, op: 'le' })
  expect(withOperator(budget, 'empty')).toEqual({ field: 'budget_min', op: 'empty' })
  expect(withOperator({ field: 'status', op: 'eq', value: 'open' }, 'in')).toEqual({ field: 'status', op: 'in', value: ['open'] })
  expect(withOperator({ field: 'status', op: 'in', value: ['open', 'done'] }, 'ne')).toEqual({ field: 'status', op: 'ne', value: 'open' })
  expect(withOperator({ field: 'created_at', op: 'empty' }, 'withinLast')).toEqual({ field: 'created_at', op: 'withinLast', value: '7d' })
})

test('a new leaf begins with what nearly everyone means', () => {
  const field = (kind: string) => ({ key: 'f', kind, label: { zh: '字段', en: 'Field' }, write: true, base: false }) as never
  expect(newLeaf(field('member'))).toEqual({ field: 'f', op: 'in', value: [{ me: true }] })
  expect(newLeaf(field('datetime'))).toEqual({ field: 'f', op: 'withinLast', value: '7d' })
  expect(newLeaf(field('text'))).toEqual({ field: 'f', op: 'contains' })
})
