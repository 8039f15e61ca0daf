import { readFileSync } from 'node:fs'
import path from 'node:path'
import { gunzipSync } from 'node:zlib'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { kernelContext, memberContext, type Context } from '#kernel/access'
import { drain } from '#kernel/automation'
import { getRecord, listRecords, verifyTenant, writeOrRefuse } from '#kernel/records'
import { applySolution } from '#kernel/solutions'
import type { AdminRight } from '#language/definitions'
import { advanceClock, createTenant, migrate, openDatabase, type OpenDatabase, type Tenant } from '#platform/db'
import { loadSolution } from '../../../solutions/index.ts'
import { freshDatabase, type TestDatabase } from '../../../test/database.ts'

// A company of the first release as it stood in its data folder: set up with the standard CRM, one lead followed up, an event to come.
const DUMP = path.resolve(import.meta.dirname, '../../../test/first-release.sql.gz')

let home: TestDatabase
let db: OpenDatabase
let tenant: Tenant
beforeAll(async () => {
  home = await freshDatabase()
  const client = new pg.Client(home.config)
  await client.connect()
  await client.query(gunzipSync(readFileSync(DUMP)).toString())
  await client.query(`update nextmove.tenant set demo = true`)
  await client.end()
  db = openDatabase({ ...home.config, max: 4 })
})
afterAll(() => db.close().then(home.drop))

const kernel = <T>(work: (ctx: Context) => Promise<T>): Promise<T> => db.mutate(tenant, async (tx) => work(await kernelContext(tx, { kind: 'system', reason: 'test' }, { kind: 'member' })))
const founder = <T>(work: (ctx: Context) => Promise<T>): Promise<T> => db.mutate(tenant, async (tx) => work(await memberContext(tx, 1)))

/** Every column and index of a schema. Columns are added at the end: their order is nobody's business. */
async function shapeOf(schema: string): Promise<string[]> {
  const columns = await db.pool.query<{ line: string }>(`select c.relname || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod) || case when a.attnotnull then ' not null' else '' end
      || coalesce(' default ' || replace(pg_get_expr(d.adbin, d.adrelid), quote_ident($1::text), '{t}'), '') as line
    from pg_class c join pg_attribute a on a.attrelid = c.oid left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
    where c.relnamespace = to_regnamespace(quote_ident($1)) and c.relkind in ('r', 'p') and a.attnum > 0 and not a.attisdropped`, [schema])
  const indexes = await db.pool.query<{ line: string }>(`select replace(replace(indexdef, quote_ident($1), '{t}'), $1, '{t}') as line from pg_indexes where schemaname = $1`, [schema])
  return [...columns.rows, ...indexes.rows].map(({ line }) => line).sort()
}

test('S13 a tenant of the first release starts, and its tables become those of a new one', async () => {
  expect((await migrate(db)).length).toBeGreaterThan(5)
  expect(await migrate(db)).toEqual([])
  tenant = (await db.tenants())[0]!
  const systemOf = async (schema: string) => (await shapeOf(schema)).filter((line) => !/^o_| ON \S*\.o_/.test(line))
  await createTenant(db, { key: 'fresh', name: 'Fresh' })
  expect(await systemOf(tenant.schema)).toEqual(await systemOf('t_fresh'))
})

test('S13 rights that came since: who could do everything before can do so still, nobody else can do more', async () => {
  const { roles } = await kernel(async (ctx) => ctx.metadata)
  const holding = (right: AdminRight) => [...roles.values()].filter(({ rights }) => rights.includes(right)).map(({ key }) => key)
  expect([holding('settings'), holding('intake'), holding('restore'), holding('audit').length > 1]).toEqual([['admin'], ['admin'], ['admin'], true])
})

test('S13 before its solution is brought up to date, work goes on as it did', async () => {
  const leads = await founder((ctx) => listRecords(ctx, 'lead', { limit: 10 }))
  expect(leads.records.map(({ title }) => title).toSorted()).toEqual(['张三', '李四'].toSorted())
  await founder((ctx) => writeOrRefuse(ctx, [{ op: 'create', object: 'lead', values: { name: '升级前' } }]))
  await drain(db, tenant)
  expect(await kernel(verifyTenant)).toMatchObject({ differences: [], loads: [] })
})

test('S13 the solution of now replaces the one of the first release; every object has the columns of a new installation', async () => {
  // A migration gives the administrator a right more; the solution's own changes join it.
  const applied = await kernel((ctx) => applySolution({ tx: ctx.tx, actor: ctx.actor }, loadSolution('crm')))
  expect(applied).toMatchObject({ ok: true, kept: [], merged: [{ key: 'admin', conflicts: [] }] })
  const fresh = (await db.tenants()).find(({ key }) => key === 'fresh')!
  await db.mutate(fresh, async (tx) => applySolution({ tx, actor: { kind: 'system', reason: 'test' } }, loadSolution('crm')))
  const columns = async (schema: string) => (await shapeOf(schema)).filter((line) => !/ ON /.test(line))
  expect(await columns(tenant.schema)).toEqual(await columns('t_fresh'))
})

test('S13 everything that was there is read, changed and answered with the rules of now', async () => {
  const { objects } = await kernel(async (ctx) => ctx.metadata)
  for (const object of objects.keys()) await founder((ctx) => listRecords(ctx, object, { limit: 5 }))
  const [event] = (await founder((ctx) => listRecords(ctx, 'schedule', { limit: 5 }))).records
  await founder((ctx) => writeOrRefuse(ctx, [{ op: 'update', object: 'schedule', id: event!.id, values: { participants: [1] } }]))
  await founder((ctx) => writeOrRefuse(ctx, [{ op: 'create', object: 'lead', values: { name: '升级后', phone: '13900000009' } }]))
  await drain(db, tenant)
  expect((await founder((ctx) => getRecord(ctx, 'schedule', event!.id))).values).toMatchObject({ title: '拜访华东精工', participants: [1] })
  expect(await kernel(verifyTenant)).toMatchObject({ differences: [], loads: [] })
})

test('S13 what waited in the first release comes due', async () => {
  await advanceClock(db, tenant, 30 * 24 * 3_600_000)
  await drain(db, tenant)
  expect(await kernel((ctx) => ctx.tx.query('select from {t}.timer where due_at <= $1', [ctx.now]))).toEqual([])
  const told = await kernel((ctx) => ctx.tx.query<{ kind: string }>(`select distinct kind from {t}.notification order by 1`))
  expect(told.map(({ kind }) => kind)).toEqual(['new_lead', 'schedule_reminder'])
})
