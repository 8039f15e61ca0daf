import pg from 'pg'
import { inject } from 'vitest'

export interface TestDatabase {
  /** For `new pg.Pool(…)` or `new pg.Client(…)`. */
  config: pg.PoolConfig
  /** Ends other sessions on it; close the pools first to keep them from complaining. */
  drop(): Promise<void>
}

/** A database of the test's own, cloned from `template` (see ensureTemplate) in about 15 ms; empty without one. */
export async function freshDatabase(template?: string): Promise<TestDatabase> {
  const name = named(`${process.pid}_${++made}`)
  await admin().query(`create database ${quoted(name)} template ${template ? quoted(named(template)) : 'template0'} strategy file_copy`)
  // What may be done with a database does not go into its copy.
  if (template) await admin().query(`do $$ begin if exists (select from pg_roles where rolname = 'nextmove_app') then grant create, temporary on database ${quoted(name)} to nextmove_app; end if; end $$`)
  return {
    config: { ...inject('cluster').config, database: name },
    drop: async () => void (await admin().query(`drop database ${quoted(name)} with (force)`)),
  }
}

let made = 0

/**
 * Makes the template `name` once per test run, however many workers ask at once: `build` fills an empty database and
 * must close its connections. Returns `name` for freshDatabase. A template is never changed afterwards.
 */
export async function ensureTemplate(name: string, build: (config: pg.PoolConfig) => Promise<void>): Promise<string> {
  const session = await admin().connect()
  try {
    await session.query('select pg_advisory_lock(hashtext($1))', [named(name)])
    if (!(await exists(session, named(name)))) await buildTemplate(session, named(name), build)
    return name
  } finally {
    await session.query('select pg_advisory_unlock_all()')
    session.release()
  }
}

async function exists(session: pg.ClientBase, database: string): Promise<boolean> {
  const { rowCount } = await session.query('select from pg_database where datname = $1', [database])
  return rowCount === 1
}

async function buildTemplate(session: pg.ClientBase, database: string, build: (config: pg.PoolConfig) => Promise<void>): Promise<void> {
  const draft = `${database}_draft`
  await session.query(`drop database if exists ${quoted(draft)} with (force)`)
  await session.query(`create database ${quoted(draft)} template template0`)
  await build({ ...inject('cluster').config, database: draft })
  await session.query(`alter database ${quoted(draft)} rename to ${quoted(database)}`)
  await session.query(`alter database ${quoted(database)} is_template true allow_connections false`)
}

const named = (name: string) => inject('cluster').prefix + name
const quoted = (name: string) => pg.escapeIdentifier(name)

let pool: pg.Pool | undefined

function admin(): pg.Pool {
  pool ??= new pg.Pool({ ...inject('cluster').config, database: 'postgres', max: 4, allowExitOnIdle: true })
  return pool
}
