import { expect, test } from 'vitest'
import { crossing, passedFields, type Condition } from './index.ts'
import { AT, checked } from './testing/check.ts'

const DAY_MS = 86_400_000
const at = (days: number) => ({ ...AT, now: new Date(AT.now.getTime() + days * DAY_MS) })
const micros = (days: number) => (AT.now.getTime() + days * DAY_MS) * 1000
const over = (condition: Condition, days = 1) => crossing(checked(condition, 'filter'), { last: AT, now: at(days) }).root
const passed = (key: string, from: number, until: number) => expect.objectContaining({ is: 'leaf', op: 'during', field: expect.objectContaining({ key }), right: { from: micros(from), until: micros(until) } })

test('C52 where nothing moves it finds none', () => {
  expect(over({ all: [{ field: 'count', op: 'ge', value: 3 }, { field: 'moment', op: 'gt', value: '2026-01-01T00:00:00.000Z' }, { some: { object: 'part', via: 'thing' } }] })).toEqual({ is: 'any', parts: [] })
})

test('C52 a value of its own that a moving edge has passed, whatever stands beside it', () => {
  expect(over({ any: [{ field: 'name', op: 'eq', value: 'x' }, { not: { field: 'moment', op: 'olderThan', value: '10d' } }] })).toMatchObject({ is: 'any', parts: [{ right: { from: micros(-10) + 1, until: micros(-9) + 1 } }] })
  expect(over({ field: 'day', op: 'withinNext', value: '3d' })).toMatchObject({ parts: [{ right: { from: '2026-11-22', until: '2026-11-23' } }, { right: { from: '2026-11-26', until: '2026-11-27' } }] })
})

test('C52 a parent’s, a child’s, a window’s, and the value of the latest', () => {
  expect(over({ parent: 'maker', where: { field: 'moment', op: 'lt', value: { now: true } } })).toMatchObject({ parts: [{ is: 'parent', field: { key: 'maker' }, where: { is: 'any', parts: [passed('moment', 0, 1)] } }] })
  expect(over({ none: { object: 'part', via: 'thing' }, where: { field: 'moment', op: 'lt', value: { now: true } } })).toMatchObject({ parts: [{ is: 'some', relation: { object: 'part' }, where: { is: 'any', parts: [passed('moment', 0, 1)] } }] })
  expect(over({ count: { object: 'part', via: 'thing' }, where: { all: [] }, within: '7d', op: 'ge', value: 2 })).toMatchObject({ parts: [{ is: 'some', where: { is: 'any', parts: [{ field: { key: 'created_at' } }, { field: { key: 'created_at' } }] } }] })
  expect(over({ latest: { object: 'part', via: 'thing' }, of: 'created_at', op: 'olderThan', value: '540d' })).toMatchObject({ parts: [{ is: 'some', where: { is: 'any', parts: [{ field: { key: 'created_at' } }] } }] })
})

test('C52 C63 months that are compared: only the beginning of a month passes anything, by the tenant’s clock', () => {
  const trend: Condition = { trend: { object: 'part', via: 'thing' }, per: '1mo', at: 'moment', periods: 1, move: 'down', percent: 40 }
  const from = (last: string, now: string) => crossing(checked(trend, 'filter'), { last: { ...AT, now: new Date(last) }, now: { ...AT, now: new Date(now) } }).root
  expect(from('2026-10-31T16:00:00.000Z', '2026-11-30T15:59:59.999Z')).toEqual({ is: 'any', parts: [] })
  const [september, october, november, december] = ['2026-08-31', '2026-09-30', '2026-10-31', '2026-11-30'].map((day) => Date.parse(`${day}T16:00:00.000Z`) * 1000)
  const begun = from('2026-11-30T15:59:59.999Z', '2026-11-30T16:00:00.000Z')
  for (const [since, until] of [[september, october], [october, november], [november, december]]) {
    expect(begun).toMatchObject({ parts: [{ is: 'some', relation: { object: 'part' }, where: { parts: expect.arrayContaining([expect.objectContaining({ right: { from: since, until } })]) } }] })
  }
})

test('C52 the fields that it compares, by their objects', () => {
  const fields = (condition: Condition) => passedFields(checked(condition, 'filter'), { last: AT, now: at(1) }).map(({ object, key }) => `${object}.${key}`)
  expect(new Set(fields({ any: [{ field: 'moment', op: 'olderThan', value: '10d' }, { not: { count: { object: 'part', via: 'thing' }, where: { all: [] }, within: '7d', op: 'ge', value: 2 } }] }))).toEqual(new Set(['thing.moment', 'part.created_at']))
  expect(fields({ field: 'name', op: 'eq', value: 'x' })).toEqual([])
})
