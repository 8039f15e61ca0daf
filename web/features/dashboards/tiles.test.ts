import { expect, test } from 'vitest'
import { Tile } from '#language/definitions'
import type { Catalogue, ObjectFacts } from '../../api/catalogue.ts'
import { boardsOf, copyFor, wholeOf } from './boards.ts'
import { asKind, blankTile, measureOf, measuresOf, measureText, moved, sized, suggestionsFor } from './tiles.ts'

const label = (zh: string) => ({ zh, en: zh })
const field = (key: string, kind: string, more: object = {}) => ({ key, kind, label: label(key), ...more })
const FIELDS = [field('name', 'text'), field('state', 'select', { dictionary: 'state' }), field('price', 'money'), field('due', 'date'), field('note', 'long'), field('owner', 'member', { base: true }), field('created_at', 'datetime', { base: true })]
const object = { key: 'job', label: label('单'), title: 'name', fields: FIELDS, field: new Map(FIELDS.map((each) => [each.key, each])) } as unknown as ObjectFacts
const catalogue = { options: () => [{ key: 'a', label: label('甲') }] } as unknown as Catalogue

test('tiles move within bounds and keep to the grid', () => {
  expect([moved(['a', 'b', 'c'], 2, 0), moved(['a', 'b', 'c'], 0, 2), moved(['a', 'b'], 0, -1), moved(['a', 'b'], 1, 2)]).toEqual([['c', 'a', 'b'], ['b', 'c', 'a'], ['a', 'b'], ['a', 'b']])
  const tile = blankTile(object)
  expect([sized(tile, 99, 99), sized(tile, 0, 0)].map(({ width, height }) => [width, height])).toEqual([[12, 6], [2, 1]])
})

test('whatever is suggested, and every form of it, is a tile', () => {
  const made = suggestionsFor(catalogue, object)
  expect(made.length).toBeGreaterThan(5)
  for (const tile of made) for (const kind of ['number', 'bar', 'line', 'funnel', 'ranking', 'list'] as const) expect(Tile.safeParse(asKind(tile, kind, object)).error).toBeUndefined()
  const line = asKind(made.find(({ kind }) => kind === 'bar')!, 'line', object)
  expect('group' in line && line.group).toEqual({ field: 'created_at', by: 'week' })
})

test('a measure is one choice of many, and only what can be reckoned is offered', () => {
  const offered = measuresOf(object).map(({ measure }) => measureText(measure))
  expect(offered[0]).toBe('count')
  expect(offered).toContain('sum price')
  expect(offered).toContain('max due')
  expect(offered.filter((each) => each.startsWith('sum') || each.startsWith('avg'))).toEqual(['sum price', 'avg price'])
  expect(offered.some((each) => each.endsWith(' note'))).toBe(false)
  expect(offered.map(measureOf).map(measureText)).toEqual(offered)
})

test('one’s own copy stands in the place of what it was made from; what is meant for others’ roles comes last', () => {
  const board = (key: string, more: object = {}) => ({ key, label: label(key), owner: null, shared: true, order: 10, tiles: [], ...more })
  const team = board('team', { roles: ['boss'], order: 20 })
  const mine = copyFor(wholeOf(team), 7)
  expect(mine).toMatchObject({ owner: 7, shared: false, instead: 'team', order: 20 })
  expect('roles' in mine).toBe(false)
  const me = { id: 7, roles: ['boss'] } as Catalogue['me']
  expect(boardsOf({ dashboards: [board('money', { roles: ['finance'], order: 1 }), team, mine, board('all', { order: 30 })], me }).map(({ key }) => key)).toEqual([mine.key, 'all', 'money'])
  expect(boardsOf({ dashboards: [mine], me }).map(({ key }) => key)).toEqual([mine.key])
})
