import { kernelContext, type Context } from '#kernel/access'
import { publishAll } from '#kernel/metadata'
import { createMember } from '#kernel/members'
import type { Draft } from '#kernel/metadata'
import { DEPOT } from '../server/kernel/automation/testing/depot.ts'
import { benchTenant, type BenchTenant } from './tenant.ts'

/** A tenant with the small trade of the engine's own tests. */
export const benchDepot = (name: string): Promise<BenchTenant> => benchTenant(name, DEPOT)

export const inside = <T>({ db, tenant }: Pick<BenchTenant, 'db' | 'tenant'>, work: (ctx: Context) => Promise<T>): Promise<T> =>
  db.mutate(tenant, async (tx) => work(await kernelContext(tx, { kind: 'source', form: 'door' }, { kind: 'source', form: 'door' })))

export async function published(home: BenchTenant, drafts: readonly Draft[]): Promise<void> {
  const result = await inside(home, ({ tx }) => publishAll({ tx, actor: { kind: 'system', reason: 'bench' } }, drafts))
  if (!result.ok) throw new Error(JSON.stringify(result.refusals.slice(0, 3)))
}

export const couriers = (home: BenchTenant, count: number): Promise<void> => inside(home, async (ctx) => {
  for (let n = 0; n < count; n++) await createMember(ctx, { name: `员${n}`, email: `c${n}@bench.example`, roles: ['courier'], team: null, supervisor: null, capability: { skills: ['*'], regions: [], capacity: 10_000_000 } })
})

/** Parcels as SQL, where what is measured is not their making; column → expression over `n`, which counts from 1. */
export async function parcels({ db, schema }: BenchTenant, count: number, columns: Readonly<Record<string, string>> = {}): Promise<void> {
  const names = Object.keys(columns).map((each) => `, ${each}`).join('')
  await db.pool.query(`insert into ${schema}.o_parcel (id, version, created_at, updated_at, origin, f_name, f_state${names})
    select ('01900000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 1, clock_timestamp(), clock_timestamp(), 'form:door', 'p' || n, 'new'${Object.values(columns).map((each) => `, ${each}`).join('')} from generate_series(1, $1::int) n`, [count])
  await db.pool.query(`vacuum (analyze, parallel 0) ${schema}.o_parcel`)
}

export const idOf = (n: number): string => `01900000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`
export const label = (text: string) => ({ zh: text, en: text })
