import { createHash, randomBytes } from 'node:crypto'
import type pg from 'pg'
import { applySolution } from '#kernel/solutions'
import type { Solution } from '#language/definitions'
import { vaultOf } from '#platform/crypto'
import { createTenant, migrate, openDatabase, type OpenDatabase, sealRoot, type Tenant } from '#platform/db'
import { ensureTemplate, freshDatabase } from './database.ts'

export interface FreshTenant {
  db: OpenDatabase
  tenant: Tenant
  /** Closes `db` and drops the database. */
  drop(): Promise<void>
}

/**
 * A tenant of the test's own in a database of its own, cloned in about 15 ms. Without a solution it has system tables
 * only. It is a demonstration tenant: advanceClock works. One template is built per solution and test run.
 */
export async function freshTenant({ solution }: { solution?: Solution } = {}): Promise<FreshTenant> {
  const name = solution ? `tenant_${createHash('sha256').update(JSON.stringify(solution)).digest('hex').slice(0, 12)}` : 'tenant'
  const home = await freshDatabase(await ensureTemplate(name, (config) => build(config, solution)))
  const db = openDatabase({ ...home.config, max: 8, vault: VAULT })
  const [tenant] = await db.tenants()
  // The template was made without a vault, as by an older version.
  await db.mutate(tenant!, sealRoot)
  return { db, tenant: tenant!, drop: () => db.close().then(home.drop) }
}

const VAULT = vaultOf([randomBytes(32)])

async function build(config: pg.PoolConfig, solution: Solution | undefined): Promise<void> {
  const db = openDatabase(config)
  try {
    await migrate(db)
    const tenant = await createTenant(db, { key: 'test', name: 'Test', demo: true })
    if (solution) await db.mutate(tenant, (tx) => install(tx, solution))
  } finally {
    await db.close()
  }
}

async function install(tx: Parameters<typeof applySolution>[0]['tx'], solution: Solution): Promise<void> {
  const applied = await applySolution({ tx, actor: { kind: 'system', reason: 'test' } }, solution)
  if (!applied.ok) throw new Error(`The solution was refused: ${JSON.stringify(applied.refusals, null, 1)}`)
}
