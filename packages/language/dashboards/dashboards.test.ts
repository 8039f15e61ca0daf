import { expect, test } from 'vitest'
import { Tile, type Span, type Stretch } from '../definitions/index.ts'
import { fieldsOf, groupFilter, previousDays, questionOf, restFilter, spanDays, stepsFilter, stretchesOf, stretchLast, tileFilter } from './index.ts'

const SUNDAY = '2026-11-22'
const text = ({ first, last }: { first: string; last: string }) => `${first}…${last}`

test.for<[Span, string]>([
  ['today', '2026-11-22…2026-11-22'], ['yesterday', '2026-11-21…2026-11-21'], ['thisWeek', '2026-11-16…2026-11-22'], ['lastWeek', '2026-11-09…2026-11-15'],
  ['thisMonth', '2026-11-01…2026-11-30'], ['lastMonth', '2026-10-01…2026-10-31'], ['thisQuarter', '2026-10-01…2026-12-31'], ['lastQuarter', '2026-07-01…2026-09-30'], ['thisYear', '2026-01-01…2026-12-31'], ['lastYear', '2025-01-01…2025-12-31'],
  ['last7', '2026-11-16…2026-11-22'], ['last30', '2026-10-24…2026-11-22'], ['last90', '2026-08-25…2026-11-22'], ['weeks12', '2026-08-31…2026-11-22'], ['months12', '2025-12-01…2026-11-30'], ['next7', '2026-11-22…2026-11-28'], ['next30', '2026-11-22…2026-12-21'],
])('D1 %s', ([span, days]) => expect(text(spanDays(span, SUNDAY))).toBe(days))

test('D1 the first days of a year lie in a week of the old one', () => expect(text(spanDays('thisWeek', '2027-01-01'))).toBe('2026-12-28…2027-01-03'))

test.for<[Span, string, 'whole' | 'sameDays', string]>([
  ['thisMonth', SUNDAY, 'whole', '2026-10-01…2026-10-31'], ['thisMonth', SUNDAY, 'sameDays', '2026-10-01…2026-10-22'], ['thisMonth', '2026-03-31', 'sameDays', '2026-02-01…2026-02-28'], ['thisMonth', '2026-03-30', 'sameDays', '2026-02-01…2026-02-28'],
  ['thisWeek', '2026-11-18', 'sameDays', '2026-11-09…2026-11-11'], ['thisQuarter', SUNDAY, 'sameDays', '2026-07-01…2026-08-22'], ['lastMonth', SUNDAY, 'sameDays', '2026-09-01…2026-09-30'],
  ['last7', SUNDAY, 'sameDays', '2026-11-09…2026-11-15'], ['today', SUNDAY, 'whole', '2026-11-21…2026-11-21'], ['thisYear', SUNDAY, 'whole', '2025-01-01…2025-12-31'], ['next7', SUNDAY, 'whole', '2026-11-15…2026-11-21'],
])('D2 before %s on %s, %s', ([span, today, how, days]) => expect(text(previousDays(span, today, how))).toBe(days))

test.for<[Stretch, string, string, string]>([
  ['day', '2026-02-27', '2026-03-01', '2026-02-27 2026-02-28 2026-03-01'], ['week', '2026-11-15', '2026-11-22', '2026-11-09 2026-11-16'], ['month', '2025-11-30', '2026-02-01', '2025-11-01 2025-12-01 2026-01-01 2026-02-01'],
  ['quarter', '2026-02-01', '2026-11-01', '2026-01-01 2026-04-01 2026-07-01 2026-10-01'], ['year', '2024-05-01', '2026-01-01', '2024-01-01 2025-01-01 2026-01-01'],
])('D3 every %s from %s to %s', ([by, first, last, all]) => expect(stretchesOf(by, { first, last }).join(' ')).toBe(all))

test('D3 a stretch ends before the next begins', () => expect([stretchLast('month', '2028-02-01'), stretchLast('quarter', '2026-10-01'), stretchLast('week', '2026-12-28'), stretchLast('year', '2026-01-01')]).toEqual(['2028-02-29', '2026-12-31', '2027-01-03', '2026-12-31']))

const label = { zh: '量', en: 'Amount' }
const tile = (more: object): Tile => Tile.parse({ key: 'a', title: label, object: 'job', filter: { field: 'state', op: 'eq', value: 'open' }, width: 6, height: 2, kind: 'bar', measure: { of: 'sum', field: 'price' }, group: { field: 'owner' }, limit: 5, ...more })

test('D4 a question of the day, and of the days before', () => {
  const bar = tile({ period: { field: 'due', span: 'thisMonth' } })
  const filter = { all: [{ field: 'state', op: 'eq', value: 'open' }, { field: 'due', op: 'between', value: ['2026-11-01', '2026-11-30'] }] }
  expect(questionOf(bar, SUNDAY)).toEqual({ ask: 'aggregate', object: 'job', filter, measures: [{ of: 'sum', field: 'price' }], groupBy: [{ field: 'owner' }], top: 5 })
  expect(tileFilter(bar, SUNDAY)).toEqual(filter)
  const { group: _, limit: _limit, ...figure } = bar as Extract<Tile, { kind: 'bar' }>
  expect(questionOf(Tile.parse({ ...figure, kind: 'number', compare: 'sameDays' }), SUNDAY, true)).toMatchObject({ groupBy: [], filter: { all: [{ field: 'state' }, { value: ['2026-10-01', '2026-10-22'] }] } })
  expect(questionOf(tile({ group: { field: 'due', by: 'month' }, split: { field: 'state' } }), SUNDAY)).toMatchObject({ groupBy: [{ field: 'due', by: 'month' }, { field: 'state' }], order: { by: 'key', direction: 'asc' } })
})

test('D4 the records of a group and of the rest', () => {
  const base = { all: [] }
  expect(groupFilter(base, { field: 'due', by: 'quarter' }, '2026-10-01', 'date')).toEqual({ all: [{ field: 'due', op: 'between', value: ['2026-10-01', '2026-12-31'] }] })
  expect(groupFilter(base, { field: 'tags' }, '急', 'tags')).toEqual({ all: [{ field: 'tags', op: 'has', value: '急' }] })
  expect(groupFilter(base, { field: 'owner' }, 7, 'member')).toEqual({ all: [{ field: 'owner', op: 'eq', value: 7 }] })
  expect(groupFilter(base, { field: 'owner' }, null, 'member')).toEqual({ all: [{ field: 'owner', op: 'empty' }] })
  expect(restFilter(base, { field: 'owner' }, [7, null], 'member')).toEqual({ all: [{ field: 'owner', op: 'notIn', value: [7] }] })
  expect(restFilter(base, { field: 'owner' }, [7, 8], 'member')).toEqual({ all: [{ not: { field: 'owner', op: 'in', value: [7, 8] } }] })
  expect(restFilter(base, { field: 'owner' }, [null], 'member')).toEqual({ all: [{ field: 'owner', op: 'notEmpty' }] })
  expect(restFilter(base, { field: 'urgent' }, [true], 'boolean')).toEqual({ all: [{ not: { any: [{ field: 'urgent', op: 'eq', value: true }] } }] })
  expect(restFilter(base, { field: 'tags' }, ['急'], 'tags')).toBeNull()
  expect(stepsFilter({ field: 'owner', op: 'empty' }, 'state', ['busy', 'closed'])).toEqual({ all: [{ field: 'owner', op: 'empty' }, { field: 'state', op: 'in', value: ['busy', 'closed'] }] })
})

test('D4 the fields that a tile names', () => {
  expect(fieldsOf(tile({ split: { field: 'state' }, period: { field: 'due', span: 'today' } }))).toEqual(['price', 'owner', 'state', 'due'])
})
