import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { kernelContext } from '#kernel/access'
import { asOneAct, setPassword } from '#kernel/members'
import { hashPassword, secretToken } from '#platform/crypto'
import { createTenant, dropTenant, type OpenDatabase, type Tenant } from '#platform/db'

const CASE = 'yunqi'

/** A database and the way to fill a tenant of it with a solution. */
export interface Place { db: OpenDatabase; fill(tenant: Tenant, solution: string): Promise<void> }

/** The case with its company and history; its members share one password that this data folder made up. */
export async function fillDemo({ db, fill }: Place, tenant: Tenant, dataDir: string): Promise<void> {
  await fill(tenant, CASE)
  const hash = await hashPassword(demoPassword(dataDir))
  await db.mutate(tenant, async (tx) => {
    const ctx = await kernelContext(tx, { kind: 'system', reason: 'demo' }, { kind: 'definition' })
    const members = await tx.query<{ id: number }>(`select id from {t}.member order by id`)
    await asOneAct(ctx, ['demo_passwords', members.length], async (whole) => { for (const { id } of members) await setPassword(whole, id, hash, { keep: null }) })
  })
}

/** 「重置演示」: the tenant goes and comes back as on the first day. */
export async function resetDemo(place: Place, tenant: Tenant, dataDir: string): Promise<void> {
  const { key, name, zone } = tenant
  await dropTenant(place.db, tenant)
  await fillDemo(place, await createTenant(place.db, { key, name, zone, demo: true }), dataDir)
}

/** Made on the first start, kept beside the data: no installation shares its demo password with another. */
export function demoPassword(dataDir: string): string {
  const file = path.join(dataDir, 'demo-password.txt')
  if (existsSync(file)) return readFileSync(file, 'utf8').trim()
  mkdirSync(dataDir, { recursive: true })
  writeFileSync(file, `demo-${secretToken().slice(0, 10)}\n`, { mode: 0o600 })
  chmodSync(file, 0o600)
  return readFileSync(file, 'utf8').trim()
}

/** One account per role, as printed in the terminal. */
export async function demoAccounts(db: OpenDatabase, tenant: Tenant): Promise<{ role: string; name: string; email: string }[]> {
  return db.read(tenant, async (tx) => {
    const { metadata } = await kernelContext(tx, { kind: 'system', reason: 'demo' }, { kind: 'member' })
    const rows = await tx.query<{ role: string; name: string; email: string }>(`select distinct on (roles[1]) roles[1] as role, name, email from {t}.member where state = 'active' and email is not null order by roles[1], id`)
    return rows.map((row) => ({ ...row, role: metadata.roles.get(row.role)?.label.zh ?? row.role }))
  })
}
