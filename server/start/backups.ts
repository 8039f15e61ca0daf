import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs'
import path from 'node:path'
import { admit, type ArchiveHead, dropTenant, enterArchive, enteredAs, loadArchive, migrate, type OpenDatabase, readHead, type Tenant, writeArchive } from '#platform/db'
import { kernelContext, memberRows } from '#kernel/access'
import { tell } from '#kernel/delivery'
import { sealSecrets } from '#kernel/members'
import { headOf } from '#kernel/sealing'
import type { Log } from '#platform/telemetry'
import { openStore } from '#platform/files'
import type { Facts } from '#platform/recovery'
import { eraseAgain, erasedFrom } from './erasures.ts'
import { hold } from './hold.ts'
import type { Whole } from './whole.ts'
import type { Options } from './options.ts'

export type BackupPlaces = Pick<Options, 'backupDir' | 'filesDir' | 'anchorDir'>

const HOUR = 3_600_000
/** What is older is thrown away, as long as newer ones are there. */
export const KEPT = 14
/** An alarm when the newest is older than this. */
export const LATE_MS = 26 * HOUR

/** One tenant, its rows and its files, in a folder `<backups>/<key>-<time>`; proved by loading it once beside the living one. */
export async function backUp(db: OpenDatabase, tenant: Tenant, { backupDir, filesDir }: BackupPlaces, { check = true }: { check?: boolean } = {}): Promise<{ folder: string; head: ArchiveHead }> {
  mkdirSync(backupDir, { recursive: true, mode: 0o700 })
  const folder = path.join(backupDir, `${tenant.key}-${new Date().toISOString().replaceAll(/[:.]/g, '-')}`)
  const head = await writeArchive(db, tenant, folder, async (tx) => ({ sealed: await headOf(tx) }))
  const files = path.join(filesDir, tenant.key)
  if (existsSync(files)) cpSync(files, path.join(folder, 'files'), { recursive: true })
  if (!check) return { folder, head }
  try {
    await loadArchive(db, folder, { check: true })
  } catch (error) {
    rmSync(folder, { recursive: true, force: true })
    throw error
  }
  return { folder, head }
}

export interface Restored { head: ArchiveHead; deliveries: number; timers: number; /** People who had been erased since, and were erased again. */ erased: number }

/**
 * A tenant as it was when the archive was made; `replace`: the living one goes. The incarnation rises, and what would go out or fall due by itself
 * waits until somebody lets it go (`release`). Whoever was erased since is erased again. Only then is it there for anybody.
 */
export async function restore(db: OpenDatabase, folder: string, { filesDir, anchorDir }: BackupPlaces, { replace = false }: { replace?: boolean } = {}): Promise<Restored> {
  const head = readHead(folder)
  const standing = await enteredAs(db, head.tenant.key)
  if (standing && !replace) throw new Error(`租户「${head.tenant.key}」已存在，要替换请加 --replace · the tenant “${head.tenant.key}” is there; add --replace to replace it`)
  const erased = await erasedFrom(db, standing, { anchorDir }, head.tenant.key)
  // Proved before anything living goes.
  if (standing) await loadArchive(db, folder, { check: true })
  if (standing) await dropTenant(db, standing)
  await loadArchive(db, folder)
  const tenant = await enterArchive(db, { ...head, tenant: { ...head.tenant, incarnation: Math.max(head.tenant.incarnation, standing?.incarnation ?? 0) } })
  await migrate(db)
  const held = await hold(db, tenant, anchorDir)
  await db.mutate(tenant, sealSecrets)
  if (existsSync(path.join(folder, 'files'))) {
    rmSync(path.join(filesDir, tenant.key), { recursive: true, force: true })
    cpSync(path.join(folder, 'files'), path.join(filesDir, tenant.key), { recursive: true })
  }
  const again = await eraseAgain(db, tenant, { anchorDir, store: openStore(filesDir) }, erased)
  await admit(db, tenant)
  return { head, ...held, erased: again }
}

/** The newest whole archive of a tenant; null when there is none. */
export function newestBackup({ backupDir }: Pick<BackupPlaces, 'backupDir'>, { key }: Pick<Tenant, 'key'>): { folder: string; at: Date } | null {
  const [folder] = backupsOf(backupDir, key)
  return folder ? { folder, at: new Date(readHead(folder).at) } : null
}

/** Newest first. */
function backupsOf(backupDir: string, key: string): string[] {
  if (!existsSync(backupDir)) return []
  const own = new RegExp(`^${key}-\\d{4}-\\d\\d-\\d\\dT[\\d-]+Z$`)
  return readdirSync(backupDir).filter((name) => own.test(name)).sort().reverse().map((name) => path.join(backupDir, name)).filter((folder) => existsSync(path.join(folder, 'archive.json')))
}

export interface BackupFacts { at: Date; rows: number; bytes: number }
/** What the screen needs: those that are there, newest first, and one more now. `whole`: the copies of the whole database and its log; null: the log is not kept here. */
export interface Backups { list(tenant: Tenant): BackupFacts[]; making(tenant: Tenant): boolean; make(tenant: Tenant): void; whole(): Promise<Facts | null> }

export function openBackups(db: OpenDatabase, { places, whole, log }: { places: BackupPlaces; whole: Whole | null; log: Log }): Backups {
  const making = new Set<number>()
  return {
    list: ({ key }) => backupsOf(places.backupDir, key).map((folder) => { const { at, tables } = readHead(folder); return { at: new Date(at), rows: tables.reduce((sum, { rows }) => sum + rows, 0), bytes: sizeOf(folder) } }),
    making: ({ id }) => making.has(id) || Boolean(whole?.making()),
    make: (tenant) => {
      if (making.has(tenant.id)) return
      making.add(tenant.id)
      const both = async () => { await whole?.make(); await backUp(db, tenant, places) }
      void both().catch((err: unknown) => log.error({ err, tenant: tenant.key }, '备份失败 · the backup failed')).finally(() => making.delete(tenant.id))
    },
    whole: async () => (whole ? whole.facts() : null),
  }
}

const sizeOf = (folder: string): number => readdirSync(folder, { recursive: true, withFileTypes: true }).filter((each) => each.isFile()).reduce((sum, { parentPath, name }) => sum + statSync(path.join(parentPath, name)).size, 0)

/** Those who look after the installation hear once a day that there has been no good backup for too long. Answers whether they were told. */
export const alarmIfLate = (db: OpenDatabase, tenant: Tenant, newest: Date | null): Promise<boolean> => db.mutate(tenant, async (tx) => {
  const [row] = await tx.query<{ late: boolean; told: boolean }>(`select coalesce($2::timestamptz, created_at) < clock_timestamp() - make_interval(secs => $3::float8 / 1000) as late,
    exists (select from {t}.notification where group_key = 'backup_late' and at > $4::timestamptz - interval '24 hours') as told from nextmove.tenant where id = $1`, [tenant.id, newest, LATE_MS, tx.now])
  if (!row?.late || row.told) return false
  const { metadata } = await kernelContext(tx, { kind: 'system', reason: 'backups' }, { kind: 'timer' })
  const keepers = [...(await memberRows(tx)).values()].filter(({ active, roles }) => active && roles.some((role) => metadata.roles.get(role)?.rights.includes('settings')))
  await tell(tx, keepers.map(({ id }) => ({ member: id, kind: 'system', title: '超过 26 小时没有可用的备份', body: newest ? '请检查磁盘空间和服务器日志，再点「立即备份」' : '还没有做过备份：请检查磁盘空间和服务器日志', object: 'system:backup', record: null, groupKey: 'backup_late', event: null, rule: null })))
  return keepers.length > 0
})

const older = (a: Date | null, b: Date | null): Date | null => (a && b ? new Date(Math.min(a.getTime(), b.getTime())) : null)

/** Whether a copy is due: in the hour after two o'clock of the zone, at once where the newest is older than a day. */
export function isDue(newest: Date | null, zone: string): boolean {
  const age = Date.now() - (newest?.getTime() ?? 0)
  const night = new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', hour12: false }).format(new Date()) === '02'
  return age > 24 * HOUR || (night && age > 12 * HOUR)
}

/** Every night the whole database, where its log is kept, and each tenant. */
export function startBackups(db: OpenDatabase, { places, whole, log }: Parameters<typeof openBackups>[1]): { stop(): Promise<void> } {
  let working: Promise<void> = Promise.resolve()
  const look = async (): Promise<void> => {
    await whole?.look()
    for (const tenant of await db.tenants()) {
      if (tenant.demo || !isDue(newestBackup(places, tenant)?.at ?? null, tenant.zone)) continue
      await backUp(db, tenant, places).catch((err: unknown) => log.error({ err, tenant: tenant.key }, '备份失败 · the backup failed'))
      for (const old of backupsOf(places.backupDir, tenant.key).slice(KEPT)) rmSync(old, { recursive: true, force: true })
      const newest = newestBackup(places, tenant)?.at ?? null
      if (await alarmIfLate(db, tenant, whole ? older(newest, await whole.newest()) : newest)) log.error({ tenant: tenant.key }, '最近 26 小时没有可用的备份 · no good backup for 26 hours')
    }
  }
  // Not while everything is just beginning.
  const soon = setTimeout(() => { working = look().catch((err: unknown) => log.warn({ err }, 'backups')) }, 10 * 60_000).unref()
  const timer = setInterval(() => { working = working.then(look).catch((err: unknown) => log.warn({ err }, 'backups')) }, 20 * 60_000).unref()
  return { stop: async () => { clearTimeout(soon); clearInterval(timer); await working } }
}
