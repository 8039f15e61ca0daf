import pg from 'pg'
import { StartRefused } from './refusal.ts'

/**
 * Checks that an existing server can carry the product and returns warnings (中文 and English) for what merely slows
 * it. Throws StartRefused `postgres-unreachable`, `postgres-too-old`, `not-utf8`, `pooled-by-transaction`.
 */
export async function checkServer(config: pg.PoolConfig): Promise<string[]> {
  const first = await connected(config)
  try {
    await refuseOldServer(first)
    await refuseOtherEncodings(first)
    await refuseTransactionPooling(first, config)
    return [...(await trigramWarning(first))]
  } finally {
    await first.end()
  }
}

async function connected(config: pg.PoolConfig): Promise<pg.Client> {
  const client = new pg.Client({ connectionTimeoutMillis: 10_000, ...config })
  client.on('error', () => {})
  try {
    await client.connect()
    return client
  } catch (error) {
    throw unreachable(error)
  }
}

const unreachable = (error: unknown) =>
  new StartRefused(
    'postgres-unreachable',
    `无法连接 DATABASE_URL 指向的数据库：${reasonOf(error)}。请检查地址、账号与网络。`,
    `Cannot connect to the database of DATABASE_URL: ${reasonOf(error)}. Check address, account and network.`,
  )

// A refused TCP connection is an AggregateError without a message.
const reasonOf = (error: unknown) => {
  const { message, code } = error as { message?: string; code?: string }
  return message || code || String(error)
}

async function refuseOldServer(client: pg.Client): Promise<void> {
  const number = Number(await valueOf(client, `select current_setting('server_version_num')`))
  if (number >= 150_000) return
  const version = await valueOf(client, `select current_setting('server_version')`)
  throw new StartRefused(
    'postgres-too-old',
    `PostgreSQL 版本为 ${version}，需要 15 或更高版本。请升级数据库，或去掉 DATABASE_URL 使用内置数据库。`,
    `PostgreSQL is ${version}; 15 or newer is needed. Upgrade it, or unset DATABASE_URL to use the built-in one.`,
  )
}

async function refuseOtherEncodings(client: pg.Client): Promise<void> {
  const encoding = await valueOf(client, `select current_setting('server_encoding')`)
  if (encoding === 'UTF8') return
  throw new StartRefused(
    'not-utf8',
    `数据库编码为 ${encoding}，需要 UTF8。请用 create database … encoding 'UTF8' template template0 新建数据库。`,
    `The database's encoding is ${encoding}; UTF8 is needed. Make one with: create database … encoding 'UTF8' template template0.`,
  )
}

/**
 * Behind a pooler that hands out a server per transaction, two open connections share a server process, or one
 * connection meets several; with a server per session neither happens.
 */
async function refuseTransactionPooling(first: pg.Client, config: pg.PoolConfig): Promise<void> {
  const second = await connected(config)
  try {
    const [ofFirst, ofSecond] = await serverProcesses(first, second)
    if (ofFirst.size === 1 && ofSecond.size === 1 && ofFirst.isDisjointFrom(ofSecond)) return
  } finally {
    await second.end()
  }
  throw new StartRefused(
    'pooled-by-transaction',
    '数据库前有按事务分配连接的连接池（如 PgBouncer 的 pool_mode=transaction）。本系统依赖会话级功能（LISTEN/NOTIFY、会话锁、预编译语句），请改用 pool_mode=session 或直连数据库。',
    'The database is behind a pooler that assigns servers per transaction (such as PgBouncer with pool_mode=transaction). The product needs sessions (LISTEN/NOTIFY, session locks, prepared statements): use pool_mode=session or connect directly.',
  )
}

async function serverProcesses(first: pg.Client, second: pg.Client): Promise<[Set<unknown>, Set<unknown>]> {
  const seen: [Set<unknown>, Set<unknown>] = [new Set(), new Set()]
  for (let round = 0; round < 5; round++) {
    seen[0].add(await serverProcess(first))
    seen[1].add(await serverProcess(second))
    const both = await Promise.all([serverProcess(first), serverProcess(second)])
    seen[0].add(both[0])
    seen[1].add(both[1])
  }
  return seen
}

const serverProcess = (client: pg.Client) => valueOf(client, 'select pg_backend_pid()')

async function trigramWarning(client: pg.Client): Promise<string[]> {
  if (await chineseHasTrigrams(client)) return []
  return [
    '数据库的 LC_CTYPE 不识别中文（show_trgm 为空）：长关键词搜索会变慢，结果不受影响。建议以 LC_CTYPE=C.UTF-8 新建数据库。\n' +
      "The database's LC_CTYPE does not know Chinese (show_trgm is empty): search for long words is slower, its results are the same. Prefer a database made with LC_CTYPE=C.UTF-8.",
  ]
}

async function chineseHasTrigrams(client: pg.Client): Promise<boolean> {
  try {
    await client.query('begin')
    await client.query('create extension if not exists pg_trgm')
    return Boolean(await valueOf(client, `select show_trgm('中文') <> '{}'`))
  } catch {
    return false
  } finally {
    await client.query('rollback')
  }
}

async function valueOf(client: pg.Client, sql: string): Promise<unknown> {
  const { rows } = await client.query<unknown[]>({ text: sql, rowMode: 'array' })
  return rows[0]?.[0]
}
