import { existsSync } from 'node:fs'
import path from 'node:path'
import { isReady, postmasterOf } from './postmaster.ts'
import { SUPERUSER } from './cluster.ts'
import { placeFor } from './place.ts'
import type { PoolConfig } from './pool.ts'
import { branchOf, spoolOf } from './spool.ts'

/** The way to the built-in PostgreSQL that another process runs on this data folder; null when none is running. */
export async function runningDatabase(dataDir: string): Promise<PoolConfig | null> {
  const postmaster = postmasterOf(placeFor(path.join(path.resolve(dataDir), 'postgres')).dataDir)
  if (!postmaster || !(await isReady(postmaster))) return null
  return { host: postmaster.socketDir, port: postmaster.port, user: SUPERUSER, database: 'nextmove' }
}

/** Where the log of the built-in cluster in this data folder waits to be carried away, whether it runs or not; null: there is none, or it is not kept. */
export function keptLog(dataDir: string): { dataDir: string; spool: string; branch: string } | null {
  const folder = path.join(path.resolve(dataDir), 'postgres')
  if (![folder, `${folder}.location`].some((file) => existsSync(file))) return null
  const { dataDir: cluster } = placeFor(folder)
  const branch = branchOf(cluster)
  return branch === null ? null : { dataDir: cluster, spool: spoolOf(cluster), branch }
}
