import { isAway, type OpenDatabase, type Tenant } from '#platform/db'

/** Tenants per statement: a long UNION is planned slowly. */
const TOGETHER = 50

interface Asking { /** Up to which epoch the definitions of a tenant are known here. */ epochOf: (tenant: number) => number; onTrouble?: ((error: unknown, tenant: Tenant) => void) | undefined }

/**
 * Ids of the tenants that have something to do now: todo rows, due timers by their own clock, messages due by the real one, definitions newer
 * than are known here. A tenant that cannot be asked keeps no other from being found.
 */
export async function findWork(db: OpenDatabase, tenants: readonly Tenant[], { epochOf, onTrouble }: Asking): Promise<number[]> {
  const found: number[] = []
  for (let i = 0; i < tenants.length; i += TOGETHER) {
    const some = tenants.slice(i, i + TOGETHER)
    found.push(...(await ask(db, some, epochOf).catch((error: unknown) => { if (isAway(error)) throw error; return askEach(db, some, { epochOf, onTrouble }) })))
  }
  return found
}

async function ask({ pool }: OpenDatabase, tenants: readonly Tenant[], epochOf: Asking['epochOf']): Promise<number[]> {
  const { rows } = await pool.query<{ id: number }>(tenants.map((tenant) => questionOf(tenant, epochOf(tenant.id))).join(' union all '))
  return rows.map(({ id }) => id)
}

async function askEach(db: OpenDatabase, tenants: readonly Tenant[], { epochOf, onTrouble }: Asking): Promise<number[]> {
  const found: number[] = []
  for (const tenant of tenants) found.push(...(await ask(db, [tenant], epochOf).catch((error: unknown) => { if (isAway(error)) throw error; onTrouble?.(error, tenant); return [] })))
  return found
}

const questionOf = ({ id, schema }: Tenant, epoch: number): string => `select d.id from nextmove.tenant d where d.id = ${id} and (
    exists (select 1 from "${schema}".todo)
    or exists (select 1 from "${schema}".state where epoch > ${epoch})
    or exists (select 1 from "${schema}".timer where due_at <= clock_timestamp() + d.clock_offset_ms * interval '1 millisecond')
    or exists (select 1 from "${schema}".outbox where state = 'ready' and next_at <= clock_timestamp() and (not_before is null or not_before <= clock_timestamp() + d.clock_offset_ms * interval '1 millisecond')))`
