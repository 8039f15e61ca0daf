import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import type { Account, Place } from './place.ts'
import { StartRefused } from './refusal.ts'

export const SUPERUSER = 'postgres'

/** Makes the cluster if there is none, else checks that these binaries and this account can serve it. */
export function prepareCluster(place: Place, initdbArgs: string[]): void {
  if (!fs.existsSync(path.join(place.dataDir, 'PG_VERSION'))) return initdb(place, initdbArgs)
  checkVersion(place)
  giveTo(place.account, place.dataDir)
}

/** initdb works in `<dataDir>.init`, which is renamed when whole: one that was interrupted never counts. */
function initdb({ dataDir, binaries, account }: Place, initdbArgs: string[]): void {
  refuseStrangersFiles(dataDir)
  const draft = `${dataDir}.init`
  fs.rmSync(draft, { recursive: true, force: true })
  fs.mkdirSync(draft, { mode: 0o700 })
  if (account) fs.chownSync(draft, account.uid, account.gid)
  const made = spawnSync(path.join(binaries, 'bin/initdb'), ['-D', draft, ...INITDB_ARGS, ...initdbArgs], {
    ...account,
    cwd: '/',
    env: cleanEnvironment(),
    encoding: 'utf8',
  })
  if (made.status !== 0) throw failed(dataDir, made.stderr || String(made.error ?? made.stdout))
  fs.renameSync(draft, dataDir)
}

// pg_trgm reads LC_CTYPE and not the locale provider: without it Chinese text has no trigrams.
// macOS has no C.UTF-8.
const INITDB_ARGS = [
  ...['-U', SUPERUSER, '-E', 'UTF8', '--auth-local=trust', '--auth-host=scram-sha-256', '--data-checksums'],
  ...['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C'],
  `--lc-ctype=${process.platform === 'darwin' ? 'en_US.UTF-8' : 'C.UTF-8'}`,
  '--no-instructions',
]

function refuseStrangersFiles(dataDir: string): void {
  if (!fs.existsSync(dataDir) || fs.readdirSync(dataDir).length === 0) return
  throw new StartRefused(
    'data-unusable',
    `${dataDir} 不是数据库目录，但里面已有文件。请换一个空目录，或先移走这些文件。`,
    `${dataDir} holds files but no database. Choose an empty folder, or move those files away first.`,
  )
}

function checkVersion({ dataDir, binaries }: Place): void {
  const ours = spawnSync(path.join(binaries, 'bin/postgres'), ['--version'], { encoding: 'utf8' }).stdout ?? ''
  const major = /(\d+)\./.exec(ours)?.[1]
  const found = fs.readFileSync(path.join(dataDir, 'PG_VERSION'), 'utf8').trim()
  if (!major || found === major) return
  throw new StartRefused(
    'data-unusable',
    `${dataDir} 由 PostgreSQL ${found} 创建，而内置版本是 ${major}。请用原版本导出租户归档，再导入新库。`,
    `${dataDir} was made by PostgreSQL ${found}; the built-in one is ${major}. Export tenant archives with the old version and import them.`,
  )
}

// A clone copied by root has lost its owner, and PostgreSQL starts only on files of its own account.
function giveTo(account: Account | null, dataDir: string): void {
  if (!account || fs.statSync(dataDir).uid === account.uid) return
  spawnSync('chown', ['-R', `${account.uid}:${account.gid}`, dataDir])
  fs.chmodSync(dataDir, 0o700)
}

/** Our environment without PG* settings and without a locale: messages are English, times are UTC. */
export function cleanEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([key]) => !/^(PG|LC_|LANG)/.test(key))
  return { ...Object.fromEntries(kept), LC_MESSAGES: 'C', TZ: 'UTC' }
}

export function failed(dataDir: string, reason: string): StartRefused {
  const end = reason.trim().split('\n').slice(-5).join('\n')
  return new StartRefused(
    'postgres-failed',
    `内置 PostgreSQL 无法在 ${dataDir} 启动，日志见 ${dataDir}.log。`,
    `The built-in PostgreSQL did not start on ${dataDir}; its log is ${dataDir}.log. It said:\n${end}`,
  )
}
