import pg from 'pg'

export type PoolConfig = pg.PoolConfig & { max?: number }

/**
 * A pool whose connections are set up by their start-up packet, without a round trip: UTC, two seconds for a lock,
 * thirty for a statement, no search path (an unqualified table is an error). Statements of one connection are
 * pipelined: those sent without awaiting each other share a round trip, in order.
 */
export function openPool(config: PoolConfig): pg.Pool {
  const pool = new pg.Pool({
    max: 16, connectionTimeoutMillis: 5_000, idleTimeoutMillis: 60_000, maxLifetimeSeconds: 1_800, application_name: 'nextmove',
    ...config,
    options: [config.options, ...SESSION].filter(Boolean).join(' '),
    pipeline: true, types,
  })
  // An idle connection that breaks is dropped by the pool; without a listener it would end the process.
  pool.on('error', () => {})
  // The pool does not listen to those in use, and whoever takes one begins to listen only after this tick: a server that dies with the same packet
  // that made the connection ready would end the process.
  // Before its first statement it becomes the one who can only add to the log; where there is no such role (before the first migration) it stays who it is.
  pool.on('connect', (client) => { client.on('error', () => {}); client.query(`set role ${APP_ROLE}`).catch(() => {}) })
  return pool
}

/** As whom the server works; see guard.sql. */
export const APP_ROLE = 'nextmove_app'

const SESSION = Object.entries({
  search_path: 'pg_catalog', TimeZone: 'UTC', DateStyle: 'ISO', jit: 'off',
  lock_timeout: '2s', statement_timeout: '30s', idle_in_transaction_session_timeout: '60s',
}).map(([key, value]) => `-c ${key}=${value}`)

const numberIfSafe = (text: string): number | string => (Number.isSafeInteger(Number(text)) ? Number(text) : text)
const asItStands = (text: string): string => text
const arrayOf = <T>(each: (text: string) => T) => (text: string): (T | null)[] => strings(text).map((item) => (item === null ? null : each(item)))
const TEXT_ARRAY = 1009
const strings = pg.types.getTypeParser(TEXT_ARRAY as never) as unknown as (text: string) => (string | null)[]

/** PostgreSQL type → how its text becomes a value; all others as `pg` does it (numeric: string, timestamptz: Date, jsonb: parsed). */
const PARSERS: Readonly<Record<number, (text: string) => unknown>> = {
  [pg.types.builtins.INT8]: numberIfSafe,
  1016: arrayOf(numberIfSafe),
  [pg.types.builtins.DATE]: asItStands,
  1182: arrayOf(asItStands),
  1231: arrayOf(asItStands),
}

const types = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') => (format !== 'binary' && PARSERS[oid]) || pg.types.getTypeParser(oid, format as 'text'),
} as pg.CustomTypesConfig
