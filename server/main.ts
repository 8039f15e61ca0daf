import { readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { startEngine, startWaking } from '#kernel/automation'
import { clamav, clamavAddress } from '#channels/clamav'
import { smtpMailer } from '#channels/email'
import { watchCommits } from '#kernel/changes'
import { watchNotices } from '#kernel/delivery'
import { sweepFiles } from '#kernel/files'
import { sweepDrafts } from '#kernel/drafts'
import { sweepImports } from '#kernel/imports'
import { sealSecrets, sweepOpenings, sweepSessions } from '#kernel/members'
import { startIndexing } from '#kernel/metadata'
import { type OpenDatabase, StartRefused, type Tenant } from '#platform/db'
import { openStore } from '#platform/files'
import { regionOfIp } from '#platform/geo'
import { createLog, type Log } from '#platform/telemetry'
import { type Api, buildApp, Hub, sweepIdempotency } from './api/index.ts'
import { type RunningDatabase, startDatabase } from './start/database.ts'
import { companyDoor, outwardChannels } from './start/channels.ts'
import { resetDemo } from './start/demo.ts'
import { lanUrls } from './start/network.ts'
import { startCourier } from './start/courier.ts'
import { startExports, tidyExports } from './start/exports.ts'
import { startImports } from './start/imports.ts'
import { startNews } from './start/news.ts'
import { startAttendance } from './start/absences.ts'
import { startErasures, startPurging } from './start/erasures.ts'
import { startAnomalies } from './start/anomalies.ts'
import { newestBackup, openBackups, startBackups } from './start/backups.ts'
import { startRecycling } from './start/pools.ts'
import { startReadings } from './start/readings.ts'
import { startSealing } from './start/sealing.ts'
import { homeOf, keepWhole, type Whole } from './start/whole.ts'
import { greeting } from './start/greeting.ts'
import { offers } from './start/install.ts'
import { OptionRefused, type Options, optionsOf } from './start/options.ts'
import { ensureTenant } from './start/tenants.ts'
import { inboundPushes } from './start/inbound.ts'
import { trackingLinks } from './start/links.ts'
import { leavingThere } from './start/leaving.ts'
import { intakePorts, materialFile, webForms } from './start/web-form.ts'

export interface House {
  url: string | null
  db: OpenDatabase
  stop(): Promise<void>
}

const startedAt = new Date()
const VERSION = (JSON.parse(readFileSync(path.resolve(import.meta.dirname, '../package.json'), 'utf8')) as { version: string }).version

/** The composition root: database → tenants → engine → HTTP. Each later one is stopped before the earlier. */
export async function start(options: Options, log: Log): Promise<House> {
  const stops: (() => unknown)[] = []
  const stop = once(async () => { for (const each of stops.reverse()) await each() })
  try {
    const database = await startDatabase({ ...options, keepLog: !options.demo && !options.testClock, log })
    stops.push(database.stop)
    for (const warning of database.warnings) log.warn(warning)
    const { db } = database
    const tenants = await ensureTenant(database, options)
    stops.push(startIndexing(db, (err, tenant) => log.warn({ err, tenant: tenant?.key }, 'indexes')).stop)
    const files = { store: openStore(options.filesDir), scanner: options.clamav === null ? null : clamav(clamavAddress(options.clamav)) }
    stops.push(sweepHourly(db, files, log))
    stops.push(startNews(db, log))
    let own = ''
    const courier = startCourier(db, () => options.publicUrl ?? own, log)
    stops.push(courier.stop)
    if (options.role !== 'api') stops.push(startRecycling(db, log), startImports(db, log), startExports(db, files.store, log), startSealing(db, options, log).stop, startAnomalies(db, log), startErasures(db, { anchorDir: options.anchorDir, store: files.store }, log), startPurging(db, files.store, log))
    const whole = database.kept && keepWhole(db, { kept: { ...database.kept, home: homeOf(options, database.kept.branch) }, places: options, log })
    if (whole) stops.push(whole.stop)
    if (database.embedded) stops.push(startBackups(db, { places: options, whole, log }).stop)
    const attendance = options.role === 'api' ? null : startAttendance(db, log)
    if (attendance) stops.push(attendance.stop)
    const engine = options.role === 'api' ? null : runEngine(db, options, log)
    if (engine) stops.push(engine.stop)
    const url = options.role === 'engine' ? null : await listen(database, options, { log, files, stops, whole, wake: () => { engine?.wakeAll(); courier.wakeAll(); attendance?.wakeAll() } })
    own = url ?? urlOf(options.host, options.port)
    if (url) database.announce(url)
    console.log(url ? await greeting(db, tenants, options, url) : '\n  下一步 · 引擎已启动 · the engine is running\n')
    return { url, db, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

const runEngine = (db: OpenDatabase, options: Options, log: Log) =>
  startEngine({ db, channels: outwardChannels(db, options), onTrouble: (err, tenant) => log.warn({ err, tenant: tenant?.key }, 'engine') })

interface Around { log: Log; files: Api['files']; stops: (() => unknown)[]; whole: Whole | null; wake(): void }

async function listen(database: RunningDatabase, options: Options, { log, files, stops, whole, wake }: Around): Promise<string> {
  const { db, embedded } = database
  const live = new Hub(db, log)
  stops.push(startReadings(db, log))
  stops.push(watchCommits(({ tenant, objects }) => live.hint(tenant.id, objects)), watchNotices(({ tenant }) => live.hint(tenant.id, [])))
  if (options.role === 'api') stops.push(startWaking(db, (tenant) => live.rouse(tenant)).stop)
  const mailer = options.smtpUrl ? smtpMailer(options.smtpUrl) : null
  const api: Api = {
    db, log, live, wake, files, mail: mailer && ((_tenant, mail) => mailer.send(mail)), closed: new Set(),
    settings: { version: VERSION, startedAt, embedded, testClock: options.testClock, demo: options.demo, publicUrl: options.publicUrl, ownUrl: '', lanUrl: null, checkAnswers: false },
    enterprise: companyDoor(stops),
    solutions: { list: offers, install: database.fill, brings: (file) => materialFile(file) !== null },
    intake: { ...intakePorts, regionOfIp },
    backedUp: embedded ? (tenant) => newestBackup(options, tenant)?.at ?? null : null,
    backups: embedded ? openBackups(db, { places: options, whole, log }) : null,
    resetDemo: options.demo ? async (tenant: Tenant) => { await files.store.clear(tenant.key); await resetDemo(database, tenant, options.dataDir) } : null,
  }
  const app = await buildApp(api, { webFolder: options.webFolder, trustedProxies: options.trustedProxies, channels: [webForms(db), inboundPushes(db), leavingThere(db, api.enterprise), trackingLinks(db, (err, tenant) => log.warn({ err, tenant: tenant.key }, 'links'))] })
  stops.push(() => app.close())
  await app.listen({ host: options.host, port: options.port })
  api.settings.ownUrl = urlOf(options.host, (app.server.address() as AddressInfo).port)
  api.settings.lanUrl = lanUrls(options.host, (app.server.address() as AddressInfo).port)[0] ?? null
  return api.settings.ownUrl
}

function urlOf(host: string, port: number): string {
  const name = host === '0.0.0.0' || host === '::' ? 'localhost' : host.includes(':') ? `[${host}]` : host
  return `http://${name}:${port}`
}

const HOUR = 3_600_000

/** What has run out leaves the tables. */
function sweepHourly(db: OpenDatabase, files: Api['files'], log: Log): () => void {
  const sweep = async () => {
    for (const tenant of await db.tenants()) await db.mutate(tenant, async (tx) => { await sealSecrets(tx); await sweepSessions(tx); await sweepOpenings(tx); await sweepIdempotency(tx); await sweepImports(tx); await sweepDrafts(tx) })
    for (const tenant of await db.tenants()) { await sweepFiles({ db, ...files }, tenant); await tidyExports(db, files.store, tenant) }
  }
  const timer = setInterval(() => void sweep().catch((err: unknown) => log.warn({ err }, 'sweep')), HOUR).unref()
  return () => clearInterval(timer)
}

function once<T>(work: () => Promise<T>): () => Promise<T> {
  let done: Promise<T> | undefined
  return () => (done ??= work())
}

/** Until a signal comes. A second signal does not wait. */
export async function main(args: readonly string[]): Promise<void> {
  const log = createLog(process.env['LOG_LEVEL'] ?? 'warn')
  const house = await start(optionsOf(args), log)
  const leave = (signal: string) => {
    console.log(`\n  正在停止（${signal}） · stopping`)
    const late = setTimeout(() => process.exit(1), 15_000)
    void house.stop().then(() => { clearTimeout(late); process.exit(0) }, (error: unknown) => { console.error(error); process.exit(1) })
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => leave(signal))
}

export function explainFailure(error: unknown): string {
  if (error instanceof StartRefused || error instanceof OptionRefused) return error.message
  if ((error as { code?: string }).code === 'EADDRINUSE') return `端口已被占用，请换一个：PORT=3001 npm start\nThe port is in use; choose another: PORT=3001 npm start`
  return `启动失败 · could not start\n${error instanceof Error ? error.stack : String(error)}`
}

if (import.meta.main) main(process.argv.slice(2)).catch((error: unknown) => { console.error(`\n${explainFailure(error)}\n`); process.exit(1) })
