import { createReadStream, createWriteStream } from 'node:fs'
import { chmod, chown, copyFile, mkdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createZstdDecompress } from 'node:zlib'
import { type Embedded, openDatabase, type OpenDatabase, startEmbedded, StartRefused } from '#platform/db'
import { namesIn, PACKED, walOf } from './carry.ts'
import { bytesOf, type Copy } from './copy.ts'
import { isSegment, next } from './segments.ts'
import { unpack } from './tar.ts'

/** How far to go: to a moment, to the first point at which everything fits (for a proof), to the end of the log. */
export type Until = Date | 'consistent' | 'end'
export interface Recovered { server: Embedded; db: OpenDatabase; /** The last commit that is there; null: none since the copy. */ last: Date | null; /** The log reached the moment; false: it ends before. */ reached: boolean; /** So many pieces of the log were laid for it. */ pieces: number }
export interface Way { copy: Copy; home: string; /** Folders with pieces of the log that have not been carried yet: a spool, the `pg_wal` of the cluster itself. */ more?: readonly string[]; /** The cluster's folder; must not exist. */ to: string }

/**
 * Lays a copy and as much of its log as the moment needs into a new folder and lets PostgreSQL go there; it runs when this answers, and keeps no
 * log of its own yet. Throws when the copy was damaged or the log misses a piece that the copy needs.
 */
export async function recover(way: Way, until: Until): Promise<Recovered> {
  const log = await lay(way, until)
  for (let more = 2; ; more *= 2) {
    try {
      return await opened(await startEmbedded({ dataDir: way.to, settings: settingsOf(until) }), true, log.laid)
    } catch (error) {
      if (!(until instanceof Date) || !(error instanceof StartRefused) || !/before configured recovery target was reached/.test(error.message)) throw error
      // Pieces that came late to the backups look younger than they are: then some more.
      if (log.rest.length > 0) { await layNext(log, more); continue }
      // Nothing was committed after the moment, or the log ends before it: everything that is there.
      return opened(await startEmbedded({ dataDir: way.to, settings: settingsOf('end') }), false, log.laid)
    }
  }
}

async function opened(server: Embedded, reached: boolean, pieces: number): Promise<Recovered> {
  const { host, port, user, database } = server
  const db = openDatabase({ host, port, user, database, max: 4 })
  const { rows } = await db.pool.query<{ last: Date | null }>('select pg_last_xact_replay_timestamp() as last')
  return { server, db, last: rows[0]!.last, reached, pieces }
}

/** The log lies where PostgreSQL looks when its command finds nothing: no shell has to understand a path. */
const settingsOf = (until: Until): Record<string, string> => ({
  restore_command: 'false', hot_standby: 'off', recovery_target_timeline: 'current', recovery_target_action: 'promote',
  ...(until instanceof Date ? { recovery_target_time: until.toISOString().replace('T', ' ').replace('Z', '+00') } : until === 'consistent' ? { recovery_target: 'immediate' } : {}),
})

/** The log that is to be laid into `to`, piece after piece. */
interface Laying { to: string; laid: number; rest: Piece[] }
interface Piece { name: string; file: string; packed: boolean }

async function lay({ copy, home, more = [], to }: Way, until: Until): Promise<Laying> {
  if (await stat(to).catch(() => null)) throw new Error(`${to} 已经存在 · is there already`)
  const draft = `${to}.laying`
  await rm(draft, { recursive: true, force: true })
  await mkdir(draft, { recursive: true, mode: 0o700 })
  const pieces = await piecesOf(copy, [{ folder: walOf(home), packed: true }, ...more.map((folder) => ({ folder, packed: false }))])
  await pipeline(Readable.from(bytesOf(copy)), createZstdDecompress(), (plain: AsyncIterable<Buffer>) => unpack(plain, draft))
  const log: Laying = { to: draft, laid: 0, rest: pieces }
  await layNext(log, await needed(pieces, copy, until))
  await writeFile(path.join(draft, 'recovery.signal'), '', { mode: 0o600 })
  await rename(draft, to)
  return { ...log, to }
}

/** Segment after segment as long as somebody has the next. */
async function piecesOf({ head }: Copy, sources: readonly { folder: string; packed: boolean }[]): Promise<Piece[]> {
  const places = new Map<string, Piece>()
  for (const { folder, packed } of sources.toReversed()) for (const name of await namesIn(folder)) {
    const segment = packed ? name.slice(0, -PACKED.length) : name
    if (isSegment(segment) && (!packed || name.endsWith(PACKED))) places.set(segment, { name: segment, file: path.join(folder, name), packed })
  }
  const found: Piece[] = []
  for (let name = head.from; places.has(name); name = next(name, head.segmentBytes)) found.push(places.get(name)!)
  const last = found.at(-1)?.name ?? ''
  if (last < head.to) throw new Error(`缺少日志 ${last === '' ? head.from : next(last, head.segmentBytes)} · that piece of the log is missing`)
  return found
}

/** What the copy itself needs; for a moment, on to the first piece that was finished after it. */
async function needed(pieces: readonly Piece[], { head }: Copy, until: Until): Promise<number> {
  if (until === 'end') return pieces.length
  const own = pieces.findIndex(({ name }) => name === head.to) + 1
  if (until === 'consistent') return own
  for (const [at, { file }] of pieces.entries()) if (at >= own - 1 && (await stat(file)).mtime > until) return at + 1
  return pieces.length
}

/** Whoever owns the folder by now reads it: PostgreSQL does not run as the administrator of the machine. */
async function layNext(log: Laying, n: number): Promise<void> {
  const { uid, gid } = await stat(log.to)
  for (const { name, file, packed } of log.rest.splice(0, n)) {
    const target = path.join(log.to, 'pg_wal', name)
    if (packed) await pipeline(createReadStream(file), createZstdDecompress(), createWriteStream(target, { mode: 0o600 }))
    else { await copyFile(file, target); await chmod(target, 0o600) }
    await chown(target, uid, gid)
    log.laid++
  }
}
