import { DatabaseAway } from './types.ts'

/** Serialisation failure, deadlock, lock not available: the same work, begun again, may succeed. */
const RETRYABLE = new Set(['40001', '40P01', '55P03'])
const AWAY_STATES = /^(08...|57P0[1-3]|53...|58030|25P03)$/
const AWAY_CODES = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOENT', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'])
const AWAY_TEXTS = /^(Connection terminated|Client has encountered a connection error|Client was closed|timeout exceeded when trying to connect|timeout expired|Cannot use a pool after calling end)/

export const sqlState = (error: unknown): string | undefined => {
  const code = (error as { code?: unknown } | null)?.code
  return typeof code === 'string' ? code : undefined
}

export const isRetryable = (error: unknown): boolean => RETRYABLE.has(sqlState(error) ?? '')

/** A statement took longer than it may: by its own doing, or because everything was slow. */
export const isTooSlow = (error: unknown): boolean => sqlState(error) === '57014'

/** Another statement of the transaction had failed before: that one says why. */
export const isAborted = (error: unknown): boolean => sqlState(error) === '25P02'

export function isAway(error: unknown): boolean {
  if (error instanceof DatabaseAway) return true
  const code = sqlState(error) ?? ''
  return AWAY_STATES.test(code) || AWAY_CODES.has(code) || (error instanceof Error && AWAY_TEXTS.test(error.message))
}

/** Where writing was asked for: the server has become a standby. */
const isStandby = (error: unknown): boolean => sqlState(error) === '25006'

/** The same error, or DatabaseAway if it says that the database cannot be reached, or takes no writes from who is to write. */
export const translated = (error: unknown, writes = false): unknown =>
  (isAway(error) || (writes && isStandby(error))) && !(error instanceof DatabaseAway) ? new DatabaseAway('the database is away', { cause: error }) : error
