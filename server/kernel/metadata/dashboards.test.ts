import { expect, test } from 'vitest'
import { copyOf, Desk, outcome } from './testing/desk.ts'

const desk = new Desk()
const label = { zh: '看板', en: 'Board' }
const about = { key: 'a', title: label, object: 'loan', filter: { all: [] }, width: 6, height: 2 }
const board = (...tiles: object[]) => ({ key: 'board', label, owner: null, shared: true, order: 1, tiles })
const published = async (...tiles: object[]) => outcome(await desk.publish('dashboard', 'board', board(...tiles)))

test('M65 a dashboard names objects, fields and roles that exist, and reckons what can be reckoned', async () => {
  const fine = [{ ...about, kind: 'number', measure: { of: 'count' }, period: { field: 'created_at', span: 'thisMonth' } }, { ...about, key: 'b', kind: 'line', measure: { of: 'distinct', field: 'owner' }, group: { field: 'created_at', by: 'week' } }, { ...about, key: 'c', kind: 'list', columns: ['owner'], sort: [], limit: 5 }]
  expect(await published(...fine)).toBe('ok')
  expect(await published({ ...about, kind: 'number', measure: { of: 'sum', field: 'owner' }, period: { field: 'owner', span: 'today' } }, { ...about, kind: 'bar', measure: { of: 'max', field: 'x' }, group: { field: 'owner', by: 'month' }, limit: 3 }))
    .toEqual(['DEFINITION_INVALID tiles', 'DEFINITION_INVALID tiles.0.period.field', 'DEFINITION_INVALID tiles.0.measure', 'DEFINITION_INVALID tiles.1.measure.field', 'DEFINITION_INVALID tiles.1.group'])
  expect(await published({ ...about, object: 'x', kind: 'number', measure: { of: 'count' } })).toEqual(['DEFINITION_INVALID tiles.0.object'])
  expect(await published({ ...about, kind: 'line', measure: { of: 'count' }, group: { field: 'owner' } })).toEqual(['DEFINITION_INVALID tiles.0.group.field'])
  expect(await published({ ...about, kind: 'number', measure: { of: 'count' }, filter: { field: 'nosuch', op: 'empty' } })).toEqual(['CONDITION_INVALID tiles.0.filter.field'])
  expect(outcome(await desk.publish('dashboard', 'board', { ...board(), roles: ['x'] }))).toEqual(['DEFINITION_INVALID roles.0'])
})

test('M65 a field may be retired although a tile is about it', async () => {
  const loan = copyOf('object', 'loan')
  loan.fields.push({ key: 'mood', label, kind: 'text' })
  expect(outcome(await desk.publish('object', 'loan', loan))).toBe('ok')
  expect(await published({ ...about, kind: 'ranking', measure: { of: 'count' }, group: { field: 'mood' }, filter: { field: 'mood', op: 'notEmpty' }, limit: 3 })).toBe('ok')
  expect(outcome(await desk.publish('object', 'loan', { ...loan, fields: loan.fields.map((each) => (each.key === 'mood' ? { ...each, retired: true } : each)) }))).toBe('ok')
})
