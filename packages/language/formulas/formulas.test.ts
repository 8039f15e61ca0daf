import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { schemaOf, type Image } from '../conditions/index.ts'
import type { ObjectDefinition } from '../definitions/index.ts'
import { checkFormula, derivationsOf, renamed, toValue } from './index.ts'
import { BOOKS, checked, DEFINITIONS, MOMENT } from './testing/books.ts'

/** One line per case: formula, kind of the field, fields of the record, what comes out. */
const check = (rule: string, cases: readonly [text: string, kind: string, image: Image, value: unknown][]) =>
  test.each(cases)(`${rule} %s as %s`, (text, kind, image, value) => { expect(toValue(checked(text, kind))(image, MOMENT)).toEqual(value) })

describe('values', () => {
  check('K1', [
    ['quantity * price', 'money', { quantity: 3, price: '0.1' }, '0.3'], ['quantity × price ÷ 3', 'decimal', { quantity: 1, price: '1' }, '0.3333333333'], ['quantity * price - 1', 'money', { quantity: 2, price: '0.55' }, '0.1'], ['-(price) + 1', 'money', { price: '0.4' }, '0.6'], ['price / (quantity - 1)', 'money', { quantity: 1, price: '5' }, null],
    ['2 / 3', 'decimal', {}, '0.6666666667'], ['0 - 2 / 3', 'decimal', {}, '-0.6666666667'],
  ])
  check('K2', [
    ['round(price, 2)', 'decimal', { price: '1.005' }, '1.01'], ['round(price, 2)', 'decimal', { price: '-1.005' }, '-1.01'], ['四舍五入(price)', 'integer', { price: '2.5' }, 3],
    ['price * 1', 'money', { price: '1.005' }, '1.01'], ['price * 1', 'integer', { price: '9007199254740992' }, null],
  ])
  check('K3', [
    ['price * (1 - discount)', 'money', { price: '200', discount: '15' }, '170'], ['0.15', 'percent', {}, '15'], ['price * 13%', 'money', { price: '100' }, '13'], ['paid / price', 'percent', { paid: '1', price: '3' }, '33.33333333'],
  ])
  check('K4', [
    ['price + paid', 'money', { price: '1' }, null], ['sum(price, paid)', 'money', { price: '1' }, '1'], ['sum(price, paid)', 'money', {}, null], ['price - ifempty(paid, 0)', 'money', { price: '1' }, '1'],
    ['min(price, paid)', 'money', { price: '10', paid: '9' }, '9'], ['max(price, paid, 50)', 'money', { price: '10' }, '50'], ['max(due_on, done_on)', 'date', { due_on: '2026-01-02', done_on: '2025-12-31' }, '2026-01-02'],
  ])
  check('K5', [
    ["if(price > 100, 'big', 'small')", 'text', { price: '100.01' }, 'big'], ["if(price > 100, 'big', price > 10, 'middle', 'small')", 'text', { price: '11' }, 'middle'], ["if(empty(price), 'none')", 'text', { price: '1' }, null],
    ["if(due_on < today and not empty(price), 'late', 'early')", 'state', { due_on: '2026-11-21', price: '1' }, 'late'], ["if((price <= 0 or quantity = 5), 'late', 'early')", 'state', { price: '1', quantity: 5 }, 'late'],
    ["if(due_on <= today + 7, 'soon', 'later')", 'text', { due_on: '2026-11-29' }, 'soon'], ["if(100 < price, true, false)", 'boolean', { price: '101' }, true], ["if(state = 'late', 1, 0)", 'integer', { state: 'late' }, 1], ['if(discount > 10%, 1, 0)', 'integer', { discount: '11' }, 1], ['if(open, price, 0)', 'money', { open: true, price: '3' }, '3'],
  ])
  check('K6', [
    ['days(due_on, today)', 'integer', { due_on: '2026-11-20' }, 2], ['days(due_on, 今天)', 'integer', {}, null], ['days(seen_at, today())', 'integer', { seen_at: '2026-11-20T17:00:00.000Z' }, 1], ['today', 'date', {}, '2026-11-22'],
  ])
  check('K7', [["text(name, '-', quantity)", 'text', { name: '甲', quantity: 3 }, '甲-3'], ['text(name)', 'text', {}, null], ['text(price, due_on)', 'text', { price: '1.5', due_on: '2026-01-02' }, '1.52026-01-02']])
})

describe('what a formula may say', () => {
  test.each([
    ['price +', 'money', 'ends_early'], ['price ) 1', 'money', 'unexpected'], ['nothing * 2', 'money', 'unknown_field'], ['power(price)', 'money', 'unknown_function'], ['keeper', 'integer', 'field_not_here'],
    ['price + name', 'money', 'needs_type'], ['name', 'money', 'result'], ['days(due_on)', 'integer', 'arguments'], ['round(price, quantity)', 'money', 'places'], ['if(price > paid, 1, 2)', 'integer', 'test_shape'],
    ["if(state = 'gone', 1, 2)", 'integer', 'test'], ["'gone'", 'state', 'unknown_option'], [`${'('.repeat(50)}1`, 'money', 'too_long'], ['1;drop', 'money', 'unexpected'], ["'open", 'text', 'unexpected'], [`1${'+1'.repeat(200)}`, 'money', 'too_long'],
  ])('K8 %s for %s is refused: %s', (text, kind, code) => {
    const result = checkFormula(text, { ...BOOKS(kind) })
    expect(result.ok ? 'ok' : result.problem.code).toBe(code)
    expect(result.ok ? [] : [result.problem.zh, result.problem.en].filter((sentence) => sentence.length <= 4)).toEqual([])
  })
  test('K8 whatever is typed is answered, never thrown', () => {
    const word = fc.constantFrom('price', '(', ')', ',', '+', '*', "'a'", 'if', 'today', '1', 'and', 'not', '<', '{', '=', '数量', 'round', ' ')
    fc.assert(fc.property(fc.array(word, { maxLength: 14 }), (words) => { expect(typeof checkFormula(words.join(' '), BOOKS('money')).ok).toBe('boolean') }), { numRuns: 2000 })
  })
  test('K9 what it reads is known, and whether the clock moves it', () => {
    const { reads, moves } = checked("if(due_on < today, price, sum(paid, 1))", 'money')
    expect([[...reads].sort(), moves, checked('price', 'money').moves]).toEqual([['due_on', 'paid', 'price'], true, false])
  })
  test('K10 names change between labels and keys without touching the rest', () => {
    expect(renamed("round({含税 单价} × 数量, 2) + text('数量')", (name) => ({ '含税 单价': 'price', 数量: 'quantity' })[name])).toBe("round(price × quantity, 2) + text('数量')")
  })
})

describe('derived fields of several objects', () => {
  const object = (key: string, fields: object[]): ObjectDefinition => ({ key, label: { zh: key, en: key }, title: 'name', fields: fields.map((each) => ({ label: { zh: '', en: '' }, kind: 'money', ...each })) }) as unknown as ObjectDefinition
  const sorted = (...objects: ObjectDefinition[]) => derivationsOf(objects, schemaOf('', { ...DEFINITIONS, objects }))

  test('K11 each comes after what it is worked out from, over several levels', () => {
    const { order, rings } = sorted(
      object('bill', [{ key: 'due', formula: 'total - paid' }, { key: 'paid', rollup: { object: 'plan', via: 'bill', take: 'sum', of: 'got' } }, { key: 'total' }]),
      object('plan', [{ key: 'bill', kind: 'reference', to: 'bill' }, { key: 'got', rollup: { object: 'pay', via: 'plan', take: 'sum', of: 'amount' } }]),
      object('pay', [{ key: 'plan', kind: 'reference', to: 'plan' }, { key: 'amount' }]))
    expect([order.map(({ object: of, key }) => `${of}.${key}`), rings]).toEqual([['plan.got', 'bill.paid', 'bill.due'], []])
  })
  test('K12 fields in a ring are named', () => {
    const { order, rings } = sorted(object('deal', [{ key: 'won', formula: 'rebate * 2' }, { key: 'rebate', formula: 'won + 1' }]))
    expect([order, rings]).toEqual([[], [['deal.won', 'deal.rebate', 'deal.won']]])
  })
  test('K13 what follows from the clock moves whatever is worked out from it', () => {
    const { order } = sorted(object('bill', [{ key: 'late', kind: 'integer', formula: 'days(due_on, today)' }, { key: 'due_on', kind: 'date' }, { key: 'fine', formula: 'late * 5' }, { key: 'same', formula: 'fixed' }, { key: 'fixed' }]))
    expect(Object.fromEntries(order.map(({ key, moves }) => [key, moves]))).toEqual({ late: true, fine: true, same: false })
  })
})
