import type pg from 'pg'
import { translated } from './failures.ts'
import type { Database, Tenant } from './types.ts'

const CACHED_MS = 1_000

/** The tenants of one database, read at most once a second. A tenant whose row is unchanged keeps its object. */
export function directoryOf(pool: pg.Pool): Pick<Database, 'tenants' | 'tenantByKey'> {
  let known: readonly Tenant[] = []
  let reading: Promise<Tenant[]> | undefined
  let readAt = 0
  const read = async () => {
    const { rows } = await pool.query<Tenant>(TENANTS)
    readAt = performance.now()
    known = rows.map((row) => known.find((each) => same(each, row)) ?? Object.freeze(row))
    return [...known]
  }
  const tenants = async () => {
    if (readAt > 0 && performance.now() - readAt < CACHED_MS) return [...known]
    reading ??= read().finally(() => { reading = undefined })
    return reading.catch((error: unknown) => { throw translated(error) })
  }
  const among = async (key: string) => (await tenants()).find((each) => each.key === key)
  return {
    tenants,
    // A tenant made a moment ago by another process is found by reading again.
    tenantByKey: async (key) => (await among(key)) ?? (performance.now() - readAt > 50 ? ((readAt = 0), among(key)) : undefined),
  }
}

export const TENANT_COLUMNS = 'id, key, schema, name, zone, incarnation, demo'
const TENANTS = `select ${TENANT_COLUMNS} from nextmove.tenant where state = 'active' order by id`

const same = (a: Tenant, b: Tenant) => JSON.stringify(a) === JSON.stringify(b)
