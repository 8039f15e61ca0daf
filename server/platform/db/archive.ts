import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
import { Readable } from 'node:stream'
import type pg from 'pg'
import { describeSchema, type SchemaShape } from './archive-shape.ts'
import { forgetTenants, TENANT_COLUMNS } from './directory.ts'
import type { OpenDatabase } from './run.ts'
import { privileged } from './tenancy.ts'
import type { Tenant, Tx } from './types.ts'

/** What an archive says of itself; written last, so that one that was cut short is none. */
export interface ArchiveHead {
  format: 1
  tenant: { key: string; name: string; zone: string; demo: boolean; clockOffset: string; incarnation: number }
  at: string
  migrations: string[]
  shape: SchemaShape
  tables: { name: string; rows: number; sum: string; sha256: string }[]
  /** Whatever else the maker wants to find again. */
  notes: Record<string, unknown>
}

const HEAD = 'archive.json'
const PAGE = 5_000

/** Everything of one tenant as of one snapshot, in a folder of its own: what the schema is, and every table’s rows as PostgreSQL writes them. Folder must not exist. */
export async function writeArchive(db: OpenDatabase, tenant: Tenant, folder: string, notes: (tx: Tx) => Promise<Record<string, unknown>> = () => Promise.resolve({})): Promise<ArchiveHead> {
  const draft = `${folder}.part`
  rmSync(draft, { recursive: true, force: true })
  mkdirSync(draft, { recursive: true, mode: 0o700 })
  const head = await db.read(tenant, async (tx): Promise<ArchiveHead> => {
    await tx.query(`select set_config('statement_timeout', '0', true), set_config('idle_in_transaction_session_timeout', '0', true)`)
    const shape = await describeSchema((text, values) => tx.query(text, values), tenant.schema)
    const tables = []
    for (const { name } of shape.tables) tables.push(await writeTable(tx, name, draft))
    const [row] = await tx.query<{ clockOffset: string }>('select clock_offset_ms::text as "clockOffset" from nextmove.tenant where id = $1', [tenant.id])
    const migrations = await tx.query<{ name: string }>('select name from nextmove.migration where schema = $1 order by name', [tenant.schema])
    const { key, name, zone, demo, incarnation } = tenant
    return { format: 1, tenant: { key, name, zone, demo, incarnation, clockOffset: row!.clockOffset }, at: tx.now.toISOString(), migrations: migrations.map((each) => each.name), shape, tables, notes: await notes(tx) }
  })
  writeFileSync(path.join(draft, HEAD), JSON.stringify(head, null, 1), { mode: 0o600 })
  renameSync(draft, folder)
  return head
}

async function writeTable(tx: Tx, name: string, folder: string): Promise<ArchiveHead['tables'][number]> {
  const [table, hash, cursor] = [`{t}."${name}"`, createHash('sha256'), `archive_${name}`.slice(0, 60)]
  const [sum] = await tx.query<{ rows: number; sum: string }>(`select count(*) as rows, ${SUM} as sum from ${table} t`)
  await tx.query(`declare "${cursor}" no scroll cursor for select t::text as row from ${table} t`)
  async function* lines(): AsyncGenerator<string> {
    for (;;) {
      const rows = await tx.query<{ row: string }>(`fetch ${PAGE} from "${cursor}"`)
      if (rows.length === 0) return
      const text = rows.map(({ row }) => `${JSON.stringify(row)}\n`).join('')
      hash.update(text)
      yield text
    }
  }
  await pipeline(Readable.from(lines()), createGzip({ level: 4 }), createWriteStream(path.join(folder, `${name}.rows.gz`), { mode: 0o600 }))
  await tx.query(`close "${cursor}"`)
  return { name, rows: sum!.rows, sum: sum!.sum, sha256: hash.digest('hex') }
}

/** The same whatever the order of the rows. */
const SUM = `coalesce(sum(hashtextextended(t::text, 0)::numeric), 0)::text`

export function readHead(folder: string): ArchiveHead {
  const file = path.join(folder, HEAD)
  if (!existsSync(file)) throw new Error(`${folder} 不是完整的归档 · is no whole archive`)
  const head = JSON.parse(readFileSync(file, 'utf8')) as ArchiveHead
  if (head.format !== 1) throw new Error(`${folder} 的格式是 ${String(head.format)} · has format ${String(head.format)}`)
  return head
}

/**
 * Makes a schema of an archive, in one transaction, and compares every table with what was written: rows, their sum, the file’s hash. Throws when anything
 * differs; nothing stays then. `check`: nothing stays in any case.
 */
export async function loadArchive(db: OpenDatabase, folder: string, { check = false }: { check?: boolean } = {}): Promise<ArchiveHead> {
  const head = readHead(folder)
  const from = `t_${head.tenant.key}`
  const to = check ? `check_${head.tenant.key}`.slice(0, 60) : from
  await privileged(db, async (client) => {
    await client.query('begin')
    try {
      await client.query('set local idle_in_transaction_session_timeout = 0')
      if (check) await client.query(`drop schema if exists "${to}" cascade`)
      await build(client, head, { folder, from, to })
      await client.query(check ? 'rollback' : 'commit')
    } catch (error) {
      await client.query('rollback')
      throw error
    }
  })
  return head
}

async function build(client: pg.PoolClient, { shape, tables }: ArchiveHead, { folder, from, to }: { folder: string; from: string; to: string }): Promise<void> {
  const there = (sql: string): string => (from === to ? sql : sql.replaceAll(`"${from}".`, `"${to}".`))
  await client.query(`create schema "${to}"`)
  for (const each of shape.sequences) await client.query(there(each.create))
  for (const { create } of shape.tables) await client.query(there(create))
  for (const table of tables) await loadTable(client, table, { folder, schema: to })
  for (const { constraints, indexes } of shape.tables) for (const sql of [...constraints, ...indexes]) await client.query(there(sql))
  for (const { name, last, called } of [...shape.sequences, ...shape.own]) if (last !== null) await client.query(`select setval($1::regclass, $2::bigint, $3)`, [`"${to}"."${name}"`, last, called])
}

async function loadTable(client: pg.PoolClient, { name, rows, sum, sha256 }: ArchiveHead['tables'][number], { folder, schema }: { folder: string; schema: string }): Promise<void> {
  const [table, hash] = [`"${schema}"."${name}"`, createHash('sha256')]
  const overriding = `insert into ${table} overriding system value select t.* from unnest($1::${table}[]) as t`
  let some: string[] = []
  for await (const line of createInterface({ input: createReadStream(path.join(folder, `${name}.rows.gz`)).pipe(createGunzip()), crlfDelay: Infinity })) {
    hash.update(`${line}\n`)
    some.push(JSON.parse(line) as string)
    if (some.length >= PAGE) { await client.query(overriding, [some]); some = [] }
  }
  if (some.length > 0) await client.query(overriding, [some])
  const found = (await client.query<{ rows: string; sum: string }>(`select count(*) as rows, ${SUM} as sum from ${table} t`)).rows[0]!
  if (Number(found.rows) !== rows || found.sum !== sum || hash.digest('hex') !== sha256) throw new Error(`${name}: ${found.rows} / ${rows}，归档与内容不符 · the archive is not what was written`)
}

/**
 * Enters a loaded tenant into the directory, suspended: nobody finds it before `admit`. Its incarnation is above any that it had: what was handed out before no longer fits.
 */
export const enterArchive = (db: OpenDatabase, { tenant, migrations }: ArchiveHead): Promise<Tenant> => privileged(db, async (client) => {
  const schema = `t_${tenant.key}`
  const { rows } = await client.query<Tenant>(`insert into nextmove.tenant (key, name, schema, zone, demo, incarnation, clock_offset_ms, state, created_at) values ($1, $2, $3, $4, $5, $6, $7, 'suspended', clock_timestamp()) returning ${TENANT_COLUMNS}`,
    [tenant.key, tenant.name, schema, tenant.zone, tenant.demo, tenant.incarnation + 1, tenant.clockOffset])
  await client.query('insert into nextmove.migration (schema, name, at) select $1, unnest($2::text[]), clock_timestamp() on conflict do nothing', [schema, migrations])
  return rows[0]!
})

/** From now on it is found and worked for. */
export const admit = ({ pool }: OpenDatabase, { id }: Tenant): Promise<void> =>
  pool.query(`update nextmove.tenant set state = 'active' where id = $1`, [id]).then(() => forgetTenants(pool))

/** Who is in the directory under this key, suspended or not. */
export const enteredAs = async ({ pool }: OpenDatabase, key: string): Promise<Tenant | undefined> =>
  (await pool.query<Tenant>(`select ${TENANT_COLUMNS} from nextmove.tenant where key = $1`, [key])).rows[0]
