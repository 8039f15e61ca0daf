import path from 'node:path'
import { applySolution } from '#kernel/solutions'
import { createTenant, migrate, openDatabase, startEmbedded, type OpenDatabase, type Tenant } from '#platform/db'
import type { Solution } from '#language/definitions'
import { scratch } from './scratch.ts'

export interface BenchTenant { db: OpenDatabase; tenant: Tenant; /** The tenant's schema, quoted. */ schema: string; close(): Promise<void> }

/** PostgreSQL with the settings of production (fsync on) in a folder on disk, a tenant with this solution in it, and a pool of 16. */
export async function benchTenant(name: string, solution: Solution): Promise<BenchTenant> {
  const server = await startEmbedded({ dataDir: path.join(scratch(name), 'postgres') })
  const { host, port, user, database } = server
  const db = openDatabase({ host, port, user, database, max: 16 })
  await migrate(db)
  const tenant = await createTenant(db, { key: 'bench', name: 'Bench', demo: true })
  await db.mutate(tenant, async (tx) => {
    const applied = await applySolution({ tx, actor: { kind: 'system', reason: 'bench' } }, solution)
    if (!applied.ok) throw new Error(JSON.stringify(applied.refusals.slice(0, 3)))
  })
  return { db, tenant, schema: `"${tenant.schema}"`, close: async () => { await db.close(); await server.stop() } }
}
