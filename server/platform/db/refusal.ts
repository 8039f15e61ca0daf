/**
 * Why the product will not start on this database. The message is complete for a person (中文, then English):
 * print it and exit 1. `code` is for tests and monitoring.
 */
export class StartRefused extends Error {
  override name = 'StartRefused'
  readonly code: RefusalCode

  constructor(code: RefusalCode, zh: string, en: string) {
    super(`${zh}\n${en}`)
    this.code = code
  }
}

export type RefusalCode =
  | 'already-running'
  | 'data-unusable'
  | 'data-missing'
  | 'postgres-missing'
  | 'postgres-failed'
  | 'postgres-too-old'
  | 'postgres-unreachable'
  | 'not-utf8'
  | 'pooled-by-transaction'
