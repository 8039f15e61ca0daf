import fc from 'fast-check'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { checkFormula, formulaSql, toValue } from '#language/formulas'
import { migrate, openDatabase } from '#platform/db'
import { BOOKS } from '../packages/language/formulas/testing/books.ts'
import { freshDatabase, type TestDatabase } from '../test/database.ts'

/** Formulas tried: 400 in `npm test`, 100,000 in `npm run laws`. */
const RUNS = Number(process.env['LAW_RUNS'] ?? 400)
const PER_STATEMENT = 20
const MOMENT = { now: new Date('2026-11-22T06:00:00.000Z'), zone: 'Asia/Shanghai' }

let database: TestDatabase
let client: pg.Client
beforeAll(async () => {
  database = await freshDatabase()
  const db = openDatabase({ ...database.config, max: 1 })
  await migrate(db)
  await db.close()
  client = new pg.Client(database.config)
  await client.connect()
})
afterAll(async () => {
  await client.end()
  await database.drop()
})

const COLUMNS = { name: 'text', quantity: 'bigint', price: 'numeric', paid: 'numeric', ratio: 'numeric', discount: 'numeric', due_on: 'date', done_on: 'date', seen_at: 'timestamptz', open: 'boolean', state: 'text' } as const
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { freq: 5, nil: undefined })
const decimal = fc.tuple(fc.integer({ min: -2_000_000, max: 2_000_000 }), fc.constantFrom(0, 1, 2, 3, 6)).map(([units, places]) => (units / 10 ** places).toFixed(places).replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '').replace(/^-0$/, '0'))
const day = fc.integer({ min: 20_000, max: 21_000 }).map((n) => new Date(n * 86_400_000).toISOString().slice(0, 10))
const image = fc.record({
  name: maybe(fc.constantFrom('甲', "o'clock", '\\', 'a%b')), quantity: maybe(fc.integer({ min: -9, max: 9 })), price: maybe(decimal), paid: maybe(decimal), ratio: maybe(decimal), discount: maybe(decimal),
  due_on: maybe(day), done_on: maybe(fc.constantFrom('2026-11-21', '2026-11-22', '2026-11-23')), seen_at: maybe(day.map((text) => `${text}T17:30:00.000Z`)), open: maybe(fc.boolean()), state: maybe(fc.constantFrom('early', 'late')),
})

const text = fc.letrec<{ number: string; day: string; test: string; words: string; state: string }>((tie) => ({
  number: fc.oneof({ maxDepth: 4, depthSize: 'small' },
    fc.constantFrom('quantity', 'price', 'paid', 'ratio', 'discount', '2', '0.3', '13%', '0'),
    fc.tuple(tie('number'), fc.constantFrom('+', '-', '*', '/'), tie('number')).map(([a, op, b]) => `(${a} ${op} ${b})`),
    fc.tuple(fc.constantFrom('sum', 'min', 'max'), fc.array(tie('number'), { minLength: 1, maxLength: 3 })).map(([name, args]) => `${name}(${args.join(', ')})`),
    fc.tuple(tie('number'), fc.integer({ min: 0, max: 4 })).map(([a, n]) => `round(${a}, ${n})`),
    tie('number').map((a) => `abs(${a})`), fc.tuple(tie('number'), tie('number')).map(([a, b]) => `ifempty(${a}, ${b})`),
    fc.tuple(tie('day'), tie('day')).map(([a, b]) => `days(${a}, ${b})`), fc.tuple(tie('test'), tie('number'), tie('number')).map(([c, a, b]) => `if(${c}, ${a}, ${b})`)),
  day: fc.oneof({ maxDepth: 2 }, fc.constantFrom('due_on', 'done_on', 'seen_at', 'today'), fc.tuple(fc.constantFrom('min', 'max'), tie('day'), tie('day')).map(([name, a, b]) => `${name}(${a}, ${b})`), fc.tuple(tie('test'), tie('day')).map(([c, a]) => `if(${c}, ${a})`)),
  test: fc.oneof({ maxDepth: 2 },
    fc.tuple(fc.constantFrom('price', 'ratio'), fc.constantFrom('=', '<>', '<', '<=', '>', '>='), decimal).map((parts) => parts.join(' ')),
    fc.constantFrom('empty(price)', 'due_on < today', 'done_on = today', 'seen_at >= today', 'open', "state = 'late'", 'quantity > 3', 'discount <= 10%', "name = 'o''clock'".replace("''", '')),
    tie('test').map((a) => `not (${a})`), fc.tuple(tie('test'), fc.constantFrom('and', 'or'), tie('test')).map(([a, word, b]) => `(${a} ${word} ${b})`)),
  words: fc.oneof({ maxDepth: 2 }, fc.constantFrom('name', "'一'", '"it\'s"'), fc.tuple(tie('words'), tie('number'), tie('day')).map((parts) => `text(${parts.join(', ')})`), fc.tuple(tie('test'), tie('words'), tie('words')).map(([c, a, b]) => `if(${c}, ${a}, ${b})`)),
  state: fc.tuple(tie('test'), tie('test')).map(([a, b]) => `if(${a}, 'late', ${b}, 'early', state)`),
}))
const formulas = fc.oneof(
  fc.tuple(fc.constantFrom('money', 'decimal', 'integer', 'percent'), text.number), fc.tuple(fc.constant('date'), text.day), fc.tuple(fc.constant('text'), text.words), fc.tuple(fc.constant('state'), text.state))

test('K14 a formula gives the same to the last digit in SQL and in memory', { timeout: 3_600_000 }, () =>
  fc.assert(fc.asyncProperty(fc.array(formulas, { minLength: 1, maxLength: PER_STATEMENT, size: 'max' }), image, async (shots, row) => {
    const tried = shots.flatMap(([kind, words]) => { const result = checkFormula(words, BOOKS(kind)); return result.ok ? [{ words, kind, formula: result.formula }] : [] })
    if (tried.length === 0) return
    const env = { column: (key: string) => `r."${key}"`, moment: MOMENT }
    const columns = Object.entries(COLUMNS).map(([key, type], i) => `$${i + 1}::${type} as "${key}"`).join(', ')
    const text_ = (kind: string, sql: string) => (kind === 'date' ? `to_char(${sql}, 'YYYY-MM-DD')` : `(${sql})::text`)
    const { rows: [found] } = await client.query<Record<string, string | null>>(`select ${tried.map(({ kind, formula }, i) => `${text_(kind, formulaSql(formula, env))} as v${i}`).join(', ')} from (select ${columns}) r`, Object.keys(COLUMNS).map((key) => row[key as keyof typeof row] ?? null))
    tried.forEach(({ words, formula }, i) => {
      const value = toValue(formula)(row as never, MOMENT)
      expect([words, row, value === null ? null : String(value as string | number | boolean)]).toEqual([words, row, found![`v${i}`]])
    })
  }), { numRuns: Math.ceil(RUNS / (PER_STATEMENT / 2)) }))
