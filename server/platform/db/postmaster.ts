import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import net from 'node:net'
import path from 'node:path'

/** What a running PostgreSQL says of itself in `postmaster.pid`. */
export interface Postmaster {
  pid: number
  port: number
  socketDir: string
  status: 'starting' | 'ready' | 'stopping' | 'standby' | ''
}

/** The live PostgreSQL of exactly this data folder; null when there is none, whatever the pid file claims. */
export function postmasterOf(dataDir: string): Postmaster | null {
  const lines = readLines(pidFile(dataDir))
  const pid = Number(lines[0])
  if (!(pid > 0) || !servesFrom(pid, dataDir)) return null
  return {
    pid,
    port: Number(lines[3]),
    socketDir: lines[4] ?? '',
    status: (lines[7] ?? '').trim() as Postmaster['status'],
  }
}

export const pidFile = (dataDir: string) => path.join(dataDir, 'postmaster.pid')

/** True when that pid is alive and is a postgres whose data folder is `dataDir`, even if the folder was renamed. */
export function servesFrom(pid: number, dataDir: string): boolean {
  return process.platform === 'linux' ? servesFromByProc(pid, dataDir) : servesFromByPs(pid, dataDir)
}

// The postmaster's working directory is its data folder, and /proc follows renames; the arguments do not.
function servesFromByProc(pid: number, dataDir: string): boolean {
  const args = readText(`/proc/${pid}/cmdline`).split('\0')
  if (path.basename(args[0] ?? '') !== 'postgres') return false
  return args.includes(dataDir) || sameFolder(`/proc/${pid}/cwd`, dataDir)
}

function servesFromByPs(pid: number, dataDir: string): boolean {
  const { stdout } = spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' })
  return /\bpostgres\b/.test(stdout ?? '') && stdout.includes(dataDir)
}

export const isReady = async (postmaster: Postmaster): Promise<boolean> =>
  postmaster.status === 'ready' && (await answers(postmaster.socketDir, postmaster.port))

async function answers(host: string, port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const socket = net.connect(path.join(host, `.s.PGSQL.${port}`))
  socket.on('connect', () => resolve(true)).on('error', () => resolve(false))
  const answer = await promise
  socket.destroy()
  return answer
}

/** Resolves when the process no longer serves that folder, or with false after `patience` milliseconds. */
export async function gone(pid: number, dataDir: string, patience: number): Promise<boolean> {
  const deadline = Date.now() + patience
  while (servesFrom(pid, dataDir)) {
    if (Date.now() > deadline) return false
    await sleep(20)
  }
  return true
}

export const sleep = (ms: number) => new Promise<void>((wake) => setTimeout(wake, ms))

const readLines = (file: string) => readText(file).split('\n')

function readText(file: string): string {
  try {
    return fs.readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

function sameFolder(a: string, b: string): boolean {
  try {
    return fs.realpathSync(a) === fs.realpathSync(b)
  } catch {
    return false
  }
}
