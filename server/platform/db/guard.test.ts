import { expect, test } from 'vitest'
import pg from 'pg'
import { createTenant, migrate, openDatabase, type OpenDatabase, pastTheGuard, type Tenant } from '#platform/db'
import { freshDatabase } from '../../../test/database.ts'

const LOG = ['act', 'change', 'seal_leaf', 'seal_block', 'seal_salt', 'seal_erased']
const ADD = `insert into {t}.act (actor_kind, actor_ref, cause, at) values ('system', 'x', '{}', clock_timestamp())`

async function held(db: OpenDatabase, tenant: Tenant, tables: readonly string[]): Promise<void> {
  const as = (statement: string) => db.mutate(tenant, (tx) => tx.query(statement))
  for (const table of tables) for (const statement of [`delete from {t}.${table}`, `truncate {t}.${table}`]) await expect(as(statement)).rejects.toMatchObject({ code: '42501' })
  await expect(as(`update {t}.act set ip = 'x'`)).rejects.toMatchObject({ code: '42501' })
  await as(ADD)
  await db.mutate(tenant, async (tx) => { await pastTheGuard(tx, () => tx.query(`update {t}.act set ip = 'x'`)); await expect(tx.query('savepoint a')).resolves.toEqual([]) })
  expect(await as(`select ip from {t}.act`)).toEqual([{ ip: 'x' }])
  await expect(as(`update {t}.act set ip = 'y'`)).rejects.toMatchObject({ code: '42501' })
}

test('D26 the server cannot rewrite the log, and still makes what it needs', async () => {
  const home = await freshDatabase()
  const db = openDatabase({ ...home.config, max: 3 })
  await migrate(db)
  const tenant = await createTenant(db, { key: 'guarded', name: 'x' })
  await held(db, tenant, LOG)
  for (const table of LOG) await expect(db.mutate(tenant, (tx) => tx.query(`drop table {t}.${table}`))).rejects.toMatchObject({ code: '42501' })
  await db.mutate(tenant, (tx) => tx.query(`create table {t}.o_thing (id int)`))
  await db.mutate(tenant, (tx) => tx.query(`alter table {t}.member add column later int`))
  expect(await migrate(db)).toEqual([])
  await db.close()
  await home.drop()
})

test('D26 an account that may make no roles gives the right up', async () => {
  const home = await freshDatabase()
  const admin = new pg.Client(home.config)
  await admin.connect()
  const name = `plain_${process.pid}`
  await admin.query(`create role ${name} login`)
  await admin.query(`alter database "${home.config.database}" owner to ${name}`)
  const db = openDatabase({ ...home.config, user: name, max: 3 })
  await migrate(db)
  await held(db, await createTenant(db, { key: 'guarded', name: 'x' }), LOG)
  await db.close()
  await admin.query(`reassign owned by ${name} to current_user; drop owned by ${name}`)
  await admin.query(`drop role ${name}`)
  await admin.end()
  await home.drop()
})
