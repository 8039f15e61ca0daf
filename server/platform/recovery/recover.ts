import { createReadStream, createWriteStream } from 'node:fs'
import { chmod, copyFile, mkdir, rename, rm, stat, writeFile } from 'node:fs/promises'
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
export interface Recovered { server: Embedded; db: OpenDatabase; /** The last commit that is there; null: none since the copy. */ last: Date | null; /** The log reached the moment; false: it ends before. */ reached: boolean }
export interface Way { copy: Copy; home: string; /** Folders with pieces of the log that have not been carried yet: a spool, the `pg_wal` of the cluster itself. */ more?: readonly string[]; /** The cluster's folder; must not exist. */ to: string }

/**
 * Lays a copy and its log into a new folder and lets PostgreSQL go to the moment; it runs when this answers, and keeps no log of its own yet.
 * Throws when the copy was damaged or the log misses a piece that the copy needs.
 */
export async function recover(way: Way, until: Until): Promise<Recovered> {
  await lay(way)
  try {
    return await opened(await startEmbedded({ dataDir: way.to, settings: settingsOf(until) }), true)
  } catch (error) {
    if (!(until instanceof Date) || !(error instanceof StartRefused) || !/before configured recovery target was reached/.test(error.message)) throw error
    // Nothing was committed after the moment, or the log ends before it: everything that is there.
    return opened(await startEmbedded({ dataDir: way.to, settings: settingsOf('end') }), false)
  }
}

async function opened(server: Embedded, reached: boolean): Promise<Recovered> {
  const { host, port, user, database } = server
  const db = openDatabase({ host, port, user, database, max: 4 })
  const { rows } = await db.pool.query<{ last: Date | null }>('select pg_last_xact_replay_timestamp() as last')
  return { server, db, last: rows[0]!.last, reached }
}

/** The log lies where PostgreSQL looks when its command finds nothing: no shell has to understand a path. */
const settingsOf = (until: Until): Record<string, string> => ({
  restore_command: 'false', hot_standby: 'off', recovery_target_timeline: 'current', recovery_target_action: 'promote',
  ...(until instanceof Date ? { recovery_target_time: until.toISOString().replace('T', ' ').replace('Z', '+00') } : until === 'consistent' ? { recovery_target: 'immediate' } : {}),
})

async function lay({ copy, home, more = [], to }: Way): Promise<void> {
  if (await stat(to).catch(() => null)) throw new Error(`${to} 已经存在 · is there already`)
  const draft = `${to}.laying`
  await rm(draft, { recursive: true, force: true })
  await mkdir(draft, { recursive: true, mode: 0o700 })
  await pipeline(Readable.from(bytesOf(copy)), createZstdDecompress(), (plain: AsyncIterable<Buffer>) => unpack(plain, draft))
  await layLog(path.join(draft, 'pg_wal'), copy, [{ folder: walOf(home), packed: true }, ...more.map((folder) => ({ folder, packed: false }))])
  await writeFile(path.join(draft, 'recovery.signal'), '', { mode: 0o600 })
  await rename(draft, to)
}

/** Segment after segment as long as somebody has the next. */
async function layLog(to: string, { head }: Copy, sources: readonly { folder: string; packed: boolean }[]): Promise<void> {
  const places = new Map<string, { file: string; packed: boolean }>()
  for (const { folder, packed } of sources.toReversed()) for (const name of await namesIn(folder)) {
    const segment = packed ? name.slice(0, -PACKED.length) : name
    if (isSegment(segment) && (!packed || name.endsWith(PACKED))) places.set(segment, { file: path.join(folder, name), packed })
  }
  let last = ''
  for (let name = head.from; places.has(name); name = next(name, head.segmentBytes)) {
    const { file, packed } = places.get(name)!
    const target = path.join(to, name)
    if (packed) await pipeline(createReadStream(file), createZstdDecompress(), createWriteStream(target, { mode: 0o600 }))
    else { await copyFile(file, target); await chmod(target, 0o600) }
    last = name
  }
  if (last < head.to) throw new Error(`缺少日志 ${last === '' ? head.from : next(last, head.segmentBytes)} · that piece of the log is missing`)
}
