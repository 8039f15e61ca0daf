import { DatabaseAway } from './types.ts'

/** Serialisation failure, deadlock, lock not available: the same work, begun again, may succeed. */
const RETRYABLE = new Set(['40001', '40P01', '55P03'])
const AWAY_STATES = /^(08...|57P0[1-3]|53...)$/
const AWAY_CODES = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOENT', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH'])
const AWAY_TEXTS = /^(Connection terminated|Client has encountered a connection error|Client was closed|timeout exceeded when trying to connect|timeout expired|Cannot use a pool after calling end)/

export const sqlState = (error: unknown): string | undefined => {
  const code = (error as { code?: unknown } | null)?.code
  return typeof code === 'string' ? code : undefined
}

export const isRetryable = (error: unknown): boolean => RETRYABLE.has(sqlState(error) ?? '')

/** Another statement of the transaction had failed before: that one says why. */
export const isAborted = (error: unknown): boolean => sqlState(error) === '25P02'

export function isAway(error: unknown): boolean {
  if (error instanceof DatabaseAway) return true
  const code = sqlState(error) ?? ''
  return AWAY_STATES.test(code) || AWAY_CODES.has(code) || (error instanceof Error && AWAY_TEXTS.test(error.message))
}

/** The same error, or DatabaseAway if it says that the database cannot be reached. */
export const translated = (error: unknown): unknown =>
  isAway(error) && !(error instanceof DatabaseAway) ? new DatabaseAway('the database is away', { cause: error }) : error
