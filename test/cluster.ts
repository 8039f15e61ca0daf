import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import pg from 'pg'
import type { TestProject } from 'vitest/node'
import { startEmbedded } from '#platform/db'

/** The PostgreSQL of this test run; databases of the run are named `<prefix>…`. */
export interface TestCluster {
  config: pg.PoolConfig
  prefix: string
}

declare module 'vitest' {
  export interface ProvidedContext {
    cluster: TestCluster
  }
}

// Durability is worth nothing to a test.
const FAST = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  shared_buffers: '128MB',
  max_wal_size: '1GB',
  wal_level: 'minimal',
  max_wal_senders: '0',
  autovacuum: 'off',
  max_connections: '200',
}

/** One PostgreSQL for the run, in memory; with DATABASE_TEST_URL (a superuser's) that server is used instead. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const url = process.env['DATABASE_TEST_URL']
  return url ? useServer(project, url) : useEmbedded(project)
}

async function useEmbedded(project: TestProject): Promise<() => Promise<void>> {
  const folder = makeFolder()
  const { host, port, user, stop } = await startEmbedded({
    dataDir: path.join(folder, 'postgres'),
    settings: FAST,
    initdbArgs: ['--no-sync'],
  })
  project.provide('cluster', { config: { host, port, user }, prefix: 'test_' })
  return async () => {
    await stop()
    fs.rmSync(folder, { recursive: true, force: true })
  }
}

const FOLDER = 'nextmove-test-'

function makeFolder(): string {
  const base = fs.existsSync('/dev/shm') ? '/dev/shm' : os.tmpdir()
  fs.readdirSync(base).filter(isAbandoned).forEach((name) => fs.rmSync(path.join(base, name), { recursive: true, force: true }))
  const folder = fs.mkdtempSync(path.join(base, `${FOLDER}${process.pid}-`))
  fs.chmodSync(folder, 0o755)
  return folder
}

/** A folder whose run was killed: its name carries the run's pid. */
function isAbandoned(name: string): boolean {
  if (!name.startsWith(FOLDER)) return false
  try {
    return !process.kill(Number.parseInt(name.slice(FOLDER.length), 10), 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH'
  }
}

async function useServer(project: TestProject, url: string): Promise<() => Promise<void>> {
  const { hostname, port, username, password } = new URL(url)
  const host = new URL(url).searchParams.get('host') ?? decodeURIComponent(hostname)
  const config = { host, port: Number(port || 5432), user: decodeURIComponent(username), password: decodeURIComponent(password) }
  const prefix = `test_${process.pid}_${Date.now().toString(36)}_`
  project.provide('cluster', { config, prefix })
  return () => dropAll(config, prefix)
}

async function dropAll(config: pg.PoolConfig, prefix: string): Promise<void> {
  const client = new pg.Client({ ...config, database: 'postgres' })
  await client.connect()
  const { rows } = await client.query<{ datname: string }>('select datname from pg_database where starts_with(datname, $1)', [prefix])
  for (const { datname } of rows) {
    await client.query(`alter database ${pg.escapeIdentifier(datname)} is_template false`)
    await client.query(`drop database ${pg.escapeIdentifier(datname)} with (force)`)
  }
  await client.end()
}
