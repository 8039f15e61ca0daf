import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import type { Place } from './place.ts'

/** PostgreSQL's own module: no shell, synced to the disk, refuses to overwrite a different file. */
const MODULE = 'basic_archive'
/** With the server's look every twenty seconds no finished work is older than five minutes when it lies with the backups. */
const SWITCH_SECONDS = 240

/** Where PostgreSQL lays each piece of its log (WAL) that it has finished with, until it is carried to the backups. */
export const spoolOf = (dataDir: string): string => `${dataDir}.wal`

/** Names the life of a cluster: a restored one goes on as another, so that its log and the one it left never mix. Null: its log is not kept. */
export function branchOf(dataDir: string): string | null {
  try {
    return fs.readFileSync(branchFile(dataDir), 'utf8').trim()
  } catch {
    return null
  }
}

export const branchFile = (dataDir: string): string => path.join(dataDir, 'nextmove.branch')

/** From now on the log of this cluster is kept (`wanted`), or it goes on as it was decided once; the settings with which it starts. */
export function keepingLog({ dataDir, binaries, account }: Place, wanted: boolean): Record<string, string> {
  if (!hasModule(binaries)) return {}
  if (wanted && !branchOf(dataDir)) begin(dataDir)
  if (!branchOf(dataDir)) return {}
  const spool = spoolOf(dataDir)
  fs.mkdirSync(spool, { recursive: true, mode: 0o700 })
  if (account) fs.chownSync(spool, account.uid, account.gid)
  return { archive_mode: 'on', archive_library: MODULE, [`${MODULE}.archive_directory`]: spool, archive_timeout: String(SWITCH_SECONDS) }
}

const hasModule = (binaries: string): boolean =>
  ['so', 'dylib'].some((ending) => fs.existsSync(path.join(binaries, 'lib/postgresql', `${MODULE}.${ending}`)))

function begin(dataDir: string): void {
  const draft = `${branchFile(dataDir)}.${process.pid}`
  fs.writeFileSync(draft, `${new Date().toISOString().slice(0, 10).replaceAll('-', '')}-${randomBytes(4).toString('hex')}\n`)
  fs.renameSync(draft, branchFile(dataDir))
}
