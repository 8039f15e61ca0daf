import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream, existsSync, readFileSync } from 'node:fs'
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { asOwner, type OpenDatabase, type Query } from '#platform/db'
import { carriedOf, carry, namesIn, pack } from './carry.ts'
import { refuseWithoutSpace } from './space.ts'
import { type Entry, packed } from './tar.ts'

/** What a copy of the whole database says of itself; written last, so that one that was cut short is none. */
export interface CopyHead {
  format: 1
  /** Recovery goes to any moment after this. */
  at: string
  postgres: string
  /** The first and the last piece of the log without which it is worth nothing. */
  from: string
  to: string
  segmentBytes: number
  bytes: number
  packedBytes: number
  sha256: string
  tenants: { key: string; zone: string }[]
}
export interface Copy { folder: string; head: CopyHead }
/** A running cluster of our own whose log is kept, and where its copies lie. */
export interface Kept { dataDir: string; spool: string; home: string }

const HEAD = 'copy.json'
export const BASE = 'base.tar.zst'
const PART = '.part'
export const copiesOf = (home: string): string => path.join(home, 'copies')

/** Newest first; those that are whole. */
export async function copies(home: string): Promise<Copy[]> {
  const folders = (await namesIn(copiesOf(home))).filter((name) => !name.endsWith(PART)).sort().reverse().map((name) => path.join(copiesOf(home), name))
  return folders.filter((folder) => existsSync(path.join(folder, HEAD))).map((folder) => ({ folder, head: JSON.parse(readFileSync(path.join(folder, HEAD), 'utf8')) as CopyHead }))
}

/** Whether somebody, be it another process, is at it. */
export const isCopying = async (home: string): Promise<boolean> => (await namesIn(copiesOf(home))).some((name) => name.endsWith(PART))

/**
 * The whole database as it stands, beside the traffic, and the log that it needs. The server goes on; one connection is held as long as it takes.
 * Not proved yet (prove.ts). Throws where the log cannot be kept: nothing stays then.
 */
export async function makeCopy(db: OpenDatabase, { dataDir, spool, home }: Kept): Promise<Copy> {
  const folder = path.join(copiesOf(home), new Date().toISOString().replaceAll(/[:.]/g, '-'))
  const draft = `${folder}${PART}`
  await mkdir(draft, { recursive: true, mode: 0o700 })
  try {
    const head = await asOwner(db, (query) => write(query, dataDir, draft))
    await carry(spool, home)
    if (!(await carriedOf(home)).includes(head.to)) throw new Error(`${head.to}：备份所需的日志没有归档 · the log that the copy needs was not kept`)
    await writeFile(path.join(draft, HEAD), JSON.stringify(head, null, 1), { mode: 0o600, flush: true })
    await rename(draft, folder)
    return { folder, head }
  } catch (error) {
    await rm(draft, { recursive: true, force: true })
    throw error
  }
}

async function write(query: Query, dataDir: string, draft: string): Promise<CopyHead> {
  const [facts] = await query<{ postgres: string; segmentBytes: number; keeps: boolean; bytes: number }>(`select (select sum(pg_database_size(oid))::bigint from pg_database) as bytes, current_setting('server_version') as postgres, pg_size_bytes(current_setting('wal_segment_size'))::int as "segmentBytes", current_setting('archive_mode') = 'on' as keeps`)
  if (!facts!.keeps) throw new Error('数据库没有开启日志归档，请重新启动 · the log is not kept yet: start again')
  await refuseWithoutSpace(facts!.bytes, [draft, path.dirname(dataDir)])
  const tenants = await query<{ key: string; zone: string }>('select key, zone from nextmove.tenant order by id')
  await query(`select pg_backup_start('nextmove', true)`)
  let end: { to: string; label: string; at: Date } | undefined
  async function* everything(): AsyncGenerator<Entry> {
    yield* filesOf(dataDir)
    yield { name: 'global/pg_control' }
    const [stopped] = await query<{ to: string; label: string; at: Date }>(`select pg_walfile_name(lsn - 1::numeric) as to, labelfile as label, clock_timestamp() as at from pg_backup_stop(true)`)
    end = stopped!
    yield { name: 'backup_label', text: end.label }
  }
  const sums = await stored(Readable.from(packed(dataDir, everything())), path.join(draft, BASE))
  const from = /\(file ([0-9A-F]{24})\)/.exec(end!.label)![1]!
  return { format: 1, at: end!.at.toISOString(), postgres: facts!.postgres, from, to: end!.to, segmentBytes: facts!.segmentBytes, tenants, ...sums }
}

async function stored(from: Readable, to: string): Promise<{ bytes: number; packedBytes: number; sha256: string }> {
  const hash = createHash('sha256')
  let [bytes, packedBytes] = [0, 0]
  const counted = new Transform({ transform: (chunk: Buffer, _, done) => { bytes += chunk.length; done(null, chunk) } })
  const hashed = new Transform({ transform: (chunk: Buffer, _, done) => { packedBytes += chunk.length; hash.update(chunk); done(null, chunk) } })
  await pipeline(from, counted, pack(), hashed, createWriteStream(to, { mode: 0o600, flush: true }))
  return { bytes, packedBytes, sha256: hash.digest('hex') }
}

/** What these hold is the running server's own, or is written anew by the recovery. */
const EMPTIED = new Set(['pg_wal', 'pg_replslot', 'pg_dynshmem', 'pg_notify', 'pg_serial', 'pg_snapshots', 'pg_stat_tmp', 'pg_subtrans'])
const LEFT_OUT = /^(postmaster\.(pid|opts)|backup_label(\.old)?|tablespace_map(\.old)?|nextmove\.branch(\..*)?|pg_internal\.init.*|pgsql_tmp.*|.*\.signal)$/

async function* filesOf(root: string, folder = ''): AsyncGenerator<Entry> {
  for (const each of await readdir(path.join(root, folder), { withFileTypes: true })) {
    const name = path.posix.join(folder, each.name)
    if (LEFT_OUT.test(each.name) || name === 'global/pg_control') continue
    if (!each.isDirectory()) { if (each.isFile()) yield { name }; continue }
    yield { name, folder: true }
    if (!EMPTIED.has(name)) yield* filesOf(root, name)
  }
}

/** The bytes of a copy as they were written; throws at their end when they are others. */
export async function* bytesOf({ folder, head }: Copy): AsyncGenerator<Buffer> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path.join(folder, BASE)) as AsyncIterable<Buffer>) { hash.update(chunk); yield chunk }
  if (hash.digest('hex') !== head.sha256) throw new Error(`${folder}：备份与写下时不符 · the copy is not what was written`)
}
