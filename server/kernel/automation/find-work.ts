import type { OpenDatabase, Tenant } from '#platform/db'

/** Tenants per statement: a long UNION is planned slowly. */
const TOGETHER = 50

/**
 * Ids of the tenants that have something to do now: todo rows, due timers by their own clock, messages due by the real one, definitions newer
 * than `epochOf` says that they are known here.
 */
export async function findWork({ pool }: OpenDatabase, tenants: readonly Tenant[], epochOf: (tenant: number) => number): Promise<number[]> {
  const found: number[] = []
  for (let i = 0; i < tenants.length; i += TOGETHER) {
    const { rows } = await pool.query<{ id: number }>(tenants.slice(i, i + TOGETHER).map((tenant) => questionOf(tenant, epochOf(tenant.id))).join(' union all '))
    found.push(...rows.map(({ id }) => id))
  }
  return found
}

const questionOf = ({ id, schema }: Tenant, epoch: number): string => `select d.id from nextmove.tenant d where d.id = ${id} and (
    exists (select 1 from "${schema}".todo)
    or exists (select 1 from "${schema}".state where epoch > ${epoch})
    or exists (select 1 from "${schema}".timer where due_at <= clock_timestamp() + d.clock_offset_ms * interval '1 millisecond')
    or exists (select 1 from "${schema}".outbox where state = 'ready' and next_at <= clock_timestamp() and (not_before is null or not_before <= clock_timestamp() + d.clock_offset_ms * interval '1 millisecond')))`
