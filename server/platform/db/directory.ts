import type pg from 'pg'
import { translated } from './failures.ts'
import type { Database, Tenant } from './types.ts'

const CACHED_MS = 1_000

/** The tenants of one database, read at most once a second. A tenant whose row is unchanged keeps its object. */
export function directoryOf(pool: pg.Pool): Pick<Database, 'tenants' | 'tenantByKey'> {
  let known: readonly Tenant[] = []
  let reading: Promise<Tenant[]> | undefined
  let readAt = 0
  let edition = 0
  const read = async () => {
    const asked = edition
    const { rows } = await pool.query<Tenant>(TENANTS)
    // What was asked before a tenant came or went is not kept.
    if (asked === edition) readAt = performance.now()
    known = rows.map((row) => known.find((each) => same(each, row)) ?? Object.freeze(row))
    return [...known]
  }
  const tenants = async () => {
    if (readAt > 0 && performance.now() - readAt < CACHED_MS) return [...known]
    const mine = (reading ??= read())
    return mine.finally(() => { if (reading === mine) reading = undefined }).catch((error: unknown) => { throw translated(error) })
  }
  forgetting.set(pool, () => { readAt = 0; reading = undefined; edition++ })
  const among = async (key: string) => (await tenants()).find((each) => each.key === key)
  return {
    tenants,
    // A tenant made a moment ago by another process is found by reading again.
    tenantByKey: async (key) => (await among(key)) ?? (performance.now() - readAt > 50 ? ((readAt = 0), among(key)) : undefined),
  }
}

const forgetting = new WeakMap<pg.Pool, () => void>()
/** A tenant was made or dropped through this pool: the next question reads again. */
export const forgetTenants = (pool: pg.Pool): void => forgetting.get(pool)?.()

export const TENANT_COLUMNS = 'id, key, schema, name, zone, incarnation, demo'
const TENANTS = `select ${TENANT_COLUMNS} from nextmove.tenant where state = 'active' order by id`

const same = (a: Tenant, b: Tenant) => JSON.stringify(a) === JSON.stringify(b)
