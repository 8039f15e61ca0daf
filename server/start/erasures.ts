import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { kernelContext } from '#kernel/access'
import { agreedErasures, carryErasure, doneErasures, enterAgain, type Erasure, purge, warnOfPurge, watchErasures } from '#kernel/erasure'
import { isForgotten } from '#kernel/files'
import type { OpenDatabase, Tenant } from '#platform/db'
import type { FileStore } from '#platform/files'
import type { Log } from '#platform/telemetry'
import { startJob } from './jobs.ts'

export interface ErasurePlaces { /** Where it is noted outside the database who was erased, by the numbers of their records alone. */ anchorDir: string; store: FileStore }

/** What was agreed to is carried out: at once, and by looking for what a process has left. Several processes may do it. */
export function startErasures(db: OpenDatabase, places: ErasurePlaces, log: Log): () => Promise<void> {
  const carry = async (tenant: Tenant): Promise<boolean> => {
    await carryAll(db, tenant, places).catch((err: unknown) => log.error({ err, tenant: tenant.key }, '删除个人信息没有完成，稍后再试 · an erasure failed and is tried again'))
    return false
  }
  return startJob(db, log, { name: 'erasures', lookMs: 60_000, watch: watchErasures, carry })
}

/** Everything that waits in this tenant, one transaction each. What fails is noted with its reason and thrown. */
export async function carryAll(db: OpenDatabase, tenant: Tenant, places: ErasurePlaces): Promise<number> {
  const all = await db.read(tenant, agreedErasures)
  for (const no of all) {
    const done = await db.mutate(tenant, (tx) => carryErasure(tx, no)).catch(async (error: unknown) => {
      await db.mutate(tenant, (tx) => tx.query('update {t}.erasure set trouble = $2 where id = $1', [no, String((error as Error).message).slice(0, 300)]))
      throw error
    })
    if (!done) continue
    note(places, tenant, done.erasure)
    for (const sha256 of done.contents) if (await db.mutate(tenant, (tx) => isForgotten(tx, sha256))) await places.store.remove(tenant.key, sha256)
  }
  return all.length
}

const listOf = ({ anchorDir }: Pick<ErasurePlaces, 'anchorDir'>, { key }: Pick<Tenant, 'key'>): string => path.join(anchorDir, `${key}.erasures.jsonl`)

/** One line for good: numbers only, so that a backup from before is not believed against it. */
function note(places: Pick<ErasurePlaces, 'anchorDir'>, tenant: Tenant, erasure: Erasure): void {
  if (noted(places, tenant).some(({ no }) => no === erasure.no)) return
  mkdirSync(places.anchorDir, { recursive: true, mode: 0o700 })
  appendFileSync(listOf(places, tenant), `${JSON.stringify(kept(erasure))}\n`, { mode: 0o600 })
}

const kept = ({ no, object, id, records, everywhere, askedBy, askedAt, decidedBy, decidedAt }: Erasure) => ({ no, object, id, records, everywhere, askedBy, askedAt, decidedBy, decidedAt })

function noted(places: Pick<ErasurePlaces, 'anchorDir'>, tenant: Pick<Tenant, 'key'>): Erasure[] {
  const file = listOf(places, tenant)
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line) as Erasure) : []
}

/** Everybody who was erased from this tenant: by the list outside and by the tenant itself, where it still stands. */
export async function erasedFrom(db: OpenDatabase, tenant: Tenant | undefined, places: Pick<ErasurePlaces, 'anchorDir'>, key: string): Promise<Erasure[]> {
  const own = tenant ? await db.read(tenant, doneErasures).catch(() => []) : []
  return [...new Map([...noted(places, { key }), ...own].map((each) => [each.no, each])).values()]
}

/** A tenant has come back from a backup: whoever was erased since is erased again, before anybody looks. Answers how many. */
export async function eraseAgain(db: OpenDatabase, tenant: Tenant, places: ErasurePlaces, erased: readonly Erasure[]): Promise<number> {
  await db.mutate(tenant, async (tx) => { for (const each of erased) await enterAgain(tx, each) })
  return carryAll(db, tenant, places)
}

const HOUR_MS = 3_600_000

/** At night the recycle bin lets go of what has lain in it for its time. */
export function startPurging(db: OpenDatabase, store: FileStore, log: Log): () => Promise<void> {
  let working: Promise<unknown> = Promise.resolve()
  const look = async () => { for (const tenant of await db.tenants()) if (isNight(tenant.zone)) await emptyBin(db, tenant, store) }
  const timer = setInterval(() => { working = working.then(look).catch((err: unknown) => log.warn({ err }, 'recycle bin')) }, HOUR_MS).unref()
  return async () => { clearInterval(timer); await working }
}

const isNight = (zone: string): boolean => Number(new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', hour12: false }).format(new Date())) % 24 < 5

/** Tell of what goes in a week, and let go of what was told of. Answers how many of each. */
export async function emptyBin(db: OpenDatabase, tenant: Tenant, store: FileStore): Promise<{ told: number; purged: number }> {
  const system = { kind: 'system', reason: 'bin' } as const
  const told = await db.mutate(tenant, async (tx) => warnOfPurge(await kernelContext(tx, system, { kind: 'timer' })))
  let purged = 0
  for (;;) {
    const { records, contents } = await db.mutate(tenant, async (tx) => purge(await kernelContext(tx, system, { kind: 'timer' })))
    for (const sha256 of contents) if (await db.mutate(tenant, (tx) => isForgotten(tx, sha256))) await store.remove(tenant.key, sha256)
    purged += records
    if (records === 0) return { told, purged }
  }
}
