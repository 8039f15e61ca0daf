import type { OpenDatabase, Tenant } from '#platform/db'

/** Tenants per statement: a long UNION is planned slowly. */
const TOGETHER = 50

/** Ids of the tenants that have something to do now: todo rows, due timers by their own clock, messages due by the real one. */
export async function findWork({ pool }: OpenDatabase, tenants: readonly Tenant[]): Promise<number[]> {
  const found: number[] = []
  for (let i = 0; i < tenants.length; i += TOGETHER) {
    const { rows } = await pool.query<{ id: number }>(tenants.slice(i, i + TOGETHER).map(questionOf).join(' union all '))
    found.push(...rows.map(({ id }) => id))
  }
  return found
}

const questionOf = ({ id, schema }: Tenant): string => `select d.id from nextmove.tenant d where d.id = ${id} and (
    exists (select 1 from "${schema}".todo)
    or exists (select 1 from "${schema}".timer where due_at <= clock_timestamp() + d.clock_offset_ms * interval '1 millisecond')
    or exists (select 1 from "${schema}".outbox where state = 'ready' and next_at <= clock_timestamp()))`
