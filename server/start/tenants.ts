import { createLink, isEmpty } from '#kernel/members'
import { createTenant, type OpenDatabase, type Tenant } from '#platform/db'
import { fillDemo, type Place } from './demo.ts'
import type { Options } from './options.ts'

/**
 * The tenant of a new installation: an empty one to be set up, or the demonstration. Tenants that exist stay as they are,
 * except a demonstration whose filling was cut short: it is filled again.
 */
export async function ensureTenant(place: Place, options: Options): Promise<Tenant[]> {
  const existing = await place.db.tenants()
  const tenants = existing.length > 0 ? existing : [await firstTenant(place.db, options)]
  for (const tenant of tenants) if (options.demo && tenant.demo && (await isEmpty(place.db, tenant))) await showing(() => fillDemo(place, tenant, options.dataDir))
  return tenants
}

// Test data may have its clock moved; a demonstration's too.
async function firstTenant(db: OpenDatabase, { demo, testClock }: Options): Promise<Tenant> {
  const made = await createTenant(db, demo ? { key: 'yunqi', name: '云启智能', demo: true } : { key: 'main', name: '下一步', demo: testClock })
  // The list that was read a moment ago, and is remembered for a second, was empty.
  return (await db.tenantByKey(made.key)) ?? made
}

async function showing(work: () => Promise<void>): Promise<void> {
  console.log('[nextmove] 装载演示数据（90 天、8,000 余条线索，约一分钟） · loading sample data …')
  await work()
}

/** The secret of the set-up page for a tenant that nobody can sign in to yet; null when somebody can. */
export async function setupToken(db: OpenDatabase, tenant: Tenant): Promise<string | null> {
  if (!(await isEmpty(db, tenant))) return null
  return db.mutate(tenant, async (tx) => (await createLink(tx, 'setup', null)).token)
}
