import pg from 'pg'
import type { Vault } from '#platform/crypto'

export type PoolConfig = pg.PoolConfig & { max?: number; /** See Tx. */ vault?: Vault | undefined }

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
/** Of a session in UTC, by places: a page has a hundred of them (measured 0.16 against 0.38 µs). What is written otherwise (BC, a year of five digits) is read by `pg`. */
function instant(text: string): unknown {
  const year = Number(text.slice(0, 4))
  if (!(year >= 100) || text[4] !== '-' || text.slice(-3) !== '+00') return anyInstant(text)
  const part = (at: number): number => (text.charCodeAt(at) - 48) * 10 + text.charCodeAt(at + 1) - 48
  const millis = text[19] === '.' ? Number(text.slice(20, -3).padEnd(3, '0').slice(0, 3)) : 0
  return new Date(Date.UTC(year, part(5) - 1, part(8), part(11), part(14), part(17), millis))
}
const anyInstant = pg.types.getTypeParser(pg.types.builtins.TIMESTAMPTZ)

const integers = (text: string): (number | null)[] => (text === '{}' ? [] : text.slice(1, -1).split(',').map((each) => (each === 'NULL' ? null : Number(each))))
const strings = pg.types.getTypeParser(TEXT_ARRAY as never) as unknown as (text: string) => (string | null)[]

/** PostgreSQL type → how its text becomes a value; all others as `pg` does it (numeric: string, timestamptz: Date, jsonb: parsed). */
const PARSERS: Readonly<Record<number, (text: string) => unknown>> = {
  [pg.types.builtins.TIMESTAMPTZ]: instant,
  1007: integers,
  [pg.types.builtins.INT8]: numberIfSafe,
  1016: arrayOf(numberIfSafe),
  [pg.types.builtins.DATE]: asItStands,
  1182: arrayOf(asItStands),
  1231: arrayOf(asItStands),
}

/** As `Date.toISOString` writes it. */
function instantText(text: string): unknown {
  if (text[10] !== ' ' || text.slice(-3) !== '+00') return (anyInstant(text) as Date).toISOString()
  return `${text.slice(0, 10)}T${text.slice(11, 19)}.${text[19] === '.' ? text.slice(20, -3).padEnd(3, '0').slice(0, 3) : '000'}Z`
}

/** For a statement whose instants are only passed on. */
export const instantsAsText = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') => (oid === pg.types.builtins.TIMESTAMPTZ && format !== 'binary' ? instantText : types.getTypeParser(oid, format)),
} as pg.CustomTypesConfig

const types = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') => (format !== 'binary' && PARSERS[oid]) || pg.types.getTypeParser(oid, format as 'text'),
} as pg.CustomTypesConfig
