import { type Channels, sendAll } from '#kernel/delivery'
import { isRetryable, type OpenDatabase, type Tenant } from '#platform/db'
import { findWork } from './find-work.ts'
import type { Outcome } from './outcome.ts'
import { openPump, pumpTimers, type Pump } from './pump.ts'
import { startWaking } from './wake.ts'
import { openProgress, workQueue, type Progress } from './worker.ts'

export interface EngineOptions {
  db: OpenDatabase
  channels: Channels
  /** Batches at once, over all tenants. */
  workers?: number
  /** How often work is looked for that no word came of. */
  repairMs?: number
  onBatch?: (tenant: Tenant, outcome: Outcome, ms: number) => void
  /** What a person should know of; the engine goes on by itself. */
  onTrouble?: (error: unknown, tenant: Tenant | null) => void
}

export interface Engine {
  /** Look at every tenant now: the clock was moved, a tenant was made. */
  wakeAll(): void
  /** Ends after the batches under way. */
  stop(): Promise<void>
}

/** `woken` counts the words of work, so that one that comes while a worker is leaving is not lost. `busy`: batches under way. `worked`: when the last one had something to do. `rests`: until when others go first. `sending`: `again` when more was left meanwhile. */
interface Shop { tenant: Tenant; progress: Progress; pump: Pump; tickets: number; woken: number; busy: number; worked: number; used: number; rests: number; sending: 'no' | 'yes' | 'again' }

const WAIT_MS = { away: 200, longest: 5_000, retry: 20, rest: 40 }
/** Events of a batch that leaves nothing to be gained by gathering more. */
const LARGE = 100
/** So long after its last batch a tenant still finds a worker that no other has taken. */
const LATELY_MS = 2_000

/**
 * Answers changes, timers and outgoing messages of all tenants until it is stopped. Any number of engines, in any number of processes, share the work.
 * While the database is away it waits and goes on by itself.
 */
export function startEngine(options: EngineOptions): Engine {
  const loop = new Loop(options)
  loop.start()
  return { wakeAll: () => loop.repair(), stop: () => loop.stop() }
}

class Loop {
  readonly #options: EngineOptions
  readonly #workers: number
  readonly #shops = new Map<number, Shop>()
  /** A tenant stands here once per batch that may run on it. */
  #line: Shop[] = []
  #sleepers: (() => void)[] = []
  /** Who looks for work that no word came of sleeps through the words. */
  #looking: (() => void)[] = []
  #sending = new Set<Promise<void>>()
  #stopped = false
  #ending: Promise<unknown> = Promise.resolve()
  #stopWaking: (() => Promise<void>) | undefined

  constructor(options: EngineOptions) {
    this.#options = options
    this.#workers = options.workers ?? 2
  }

  start(): void {
    const waking = startWaking(this.#options.db, (tenant) => this.#wake(tenant))
    this.#stopWaking = () => waking.stop()
    this.#ending = Promise.all([this.#repairing(), ...Array.from({ length: this.#workers }, () => this.#work())])
  }

  async stop(): Promise<void> {
    this.#stopped = true
    for (const wake of [...this.#sleepers.splice(0), ...this.#looking.splice(0)]) wake()
    await this.#stopWaking?.()
    await this.#ending
    await Promise.all(this.#sending)
  }

  repair(): void {
    void this.#look().catch((error: unknown) => this.#trouble(error, null))
  }

  async #repairing(): Promise<void> {
    for (let misses = 0; !this.#stopped; ) {
      misses = await this.#look().then(() => 0, (error: unknown) => { this.#trouble(error, null); return misses + 1 })
      await this.#sleep(misses === 0 ? (this.#options.repairMs ?? 2_000) : backoff(misses), this.#looking)
    }
  }

  async #look(): Promise<void> {
    const tenants = await this.#options.db.tenants()
    for (const tenant of tenants) this.#shopOf(tenant)
    for (const id of await findWork(this.#options.db, tenants, { epochOf: (id) => this.#shops.get(id)!.pump.epoch, onTrouble: (error, tenant) => this.#trouble(error, tenant) })) this.#wake(id)
  }

  #shopOf(tenant: Tenant): Shop {
    const known = this.#shops.get(tenant.id)
    if (known) return Object.assign(known, { tenant })
    const shop: Shop = { tenant, progress: openProgress(), pump: openPump({ begins: true }), tickets: 0, woken: 0, busy: 0, worked: -Infinity, used: 0, rests: 0, sending: 'no' }
    this.#shops.set(tenant.id, shop)
    return shop
  }

  #wake(id: number): void {
    const shop = this.#shops.get(id)
    if (!shop) return this.repair()
    shop.woken++
    for (; shop.tickets < this.#workers; shop.tickets++) this.#line.push(shop)
    for (const wake of this.#sleepers.splice(0)) wake()
  }

  /** The first in the line that does not take the last worker from others that had work lately. */
  #next(): Shop | undefined {
    const now = performance.now()
    const at = this.#line.findIndex((shop) => shop.rests <= now && (shop.busy === 0 || shop.busy < this.#workers - 1 || !this.#othersWork(shop)))
    return at < 0 ? undefined : this.#line.splice(at, 1)[0]
  }

  #othersWork(shop: Shop): boolean {
    const since = performance.now() - LATELY_MS
    for (const other of this.#shops.values()) if (other !== shop && other.worked > since) return true
    return false
  }

  /** One worker: the tenant whose turn it is gets one batch and goes to the end of the line while it has more. */
  async #work(): Promise<void> {
    for (let misses = 0; !this.#stopped; ) {
      const shop = this.#next()
      if (!shop) { await this.#sleep(this.#options.repairMs ?? 2_000); continue }
      const { woken } = shop
      try {
        const worked = await this.#serve(shop)
        if (worked || shop.woken !== woken) this.#line.push(shop)
        else shop.tickets--
        misses = 0
      } catch (error) {
        this.#line.push(shop)
        if (!isRetryable(error)) this.#trouble(error, shop.tenant)
        await this.#sleep(isRetryable(error) ? WAIT_MS.retry * Math.random() : backoff(++misses))
      }
    }
  }

  async #serve(shop: Shop): Promise<boolean> {
    const started = performance.now()
    shop.busy++
    const outcome = await this.#batch(shop).finally(() => { shop.busy-- })
    if (outcome && outcome.events > 0) this.#rest(shop, outcome, performance.now() - started)
    if (outcome === null || outcome.outbox > 0) this.#send(shop)
    if (outcome) this.#options.onBatch?.(shop.tenant, outcome, performance.now() - started)
    return outcome !== null
  }

  /** Beside others that had work lately, what comes little by little gathers for as long as the last batch took: fewer and larger batches leave more to the others. */
  #rest(shop: Shop, { events }: Outcome, ms: number): void {
    const now = performance.now()
    shop.used = usedBy(shop, now) + ms
    shop.worked = now
    if (events >= LARGE || !this.#othersWork(shop) || [...this.#shops.values()].some((other) => other !== shop && 2 * usedBy(other, now) > shop.used)) return
    const rest = Math.min(ms, WAIT_MS.rest)
    shop.rests = shop.worked + rest
    setTimeout(() => { for (const wake of this.#sleepers.splice(0)) wake() }, rest + 1).unref()
  }

  async #batch({ tenant, progress, pump }: Shop): Promise<Outcome | null> {
    return (await workQueue(this.#options.db, tenant, progress)) ?? pumpTimers(this.#options.db, tenant, pump)
  }

  /** Sending waits for others' machines, so it does not hold a worker; one sender per tenant and process. */
  #send(shop: Shop): void {
    if (shop.sending !== 'no') { shop.sending = 'again'; return }
    if (this.#stopped) return
    shop.sending = 'yes'
    const sending = this.#sendAll(shop).catch((error: unknown) => this.#trouble(error, shop.tenant)).finally(() => { shop.sending = 'no'; this.#sending.delete(sending) })
    this.#sending.add(sending)
  }

  async #sendAll(shop: Shop): Promise<void> {
    for (let begun = false; !this.#stopped && (!begun || shop.sending === 'again'); begun = true) {
      shop.sending = 'yes'
      await sendAll(this.#options.db, shop.tenant, this.#options.channels, () => this.#stopped)
    }
  }

  #trouble(error: unknown, tenant: Tenant | null): void {
    this.#options.onTrouble?.(error, tenant)
  }

  #sleep(ms: number, among: (() => void)[] = this.#sleepers): Promise<void> {
    if (this.#stopped) return Promise.resolve()
    return new Promise((resolve) => {
      const timer = setTimeout(wake, ms)
      timer.unref()
      among.push(wake)
      function wake() {
        clearTimeout(timer)
        if (among.includes(wake)) among.splice(among.indexOf(wake), 1)
        resolve()
      }
    })
  }
}

/** Time of workers lately, ms: what was used a second ago counts for a third. */
const usedBy = ({ used, worked }: Shop, now: number): number => (used === 0 ? 0 : used * Math.exp((worked - now) / 1_000))

const backoff = (misses: number): number => Math.random() * Math.min(WAIT_MS.longest, WAIT_MS.away * 2 ** misses)
