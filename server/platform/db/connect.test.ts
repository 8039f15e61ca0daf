import pg from 'pg'
import { afterEach, expect, test } from 'vitest'
import { freshDatabase } from '../../../test/database.ts'
import { resolveDatabase } from './connect.ts'
import { type Answers, fakeServer } from './testing/fake-server.ts'

const HEALTHY = { server_version_num: '150004', server_version: '15.4', server_encoding: 'UTF8', show_trgm: 't', pg_backend_pid: '4711' }

const ended: (() => unknown)[] = []
afterEach(async () => void (await Promise.all(ended.splice(0).map((end) => end()))))

test('G1 a PostgreSQL 15 or newer is accepted', async () => {
  const { config, drop } = await freshDatabase()
  ended.push(drop)
  const database = await resolveDatabase({ databaseUrl: urlOf(config), dataDir: '/nowhere' })
  expect(database).toMatchObject({ embedded: null, poolConfig: { connectionString: urlOf(config) } })
})

test('G2 PostgreSQL 14 is refused', async () => {
  const refusal = await refusalOf({ ...HEALTHY, server_version_num: '140011', server_version: '14.11' })
  expect(refusal).toMatchObject({ code: 'postgres-too-old', message: expect.stringMatching(/14\.11[^]*15/) })
})

test('G3 a database that is not UTF-8 is refused', async () => {
  const { config, drop } = await freshDatabase()
  ended.push(drop)
  const name = `${config.database}_ascii`
  await query(config, `create database ${name} template template0 encoding 'SQL_ASCII' locale_provider libc locale 'C'`)
  ended.push(() => query({ ...config, database: 'postgres' }, `drop database ${name}`))
  const url = urlOf({ ...config, database: name })
  await expect(resolveDatabase({ databaseUrl: url, dataDir: '/nowhere' })).rejects.toMatchObject({ code: 'not-utf8' })
})

test('G4 a pooler that shares one server among connections is refused', async () => {
  expect(await refusalOf(HEALTHY)).toMatchObject({ code: 'pooled-by-transaction', message: expect.stringContaining('pool_mode=session') })
})

test('G5 a server that does not answer is refused', async () => {
  const attempt = resolveDatabase({ databaseUrl: 'postgres://nobody@127.0.0.1:1/none', dataDir: '/nowhere' })
  await expect(attempt).rejects.toMatchObject({ code: 'postgres-unreachable', message: expect.stringContaining('ECONNREFUSED') })
})

test('G6 a character type without Chinese is a warning', async () => {
  const { config, drop } = await freshDatabase()
  ended.push(drop)
  const name = `${config.database}_c`
  await query(config, `create database ${name} template template0 encoding 'UTF8' locale_provider libc locale 'C'`)
  ended.push(() => query({ ...config, database: 'postgres' }, `drop database ${name} with (force)`))
  const { warnings } = await resolveDatabase({ databaseUrl: urlOf({ ...config, database: name }), dataDir: '/nowhere' })
  expect(warnings).toEqual([expect.stringContaining('LC_CTYPE')])
})

async function refusalOf(answers: Answers): Promise<unknown> {
  const { port, close } = await fakeServer(answers)
  ended.push(close)
  return resolveDatabase({ databaseUrl: `postgres://someone@127.0.0.1:${port}/some`, dataDir: '/nowhere' }).catch((error) => error)
}

function urlOf({ host, port, user, password, database }: pg.PoolConfig): string {
  const login = [user, password].filter((part) => typeof part === 'string').map(encodeURIComponent).join(':')
  return `postgres://${login}@/${database}?host=${encodeURIComponent(host!)}&port=${port}`
}

async function query(config: pg.PoolConfig, text: string): Promise<void> {
  const client = new pg.Client(config)
  await client.connect()
  await client.query(text)
  await client.end()
}
