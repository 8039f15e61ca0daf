import { createHash } from 'node:crypto'
import type { Field, ObjectDefinition } from '#language/definitions'
import { BASE_COLUMNS, columnDefinitions, hasInitials, tableName } from './columns.ts'
import { sqlState } from './failures.ts'
import { fillInitials } from './fill.ts'
import { APP_ROLE } from './pool.ts'
import type { OpenDatabase } from './run.ts'
import type { Tenant, Tx } from './types.ts'

/** An index that an object's table should have. `definition` follows `on {t}."o_…"`. `fills`: the initials of this field are made for the rows that stand, then it is built; so it is also the sign that they are there. */
export interface IndexWish { name: string; unique: boolean; definition: string; fills?: string }

const LIVING = 'where gone_act is null'

/** Every index of an object, in the order in which they are worth having. Pure; names depend on nothing but the keys. */
export function indexesOf(object: ObjectDefinition): IndexWish[] {
  const wish = (what: string, definition: string, unique = false): IndexWish => ({ name: indexName(object.key, what), unique, definition })
  const fields = object.fields.filter(({ retired }) => !retired)
  return [
    wish('owner', `(owner, created_at desc) ${LIVING}`),
    wish('owner_team', `(owner_team, created_at desc) ${LIVING}`),
    wish('created', `(created_at desc, id) ${LIVING}`),
    // Few records have collaborators: small, and an own-scope list needs no scan (measured 160 → 5 ms on 200,000 rows).
    wish('collaborators', `using gin (collaborators) where collaborators <> '{}'`),
    wish('tags', 'using gin (tags)'),
    wish('gone', '(gone_act desc, id desc) where gone_act is not null'),
    ...fields.flatMap((field) => fieldIndexes(field, wish)),
  ]
}

function fieldIndexes(field: Field, wish: (what: string, definition: string, unique?: boolean) => IndexWish): IndexWish[] {
  const column = `"f_${field.key}"`
  const one = (when: boolean | undefined, suffix: string, definition: string, unique = false) => (when ? [wish(`${field.key}.${suffix}`, definition, unique)] : [])
  return [
    ...one(field.unique, 'unique', `(${column}) ${LIVING}`, true),
    // Every submission and every question after duplicates asks by it.
    ...one(isContact(field) && !field.unique, 'contact', `(${column}) ${LIVING}`),
    ...one(field.kind === 'reference' || field.kind === 'anyReference', 'reference', `(${column}, created_at desc)`),
    ...one(field.kind === 'members', 'members', `using gin (${column})`),
    ...one(field.sortable, 'sort', `(${column}, id) ${LIVING}`),
    ...one(field.sortable && field.kind === 'text', 'pinyin', `(${column} collate "zh-x-icu", id) ${LIVING}`),
    ...one(field.searchable, 'search', `using gin (nextmove.bigrams(${column}))`),
    ...one(hasInitials(field), 'initials', `using gin (nextmove.bigrams("f_${field.key}__initials"))`).map((each) => ({ ...each, fills: field.key })),
  ]
}

const isContact = ({ kind }: Field): boolean => kind === 'phone' || kind === 'email'

/** Readable where it fits into PostgreSQL's 63 bytes, else shortened with a hash that keeps it distinct. */
function indexName(object: string, what: string): string {
  const full = `o_${object}.${what}`
  return full.length <= 63 ? full : `${full.slice(0, 50)}_${createHash('sha256').update(full).digest('hex').slice(0, 12)}`
}

/** A new table with all fields (retired ones too) and all indexes. The caller's transaction decides whether it stays. */
export async function createObjectTables(tx: Tx, objects: readonly ObjectDefinition[]): Promise<void> {
  if (objects.length > 0) await tx.query(`do $ddl$ begin ${objects.flatMap(creation).join('; ')}; end $ddl$`)
}

const creation = (object: ObjectDefinition): string[] => {
  const columns = [...BASE_COLUMNS.map(({ definition }) => definition), ...object.fields.flatMap(columnDefinitions)]
  return [`create table {t}."${tableName(object.key)}" (${columns.join(', ')}) with (fillfactor = 85, autovacuum_analyze_scale_factor = 1, autovacuum_analyze_threshold = 500, autovacuum_vacuum_insert_scale_factor = 0.5)`, ...indexesOf(object).map((each) => indexCreation(object.key, each))]
}

const indexCreation = (object: string, { name, unique, definition }: IndexWish, how = ''): string =>
  `create ${unique ? 'unique ' : ''}index ${how} "${name}" on {t}."${tableName(object)}" ${definition}`

/**
 * New columns of an existing table; columns that a retired field left behind are taken up again. Waits at most 200 ms
 * at a time for the table, then lets others pass and asks again; throws 55P03 after about ten seconds.
 */
export const addColumns = (tx: Tx, object: string, fields: readonly Field[]): Promise<void> =>
  fields.length === 0 ? Promise.resolve() : patiently(tx, `alter table {t}."${tableName(object)}" ${fields.flatMap(columnDefinitions).map((each) => `add column if not exists ${each}`).join(', ')}`)

const TRIES = 40

async function patiently(tx: Tx, statement: string): Promise<void> {
  await tx.query(`set local lock_timeout = '200ms'`)
  for (let attempt = 1; ; attempt++) {
    await tx.query('savepoint ddl')
    try {
      await tx.query(statement)
      await tx.query('release savepoint ddl')
      return void (await tx.query(`set local lock_timeout = '2s'`))
    } catch (error) {
      await tx.query('rollback to savepoint ddl')
      if (sqlState(error) !== '55P03' || attempt === TRIES) throw error
      await new Promise((resolve) => setTimeout(resolve, 20 + Math.random() * 80))
    }
  }
}

/** Above this estimate an index is built beside the traffic (buildIndexes), not inside the publishing transaction. */
const INLINE_ROWS = 20_000

/**
 * Creates the missing indexes of an existing table inside the transaction: unique ones always (they are a promise
 * about data; 23505 when it is already broken), others while the table is small. Returns what is left to buildIndexes.
 */
export async function addIndexes(tx: Tx, object: ObjectDefinition): Promise<IndexWish[]> {
  const missing = await missingIndexes(tx, object)
  if (missing.length === 0) return []
  const small = await isSmall(tx, object.key)
  const now = missing.filter(({ unique, fills }) => unique || (small && !fills))
  for (const each of now) await patiently(tx, indexCreation(object.key, each))
  return missing.filter((each) => !now.includes(each))
}

/** Initials of a field that is no longer searched are no longer kept: without its index they are made anew when it is searched again. */
export async function dropInitials(tx: Tx, object: ObjectDefinition, before: ObjectDefinition): Promise<void> {
  const kept = new Set(indexesOf(object).map(({ name }) => name))
  for (const { name } of indexesOf(before).filter((each) => each.fills && !kept.has(each.name))) await patiently(tx, `drop index if exists {t}."${name}"`)
}

async function missingIndexes(tx: Pick<Tx, 'query' | 'tenant'>, object: ObjectDefinition): Promise<IndexWish[]> {
  const rows = await tx.query<{ name: string }>(
    `select c.relname as name from pg_index i join pg_class c on c.oid = i.indexrelid where i.indrelid = $1::regclass and i.indisvalid`,
    [`"${tx.tenant.schema}"."${tableName(object.key)}"`])
  const found = new Set(rows.map(({ name }) => name))
  return indexesOf(object).filter(({ name }) => !found.has(name))
}

async function isSmall(tx: Tx, object: string): Promise<boolean> {
  const rows = await tx.query(`select from {t}."${tableName(object)}" offset ${INLINE_ROWS} limit 1`)
  return rows.length === 0
}

/** Where to build; `signal` ends a build under way. */
export interface BuildSite { db: OpenDatabase; tenant: Tenant; signal?: AbortSignal | undefined }

/**
 * Builds what is missing without stopping writers (CREATE INDEX CONCURRENTLY), one after another; safe to call at any
 * time and from several processes. A build that was interrupted is dropped and begun again. Returns the names built.
 */
export async function buildIndexes({ db, tenant, signal }: BuildSite, objects: Iterable<ObjectDefinition>): Promise<string[]> {
  const client = await db.pool.connect()
  client.on('error', () => {})
  const quoted = `"${tenant.schema}"`
  const query = async <R>(text: string, values: readonly unknown[] = []) => {
    signal?.throwIfAborted()
    return (await client.query(text.replaceAll('{t}', quoted), values as unknown[])).rows as R[]
  }
  const built: string[] = []
  let cancel = (): void => {}
  try {
    const [session] = await query<{ pid: number }>('select pg_backend_pid() as pid')
    // A session of whoever connected is ended by nobody less.
    cancel = () => void db.pool.query(`set role none; select pg_cancel_backend(${session!.pid}); set role ${APP_ROLE}`).catch(() => {})
    signal?.addEventListener('abort', cancel)
    await query('set statement_timeout = 0')
    await query('set lock_timeout = 0')
    await turn(query, tenant)
    for (const object of objects) {
      for (const wish of await missingIndexes({ tenant, query }, object)) {
        await query(`drop index concurrently if exists {t}."${wish.name}"`)
        if (wish.fills) await fillInitials(query, tableName(object.key), wish.fills)
        await query(indexCreation(object.key, wish, 'concurrently'))
        built.push(wish.name)
      }
    }
    return built
  } finally {
    signal?.removeEventListener('abort', cancel)
    // The session's settings and its lock end with it.
    client.release(true)
  }
}

const ASK_AGAIN_MS = 200

/** Asked for again and again: who waits inside a statement holds a snapshot, and the build under way would wait for that. */
async function turn(query: <R>(text: string, values: readonly unknown[]) => Promise<R[]>, tenant: Tenant): Promise<void> {
  for (;;) {
    const [lock] = await query<{ ours: boolean }>('select pg_try_advisory_lock($1, 2) as ours', [tenant.id])
    if (lock!.ours) return
    await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS))
  }
}
