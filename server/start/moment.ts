import { cpSync, existsSync, mkdirSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { DEFAULT_ZONE } from '#language/values'
import { keptLog, migrate, openDatabase, type OpenDatabase, runningDatabase, type Tenant } from '#platform/db'
import { openStore } from '#platform/files'
import { carryAll, copies, type Copy, mirror, recover } from '#platform/recovery'
import { openAnchors } from './anchors.ts'
import { eraseAgain, erasedFrom, type ErasurePlaces } from './erasures.ts'
import { hold, type Held } from './hold.ts'
import type { Options } from './options.ts'
import { filesOf, homeOf, sealOf } from './whole.ts'

export type Houses = Pick<Options, 'dataDir' | 'backupDir' | 'filesDir' | 'sealDir' | 'anchorDir'>
/** A house of its own in another folder; nothing of it is the living one's, but for attachments that lie elsewhere. */
export const houseIn = (dataDir: string, { filesDir, ...old }: Houses): Houses => ({
  dataDir, backupDir: path.join(dataDir, 'backups'), sealDir: path.join(dataDir, 'seal'), anchorDir: path.join(dataDir, 'seal'),
  filesDir: filesDir === path.join(old.dataDir, 'files') ? path.join(dataDir, 'files') : filesDir,
})
export interface WentBack { to: string; copy: Copy; /** The last commit that is there; null: nothing since the copy. */ last: Date | null; reached: boolean; tenants: ({ tenant: Tenant; erased: number } & Held)[] }

/** A sentence for whoever typed the moment. */
export class NoWayBack extends Error { override name = 'NoWayBack' }
/** As the clock of this zone showed it. */
export const onTheClock = (at: Date, zone: string): string => at.toLocaleString('sv-SE', { timeZone: zone })

/**
 * The whole house as it was at a moment, in a data folder of its own (`to`, with the places that belong to it); the living one goes on. Every company's
 * incarnation rises, what would go out or fall due by itself is held, and whoever was erased since is erased again. Throws NoWayBack.
 */
export async function backTo(at: Date, from: Houses, to: Houses): Promise<WentBack> {
  if (existsSync(path.join(to.dataDir, 'postgres'))) throw new NoWayBack(`${to.dataDir} 里已有数据，请换一个目录（--to）\n${to.dataDir} holds data already; choose another folder (--to)`)
  const kept = keptLog(from.dataDir)
  const config = await runningDatabase(from.dataDir).catch(() => null)
  const living = config && openDatabase({ ...config, max: 2 })
  try {
    // What was committed a moment ago is not yet with the backups.
    if (living && kept) await carryAll(living, { spool: kept.spool, home: homeOf(from, kept.branch) })
    const { home, copy } = await copyFor(at, from, kept?.branch)
    mkdirSync(to.dataDir, { recursive: true })
    const more = kept && homeOf(from, kept.branch) === home ? [kept.spool, ...(living ? [] : [path.join(kept.dataDir, 'pg_wal')])] : []
    const { server, db, last, reached } = await recover({ copy, home, more, to: path.join(to.dataDir, 'postgres') }, at)
    try {
      await migrate(db)
      await bringFiles(from, to, home)
      return { to: to.dataDir, copy, last, reached, tenants: await settle({ db, living }, to) }
    } finally {
      await db.close()
      await server.stop()
    }
  } finally {
    await living?.close()
  }
}

/** The newest copy from before the moment: of the log that the living folder keeps, else of any that lies with the backups. */
async function copyFor(at: Date, from: Houses, branch: string | undefined): Promise<{ home: string; copy: Copy }> {
  const folder = path.join(from.backupDir, 'whole')
  const branches = branch !== undefined ? [branch] : existsSync(folder) ? readdirSync(folder) : []
  const all = (await Promise.all(branches.map(async (each) => { const home = homeOf(from, each); return (await copies(home)).map((copy) => ({ home, copy })) }))).flat().sort((a, b) => b.copy.head.at.localeCompare(a.copy.head.at))
  const found = all.find(({ copy }) => new Date(copy.head.at) <= at)
  if (found) return found
  const first = all.at(-1)
  const earliest = first && onTheClock(new Date(first.copy.head.at), first.copy.head.tenants[0]?.zone ?? DEFAULT_ZONE)
  throw new NoWayBack(first ? `最早只能恢复到 ${earliest}\nThe earliest moment is ${earliest}` : `${folder} 里没有整库备份\nThere is no copy of the whole database in ${folder}`)
}

/** What lies outside the database: attachments, public keys and anchors, who was erased. The key that seals comes along where it still is. */
async function bringFiles(from: Houses, to: Houses, home: string): Promise<void> {
  if (to.filesDir !== from.filesDir) for (const each of [from.filesDir, filesOf(home)]) await mirror(each, to.filesDir)
  for (const old of [sealOf(home), from.anchorDir, from.sealDir]) if (existsSync(old)) cpSync(old, to.sealDir, { recursive: true })
}

async function settle({ db, living }: { db: OpenDatabase; living: OpenDatabase | null }, to: Houses): Promise<WentBack['tenants']> {
  const done: WentBack['tenants'] = []
  const places: ErasurePlaces = { anchorDir: to.anchorDir, store: openStore(to.filesDir) }
  for (const { id, key } of await db.tenants()) {
    const standing = await living?.tenantByKey(key)
    const erased = await erasedFrom(living ?? db, standing, to, key)
    const told = openAnchors(to.anchorDir).head({ key })?.incarnation ?? 0
    await db.pool.query('update nextmove.tenant set incarnation = greatest(incarnation, $2, $3) + 1 where id = $1', [id, standing?.incarnation ?? 0, told])
    const tenant = await freshTenantOf(db, key)
    const held = await hold(db, tenant, to.anchorDir)
    done.push({ tenant, ...held, erased: await eraseAgain(db, tenant, places, erased) })
  }
  return done
}

async function freshTenantOf(db: OpenDatabase, key: string): Promise<Tenant> {
  const { rows } = await db.pool.query<{ incarnation: number }>('select incarnation from nextmove.tenant where key = $1', [key])
  return { ...(await db.tenantByKey(key))!, incarnation: rows[0]!.incarnation }
}
