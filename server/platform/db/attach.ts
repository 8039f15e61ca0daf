import path from 'node:path'
import { isReady, postmasterOf } from './postmaster.ts'
import { SUPERUSER } from './cluster.ts'
import { placeFor } from './place.ts'
import type { PoolConfig } from './pool.ts'

/** The way to the built-in PostgreSQL that another process runs on this data folder; null when none is running. */
export async function runningDatabase(dataDir: string): Promise<PoolConfig | null> {
  const postmaster = postmasterOf(placeFor(path.join(path.resolve(dataDir), 'postgres')).dataDir)
  if (!postmaster || !(await isReady(postmaster))) return null
  return { host: postmaster.socketDir, port: postmaster.port, user: SUPERUSER, database: 'nextmove' }
}
