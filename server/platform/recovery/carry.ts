import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { constants, createZstdCompress, createZstdDecompress, type ZstdCompress } from 'node:zlib'
import { asOwner, type OpenDatabase } from '#platform/db'
import { isOfLog, isSegment } from './segments.ts'

/** Where the copies of one branch and its log lie: `<home>/copies/<moment>/`, `<home>/wal/<segment>.zst`. */
export const walOf = (home: string): string => path.join(home, 'wal')
export const PACKED = '.zst'

/** Mostly empty segments shrink to a few kilobytes; the level is for those of a busy hour. */
export const pack = (): ZstdCompress => createZstdCompress({ params: { [constants.ZSTD_c_compressionLevel]: 1 } })

/**
 * What PostgreSQL has laid into the spool goes to the backups, packed and synced, and leaves the spool then; answers how many pieces. Two may do
 * it at once. Throws when a different piece of that name is there: it stays in the spool.
 */
export async function carry(spool: string, home: string): Promise<number> {
  const names = (await namesIn(spool)).filter(isOfLog).sort()
  if (names.length > 0) await mkdir(walOf(home), { recursive: true, mode: 0o700 })
  for (const name of names) await carryOne(path.join(spool, name), path.join(walOf(home), `${name}${PACKED}`))
  return names.length
}

async function carryOne(from: string, to: string): Promise<void> {
  if (await stat(to).catch(() => null)) {
    if (!(await same(from, to))) throw new Error(`${path.basename(to)}：备份目录里已有内容不同的同名日志 · a different piece of that name is with the backups`)
  } else {
    const found = await stat(from).catch(() => null)
    if (!found) return
    await kept(createReadStream(from), to)
  }
  await rm(from, { force: true })
}

/** Packed into its place, whole or not at all, and on the disk when this answers. */
async function kept(from: Readable, to: string): Promise<void> {
  const draft = `${to}.${process.pid}.part`
  await pipeline(from, pack(), createWriteStream(draft, { mode: 0o600, flush: true }))
  await rename(draft, to)
  await synced(path.dirname(to))
}

async function synced(folder: string): Promise<void> {
  const handle = await open(folder)
  // Some network file systems cannot.
  await handle.sync().catch(() => {})
  await handle.close()
}

async function same(plain: string, packed: string): Promise<boolean> {
  const expected = createReadStream(packed).pipe(createZstdDecompress())
  const [a, b] = [createReadStream(plain)[Symbol.asyncIterator]() as AsyncIterator<Buffer>, expected[Symbol.asyncIterator]() as AsyncIterator<Buffer>]
  let [left, right]: [Buffer, Buffer] = [Buffer.alloc(0), Buffer.alloc(0)]
  for (;;) {
    if (left.length === 0) { const { value, done } = await a.next(); if (done) return right.length === 0 && Boolean((await b.next()).done); left = value }
    if (right.length === 0) { const { value, done } = await b.next(); if (done) return false; right = value }
    const n = Math.min(left.length, right.length)
    if (!left.subarray(0, n).equals(right.subarray(0, n))) return false
    ;[left, right] = [left.subarray(n), right.subarray(n)]
  }
}

const PATIENCE_MS = 30_000

/** Everything that was committed until now lies with the backups when this answers; throws when PostgreSQL does not hand it over in half a minute. */
export async function carryAll(db: OpenDatabase, { spool, home }: { spool: string; home: string }): Promise<void> {
  const last = await asOwner(db, async (query) => (await query<{ segment: string }>('select pg_walfile_name(pg_switch_wal() - 1::numeric) as segment'))[0]!.segment)
  for (const until = Date.now() + PATIENCE_MS; ; await new Promise((resolve) => { setTimeout(resolve, 50) })) {
    await carry(spool, home)
    if ((await carriedOf(home)).includes(last)) return
    if (Date.now() > until) throw new Error(`${last}：数据库没有交出这段日志，见数据库日志 · PostgreSQL did not hand over that piece of its log; see its own log`)
  }
}

/** The segments that lie with the backups, oldest first. */
export async function carriedOf(home: string): Promise<string[]> {
  return (await namesIn(walOf(home))).filter((name) => name.endsWith(PACKED)).map((name) => name.slice(0, -PACKED.length)).filter(isSegment).sort()
}

export const namesIn = (folder: string): Promise<string[]> => readdir(folder).catch((error: NodeJS.ErrnoException) => { if (error.code === 'ENOENT') return []; throw error })
