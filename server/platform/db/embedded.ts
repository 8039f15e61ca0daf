import type { ChildProcess } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import pg from 'pg'
import { prepareCluster, SUPERUSER } from './cluster.ts'
import { launch, type Running } from './launch.ts'
import { own, type Ownership } from './owner.ts'
import { type Place, placeFor } from './place.ts'
import { gone, isReady, type Postmaster, postmasterOf, servesFrom, sleep } from './postmaster.ts'
import { branchOf, keepingLog, spoolOf } from './spool.ts'

export interface EmbeddedOptions {
  /** The cluster's folder; made when missing. Log, lock and owner file lie beside it, named `<dataDir>.log` … */
  dataDir: string
  /** Server settings over the production defaults; they apply to a server that we start, not to one we adopt. */
  settings?: Record<string, string>
  initdbArgs?: string[]
  /** An existing folder of the right owner; default `<tmp>/nextmove-<hash>`. Its path must stay below 90 bytes. */
  socketDir?: string
  /** From now on its log is kept for recovery to any moment (spool.ts). Otherwise it stays as it was decided for this cluster. */
  keepLog?: boolean
}

export interface Embedded {
  /** The socket folder: what `pg` takes as `host`. */
  host: string
  port: number
  user: string
  database: string
  /** The cluster's real folder; differs from the wanted one when it had to move (see place.ts). */
  dataDir: string
  /** Where finished pieces of its log wait to be carried away, and the name under which they are kept; null: they are not kept. */
  log: { spool: string; branch: string } | null
  /** True when PostgreSQL had survived its former owner and was taken over running. */
  adopted: boolean
  pid: number
  /** Tells a second starter (and `npm start`) the address at which this owner can be reached. */
  announce(url: string): void
  /** Fast shutdown: open transactions roll back, then the folder is free for another owner. Idempotent. */
  stop(): Promise<void>
  /** Resolves when PostgreSQL has ended for any reason, with its exit code; null if a signal or unknown. */
  exited: Promise<number | null>
}

const DATABASE = 'nextmove'

/**
 * Starts the built-in PostgreSQL 18 on `dataDir` (0.1 s; 1–3 s the first time) and makes this process its owner.
 * Throws StartRefused: `already-running` while another process owns the folder, `data-unusable`, `data-missing`,
 * `postgres-missing`, `postgres-failed`. Survives what a crash leaves behind: a half-made cluster, a stale pid file,
 * a PostgreSQL without owner. Where `setpriv` exists (Linux), PostgreSQL ends when the owner is killed.
 * Must be called from a process's main thread: that thread's end counts as the owner's.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  const place = placeFor(path.resolve(options.dataDir))
  const ownership = own(place.dataDir)
  try {
    prepareCluster(place, options.initdbArgs ?? [])
    const settings = { ...keepingLog(place, options.keepLog ?? false), ...options.settings }
    const { postmaster, child } = (await survivorOf(place.dataDir)) ?? (await launch(place, { ...options, settings }))
    await ensureDatabase(postmaster)
    return handleOf(place, postmaster, child, ownership)
  } catch (error) {
    ownership.release()
    throw error
  }
}

/** A PostgreSQL that outlived its owner, once it is clear that it stays; null after it ended or if none is there. */
async function survivorOf(dataDir: string): Promise<Running | null> {
  if (!postmasterOf(dataDir)) return null
  await sleep(SETTLE_MS)
  for (;;) {
    const postmaster = postmasterOf(dataDir)
    if (!postmaster) return null
    if (await isReady(postmaster)) return { postmaster, child: null }
    await sleep(20)
  }
}

// The owner's lock is free a moment before the kernel tells PostgreSQL of the owner's death.
const SETTLE_MS = 200

async function ensureDatabase({ socketDir, port }: Postmaster): Promise<void> {
  const client = new pg.Client({ host: socketDir, port, user: SUPERUSER, database: 'postgres' })
  // A database that dies now fails the query; without a listener it would end the process too.
  client.on('error', () => {})
  await client.connect()
  try {
    const found = await client.query('select 1 from pg_database where datname = $1', [DATABASE])
    if (found.rowCount === 0) await client.query(`create database ${DATABASE}`)
  } finally {
    await client.end()
  }
}

function handleOf(place: Place, postmaster: Postmaster, child: ChildProcess | null, ownership: Ownership): Embedded {
  const { pid, port, socketDir } = postmaster
  const { dataDir } = place
  const stop = async () => {
    await shutDown(pid, dataDir)
    removeIfEmpty(socketDir)
    ownership.release()
  }
  const branch = branchOf(dataDir)
  let stopping: Promise<void> | undefined
  return {
    ...{ host: socketDir, port, user: SUPERUSER, database: DATABASE, dataDir, pid, adopted: child === null },
    log: branch === null ? null : { spool: spoolOf(dataDir), branch },
    announce: ownership.announce,
    stop: () => (stopping ??= stop()),
    exited: child ? exitOf(child) : endOf(pid, dataDir),
  }
}

async function shutDown(pid: number, dataDir: string): Promise<void> {
  if (!servesFrom(pid, dataDir)) return
  process.kill(pid, 'SIGINT')
  if (await gone(pid, dataDir, 30_000)) return
  process.kill(pid, 'SIGQUIT')
  await gone(pid, dataDir, 10_000)
}

async function exitOf(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode
  return new Promise((resolve) => child.once('exit', (code) => resolve(code)))
}

function endOf(pid: number, dataDir: string): Promise<null> {
  return new Promise((resolve) => {
    const watch = setInterval(() => {
      if (servesFrom(pid, dataDir)) return
      clearInterval(watch)
      resolve(null)
    }, 500).unref()
  })
}

function removeIfEmpty(folder: string): void {
  try {
    fs.rmdirSync(folder)
  } catch {
    // Somebody else's file is in it, or it is gone: both are fine.
  }
}

