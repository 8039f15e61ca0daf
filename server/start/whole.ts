import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs'
import path from 'node:path'
import type { OpenDatabase } from '#platform/db'
import { carry, copies, type Copy, type Facts, factsOf, forget, type Kept, makeCopy, mirror, prove, prune, type Seen, shed } from '#platform/recovery'
import type { Log } from '#platform/telemetry'
import { isDue } from './backups.ts'
import type { Options } from './options.ts'

/** So many copies of the whole database stay, and the log from the oldest on: to any moment of these days the house can go back. */
export const WHOLE_KEPT = 7
const BEAT_MS = 20_000
const AGAIN_MS = 3_600_000

export const homeOf = ({ backupDir }: Pick<Options, 'backupDir'>, branch: string): string => path.join(backupDir, 'whole', branch)
/** Attachments of all companies, beside the copies. */
export const filesOf = (home: string): string => path.join(home, 'files')
/** Who was erased, how far the logs went, and the public keys: without them a way back would forget what was promised since. No secret lies there. */
export const sealOf = (home: string): string => path.join(home, 'seal')
const TOLD = /\.(erasures\.jsonl|anchors\.jsonl|head\.json|pub)$/

function bringSeal(places: readonly string[], to: string): void {
  mkdirSync(to, { recursive: true, mode: 0o700 })
  for (const place of places) for (const name of existsSync(place) ? readdirSync(place) : []) {
    const [from, there] = [statSync(path.join(place, name)), statSync(path.join(to, name), { throwIfNoEntry: false })]
    if (TOLD.test(name) && (there?.mtimeMs !== from.mtimeMs || there.size !== from.size)) cpSync(path.join(place, name), path.join(to, name), { preserveTimestamps: true })
  }
}

/** A copy of the whole database, proved by bringing it to life; what is no longer needed goes. */
export async function copyWhole(db: OpenDatabase, kept: Kept, filesDir: string): Promise<{ copy: Copy; rows: number }> {
  const copy = await makeCopy(db, kept)
  try {
    const rows = await prove(kept, copy)
    await mirror(filesDir, filesOf(kept.home))
    await prune(kept.home, WHOLE_KEPT)
    await forget(filesDir, filesOf(kept.home), WHOLE_KEPT + 1)
    return { copy, rows }
  } catch (error) {
    rmSync(copy.folder, { recursive: true, force: true })
    throw error
  }
}

export type WholePlaces = Pick<Options, 'filesDir' | 'sealDir' | 'anchorDir'>
export interface Whole {
  facts(): Promise<Facts>
  newest(): Promise<Date | null>
  making(): boolean
  /** One more now, unless one is being made. */
  make(): Promise<void>
  /** Makes one where it is time, or where the log has a gap. */
  look(): Promise<void>
  stop(): Promise<void>
}

/** What is committed is with the backups five minutes later at most, and the whole database once a night. */
export function keepWhole(db: OpenDatabase, { kept, places: { filesDir, sealDir, anchorDir }, log }: { kept: Kept; places: WholePlaces; log: Log }): Whole {
  const seen: Seen = new Map()
  let [copying, beating, trouble, tried]: [Promise<void> | null, Promise<void> | null, string, number] = [null, null, '', 0]
  const beat = async (): Promise<void> => {
    try {
      await carry(kept.spool, kept.home)
      if (existsSync(filesDir)) await mirror(filesDir, filesOf(kept.home), seen)
      bringSeal([sealDir, anchorDir], sealOf(kept.home))
      trouble = ''
    } catch (err) {
      if (trouble !== (trouble = String(err))) log.error({ err }, '日志归档失败，稍后再试 · the log could not be carried to the backups and is tried again')
      if (await shed(kept.spool)) log.error('等待归档的日志太多，已丢弃以免占满磁盘；下一份整库备份之前不能恢复到任意时刻 · the log that waited was thrown away to spare the disk')
    }
  }
  const make = (): Promise<void> => (copying ??= copyWhole(db, kept, filesDir).then(() => {}, (err: unknown) => log.error({ err }, '整库备份失败 · the copy of the whole database failed')).finally(() => { copying = null }))
  const newest = async (): Promise<Date | null> => { const [first] = await copies(kept.home); return first ? new Date(first.head.at) : null }
  const beats = setInterval(() => { beating ??= beat().finally(() => { beating = null }) }, BEAT_MS).unref()
  return {
    facts: () => factsOf(db, kept), newest, making: () => copying !== null, make,
    look: async () => {
      const [{ state }, last, tenants] = [await factsOf(db, kept), await newest(), await db.tenants()]
      const broken = state === 'gap' && Date.now() - tried > AGAIN_MS
      if (!tenants[0] || !(broken || isDue(last, tenants[0].zone))) return
      tried = Date.now()
      await make()
    },
    stop: async () => { clearInterval(beats); await beating; await copying },
  }
}
