import path from 'node:path'
import type pg from 'pg'
import { type Embedded, startEmbedded } from './embedded.ts'
import { checkServer } from './server-check.ts'

export interface Database {
  /** For `new pg.Pool(…)`; `embedded` is null when an existing server is used. */
  poolConfig: pg.PoolConfig
  embedded: Embedded | null
  /** What an administrator should know though the product runs, each 中文 and English; usually empty. */
  warnings: string[]
  /** Stops PostgreSQL if it is ours. Close the pools first. Idempotent. */
  stop(): Promise<void>
}

export interface DatabaseChoice {
  /** `postgres://…`: use that PostgreSQL, 15 or newer, not behind a transaction-mode pooler. */
  databaseUrl?: string | undefined
  /** The product's data folder; the built-in cluster is `<dataDir>/postgres`. */
  dataDir: string
  /** Settings for the built-in PostgreSQL, over PRODUCTION_SETTINGS. */
  settings?: Record<string, string>
  /** Of the built-in one: see EmbeddedOptions. */
  keepLog?: boolean
}

/**
 * The database to run on: the one of `databaseUrl` when given, else the built-in PostgreSQL in the data folder.
 * Throws StartRefused: those of startEmbedded, and for a given server `postgres-unreachable`, `postgres-too-old`,
 * `not-utf8`, `pooled-by-transaction`.
 */
export async function resolveDatabase(choice: DatabaseChoice): Promise<Database> {
  return choice.databaseUrl ? existing(choice.databaseUrl) : builtIn(choice)
}

async function existing(databaseUrl: string): Promise<Database> {
  const poolConfig = { connectionString: databaseUrl }
  const warnings = await checkServer(poolConfig)
  return { poolConfig, embedded: null, warnings, stop: async () => {} }
}

async function builtIn({ dataDir, settings = {}, keepLog = false }: DatabaseChoice): Promise<Database> {
  const embedded = await startEmbedded({ dataDir: path.join(dataDir, 'postgres'), settings, keepLog })
  const { host, port, user, database } = embedded
  return { poolConfig: { host, port, user, database }, embedded, warnings: [], stop: embedded.stop }
}
