import { expect, test, vi } from 'vitest'
import { publish, startIndexing } from '#kernel/metadata'
import type { Condition } from '#language/conditions'
import type { Field } from '#language/definitions'
import { copyOf, Desk, outcome } from './testing/desk.ts'
import { wantedObjects } from './time-indexes.ts'

const desk = new Desk()
const field = (key: string, kind: Field['kind'], more: Partial<Field> = {}): Field => ({ key, label: { zh: key, en: key }, kind, ...more })
const book = (change: (fields: Field[]) => unknown) => {
  const body = copyOf('object', 'book')
  change(body.fields)
  return desk.publish('object', 'book', body)
}
const without = (key: string) => (fields: Field[]) => fields.splice(fields.findIndex((each) => each.key === key), 1)

test('M20 a new object and a new field can be written at once', async () => {
  expect(outcome(await desk.publish('object', 'shelf', { ...copyOf('object', 'book'), key: 'shelf' }))).toBe('ok')
  await desk.record('shelf', { f_name: 'A' })
  expect(outcome(await book((fields) => fields.push(field('pages', 'integer', { sortable: true }))))).toBe('ok')
  await desk.record('book', { f_name: 'B', f_pages: 12 })
  expect(await desk.rows(`select indexname from pg_indexes where schemaname = 't_test' and indexname = 'o_book.pages.sort'`)).toHaveLength(1)
})

test('M21 a retired field keeps its values', async () => {
  await desk.record('book', { f_name: 'B', f_topics: ['fiction'] })
  expect(outcome(await book(without('topics')))).toBe('ok')
  expect((await desk.metadata()).objects.get('book')!.field.has('topics')).toBe(false)
  expect(outcome(await book(() => {}))).toBe('ok')
  expect((await desk.metadata()).objects.get('book')!.field.has('topics')).toBe(true)
  expect(await desk.rows('select f_topics from {t}.o_book')).toEqual([{ f_topics: ['fiction'] }])
})

test('M22 no field changes its kind', async () => {
  const priceAsText = (fields: Field[]) => Object.assign(fields.find(({ key }) => key === 'price')!, { kind: 'text' })
  expect(outcome(await book(priceAsText))).toEqual(['DEFINITION_INVALID fields.4.kind'])
  await book(without('price'))
  expect(outcome(await book(priceAsText))).toEqual(['DEFINITION_INVALID fields.4.kind'])
})

test('M23 an option that a record holds', async () => {
  const genre = copyOf('dictionary', 'genre')
  await desk.record('book', { f_name: 'B', f_topics: ['physics', 'fiction'] })
  const [fiction] = genre.options
  genre.options.splice(0, 1)
  const refused = await desk.publish('dictionary', 'genre', genre)
  expect(refused).toMatchObject({ ok: false, refusals: [{ code: 'DEFINITION_IN_USE', path: 'options', params: { reason: expect.stringMatching(/主题.*（1 条）/) } }] })
  genre.options.unshift({ ...fiction!, off: true })
  expect(outcome(await desk.publish('dictionary', 'genre', genre))).toBe('ok')
})

test('M23 an option that nobody holds, and one that is a member’s skill', async () => {
  const genre = copyOf('dictionary', 'genre')
  await desk.rows(`insert into {t}.member (name, capability, created_at) values ('甲', '{"skills":["fiction"]}', $1)`, [new Date()])
  genre.options.splice(0, 1)
  expect(outcome(await desk.publish('dictionary', 'genre', genre))).toEqual(['DEFINITION_IN_USE options'])
  await desk.rows('delete from {t}.member')
  expect(outcome(await desk.publish('dictionary', 'genre', genre))).toBe('ok')
})

test('M23 a tag on a record and a role of a member', async () => {
  await desk.mutate(async (tx) => {
    await tx.query(`insert into {t}.member (name, roles, created_at) values ('甲', '{clerk}', $1)`, [tx.now])
  })
  await desk.publish('role', 'clerk', { ...copyOf('role', 'helper'), key: 'clerk' })
  await desk.record('book', { f_name: 'B', tags: [(await desk.metadata()).tags.byKey.get('停借')!.id] })
  expect(outcome(await desk.publish('role', 'clerk', null))).toEqual(['DEFINITION_IN_USE'])
  expect(outcome(await desk.publish('tag', '停借', null))).toEqual(['DEFINITION_IN_USE'])
  await desk.rows('delete from {t}.o_book')
  expect(outcome(await desk.publish('tag', '停借', null))).toBe('ok')
})

test('M24 an object goes without records and comes back on its table', async () => {
  const shelf = { ...copyOf('object', 'book'), key: 'shelf' }
  await desk.publish('object', 'shelf', shelf)
  await desk.record('shelf', { f_name: 'A' })
  expect(outcome(await desk.publish('object', 'shelf', null))).toEqual(['DEFINITION_IN_USE'])
  await desk.rows('update {t}.o_shelf set gone_act = 1')
  expect(outcome(await desk.publish('object', 'shelf', null))).toBe('ok')
  const again = { ...shelf, fields: [...shelf.fields.slice(0, 3), field('height', 'decimal')] }
  expect(await desk.publish('object', 'shelf', again)).toMatchObject({ ok: true, version: 3 })
  await desk.record('shelf', { f_name: 'C', f_height: '1.5' })
  expect(await desk.rows('select count(*) from {t}.o_shelf')).toEqual([{ count: 2 }])
})

test('M25 unique over duplicates is refused, with nothing changed', async () => {
  await desk.record('book', { f_name: 'B' })
  await desk.record('book', { f_name: 'B' })
  const unique = (fields: Field[]) => { fields[0]!.unique = true; fields.push(field('pages', 'integer')) }
  expect(outcome(await book(unique))).toEqual(['DEFINITION_INVALID'])
  expect(await desk.rows(`select from information_schema.columns where table_name = 'o_book' and column_name = 'f_pages'`)).toEqual([])
  await desk.rows(`update {t}.o_book set f_name = id::text`)
  expect(outcome(await book(unique))).toBe('ok')
})

const pagesSorted = (fields: Field[]) => fields.push(field('pages', 'integer', { sortable: true }))
const manyBooks = () => desk.rows(`insert into {t}.o_book (id, version, created_at, updated_at, f_name) select gen_random_uuid(), 1, $1, $1, n::text from generate_series(1, 21000) n`, [new Date()])
const sortedByPages = () => desk.rows(`select from pg_index where indexrelid = to_regclass('t_test."o_book.pages.sort"') and indisvalid`)

test('M29 what a publication left is built after its commit', async () => {
  await manyBooks()
  const trouble: unknown[] = []
  const indexing = startIndexing(desk.home.db, (error) => trouble.push(error))
  try {
    expect(await book(pagesSorted)).toMatchObject({ ok: true, building: ['book'] })
    await expect.poll(sortedByPages, { timeout: 10_000 }).toHaveLength(1)
    expect(trouble).toEqual([])
  } finally {
    await indexing.stop()
  }
})

test('M72 a segment whose condition moves with time has its instants indexed; one that does not, none', async () => {
  const published = async (key: string, condition: Condition) => desk.mutate((tx) => publish(desk.author(tx), 'tag', key, { key, label: { zh: key, en: key }, segment: { object: 'book', condition } }))
  expect(outcome(await book((fields) => fields.push(field('seen', 'datetime'), field('lent', 'datetime'))))).toBe('ok')
  const indexed = (key: string) => desk.rows(`select from pg_index where indexrelid = to_regclass('t_test."o_book.${key}.sort"') and indisvalid`)
  const indexing = startIndexing(desk.home.db, () => {})
  try {
    expect(await published('quiet', { field: 'seen', op: 'olderThan', value: '30d' })).toMatchObject({ ok: true })
    expect(await published('ever', { field: 'lent', op: 'notEmpty' })).toMatchObject({ ok: true })
    await expect.poll(() => indexed('seen'), { timeout: 10_000 }).toHaveLength(1)
  } finally {
    await indexing.stop()
  }
  expect(await indexed('lent')).toHaveLength(0)
})

test('M72 months that are compared pass an edge from any day on', async () => {
  const loan = copyOf('object', 'loan')
  loan.fields.push(field('lent_on', 'date'))
  expect(outcome(await desk.publish('object', 'loan', loan))).toBe('ok')
  const condition: Condition = { trend: { object: 'loan', via: 'book' }, at: 'lent_on', per: '1mo', periods: 1, move: 'down', percent: 40 }
  expect(outcome(await desk.publish('tag', 'falling', { key: 'falling', label: { zh: 'falling', en: 'falling' }, segment: { object: 'book', condition } }))).toBe('ok')
  const metadata = await desk.metadata()
  for (const day of ['2026-10-01', '2026-10-02', '2026-11-15']) {
    const clock = vi.spyOn(Date, 'now').mockReturnValue(Date.parse(`${day}T00:00:00.001Z`))
    try {
      expect(wantedObjects(metadata).find(({ key }) => key === 'loan')!.fields.find(({ key }) => key === 'lent_on')!.sortable).toBe(true)
    } finally {
      clock.mockRestore()
    }
  }
})

test('M29 what an earlier process left is built at the start', async () => {
  await manyBooks()
  expect(await book(pagesSorted)).toMatchObject({ ok: true, building: ['book'] })
  expect(await sortedByPages()).toHaveLength(0)
  const indexing = startIndexing(desk.home.db, () => {})
  await expect.poll(sortedByPages, { timeout: 10_000 }).toHaveLength(1)
  await indexing.stop()
})
