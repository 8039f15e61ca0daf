import type { Subscription } from '#contract/api'
import { memberContext } from '#kernel/access'
import { aliveSessions } from '#kernel/members'
import type { Database, Tenant } from '#platform/db'
import { Refused, refused } from '#contract'
import { type Log, metrics } from '#platform/telemetry'
import { CONFIGURED, isPressing, isTouched, visible } from './visible.ts'

/** One open connection of one member. */
export interface Stream {
  tenant: Tenant
  member: number
  /** Null: an API key, good as long as its member is. */
  session: string | null
  subscriptions: readonly Subscription[]
  changed(key: string): void
  close(): void
}

/** What one member watches, however many of their screens do: run once, told to all. */
interface Watch {
  subscription: Subscription
  streams: Set<{ stream: Stream; key: string }>
  digest: string | null
  /** What is dear to look at rests after it, and is looked at when it has rested. */
  restsUntil: number
  owed: boolean
}
interface Room { tenant: Tenant; members: Map<number, Map<string, Watch>>; streams: Set<Stream>; epoch: number | null; dirty: Set<string> | 'any' | null; hintedAt: number; rousedAt: number }

const TICK_MS = 1_000
/** Rights that came or went show at once; several at a time are one look. */
const PRESSING_MS = 20
const PER_MEMBER = 20
/** Rests this many times as long as looking took: one open dashboard takes a fifth of a processor at most. */
const REST = 4
/** What another process does after it was told of work is not told to us: we look again for this long. */
const ROUSED_MS = 3_000
/** Seconds after which everything is looked at without a hint: a new day, a hint that was lost. */
const BY_CLOCK_TICKS = 30

/** Who watches what. Frames carry no data: a key, and that asking again would give another answer (decision 19). */
export class Hub {
  readonly #rooms = new Map<number, Room>()
  readonly #db: Database
  readonly #log: Log
  readonly #timer: NodeJS.Timeout
  #ticks = 0
  #busy = false
  #pressing: NodeJS.Timeout | null = null

  constructor(db: Database, log: Log) {
    this.#db = db
    this.#log = log
    this.#timer = setInterval(() => void this.#tick(), TICK_MS).unref()
  }

  /** Something changed in a tenant; `objects` undefined: it is not known what. */
  hint(tenant: number, objects?: Iterable<string>): void {
    const room = this.#rooms.get(tenant)
    if (!room) return
    room.hintedAt = performance.now()
    if (objects === undefined || room.dirty === 'any') room.dirty = 'any'
    else room.dirty = new Set([...(room.dirty ?? []), ...objects])
    if (objects !== undefined && [...objects].some(isPressing)) this.#press()
  }

  /** A round as soon as the one under way is over. */
  #press(): void {
    this.#pressing ??= setTimeout(() => {
      this.#pressing = null
      if (this.#busy) this.#press()
      else void this.#rounds()
    }, PRESSING_MS).unref()
  }

  /** Another process has work in a tenant: what comes of it shows within seconds. */
  rouse(tenant: number): void {
    const room = this.#rooms.get(tenant)
    if (room) room.rousedAt = performance.now()
    this.hint(tenant)
  }

  /** Refused TOO_MANY_STREAMS above 20 different things per member. */
  async enter(stream: Stream): Promise<void> {
    const room = this.#roomOf(stream.tenant)
    const watches = room.members.get(stream.member) ?? new Map<string, Watch>()
    const named = stream.subscriptions.map(({ key, ...what }) => ({ key, id: JSON.stringify(what), subscription: { ...what, key } as Subscription }))
    if (new Set([...watches.keys(), ...named.map(({ id }) => id)]).size > PER_MEMBER) refused('TOO_MANY_STREAMS')
    room.members.set(stream.member, watches)
    room.streams.add(stream)
    for (const { key, id, subscription } of named) {
      const watch = watches.get(id) ?? { subscription, streams: new Set(), digest: null, restsUntil: 0, owed: false }
      watch.streams.add({ stream, key })
      watches.set(id, watch)
    }
    await this.#count()
    await this.#begin(room, stream)
  }

  leave(stream: Stream): void {
    const room = this.#rooms.get(stream.tenant.id)
    if (!room?.streams.delete(stream)) return
    const watches = room.members.get(stream.member) ?? new Map<string, Watch>()
    for (const [id, watch] of watches) {
      for (const each of watch.streams) if (each.stream === stream) watch.streams.delete(each)
      if (watch.streams.size === 0) watches.delete(id)
    }
    if (watches.size === 0) room.members.delete(stream.member)
    if (room.streams.size === 0) this.#rooms.delete(stream.tenant.id)
    void this.#count()
  }

  /** All streams of a tenant end; browsers come back by themselves. */
  empty(tenant: number): void {
    for (const stream of [...(this.#rooms.get(tenant)?.streams ?? [])]) stream.close()
  }

  close(): void {
    clearInterval(this.#timer)
    if (this.#pressing) clearTimeout(this.#pressing)
    for (const tenant of this.#rooms.keys()) this.empty(tenant)
    this.#rooms.clear()
  }

  #roomOf(tenant: Tenant): Room {
    const room = this.#rooms.get(tenant.id) ?? { tenant, members: new Map(), streams: new Set(), epoch: null, dirty: null, hintedAt: -Infinity, rousedAt: -Infinity }
    room.tenant = tenant
    this.#rooms.set(tenant.id, room)
    return room
  }

  /** What is seen now is what later looks are compared with; what changed while the page was being drawn is told at once. */
  async #begin(room: Room, stream: Stream): Promise<void> {
    const justNow = performance.now() - room.hintedAt < 2 * TICK_MS
    const fresh = [...(room.members.get(stream.member)?.values() ?? [])].filter(({ digest, streams }) => digest === null && [...streams].some((each) => each.stream === stream))
    await this.#look(room, stream.member, fresh)
    for (const subscription of stream.subscriptions) if (isDated(subscription) ? isOutdated(subscription, room) : justNow) stream.changed(subscription.key)
  }

  async #tick(): Promise<void> {
    if (this.#busy) return
    this.#ticks++
    await this.#rounds()
  }

  async #rounds(): Promise<void> {
    this.#busy = true
    try {
      for (const room of this.#rooms.values()) await this.#round(room)
    } catch (error) {
      // Away or failing: the next round looks again, nothing is forgotten because digests stay.
      for (const room of this.#rooms.values()) room.dirty = 'any'
      this.#log.debug({ err: error }, 'live round')
    } finally {
      this.#busy = false
    }
  }

  async #round(room: Room): Promise<void> {
    await this.#dismiss(room)
    const roused = performance.now() - room.rousedAt < ROUSED_MS
    const dirty = roused || this.#ticks % BY_CLOCK_TICKS === 0 ? 'any' : room.dirty
    room.dirty = null
    for (const [member, watches] of room.members) await this.#look(room, member, [...watches.values()].filter(({ subscription, owed }) => owed || (dirty !== null && isTouched(subscription, dirty))))
  }

  async #look(room: Room, member: number, watches: readonly Watch[]): Promise<void> {
    await this.#lookAt(room, member, watches.filter(({ subscription }) => subscription.kind !== 'dashboard'))
    // Each alone: one that takes too long ends its transaction and nobody else's.
    for (const watch of watches) if (watch.subscription.kind === 'dashboard') await this.#lookRested(room, member, watch)
  }

  async #lookRested(room: Room, member: number, watch: Watch): Promise<void> {
    const began = performance.now()
    watch.owed = began < watch.restsUntil
    if (watch.owed) return
    await this.#lookAt(room, member, [watch])
    watch.restsUntil = performance.now() + REST * (performance.now() - began)
  }

  async #lookAt(room: Room, member: number, watches: readonly Watch[]): Promise<void> {
    if (watches.length === 0) return
    try {
      await this.#db.read(room.tenant, async (tx) => {
        this.#note(room, tx.epoch)
        const ctx = await memberContext(tx, member)
        for (const watch of watches) tell(watch, await visible(ctx, watch.subscription))
      })
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      for (const stream of [...room.streams]) if (stream.member === member) stream.close()
    }
  }

  /**
   * Sessions that have ended and members who may no longer come in: one statement a second per tenant. The transaction
   * tells the epoch by the way: what any process configured is seen here.
   */
  async #dismiss(room: Room): Promise<void> {
    const tokens = [...new Set([...room.streams].flatMap(({ session }) => session ?? []))]
    if (tokens.length === 0) return
    const alive = await this.#db.read(room.tenant, (tx) => { this.#note(room, tx.epoch); return aliveSessions(tx, tokens) })
    for (const stream of [...room.streams]) if (stream.session !== null && !alive.has(stream.session)) stream.close()
  }

  #note(room: Room, epoch: number): void {
    if (room.epoch !== null && room.epoch !== epoch) this.hint(room.tenant.id, [CONFIGURED])
    room.epoch = epoch
  }

  async #count(): Promise<void> {
    const { streams } = await metrics()
    streams.set([...this.#rooms.values()].reduce((sum, room) => sum + room.streams.size, 0))
  }
}

/** It says itself when it was drawn. */
const isDated = (subscription: Subscription): subscription is Subscription & { epoch: number } => subscription.kind === 'definitions' && subscription.epoch !== undefined
/** A screen drawn before somebody published, watching only after. */
const isOutdated = (subscription: { epoch: number }, { epoch }: Room): boolean => epoch !== null && subscription.epoch < epoch

function tell(watch: Watch, digest: string): void {
  const before = watch.digest
  watch.digest = digest
  if (before !== null && before !== digest) for (const { stream, key } of watch.streams) stream.changed(key)
}
