import { dispatch, type Channels } from '#kernel/delivery'
import { isRetryable, type OpenDatabase, type Tenant } from '#platform/db'
import { openArmed, type Armed } from './arm.ts'
import type { Outcome } from './batch.ts'
import { findWork } from './find-work.ts'
import { pumpTimers } from './pump.ts'
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

/** `woken` counts the words of work, so that one that comes while a worker is leaving is not lost. `sending`: `again` when more was left meanwhile. */
interface Shop { tenant: Tenant; progress: Progress; armed: Armed; tickets: number; woken: number; sending: 'no' | 'yes' | 'again' }

const WAIT_MS = { away: 200, longest: 5_000, retry: 20 }

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
    for (const wake of this.#sleepers.splice(0)) wake()
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
      await this.#sleep(misses === 0 ? (this.#options.repairMs ?? 2_000) : backoff(misses))
    }
  }

  async #look(): Promise<void> {
    const tenants = await this.#options.db.tenants()
    for (const tenant of tenants) this.#shopOf(tenant)
    for (const id of await findWork(this.#options.db, tenants, (id) => this.#shops.get(id)!.armed.epoch)) this.#wake(id)
  }

  #shopOf(tenant: Tenant): Shop {
    const known = this.#shops.get(tenant.id)
    if (known) return Object.assign(known, { tenant })
    const shop: Shop = { tenant, progress: openProgress(), armed: openArmed(), tickets: 0, woken: 0, sending: 'no' }
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

  /** One worker: the tenant at the head of the line gets one batch and goes to its end while it has more. */
  async #work(): Promise<void> {
    for (let misses = 0; !this.#stopped; ) {
      const shop = this.#line.shift()
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
    const outcome = (await workQueue(this.#options.db, shop.tenant, shop.progress)) ?? (await pumpTimers(this.#options.db, shop.tenant, shop.armed))
    if (outcome === null || outcome.outbox > 0) this.#send(shop)
    if (outcome) this.#options.onBatch?.(shop.tenant, outcome, performance.now() - started)
    return outcome !== null
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
    for (let sent = 1; !this.#stopped && (sent > 0 || shop.sending === 'again'); ) {
      shop.sending = 'yes'
      sent = await dispatch(this.#options.db, shop.tenant, this.#options.channels)
    }
  }

  #trouble(error: unknown, tenant: Tenant | null): void {
    this.#options.onTrouble?.(error, tenant)
  }

  #sleep(ms: number): Promise<void> {
    if (this.#stopped) return Promise.resolve()
    return new Promise((resolve) => {
      const timer = setTimeout(wake, ms)
      timer.unref()
      this.#sleepers.push(wake)
      function wake() { clearTimeout(timer); resolve() }
    })
  }
}

const backoff = (misses: number): number => Math.random() * Math.min(WAIT_MS.longest, WAIT_MS.away * 2 ** misses)
