import { backUp, release, restore } from '../start/backups.ts'
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
      desk.print(`${tenant.key}: ${rows} 行，${((performance.now() - began) / 1000).toFixed(1)} 秒，已恢复验证 · ${rows} rows, proved by loading → ${folder}`)
    }
  },
}

export const restoreCommand: Command = {
  usage: 'restore <备份目录> [--replace]',
  zh: '从备份恢复一个租户；待发消息和到期的定时先停住，用 release 放行', en: 'bring a tenant back from a backup; what would go out or fall due waits for release',
  run: async (desk) => {
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
    const { deliveries, timers } = await release(await desk.db(), await desk.tenant())
    desk.print(`已放行 ${deliveries} 条消息、${timers} 个定时 · ${deliveries} messages and ${timers} timers let go`)
  },
}

const placesOf = ({ options, flag, file }: Desk) => ({ ...options, backupDir: flag('out') ? file(flag('out')!) : options.backupDir })
