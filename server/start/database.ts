import { sealSecrets } from '#kernel/members'
import { openVault } from '#platform/crypto'
import { type DatabaseServer, migrate, openDatabase, type OpenDatabase, resolveDatabase } from '#platform/db'
import type { Log } from '#platform/telemetry'
import type { Place } from './demo.ts'
import { fill } from './fill.ts'

export interface RunningDatabase extends Place {
  embedded: boolean
  /** The built-in cluster whose log is kept; null: there is none, or it is not kept. */
  kept: { dataDir: string; spool: string; branch: string } | null
  warnings: readonly string[]
  announce(url: string): void
  stop(): Promise<void>
}

export interface DatabaseWish { databaseUrl: string | undefined; dataDir: string; keepLog: boolean; /** Where the installation's keys lie. */ sealDir: string; log: Log }

/** The database, up to date. Our own PostgreSQL is started again when it ends without being asked to. */
export async function startDatabase({ databaseUrl, dataDir, keepLog, sealDir, log }: DatabaseWish): Promise<RunningDatabase> {
  let server = await resolveDatabase({ databaseUrl, dataDir, keepLog })
  let stopping = false
  let url: string | null = null
  const watch = (current: DatabaseServer): void => void current.embedded?.exited.then(async () => {
    if (stopping) return
    log.error('PostgreSQL 意外退出，正在重新启动 · PostgreSQL ended unexpectedly and is being started again')
    await current.embedded!.stop()
    server = await again(() => resolveDatabase({ databaseUrl, dataDir, keepLog }), () => stopping, log)
    if (url) server.embedded?.announce(url)
    watch(server)
  }).catch((err: unknown) => log.error({ err }, 'PostgreSQL'))
  const db = openDatabase({ ...server.poolConfig, max: 16, vault: openVault(sealDir) })
  try {
    await migrate(db)
    await sealOpen(db, log)
  } catch (error) {
    await db.close()
    await server.stop()
    throw error
  }
  watch(server)
  return {
    db, fill: (tenant, solution) => fill(server.poolConfig, tenant, solution), embedded: server.embedded !== null, kept: server.embedded?.log ? { dataDir: server.embedded.dataDir, ...server.embedded.log } : null, warnings: server.warnings,
    announce: (at) => { url = at; server.embedded?.announce(at) },
    stop: async () => { stopping = true; await db.close(); await server.stop() },
  }
}

/** What an older version left open in the tables; said where the key is not the one with which the rest was sealed. */
async function sealOpen(db: OpenDatabase, log: Log): Promise<void> {
  for (const tenant of await db.tenants()) {
    const { unreadable } = await db.mutate(tenant, sealSecrets)
    if (unreadable > 0) log.error({ tenant: tenant.key, unreadable }, '有密钥读不出：请把原来的 secrets.key 放回 SEAL_DIR；在那之前两步验证只能用恢复码 · secrets cannot be read: bring the former secrets.key back to SEAL_DIR')
  }
}

async function again<T>(work: () => Promise<T>, over: () => boolean, log: Log): Promise<T> {
  for (let wait = 250; ; wait = Math.min(wait * 2, 5_000)) {
    try {
      return await work()
    } catch (err) {
      if (over()) throw err
      log.error({ err }, 'PostgreSQL 未能启动，稍后再试 · could not be started, trying again')
      await new Promise((resolve) => setTimeout(resolve, wait))
    }
  }
}
