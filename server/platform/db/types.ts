import type { Vault } from '#platform/crypto'

/** One company and where its data lives. Everything of a tenant stands in its own schema. */
export interface Tenant {
  id: number
  /** Name in hosts and paths: `/t/{key}`. */
  key: string
  /** PostgreSQL schema, `t_<key>`. */
  schema: string
  name: string
  /** IANA zone in which days begin, e.g. `Asia/Shanghai`. */
  zone: string
  /** Raised by every restore; part of every signature and cursor key. */
  incarnation: number
  /** Sample data: role cards on the sign-in page, a movable clock. */
  demo: boolean
}

/** An open transaction of one tenant. In statement texts `{t}` stands for the tenant's quoted schema. */
export interface Tx {
  readonly tenant: Tenant
  /** Business time: the database's clock plus the tenant's offset, read once when the transaction opened. */
  readonly now: Date
  /** Version of everything configured, read in the same statement as `now`. */
  readonly epoch: number
  /**
   * Run one statement and return its rows. Parameters only; never interpolate values.
   * `name` makes it a prepared statement (use it where the text is one of few); int8 comes as number, numeric and date as string, timestamptz as Date,
   * or with `instants: 'text'` as `2026-11-22T08:00:00.000Z`, which costs a tenth where it is only passed on.
   */
  query<R = Record<string, unknown>>(text: string, values?: readonly unknown[], options?: { name?: string; instants?: 'text' }): Promise<R[]>
  /** For secrets that have to be said again; absent where none are read or written. */
  readonly vault?: Vault | undefined
  /** Called once after COMMIT has succeeded; never after a rollback. For wake-ups and hints, never for work that must happen. */
  afterCommit(fn: () => void): void
}

export interface Database {
  /** Read and write in one transaction. Serialisation, deadlock and lock errors are retried from the start (at most 3 times, jittered), so `work` must be repeatable. */
  mutate<T>(tenant: Tenant, work: (tx: Tx) => Promise<T>): Promise<T>
  /** Read in one snapshot; writing throws. */
  read<T>(tenant: Tenant, work: (tx: Tx) => Promise<T>): Promise<T>
  /** All tenants of this installation, cached for a second. */
  tenants(): Promise<Tenant[]>
  tenantByKey(key: string): Promise<Tenant | undefined>
  close(): Promise<void>
}

/** The database cannot be reached or is shutting down: answer 503 and try again later; nothing was acknowledged. */
export class DatabaseAway extends Error {
  override name = 'DatabaseAway'
}
