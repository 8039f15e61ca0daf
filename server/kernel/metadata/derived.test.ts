import { expect, test } from 'vitest'
import type { ObjectDefinition } from '#language/definitions'
import { copyOf, Desk, outcome } from './testing/desk.ts'

const desk = new Desk()
const label = (zh: string) => ({ zh, en: zh })
const book = (...fields: object[]): ObjectDefinition => { const body = copyOf('object', 'book'); body.fields.push(...(fields as never[])); return body }
const calc = (key: string, formula: string, more: object = {}) => ({ key, label: label(key), kind: 'money', formula, ...more })
const published = async (...fields: object[]) => outcome(await desk.publish('object', 'book', book(...fields)))

test('M60 a ring is named with the labels of its fields', async () => {
  const result = await desk.publish('object', 'book', book(calc('won', 'rebate * 2', { label: label('成交额') }), calc('rebate', 'won / 10', { label: label('折扣') })))
  expect(result.ok ? [] : result.refusals.map(({ params }) => params?.['reason'])).toEqual(['字段互相计算，成了循环：成交额 → 折扣 → 成交额'])
})
test('M61 what does not hold is refused at its place', async () => {
  expect(await published(calc('a', 'nothing + 1'))).toEqual(['DEFINITION_INVALID fields.6.formula'])
  expect(await published(calc('a', 'price', { required: true, default: '1' }))).toEqual(['DEFINITION_INVALID fields.6.required', 'DEFINITION_INVALID fields.6.default'])
  expect(await published({ key: 'a', label: label('a'), kind: 'money', rollup: { object: 'loan', via: 'book', take: 'sum', of: 'note' } })).toEqual(['DEFINITION_INVALID fields.6.rollup.of'])
  expect(await published({ key: 'a', label: label('a'), kind: 'integer', rollup: { object: 'reader', via: 'name', take: 'count' } })).toEqual(['DEFINITION_INVALID fields.6.rollup.via'])
  expect(await published({ key: 'a', label: label('a'), kind: 'integer', rollup: { object: 'loan', via: 'book', take: 'count', where: { field: 'due', op: 'olderThan', value: '3d' } } })).toEqual(['DEFINITION_INVALID fields.6.rollup.where'])
  expect(await published({ key: 'a', label: label('a'), kind: 'text', copy: { via: 'name', field: 'x' } })).toEqual(['DEFINITION_INVALID fields.6.copy.via'])
})
test('M61 a field that others follow from cannot be taken away', async () => {
  expect(await published(calc('twice', 'price * 2'), { key: 'fines', label: label('罚款'), kind: 'decimal', rollup: { object: 'loan', via: 'book', take: 'sum', of: 'fine' } })).toBe('ok')
  const loan = copyOf('object', 'loan')
  loan.fields = loan.fields.filter(({ key }) => key !== 'fine')
  expect(outcome(await desk.publish('object', 'loan', loan))).toEqual(['DEFINITION_IN_USE'])
})
test('M62 a field of today serves views and no rules', async () => {
  expect(await published(calc('age', 'days(bought, today)', { kind: 'integer' }), { key: 'bought', label: label('购入'), kind: 'date' })).toBe('ok')
  const condition = { field: 'age', op: 'gt', value: 3 }
  const view = { key: 'old', label: label('旧书'), object: 'book', filter: condition, sort: [], columns: ['name', 'age'], owner: null, shared: false, order: 1 }
  expect(outcome(await desk.publish('view', 'old', view))).toBe('ok')
  const rule = { key: 'dusty', label: label('除尘'), trigger: { on: 'changed', object: 'book' }, condition, priority: 1, actions: [{ do: 'tag', add: ['常客'] }] }
  expect(outcome(await desk.publish('rule', 'dusty', rule))).toEqual(['CONDITION_INVALID condition'])
})
test('M63 a publication says who may read a derived field without what it follows from', async () => {
  const helper = structuredClone(copyOf('role', 'helper'))
  helper.objects['book'] = { read: 'all', fields: { price: { read: 'hidden' } } }
  expect(outcome(await desk.publish('role', 'helper', helper))).toBe('ok')
  expect(await published(calc('twice', 'price * 2'))).toBe('ok')
  const [found] = await desk.rows<{ fields: Record<string, unknown> }>(`select fields from {t}.change where fields ? '$declassifies'`)
  expect(found?.fields['$declassifies']).toEqual([null, [{ output: 'book.twice', inputs: ['book.price'], roles: ['helper'] }]])
})
