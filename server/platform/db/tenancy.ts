import { readdirSync, readFileSync } from 'node:fs'
import type pg from 'pg'
import { forgetTenants, TENANT_COLUMNS } from './directory.ts'
import { translated } from './failures.ts'
import { sealRoot } from './root.ts'
import type { OpenDatabase } from './run.ts'
import type { Tenant, Tx } from './types.ts'

export interface NewTenant { key: string; name: string; zone?: string; demo?: boolean }

/**
 * Brings the directory and every tenant's schema up to this version; returns what was applied (`schema name`).
 * Several processes may call it at once: one works, the others wait and find nothing to do. Each file is one
 * transaction with its record, so a killed upgrade continues where it stopped.
 */
export const migrate = (db: OpenDatabase, folder: URL = MIGRATIONS): Promise<string[]> =>
  privileged(db, async (client) => {
    await client.query(textOf(here('directory.sql')))
    const { rows } = await client.query<{ schema: string }>('select schema from nextmove.tenant order by id')
    const applied = []
    for (const { schema } of rows) applied.push(...(await upgrade(client, schema, folder)))
    if (folder === MIGRATIONS) for (const { schema } of rows) await client.query(forSchema(textOf(here('guard.sql')), schema))
    return applied
  })

/**
 * A new tenant with empty system tables (about 60 ms). Its key becomes its path and its schema and never changes.
 * Throws when the key is taken or is not `[a-z][a-z0-9-]*` of at most 40 characters.
 */
export function createTenant(db: OpenDatabase, { key, name, zone = 'Asia/Shanghai', demo = false }: NewTenant): Promise<Tenant> {
  if (!/^[a-z][a-z0-9-]{0,39}$/.test(key)) throw new Error(`“${key}” cannot be a tenant's key`)
  const schema = `t_${key}`
  return privileged(db, (client) => inTransaction(client, async () => {
    const made = await client.query<Tenant>(
      `insert into nextmove.tenant (key, name, schema, zone, demo, created_at) values ($1, $2, $3, $4, $5, clock_timestamp()) returning ${TENANT_COLUMNS}`,
      [key, name, schema, zone, demo])
    await client.query(`create schema "${schema}"`)
    await client.query(forSchema(textOf(here('tenant-schema.sql')), schema))
    for (const file of filesIn(MIGRATIONS)) await apply(client, schema, file)
    await client.query(forSchema(textOf(here('guard.sql')), schema))
    return made.rows[0]!
  })).finally(() => forgetTenants(db.pool)).then((made) => db.mutate(made, async (tx) => { await sealRoot(tx); return made }))
}

/** The schema of `tx.tenant` and its system tables, inside the transaction: for a store that is thrown away with it. */
export async function createScratch(tx: Tx): Promise<void> {
  await tx.query(['create schema {t};', ...[here('tenant-schema.sql'), ...filesIn(MIGRATIONS).map(({ file }) => file)].map(textOf)].join('\n'))
}

/** Ends a tenant and everything it holds. There is no way back but a backup. */
export const dropTenant = (db: OpenDatabase, { key, schema }: Tenant): Promise<void> =>
  privileged(db, (client) => inTransaction(client, async () => {
    await client.query(`drop schema if exists "${schema}" cascade`)
    await client.query('delete from nextmove.migration where schema = $1', [schema])
    await client.query('delete from nextmove.tenant where key = $1', [key])
  })).finally(() => forgetTenants(db.pool))

/**
 * Moves a demonstration tenant's business time forward by `ms` and returns the new offset; transactions that are
 * open keep their instant. Throws for other tenants and for a step back: deadlines that fired cannot unfire.
 */
export async function advanceClock(db: OpenDatabase, tenant: Tenant, ms: number): Promise<number> {
  if (!Number.isSafeInteger(ms) || ms < 0) throw new Error(`The clock moves forward by whole milliseconds, not by ${ms}`)
  const { rows } = await db.pool.query<{ offset: number }>(
    'update nextmove.tenant set clock_offset_ms = clock_offset_ms + $2 where id = $1 and demo returning clock_offset_ms as offset', [tenant.id, ms])
  if (!rows[0]) throw new Error(`The clock of ${tenant.key} is not a demonstration's and cannot be moved`)
  return rows[0].offset
}

const here = (file: string): URL => new URL(file, import.meta.url)
const MIGRATIONS = here('migrations/')
const textOf = (file: URL): string => readFileSync(file, 'utf8')
const forSchema = (sql: string, schema: string): string => sql.replaceAll('{t}', `"${schema}"`)

interface Migration { name: string; file: URL }

function filesIn(folder: URL): Migration[] {
  const names = readdirSync(folder).filter((name) => /^\d{3}-[a-z0-9-]+\.sql$/.test(name))
  return names.sort().map((name) => ({ name, file: new URL(name, folder) }))
}

async function upgrade(client: pg.PoolClient, schema: string, folder: URL): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>('select name from nextmove.migration where schema = $1', [schema])
  const done = new Set(rows.map(({ name }) => name))
  const missing = filesIn(folder).filter(({ name }) => !done.has(name))
  for (const each of missing) await inTransaction(client, () => apply(client, schema, each))
  return missing.map(({ name }) => `${schema} ${name}`)
}

async function apply(client: pg.PoolClient, schema: string, { name, file }: Migration): Promise<void> {
  await client.query(forSchema(textOf(file), schema))
  await client.query('insert into nextmove.migration (schema, name, at) values ($1, $2, clock_timestamp())', [schema, name])
}

const LOCK = 'hashtext($$nextmove migrations$$)'

const ignore = () => {}

/** One process at a time changes schemas, as whoever connected and not as the server; waiting is not limited. */
export const privileged = <T>(db: OpenDatabase, work: (client: pg.PoolClient) => Promise<T>): Promise<T> => alone(db, async (client) => {
  await client.query(`select pg_advisory_lock(${LOCK})`)
  return work(client)
})

export type Query = <R>(text: string, values?: readonly unknown[]) => Promise<R[]>

/** One connection, as whoever connected and not as the server, beside whoever changes schemas; neither waiting nor idling is limited. */
export const asOwner = <T>(db: OpenDatabase, work: (query: Query) => Promise<T>): Promise<T> =>
  alone(db, (client) => work(async (text, values = []) => (await client.query(text, values as unknown[])).rows))

async function alone<T>(db: OpenDatabase, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await db.pool.connect().catch((error: unknown) => { throw translated(error) })
  // Out of the pool nobody listens: a connection that breaks would end the process.
  client.on('error', ignore)
  try {
    await client.query('set role none; set lock_timeout = 0; set statement_timeout = 0')
    return await work(client)
  } catch (error) {
    throw translated(error)
  } finally {
    client.off('error', ignore)
    // Who may do more than the server may is not given back; its lock ends with it.
    client.release(true)
  }
}

async function inTransaction<T>(client: pg.PoolClient, work: () => Promise<T>): Promise<T> {
  await client.query('begin')
  try {
    const result = await work()
    await client.query('commit')
    return result
  } catch (error) {
    await client.query('rollback')
    throw error
  }
}
