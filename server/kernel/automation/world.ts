import type { AggregateNeed, BindContext } from '#language/conditions'
import { dayOf } from '#language/values'
import { memberPrincipal, memberRows, phaseAt, type Context, type MemberRow, type Principal } from '#kernel/access'
import type { Metadata } from '#kernel/metadata'
import type { Desk } from '#kernel/assignment'
import type { FieldChanges } from '#kernel/changes'
import { lockRecords, onShiftAt, type OnShift, poolsOf, readRecords, type Pool, type RecordImage } from '#kernel/records'
import { ids } from '#platform/db'
import type { Event } from './types.ts'
import { fetchAggregates, fetchChildren, fetchEpisodes, fetchFired, fetchLater, fetchRepeats, type Later, type RepeatQuery } from './fetch.ts'
import type { Aggregate, Judged } from './judge.ts'
import { fetchWaits, runKey, type WaitQuery, type WaitRow } from './waits.ts'

/** Children of a record: those that meet `where` (oldest first), the newest ones, or a page of all by id, `behind` one. At most `limit`. */
export interface ChildQuery { key: string; object: string; via: string; where: Judged | null; order: 'oldest' | 'newest' | 'id'; behind?: string; limit: number }

/** Asked for and not at hand; fetched together, set by set. */
export class Asks {
  rows = new Map<string, Set<string>>()
  later = new Map<string, number>()
  aggregates = new Map<string, Map<string, { need: AggregateNeed; ids: Set<string> }>>()
  children = new Map<string, { query: ChildQuery; of: string; ids: Set<string> }>()
  members = new Set<number>()
  fired = new Map<string, Set<string>>()
  episodes = new Map<string, Set<string>>()
  repeats = new Map<string, RepeatQuery>()
  waits = new Map<string, WaitQuery>()
  pools = new Set<string>()
  shifts = new Map<string, Set<number>>()
  get none(): boolean { return this.shifts.size + this.rows.size + this.later.size + this.aggregates.size + this.children.size + this.members.size + this.fired.size + this.episodes.size + this.repeats.size + this.waits.size + this.pools.size === 0 }
}

/** Principals of one epoch, as long as nobody leaves or comes back, shared by its batches: lenses bound to them are compiled once. */
const principals = new WeakMap<Metadata, { phase: number; known: Map<number, Principal | null> }>()
function principalsOf({ metadata }: Context, phase: number): Map<number, Principal | null> {
  const found = principals.get(metadata)
  if (found?.phase === phase) return found.known
  const fresh = { phase, known: new Map<number, Principal | null>() }
  principals.set(metadata, fresh)
  return fresh.known
}

/**
 * What one batch knows of the database. Reading something that is not at hand asks for it and gives undefined; `fetch` brings all that was asked.
 * What is only of use when the locks are held is `promised` and asked for then.
 *
 * Rows are as stored; effects live in the Plan.
 */
export class World {
  readonly ctx: Context
  readonly at: BindContext
  members: ReadonlyMap<number, MemberRow> = new Map()
  desk: Desk | null = null
  asks = new Asks()
  readonly promised = new Asks()
  readonly locked = new Map<string, RecordImage>()
  #rows = new Map<string, RecordImage | null>()
  #later = new Map<string, Later>()
  #aggregates = new Map<string, Map<string, Aggregate>>()
  #children = new Map<string, Map<string, string[]>>()
  #day: string | undefined
  #fired = new Map<string, Set<number>>()
  #episodes = new Map<string, Set<number>>()
  #repeats = new Map<string, number>()
  #waits = new Map<string, readonly WaitRow[]>()
  #isLocked = false
  #pools = new Map<string, Pool[]>()
  #principals = new Map<number, Principal | null>()
  #shifts = new Map<string, readonly OnShift[]>()

  constructor(ctx: Context) {
    this.ctx = ctx
    this.at = { me: null, myTeams: [], now: ctx.now, zone: ctx.tenant.zone, calendar: ctx.metadata.calendar }
  }

  /** The id of a record that a plan makes, the `nth` of its object in this plan. */
  newId(_event: Event, _object: string, _nth: number): string {
    return ids.next()
  }

  /** Null: there is no such record. */
  row(object: string, id: string): RecordImage | null | undefined {
    const known = this.#rows.get(id)
    if (known === undefined) upsert(this.asks.rows, object, () => new Set<string>()).add(id)
    return known
  }

  /** As `row`, asking for nothing. */
  known(id: string): RecordImage | null | undefined {
    return this.#rows.get(id)
  }

  /** Instants at which a rule's deadline has come for a record before. */
  episodes(id: string, rule: string): ReadonlySet<number> | undefined {
    const known = this.#episodes.get(`${rule} ${id}`)
    if (known === undefined) upsert(this.asks.episodes, rule, () => new Set<string>()).add(id)
    return known
  }

  /** What changed in a record after version `from` up to `to`, newest first. */
  later(id: string, from: number, to: number): FieldChanges[] | undefined {
    const known = this.#later.get(id)
    if (known !== undefined && known.from <= from) return known.changes.filter(({ version }) => version > from && version <= to).map(({ fields }) => fields)
    this.asks.later.set(id, Math.min(from, this.asks.later.get(id) ?? from))
    return undefined
  }

  aggregate(object: string, id: string, need: AggregateNeed): Aggregate | undefined {
    const known = this.#aggregates.get(need.key)?.get(id)
    if (known === undefined) askAggregate(this.asks, { object, id, need })
    return known
  }

  /** Ids only: ask for the rows. `of`: the parent's object. */
  children(query: ChildQuery, of: string, id: string): readonly string[] | undefined {
    const known = this.#children.get(query.key)?.get(id)
    if (known === undefined) askChildren(this.asks, { query, of, id })
    return known
  }

  /** Null: not an active member. */
  principal(member: number): Principal | null | undefined {
    const known = this.#principals.get(member)
    if (known === undefined) this.asks.members.add(member)
    return known
  }

  /** First changes for which a rule has run on a record in the last day. */
  fired(id: string, rule: string): ReadonlySet<number> | undefined {
    const known = this.#fired.get(`${rule} ${id}`)
    if (known === undefined) upsert(this.asks.fired, rule, () => new Set<string>()).add(id)
    return known
  }

  /** How many changes of a kind whoever made this one has made to the record within a time, this one included. */
  repeats(query: RepeatQuery): number | undefined {
    const known = this.#repeats.get(query.key)
    if (known === undefined) this.asks.repeats.set(query.key, query)
    return known
  }

  /** Where a run and its branches stand; none: it has ended. */
  waits(query: WaitQuery): readonly WaitRow[] | undefined {
    const known = this.#waits.get(runKey(query))
    if (known === undefined) this.asks.waits.set(runKey(query), query)
    return known
  }

  /** The pools in which records of an object wait. */
  pools(object: string): readonly Pool[] | undefined {
    if (!this.ctx.metadata.pooling(object)) return []
    const known = this.#pools.get(object)
    if (known === undefined) this.asks.pools.add(object)
    return known
  }

  /** Whom the shifts of an object name at an instant (ms). */
  shifts(object: string, at: number): readonly OnShift[] | undefined {
    const known = this.#shifts.get(`${object} ${at}`)
    if (known === undefined) upsert(this.asks.shifts, object, () => new Set<number>()).add(at)
    return known
  }

  /** Today in the tenant's zone. */
  get today(): string {
    return (this.#day ??= dayOf(this.ctx.now.getTime(), this.at.zone))
  }

  /** Everything asked for, in one round trip where the connection pipelines. False: nothing came that was not at hand. */
  async fetch(): Promise<boolean> {
    const before = this.#known
    const { rows, later, aggregates, children, members, fired, episodes, repeats, waits, pools, shifts } = this.asks
    this.asks = new Asks()
    await Promise.all([
      ...[...rows].map(([object, ids]) => this.#fetchRows(object, [...ids])),
      ...[...pools].map(async (object) => this.#pools.set(object, await poolsOf(this.ctx, this.ctx.metadata.pooling(object)!))),
      ...[...shifts].map(([object, instants]) => onShiftAt(this.ctx, object, [...instants]).then((found) => { for (const [at, on] of found) this.#shifts.set(`${object} ${at}`, on) })),
      fetchWaits(this.ctx.tx, [...waits.values()], this.#isLocked).then((found) => merge(this.#waits, found)),
      fetchRepeats(this.ctx.tx, [...repeats.values()]).then((found) => merge(this.#repeats, found)),
      fetchLater(this.ctx.tx, later).then((found) => merge(this.#later, found)),
      ...[...aggregates].map(([object, same]) => fetchAggregates(this.ctx, this.at, object, [...same.values()]).then((found) => mergeDeep(this.#aggregates, found))),
      ...[...children.values()].map((each) => fetchChildren(this.ctx, this.at, each).then((found) => mergeDeep(this.#children, new Map([[each.query.key, found]])))),
      ...[...members].map(async (id) => this.#principals.set(id, this.members.get(id)?.active ? await memberPrincipal(this.ctx.tx, id) : null)),
      ...[...episodes].map(([rule, ids]) => fetchEpisodes(this.ctx.tx, rule, [...ids]).then((found) => merge(this.#episodes, found))),
      ...[...fired].map(([rule, ids]) => fetchFired(this.ctx, rule, [...ids]).then((found) => merge(this.#fired, found))),
    ])
    return this.#known > before
  }

  /** How much is at hand. */
  get #known(): number {
    const deep = [...this.#aggregates.values(), ...this.#children.values()]
    return [this.#rows, this.#later, this.#fired, this.#episodes, this.#repeats, this.#waits, this.#pools, this.#principals, this.#shifts, ...deep].reduce((sum, { size }) => sum + size, 0)
  }

  async open(): Promise<void> {
    this.members = await memberRows(this.ctx.tx)
    this.#principals = principalsOf(this.ctx, phaseAt(this.members, this.ctx.now.getTime()))
  }

  async #fetchRows(object: string, ids: string[]): Promise<void> {
    this.#remember(ids, await readRecords(this.ctx, object, ids))
  }

  /** Locks rows by (object, id), forgets what was read about their children before, and asks for what was promised. */
  async lock(wanted: ReadonlyMap<string, ReadonlySet<string>>): Promise<void> {
    this.#aggregates = new Map()
    this.#children = new Map()
    this.#later = new Map()
    this.#episodes = new Map()
    this.#waits = new Map()
    this.#isLocked = true
    this.asks = this.promised
    const promised = () => (this.asks.none ? undefined : this.fetch())
    const objects = [...wanted].sort(([a], [b]) => (a < b ? -1 : 1))
    // Sent together, carried out in this order.
    const locking = Promise.all(objects.map(async ([object, ids]) => [[...ids], await lockRecords(this.ctx, object, [...ids])] as const))
    const [found] = await Promise.all([locking, promised()])
    for (const [ids, images] of found) {
      this.#remember(ids, images)
      for (const [id, image] of images) this.locked.set(id, image)
    }
  }

  #remember(ids: readonly string[], found: ReadonlyMap<string, RecordImage>): void {
    for (const id of ids) this.#rows.set(id, found.get(id) ?? null)
  }
}

export function askAggregate({ aggregates }: Asks, { object, id, need }: { object: string; id: string; need: AggregateNeed }): void {
  upsert(upsert(aggregates, object, () => new Map<string, { need: AggregateNeed; ids: Set<string> }>()), need.key, () => ({ need, ids: new Set<string>() })).ids.add(id)
}

export function askChildren({ children }: Asks, { query, of, id }: { query: ChildQuery; of: string; id: string }): void {
  upsert(children, query.key, () => ({ query, of, ids: new Set<string>() })).ids.add(id)
}

export function upsert<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key)
  if (known !== undefined) return known
  const made = make()
  map.set(key, made)
  return made
}

const merge = <K, V>(into: Map<K, V>, from: ReadonlyMap<K, V>): void => { for (const [key, value] of from) into.set(key, value) }
const mergeDeep = <K, L, V>(into: Map<K, Map<L, V>>, from: ReadonlyMap<K, ReadonlyMap<L, V>>): void => { for (const [key, values] of from) merge(upsert(into, key, () => new Map()), values) }
