import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import net from 'node:net'
import path from 'node:path'
import { keptLog, runningDatabase } from '#platform/db'
import { type Facts, factsOf } from '#platform/recovery'
import { LATE_MS, newestBackup } from '../start/backups.ts'
import { homeOf } from '../start/whole.ts'
import { type Command, type Desk, misuse } from './types.ts'

const ROOT = path.resolve(import.meta.dirname, '../..')

export const migrateCommand: Command = {
  usage: 'migrate', zh: '把数据库升级到当前版本（启动时会自动做）', en: 'bring the database up to this version (done at every start)',
  run: async (desk) => {
    const tenants = await (await desk.db()).tenants()
    desk.print(`数据库已是当前版本，共 ${tenants.length} 个租户 · up to date, ${tenants.length} tenant(s)`)
  },
}

export const bench: Command = {
  usage: 'bench [名称 …]', zh: '运行基准测试', en: 'run the benchmarks',
  run: (desk) => {
    const main = path.join(ROOT, 'bench/main.ts')
    if (!existsSync(main)) misuse('这个安装里没有 bench/', 'This installation has no bench/')
    return new Promise((resolve) => spawn(process.execPath, [main, ...desk.words], { stdio: 'inherit', cwd: ROOT }).on('exit', (code) => resolve(code ?? 1)))
  },
}

interface Finding { ok: boolean; zh: string; en: string }

export const doctor: Command = {
  usage: 'doctor', zh: '检查这个安装，说明缺什么、怎么办', en: 'examine this installation: what is missing and what to do',
  run: async (desk) => {
    const findings = [node(), web(), await database(desk), await port(desk), mail(desk), ...(await backups(desk))]
    for (const { ok, zh, en } of findings) desk.print(`${ok ? '✓' : '✗'} ${zh} · ${en}`)
    return findings.every(({ ok }) => ok) ? 0 : 1
  },
}

function node(): Finding {
  const ok = Number.parseInt(process.versions.node, 10) >= 24
  return { ok, zh: `Node ${process.versions.node}${ok ? '' : '，需要 24 或更高'}`, en: ok ? 'fine' : '24 or newer is needed' }
}

function web(): Finding {
  const ok = existsSync(path.join(ROOT, 'web/dist/index.html'))
  return { ok, zh: ok ? '网页已构建' : '网页尚未构建，npm start 会自动构建', en: ok ? 'the web is built' : 'the web is not built; npm start builds it' }
}

async function database(desk: Desk): Promise<Finding> {
  const { databaseUrl, dataDir } = desk.options
  const where = databaseUrl ? 'DATABASE_URL' : dataDir
  const fresh = !databaseUrl && !['postgres', 'postgres.location'].some((name) => existsSync(path.join(dataDir, name)))
  if (fresh) return { ok: true, zh: `还没有数据（${where}），首次启动时建立`, en: 'no data yet; made at the first start' }
  try {
    const running = !databaseUrl && (await runningDatabase(dataDir)) !== null
    const [row] = (await (await desk.db()).pool.query<{ version: string; size: string }>(`select current_setting('server_version') as version, pg_size_pretty(pg_database_size(current_database())) as size`)).rows
    return { ok: true, zh: `PostgreSQL ${row!.version}，${row!.size}（${where}${running ? '，正在运行' : ''}）`, en: running ? 'running' : 'can be started' }
  } catch (error) {
    return { ok: false, zh: `数据库不可用（${where}）：${error instanceof Error ? error.message : String(error)}`, en: 'the database is not available' }
  }
}

/** One line for every tenant whose nights are ours to keep. */
async function backups(desk: Desk): Promise<Finding[]> {
  const { databaseUrl, dataDir } = desk.options
  if (databaseUrl || !existsSync(dataDir)) return []
  const tenants = await (await desk.db()).tenants().catch(() => [])
  const each = tenants.filter(({ demo }) => !demo).map((tenant): Finding => {
    const newest = newestBackup(desk.options, tenant)
    const ok = newest !== null && Date.now() - newest.at.getTime() <= LATE_MS
    return { ok, zh: newest ? `最新备份 ${newest.at.toISOString()}（${tenant.key}）${ok ? '' : '，超过 26 小时：请运行 nextmove backup'}` : `还没有备份（${tenant.key}）：请运行 nextmove backup`, en: ok ? 'recent enough' : 'run nextmove backup' }
  })
  return each.length === 0 ? [] : [...each, await whole(desk)]
}

const SAID: Readonly<Record<Facts['state'], [zh: string, en: string]>> = {
  kept: ['日志在归档，最多丢 5 分钟', 'the log is kept: at most five minutes are lost'],
  'no copy': ['还没有整库备份，最多丢 24 小时：请运行 nextmove backup', 'no whole copy yet: run nextmove backup'],
  off: ['数据库日志没有归档，最多丢 24 小时：请重新启动一次', 'the log is not kept: start again'],
  stuck: ['日志归档停住了：请检查备份目录和磁盘空间', 'archiving has stopped: look at the backups’ folder and at disk space'],
  gap: ['归档的日志有缺口：请运行 nextmove backup', 'the log has a gap: run nextmove backup'],
}

/** The copies of the whole database, and its log. */
async function whole(desk: Desk): Promise<Finding> {
  const kept = keptLog(desk.options.dataDir)
  const { state, copies: [newest], sameDisk } = kept ? await factsOf(await desk.db(), { ...kept, home: homeOf(desk.options, kept.branch) }) : { state: 'off' as const, copies: [], sameDisk: false }
  const late = newest !== undefined && Date.now() - newest.at.getTime() > LATE_MS
  const [zh, en] = SAID[state]
  return { ok: state === 'kept' && !late, zh: `${newest ? `最新整库备份 ${newest.at.toISOString()}${late ? '，超过 26 小时' : ''}；` : ''}${zh}${sameDisk ? '；备份和数据在同一块磁盘上，请设 BACKUP_DIR' : ''}`, en: `${en}${sameDisk ? '; backups lie on the disk of the data' : ''}` }
}

async function port({ options: { host, port: wanted } }: Desk): Promise<Finding> {
  const state = await new Promise<'free' | 'ours' | 'taken'>((resolve) => {
    const socket = net.connect(wanted, host === '0.0.0.0' ? '127.0.0.1' : host)
    socket.once('error', () => resolve('free')).once('connect', () => {
      let answer = ''
      socket.on('data', (chunk) => { answer += chunk.toString() }).on('close', () => resolve(/x-request-id: [\s\S]*\{"ok":true\}/.test(answer) ? 'ours' : 'taken')).setTimeout(2_000, () => socket.destroy())
      socket.write('GET /healthz HTTP/1.0\r\n\r\n')
    })
  })
  const words = { free: ['空闲', 'free'], ours: ['下一步正在使用', 'serving Nextmove'], taken: ['被其他程序占用，请换 PORT', 'taken by another program; choose another PORT'] }[state]
  return { ok: state !== 'taken', zh: `端口 ${wanted} ${words[0]}`, en: words[1]! }
}

const mail = ({ options: { smtpUrl } }: Desk): Finding =>
  smtpUrl ? { ok: true, zh: '邮件：已配置', en: 'mail is set up' } : { ok: true, zh: '邮件：未配置（SMTP_URL），忘记密码请由管理员给一次性链接', en: 'no mail (SMTP_URL); administrators give one-time links' }
