import { type ChildProcess, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { cleanEnvironment, failed } from './cluster.ts'
import type { Account, Place } from './place.ts'
import { isReady, pidFile, type Postmaster, postmasterOf, sleep } from './postmaster.ts'

export const PRODUCTION_SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: '',
  max_connections: '100',
  shared_buffers: '256MB',
  max_wal_size: '2GB',
  wal_compression: 'pglz',
  // A new company's tables grow a thousandfold in a minute: what was planned for an empty table is planned anew soon after.
  autovacuum_naptime: '5s',
  // Analysing a wide table sorts a sample for each column and each pair of characters that is searched: of nine thousand rows, not thirty, while forms wait beside.
  default_statistics_target: '30',
  // Disks without heads.
  random_page_cost: '1.1',
  fsync: 'on',
  full_page_writes: 'on',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_line_prefix: '%m [%p] %d ',
}

export interface Running {
  postmaster: Postmaster
  /** Null when PostgreSQL was already running. */
  child: ChildProcess | null
}

export interface LaunchOptions {
  settings?: Record<string, string>
  socketDir?: string
}

const PORT = 5432

/** Starts PostgreSQL as our child and waits until it answers; throws StartRefused `postgres-failed`. */
export async function launch(place: Place, options: LaunchOptions): Promise<Running> {
  const log = rolledLog(place.dataDir)
  const socketDir = options.socketDir ?? ownSocketDir(place)
  for (let attempt = 1; ; attempt++) {
    fs.rmSync(pidFile(place.dataDir), { force: true })
    const from = fs.statSync(log).size
    const child = spawnPostgres(place, socketDir, options.settings ?? {}, log)
    const postmaster = await readyOrDead(place.dataDir, child)
    if (postmaster) return { postmaster, child }
    const reason = fs.readFileSync(log).subarray(from).toString()
    // Backends of a killed server need a moment to notice.
    if (!reason.includes('pre-existing shared memory block') || attempt === 40) throw failed(place.dataDir, reason)
    await sleep(250)
  }
}

function spawnPostgres(place: Place, socketDir: string, settings: Record<string, string>, log: string): ChildProcess {
  const { binaries, dataDir, account } = place
  const chosen = Object.entries({ ...PRODUCTION_SETTINGS, ...settings }).flatMap(([k, v]) => ['-c', `${k}=${v}`])
  const command = [path.join(binaries, 'bin/postgres'), '-D', dataDir, '-k', socketDir, '-p', String(PORT), ...chosen]
  const out = fs.openSync(log, 'a')
  // Detached: Ctrl-C reaches the owner only, which then stops PostgreSQL in order.
  const how = { cwd: '/', env: cleanEnvironment(), stdio: ['ignore', out, out] as ['ignore', number, number], detached: true }
  const setpriv = setprivPath()
  const child = setpriv
    ? spawn(setpriv, ['--pdeathsig=INT', ...identity(account), ...command], how)
    : spawn(command[0]!, command.slice(1), { ...how, ...account })
  child.on('error', () => {})
  fs.closeSync(out)
  return child
}

const setprivPath = () =>
  process.platform === 'linux' ? ['/usr/bin/setpriv', '/bin/setpriv'].find((file) => fs.existsSync(file)) : undefined

const identity = (account: Account | null) =>
  account ? [`--reuid=${account.uid}`, `--regid=${account.gid}`, '--clear-groups'] : []

// Recovery after a crash may take minutes: as long as PostgreSQL lives, it is waited for.
async function readyOrDead(dataDir: string, child: ChildProcess): Promise<Postmaster | null> {
  for (;;) {
    const postmaster = postmasterOf(dataDir)
    if (postmaster && (await isReady(postmaster))) return postmaster
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return null
    await sleep(20)
  }
}

const LOG_LIMIT = 20 * 1024 * 1024

function rolledLog(dataDir: string): string {
  const log = `${dataDir}.log`
  const size = fs.statSync(log, { throwIfNoEntry: false })?.size ?? 0
  if (size > LOG_LIMIT) fs.renameSync(log, `${log}.1`)
  fs.closeSync(fs.openSync(log, 'a'))
  return log
}

/**
 * A folder of our own in the temporary directory; PostgreSQL trusts whoever can open the socket in it, so one that
 * somebody else made under the expected name is left alone and a fresh name is taken.
 */
function ownSocketDir({ dataDir, account }: Place): string {
  const base = os.tmpdir().length < 60 ? os.tmpdir() : '/tmp'
  const usual = path.join(base, `nextmove-${createHash('sha256').update(dataDir).digest('hex').slice(0, 10)}`)
  const uid = account?.uid ?? process.getuid?.()
  if (makeSocketDir(usual, account) || belongsTo(usual, uid)) return usual
  const fresh = fs.mkdtempSync(`${usual}-`)
  if (account) fs.chownSync(fresh, account.uid, account.gid)
  return fresh
}

function makeSocketDir(folder: string, account: Account | null): boolean {
  try {
    fs.mkdirSync(folder, { mode: 0o700 })
  } catch {
    return false
  }
  if (account) fs.chownSync(folder, account.uid, account.gid)
  return true
}

function belongsTo(folder: string, uid: number | undefined): boolean {
  const found = fs.lstatSync(folder)
  return found.isDirectory() && found.uid === uid && (found.mode & 0o077) === 0
}
