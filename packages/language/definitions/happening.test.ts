import { expect, test } from 'vitest'
import type { Condition } from '#language/conditions'
import { happeningOf, readHappening, writeHappening } from './index.ts'

const seen = { immutable: true, title: 'kind', field: new Map([['kind', { kind: 'select' }], ['page', { kind: 'text' }]]) }
const page: Condition = { field: 'page', op: 'contains', value: '/pricing' }
const kinds = (...value: string[]): Condition => ({ field: 'kind', op: 'in', value })
const read = (condition: Condition, trigger: { on: string; form?: string } = { on: 'created' }) => readHappening(seen, { trigger, condition })

test('F8 the kinds of events belong to when a rule works; what is written is read as itself', () => {
  expect(read({ all: [] })).toEqual({ kinds: [], rest: { all: [] } })
  expect(read({ all: [kinds('call', 'message'), page] })).toEqual({ kinds: ['call', 'message'], rest: { all: [page] } })
  expect(read({ all: [page, { field: 'kind', op: 'eq', value: 'call' }] })).toEqual({ kinds: ['call'], rest: { all: [page] } })
  expect(read({ field: 'kind', op: 'eq', value: 'call' })).toEqual({ kinds: ['call'], rest: { all: [] } })
  for (const condition of [{ all: [kinds('call')] }, { all: [kinds('call', 'view'), page] }, { all: [kinds('call'), { any: [page, kinds('view')] }] }, { all: [page] }] as Condition[]) expect(writeHappening('kind', read(condition)!)).toEqual(condition)
  expect(writeHappening('kind', { kinds: ['call'], rest: page })).toEqual({ all: [kinds('call'), page] })
  expect(writeHappening('kind', { kinds: [], rest: page })).toEqual(page)
})

test('F8 any other condition is left as it is', () => {
  for (const condition of [{ any: [kinds('call'), page] }, { not: kinds('call') }, { all: [{ field: 'kind', op: 'ne', value: 'call' }] }, { all: [{ field: 'kind', op: 'in', value: [] }] }, { all: [{ field: 'kind', op: 'notEmpty' }] }, page] as Condition[]) expect(read(condition)).toEqual({ kinds: [], rest: condition })
  // Of two that name kinds the first is said with the event, the other is a condition.
  expect(read({ all: [kinds('call', 'view'), kinds('call')] })).toEqual({ kinds: ['call', 'view'], rest: { all: [kinds('call')] } })
})

test('F8 only new events of an object are events: not what can be changed, is called by something else, came by a form or was answered otherwise', () => {
  const condition = kinds('call')
  expect([read(condition, { on: 'changed' }), read(condition, { on: 'created', form: 'ask' })]).toEqual([null, null])
  for (const other of [{ ...seen, immutable: false }, { ...seen, title: 'page' }, undefined]) expect([happeningOf(other), readHappening(other, { trigger: { on: 'created' }, condition })]).toEqual([null, null])
})
