import { createHash } from 'node:crypto'
import fs from 'node:fs'
import fc from 'fast-check'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { aim } from '../packages/language/conditions/testing/aim.ts'
import { workingCalendar, type WorkingWeek } from '#language/values'
import { conditions, contexts, rows } from '../packages/language/conditions/testing/arbitrary.ts'
import { freshDatabase, type TestDatabase } from '../test/database.ts'
import { createTables, disagreement, type Case } from './sql-equals-predicate.ts'

/** Conditions tried: 300 in `npm test`, 100,000 in `npm run laws`. */
const RUNS = Number(process.env['LAW_RUNS'] ?? 300)
/** At most; about half of it on average. */
const PER_STATEMENT = 25
const SEEDS = new URL('./seeds/', import.meta.url)

let database: TestDatabase
let client: pg.Client
beforeAll(async () => {
  database = await freshDatabase()
  client = new pg.Client(database.config)
  await client.connect()
  await createTables(client)
})
afterAll(async () => {
  await client.end()
  await database.drop()
})

const cases = (hides: boolean): fc.Arbitrary<Case> =>
  fc.record({ rows: rows(hides), at: contexts, shots: fc.array(fc.tuple(conditions(), fc.boolean()), { minLength: 1, maxLength: PER_STATEMENT, size: 'max' }) })
    .map(({ rows: stored, at, shots }) => ({ rows: stored, at, conditions: shots.map(([condition, aims]) => (aims ? aim(condition, stored, at) : condition)) }))

test.for(seeds())('C40 a disagreement of the past stays settled: %s', async (name) => {
  const { at, ...rest } = JSON.parse(fs.readFileSync(new URL(name, SEEDS), 'utf8')) as Case
  expect(await disagreement(client, { ...rest, at: { ...at, now: new Date(at.now), calendar: workingCalendar((at.calendar as { week?: WorkingWeek } | undefined)?.week) } })).toBeNull()
})

test('C40 SQL, predicate, explanation and rule index decide as the reference does', { timeout: 3_600_000 }, () => holds(cases(false)))
test('C5 SQL decides over hidden cells as the reference does', { timeout: 3_600_000 }, () => holds(cases(true)))

/** The smallest disagreement found is kept as a seed: commit it with the repair. */
async function holds(questions: fc.Arbitrary<Case>): Promise<void> {
  const property = fc.asyncProperty(questions, async (question) => {
    const found = await disagreement(client, question)
    if (found !== null) throw new Error(found)
  })
  const { failed, counterexample, errorInstance } = await fc.check(property, { numRuns: Math.max(1, Math.ceil((2 * RUNS) / PER_STATEMENT)) })
  if (failed && counterexample) throw new Error(`${kept(counterexample[0])}: ${String(errorInstance)}`)
  expect(failed).toBe(false)
}

function seeds(): string[] {
  return fs.existsSync(SEEDS) ? fs.readdirSync(SEEDS).filter((name) => name.startsWith('condition-')) : []
}

/** Empty cells say nothing. */
const brief = (row: Case['rows'][number]): object => ({ ...row, cells: Object.fromEntries(Object.entries(row.cells).filter(([, cell]) => cell !== null)) })

function kept(question: Case): string {
  const text = `${JSON.stringify({ ...question, rows: question.rows.map(brief) }, null, 1)}\n`
  const name = `condition-${createHash('sha256').update(text).digest('hex').slice(0, 8)}.json`
  fs.mkdirSync(SEEDS, { recursive: true })
  fs.writeFileSync(new URL(name, SEEDS), text)
  return `laws/seeds/${name}`
}
