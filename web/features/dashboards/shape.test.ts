import { expect, test } from 'vitest'
import type { AggregateShape } from '#contract/api'
import { Tile } from '#language/definitions'
import type { Catalogue } from '../../api/catalogue.ts'
import { teach } from '../../i18n/index.ts'
import { zh } from '../../i18n/zh/index.ts'
import { barsOf, funnelOf, plotOf, tableOf, type Grouped } from './shape.ts'

teach(zh)
const label = (zh: string) => ({ zh, en: zh })
const field = (key: string, kind: string, more: object = {}) => ({ key, kind, label: label(key), ...more })
const FIELDS = new Map([field('step', 'select', { dictionary: 'step' }), field('mood', 'select', { dictionary: 'mood' }), field('day', 'date'), field('price', 'money')].map((each) => [each.key, each]))
const OPTIONS: Record<string, { key: string; label: { zh: string; en: string }; colour?: string }[]> = { step: ['a', 'b', 'c', 'd'].map((key) => ({ key, label: label(key.toUpperCase()) })), mood: [{ key: 'bad', label: label('坏'), colour: 'red' }, { key: 'good', label: label('好'), colour: 'green' }] }
const catalogue = { object: () => ({ key: 'job', label: label('单'), field: FIELDS, fields: [...FIELDS.values()] }), options: (key: string) => OPTIONS[key] ?? [], option: (of: string, key: string) => OPTIONS[of]?.find((each) => each.key === key) } as unknown as Catalogue
const tile = (more: object): Grouped => Tile.parse({ key: 't', title: label('图'), object: 'job', filter: { all: [] }, width: 6, height: 3, measure: { of: 'count' }, group: { field: 'step' }, ...('kind' in more ? {} : { kind: 'bar', limit: 6 }), ...more }) as Grouped
const row = (keys: (string | null)[], value: string | number | null, rest = false) => ({ keys, rest, count: Number(value), values: [value] })
const found = (...rows: ReturnType<typeof row>[]): AggregateShape => ({ rows, total: { count: rows.length, values: [null] }, more: false, related: {} })
const filterOf = (to: string | null): unknown => to && JSON.parse(new URLSearchParams(to.split('?')[1]).get('filter')!)

test('bars: names, amounts, and the list of each; the rest is said and not drawn', () => {
  const { rows } = barsOf({ catalogue, tile: tile({}), found: found(row(['b'], 12345), row([null], 3), row([null], 8, true)) })
  expect(rows.map(({ name, text, value, parts }) => [name, text, value, parts.length])).toEqual([['B', '12,345', 12345, 1], ['未填', '3', 3, 1], ['其他', '8', 0, 0]])
  expect(rows.map(({ to }) => filterOf(to))).toEqual([{ all: [{ field: 'step', op: 'eq', value: 'b' }] }, { all: [{ field: 'step', op: 'empty' }] }, { all: [{ field: 'step', op: 'notIn', value: ['b'] }] }])
})

test('stacked bars: options keep their own colours, each part opens its records', () => {
  const { rows: [first], legend } = barsOf({ catalogue, tile: tile({ split: { field: 'mood' } }), found: found(row(['a', 'good'], 2), row(['a', 'bad'], 1)) })
  expect([first!.text, first!.parts.map(({ name, colour }) => [name, colour])]).toEqual(['3', [['好', 'var(--green-bar)'], ['坏', 'var(--red-bar)']]])
  expect(filterOf(first!.parts[1]!.to)).toEqual({ all: [{ field: 'step', op: 'eq', value: 'a' }, { field: 'mood', op: 'eq', value: 'bad' }] })
  expect(legend.map(({ name }) => name)).toEqual(['好', '坏'])
})

test('a funnel counts what came that far or further, in the order of the choices', () => {
  const steps = funnelOf({ catalogue, tile: tile({ kind: 'funnel' }), found: found(row(['c'], 1), row(['a'], 6), row(['b'], 3)) })
  expect(steps.map(({ name, text, note }) => [name, text, note])).toEqual([['A', '10', undefined], ['B', '4', '转到这一步 40%'], ['C', '1', '转到这一步 25%']])
  expect(filterOf(steps[1]!.to)).toEqual({ all: [{ field: 'step', op: 'in', value: ['b', 'c'] }] })
})

test('along the calendar every stretch has its place; of nothing a sum is nought and an average is not known', () => {
  const answer = found(row(['2026-01-01'], '5'), row(['2026-03-01'], '7.5'), row([null], '1'))
  const sums = plotOf({ catalogue, tile: tile({ kind: 'line', measure: { of: 'sum', field: 'price' }, group: { field: 'day', by: 'month' } }), found: answer })
  expect([sums.slots.map(({ name }) => name), sums.series.map(({ values, texts }) => [values, texts])]).toEqual([['2026 年 1 月', '2026 年 2 月', '2026 年 3 月'], [[[5, 0, 7.5], ['¥5', '¥0', '¥7.50']]]])
  expect(filterOf(sums.slots[1]!.to)).toEqual({ all: [{ field: 'day', op: 'between', value: ['2026-02-01', '2026-02-28'] }] })
  const means = plotOf({ catalogue, tile: tile({ kind: 'line', measure: { of: 'avg', field: 'price' }, group: { field: 'day', by: 'month' } }), found: answer })
  expect(means.series[0]!.values).toEqual([5, null, 7.5])
})

test('the table says the same, exactly', () => {
  const { heads, rows } = tableOf({ catalogue, tile: tile({ measure: { of: 'sum', field: 'price' } }), found: found(row(['a'], '1234567.89'), row([null], null, true)) })
  expect([heads, rows.map(({ cells }) => cells)]).toEqual([['step', 'price合计'], [['A', '¥1,234,567.89'], ['其他', '—']]])
})
