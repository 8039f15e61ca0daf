import fs from 'node:fs'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { StartRefused } from './refusal.ts'

/** Who runs on a data folder; `url` is null until the HTTP server listens, `since` is ISO 8601 in UTC. */
export interface Owner {
  pid: number
  url: string | null
  since: string
}

export interface Ownership {
  announce(url: string): void
  release(): void
}

/**
 * Makes this process the only owner of the cluster at `dataDir`, or throws StartRefused `already-running` naming
 * the owner's pid and address. The lock is the operating system's file lock on `<dataDir>.lock` (taken through
 * SQLite, which Node has built in): it ends with the process, so that a killed owner leaves nothing to clean up.
 */
export function own(dataDir: string): Ownership {
  const lock = lockFile(`${dataDir}.lock`) ?? refuse(dataDir)
  const owner: Owner = { pid: process.pid, url: null, since: new Date().toISOString() }
  write(dataDir, owner)
  return {
    announce: (url) => write(dataDir, { ...owner, url }),
    release: () => {
      if (!lock.isOpen) return
      fs.rmSync(ownerFile(dataDir), { force: true })
      lock.close()
    },
  }
}

function lockFile(file: string): DatabaseSync | null {
  const lock = openForLocking(file)
  try {
    lock.exec('pragma journal_mode = memory; begin exclusive')
    return lock
  } catch (error) {
    lock.close()
    if ((error as { errcode?: number }).errcode === SQLITE_BUSY) return null
    throw unusable(file, error)
  }
}

const SQLITE_BUSY = 5

function openForLocking(file: string): DatabaseSync {
  try {
    return new DatabaseSync(file, { timeout: 0 })
  } catch (error) {
    throw unusable(file, error)
  }
}

const unusable = (file: string, error: unknown) =>
  new StartRefused(
    'data-unusable',
    `无法锁定数据目录（${file}）：${String(error)}。请检查该目录的属主与写权限。`,
    `Cannot lock the data folder (${file}): ${String(error)}. Check its owner and write permission.`,
  )

function refuse(dataDir: string): never {
  const { pid, url } = ownerOf(dataDir) ?? { pid: '?', url: null }
  throw new StartRefused(
    'already-running',
    `下一步已在运行（进程 ${pid}${url ? `，地址 ${url}` : '，正在启动'}），数据目录 ${dataDir}。同一份数据只能启动一个实例：请直接打开上述地址，或先停止该进程。`,
    `Nextmove is already running (process ${pid}${url ? ` at ${url}` : ', starting'}) on ${dataDir}. One instance per data folder: open that address, or stop that process first.`,
  )
}

/** The last announced owner, alive or not; null when there is none or it stopped in good order. */
export function ownerOf(dataDir: string): Owner | null {
  try {
    return JSON.parse(fs.readFileSync(ownerFile(dataDir), 'utf8')) as Owner
  } catch {
    return null
  }
}

function write(dataDir: string, owner: Owner): void {
  const draft = `${ownerFile(dataDir)}.${process.pid}`
  fs.writeFileSync(draft, JSON.stringify(owner))
  fs.renameSync(draft, ownerFile(dataDir))
}

// bin/start.mjs reads this file before it builds anything.
const ownerFile = (dataDir: string) => path.resolve(`${dataDir}.owner.json`)
