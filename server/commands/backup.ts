import path from 'node:path'
import { DEFAULT_ZONE, parseInstant, toMicros, wallClock } from '#language/values'
import { keptLog } from '#platform/db'
import { copies } from '#platform/recovery'
import { backUp, restore } from '../start/backups.ts'
import { release } from '../start/hold.ts'
import { backTo, houseIn, onTheClock, type WentBack } from '../start/moment.ts'
import { copyWhole, homeOf } from '../start/whole.ts'
import { type Command, type Desk, misuse } from './types.ts'

export const backupCommand: Command = {
  usage: 'backup [--out <目录>]',
  zh: '备份租户：数据、附件和审计封存的位置，并恢复一遍来验证', en: 'back a tenant up: rows, files and the head of the seal; proved by loading it once',
  run: async (desk) => {
    const db = await desk.db()
    for (const tenant of desk.flag('tenant') ? [await desk.tenant()] : await db.tenants()) {
      const began = performance.now()
      const { folder, head } = await backUp(db, tenant, placesOf(desk))
      const rows = head.tables.reduce((sum, each) => sum + each.rows, 0)
      desk.print(`${tenant.key}: ${rows} 行，${seconds(began)} 秒，已恢复验证 · ${rows} rows, proved by loading → ${folder}`)
    }
    if (!desk.flag('tenant')) await backUpWhole(desk)
  },
}

export const restoreCommand: Command = {
  usage: 'restore <备份目录> [--replace] | restore --at "2026-11-22 10:05" [--to <新数据目录>]',
  zh: '从备份恢复一个租户，或把整个库恢复到某一时刻（放进新的数据目录，原来的不动）；待发消息和到期的定时先停住，用 release 放行', en: 'bring a tenant back from a backup, or the whole house to a moment (in a new data folder, the living one stays); what would go out or fall due waits for release',
  run: async (desk) => {
    if (desk.has('at')) return restoreMoment(desk)
    const folder = desk.words[0] ?? misuse('请给出备份目录', 'Name the folder of the backup')
    const { head, deliveries, timers, erased } = await restore(await desk.db(), desk.file(folder), placesOf(desk), { replace: desk.has('replace') })
    desk.print(`${head.tenant.key}: 已恢复到 ${head.at} · as of ${head.at}`)
    if (erased > 0) desk.print(`备份之后删除过的 ${erased} 人的个人信息已再次删除 · ${erased} people erased since were erased again`)
    desk.print(`停住 ${deliveries} 条待发消息、${timers} 个到期定时；确认后运行 nextmove release · ${deliveries} messages and ${timers} timers are held; nextmove release lets them go`)
  },
}

export const releaseCommand: Command = {
  usage: 'release',
  zh: '放行恢复后停住的消息和定时', en: 'let go what a restore has held back',
  run: async (desk) => {
    const { deliveries, timers } = await release(await desk.db(), await desk.tenant(), desk.options.anchorDir)
    desk.print(`已放行 ${deliveries} 条消息、${timers} 个定时 · ${deliveries} messages and ${timers} timers let go`)
  },
}

const placesOf = ({ options, flag, file }: Desk) => ({ ...options, backupDir: flag('out') ? file(flag('out')!) : options.backupDir })

const seconds = (began: number): string => ((performance.now() - began) / 1000).toFixed(1)
const MB = 1_048_576

/** The whole built-in database, where its log is kept. */
async function backUpWhole(desk: Desk): Promise<void> {
  const db = await desk.db()
  const kept = desk.options.databaseUrl ? null : keptLog(desk.options.dataDir)
  if (!kept) return desk.print(desk.options.databaseUrl ? '整库备份和日志归档请用数据库自己的工具 · copies of the whole database are made by its own tools' : '这个数据目录不归档日志（演示数据） · the log of this folder is not kept (a demonstration)')
  const began = performance.now()
  const { copy: { folder, head }, rows } = await copyWhole(db, { ...kept, home: homeOf(placesOf(desk), kept.branch) }, desk.options.filesDir)
  desk.print(`整库 · whole: ${(head.bytes / MB).toFixed(0)} MB → ${(head.packedBytes / MB).toFixed(0)} MB，${rows} 行，${seconds(began)} 秒，已恢复验证 · proved by bringing it to life → ${folder}`)
}

async function restoreMoment(desk: Desk): Promise<void> {
  if (desk.options.databaseUrl) misuse('数据库由 DATABASE_URL 提供，请用数据库自己的工具恢复到某一时刻', 'The database is the one of DATABASE_URL: its own tools bring it back to a moment')
  const at = await momentOf(desk)
  const to = desk.flag('to') ? desk.file(desk.flag('to')!) : `${desk.options.dataDir}-at-${at.toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-')}`
  const began = performance.now()
  const back = await backTo(at, desk.options, houseIn(to, desk.options))
  for (const line of saidOf(back, at)) desk.print(line)
  desk.print(`用了 ${seconds(began)} 秒；原来的数据没有动 · the living data were not touched`)
}

/** In the zone of the first company, unless it says its own. */
async function momentOf(desk: Desk): Promise<Date> {
  const text = (desk.flag('at') ?? '').trim()
  const kept = keptLog(desk.options.dataDir)
  const [newest] = kept ? await copies(homeOf(desk.options, kept.branch)) : []
  const zone = newest?.head.tenants[0]?.zone ?? DEFAULT_ZONE
  const said = parseInstant(text)
  if (said.ok) return new Date(said.instant)
  const local = said.reason === 'no_zone' ? parseInstant(`${text}Z`) : said
  if (!local.ok) return misuse(`看不懂时刻「${text}」，请写成 "2026-11-22 10:05" 或 "2026-11-22 10:05:30"`, `“${text}” is no moment; write "2026-11-22 10:05"`)
  const wall = toMicros(local.instant) / 1000
  const ahead = (ms: number): number => wallClock(ms, zone) - ms
  return new Date(wall - ahead(wall - ahead(wall)))
}

function* saidOf({ to, copy, last, reached, tenants }: WentBack, at: Date): Generator<string> {
  const clock = (when: Date): string => onTheClock(when, copy.head.tenants[0]?.zone ?? DEFAULT_ZONE)
  yield `已恢复到 ${clock(at)}（用 ${clock(new Date(copy.head.at))} 的整库备份） · as of ${clock(at)}`
  if (!reached) yield last ? `日志里最后一次提交是 ${clock(last)}，之后没有内容 · the last commit that is there is of ${clock(last)}` : '备份之后没有任何提交 · nothing was committed after the copy'
  for (const { tenant, deliveries, timers, erased } of tenants) {
    yield `${tenant.key}: 停住 ${deliveries} 条待发消息、${timers} 个到期定时 · ${deliveries} messages and ${timers} timers are held${erased > 0 ? `；之后删除过的 ${erased} 人的个人信息已再次删除 · ${erased} people erased since were erased again` : ''}`
  }
  yield `看一看：npm start -- --data ${path.relative(process.cwd(), to) || to}；确认改用它之后运行 npx nextmove release --data ${path.relative(process.cwd(), to) || to} 放行 · start it with --data, then release`
}
