import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { advanceClock, createTenant, dropTenant, migrate, openDatabase } from '#platform/db'
import { type FreshTenant, freshTenant } from '../../../test/tenant.ts'

let home: FreshTenant
beforeEach(async () => { home = await freshTenant() })
afterEach(() => home.drop())

const rowsOf = async (sql: string) => (await home.db.pool.query(sql)).rows
const tablesOf = async (schema: string) => (await rowsOf(`select tablename from pg_tables where schemaname = '${schema}' order by 1`)).map(({ tablename }) => tablename)

function migrations(files: Record<string, string>): URL {
  const folder = mkdtempSync(path.join(tmpdir(), 'nextmove-migrations-'))
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text)
  return pathToFileURL(`${folder}/`)
}

test('D12 each migration once for each tenant, whoever runs them', async () => {
  await createTenant(home.db, { key: 'second', name: 'Second' })
  const folder = migrations({ '001-first.sql': 'create table {t}.extra (a int)', '002-next.sql': 'alter table {t}.extra add column b int', 'README.md': 'no' })
  const others = [openDatabase(home.db.pool.options as never), openDatabase(home.db.pool.options as never)]
  const applied = await Promise.all([home.db, ...others].map((each) => migrate(each, folder)))
  expect(applied.flat().sort()).toEqual(['t_second 001-first.sql', 't_second 002-next.sql', 't_test 001-first.sql', 't_test 002-next.sql'])
  expect(await migrate(home.db, folder)).toEqual([])
  for (const each of others) await each.close()
})

test('D13 a failing migration leaves nothing and is tried again', async () => {
  const broken = migrations({ '001-good.sql': 'create table {t}.good ()', '002-bad.sql': 'create table {t}.half (); select 1/0' })
  await expect(migrate(home.db, broken)).rejects.toMatchObject({ code: '22012' })
  const tables = await tablesOf('t_test')
  expect([tables.includes('good'), tables.includes('half')]).toEqual([true, false])
  expect(await migrate(home.db, migrations({ '001-good.sql': 'no longer read', '002-bad.sql': 'create table {t}.half ()' }))).toEqual(['t_test 002-bad.sql'])
})

test('D14 a new tenant has all tables of its own', async () => {
  const made = await createTenant(home.db, { key: 'new-one', name: '新', zone: 'Asia/Urumqi' })
  expect(made).toMatchObject({ key: 'new-one', schema: 't_new-one', name: '新', zone: 'Asia/Urumqi', incarnation: 1, demo: false })
  expect(await tablesOf('t_new-one')).toEqual(await tablesOf('t_test'))
  expect(await home.db.tenantByKey('new-one')).toEqual(made)
  expect((await home.db.read(made, (tx) => tx.query('select epoch, length(inner_key) as inner, secret from {t}.state')))).toEqual([{ epoch: 1, inner: 32, secret: null }])
})

for (const key of ['', 'A', '1a', 'a"b', 'a'.repeat(41), 'a b']) {
  test(`D14 “${key.slice(0, 10)}” is no key`, () => {
    expect(() => createTenant(home.db, { key, name: 'x' })).toThrow('cannot be')
  })
}

test('D14 a key that is taken is refused', async () => {
  await expect(createTenant(home.db, { key: 'test', name: 'x' })).rejects.toMatchObject({ code: '23505' })
})

test('D15 a dropped tenant is gone, its neighbour untouched', async () => {
  const made = await createTenant(home.db, { key: 'brief', name: 'x' })
  await dropTenant(home.db, made)
  expect(await tablesOf('t_brief')).toEqual([])
  expect((await rowsOf('select key from nextmove.tenant')).map(({ key }) => key)).toEqual(['test'])
})

test('D16 the clock of a demonstration moves forward', async () => {
  const nowOf = () => home.db.read(home.tenant, async (tx) => tx.now.getTime())
  const before = await nowOf()
  expect(await advanceClock(home.db, home.tenant, 3_600_000)).toBe(3_600_000)
  // A reader may be told the moment a little before its time.
  expect((await nowOf()) - before).toBeGreaterThan(3_600_000 - 20)
})

test('D16 no clock moves back, and no real tenant’s moves', async () => {
  await expect(advanceClock(home.db, home.tenant, -1)).rejects.toThrow('forward')
  const real = await createTenant(home.db, { key: 'real', name: 'x' })
  await expect(advanceClock(home.db, real, 1)).rejects.toThrow('cannot be moved')
})

test('D17 no trigger, no foreign key, no time default', async () => {
  expect(await rowsOf(`select tgname from pg_trigger t join pg_class c on c.oid = t.tgrelid where c.relnamespace = 't_test'::regnamespace`)).toEqual([])
  expect(await rowsOf(`select conname from pg_constraint where contype = 'f' and connamespace = 't_test'::regnamespace`)).toEqual([])
  expect(await rowsOf(`select column_name from information_schema.columns where table_schema = 't_test' and column_default ~* 'now|current_|clock'`)).toEqual([])
})
