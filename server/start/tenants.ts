import { createLink, isEmpty } from '#kernel/members'
import { createTenant, type OpenDatabase, type Tenant } from '#platform/db'
import type { Options } from './options.ts'
import { fillDemo } from './demo.ts'

/** The tenant of a new installation: an empty one to be set up, or the demonstration. Tenants that exist stay as they are. */
export async function ensureTenant(db: OpenDatabase, { demo, testClock, dataDir }: Options): Promise<Tenant[]> {
  const existing = await db.tenants()
  if (existing.length > 0) return existing
  // Test data may have its clock moved; a demonstration's too.
  const tenant = await createTenant(db, demo ? { key: 'yunqi', name: '云启智能', demo: true } : { key: 'main', name: '下一步', demo: testClock })
  if (demo) await fillDemo(db, tenant, dataDir)
  return [tenant]
}

/** The secret of the set-up page for a tenant that nobody can sign in to yet; null when somebody can. */
export async function setupToken(db: OpenDatabase, tenant: Tenant): Promise<string | null> {
  if (!(await isEmpty(db, tenant))) return null
  return db.mutate(tenant, async (tx) => (await createLink(tx, 'setup', null)).token)
}
