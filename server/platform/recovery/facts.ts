import { existsSync } from 'node:fs'
import { rm, stat, statfs } from 'node:fs/promises'
import path from 'node:path'
import { asOwner, type OpenDatabase } from '#platform/db'
import { carriedOf, namesIn, PACKED, walOf } from './carry.ts'
import { copies, type Kept } from './copy.ts'
import { isOfLog, isSegment, unbroken } from './segments.ts'
import { LEAST_FREE } from './space.ts'

export interface Facts {
  /** Newest copy first. */
  copies: { at: Date; bytes: number }[]
  /** When the newest piece of the log came to lie with the backups. */
  logAt: Date | null
  bytes: number
  /** Whether whatever is committed can be brought back from five minutes later on; else why not. */
  state: 'kept' | 'no copy' | 'off' | 'stuck' | 'gap'
  /** The backups lie on the disk of the data: they go with it. */
  sameDisk: boolean
}

/** Carried every twenty seconds: what has waited so long is not on its way. */
const STUCK_MS = 600_000

export async function factsOf(db: OpenDatabase, { dataDir, spool, home }: Kept): Promise<Facts> {
  const all = await copies(home)
  const names = await carriedOf(home)
  const [server] = await asOwner(db, (query) => query<{ keeps: boolean; failing: boolean }>(`select current_setting('archive_mode') = 'on' as keeps, coalesce(last_failed_time > coalesce(last_archived_time, '-infinity') and last_failed_time < clock_timestamp() - interval '1 minute', false) as failing from pg_stat_archiver`))
  const chain = all[0] ? unbroken(names, all[0].head.from, all[0].head.segmentBytes) : []
  const last = names.at(-1)
  const gap = all[0] !== undefined && chain.at(-1) !== last
  const logFiles = await Promise.all(names.map((name) => stat(path.join(walOf(home), `${name}${PACKED}`)).catch(() => null)))
  return {
    copies: all.map(({ head }) => ({ at: new Date(head.at), bytes: head.packedBytes })),
    logAt: logFiles.at(-1)?.mtime ?? null,
    bytes: all.reduce((sum, { head }) => sum + head.packedBytes, 0) + logFiles.reduce((sum, file) => sum + (file?.size ?? 0), 0),
    state: !server!.keeps ? 'off' : server!.failing || (await oldestWaiting(spool)) > STUCK_MS ? 'stuck' : all.length === 0 ? 'no copy' : gap ? 'gap' : 'kept',
    sameDisk: await onOneDisk(dataDir, home),
  }
}

async function oldestWaiting(spool: string): Promise<number> {
  const found = await Promise.all((await namesIn(spool)).filter(isOfLog).map((name) => stat(path.join(spool, name)).catch(() => null)))
  return Math.max(0, ...found.map((file) => (file ? Date.now() - file.mtimeMs : 0)))
}

async function onOneDisk(dataDir: string, home: string): Promise<boolean> {
  const standing = (folder: string): string => (existsSync(folder) || path.dirname(folder) === folder ? folder : standing(path.dirname(folder)))
  const [a, b] = await Promise.all([dataDir, standing(home)].map((folder) => stat(folder)))
  return a!.dev === b!.dev
}

/** More than this must not wait for backups that cannot be reached, nor so little be left on the disk: the product goes on without them. */
const MOST_BYTES = 4 * 2 ** 30

/** Throws away what waits rather than fill the disk of the data; the log has a gap then, which only a new copy mends. Answers whether it did. */
export async function shed(spool: string, { most = MOST_BYTES, free = LEAST_FREE } = {}): Promise<boolean> {
  const names = (await namesIn(spool)).filter(isSegment)
  if (names.length === 0) return false
  const sizes = await Promise.all(names.map((name) => stat(path.join(spool, name)).then(({ size }) => size, () => 0)))
  const disk = await statfs(spool)
  if (sizes.reduce((a, b) => a + b, 0) <= most && disk.bavail * disk.bsize >= free) return false
  for (const name of names) await rm(path.join(spool, name), { force: true })
  return true
}
