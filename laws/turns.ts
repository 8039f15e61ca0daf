import type pg from 'pg'
import { openDatabase, sqlState, type OpenDatabase } from '#platform/db'
import type { Random } from './random.ts'

/** What is done to a statement on its way: a fault that the law must find. */
export interface Planted { name: string; find: RegExp; put: string }

/** `met`: those whose statement came by. */
export interface Faults { planted: readonly Planted[]; met: Set<string> }

/** before: the connection breaks and the statement never arrives; after: it is carried out, and its answer is lost. */
export type Break = 'before' | 'after'

/**
 * Whoever works on the database with others, one statement at a time: every statement, BEGIN and COMMIT included, waits for its turn.
 * A connection breaks where `breaks` says so; what it had begun is gone before anybody else has a turn.
 */
export class Actor {
  readonly name: string
  readonly db: OpenDatabase
  readonly turns: { take(): void; refuse(error: Error): void; backend: number | null }[] = []
  /** Statements sent and not answered, by backend. */
  readonly under = new Map<number, number>()
  /** Backends of connections that broke. */
  readonly dying = new Set<number>()
  /** Nothing to do until somebody has done something. */
  resting: ((more: boolean) => void) | null = null
  #over = false
  /** Tells whoever waits until all stand still that it is worth looking. */
  stepped: () => void = () => {}
  /** Something was done since it last began to look. */
  told = false
  /** It may have given locks back since somebody looked. */
  freed = false
  breaks: () => Break | null = () => null
  /** Retryable errors by their code. */
  readonly codes = new Map<string, number>()
  /** The story ends here, whatever it was doing. */
  stopped = false
  readonly #faults: Faults

  constructor(name: string, config: object, faults: Faults) {
    this.name = name
    this.#faults = faults
    this.db = openDatabase(config)
    const { pool } = this.db
    const connect = pool.connect.bind(pool) as () => Promise<pg.PoolClient>
    const known = new WeakSet<pg.PoolClient>()
    pool.connect = (async () => {
      const client = await connect()
      if (!known.has(client)) { known.add(client); this.#gate(client) }
      return client
    }) as typeof pool.connect
  }

  get over(): boolean { return this.#over }
  set over(over: boolean) {
    this.#over = over
    this.stepped()
  }

  /** So many turns without doing anything. */
  async pass(turns: number): Promise<void> {
    for (let i = 0; i < turns; i++) await this.turn()
  }

  /** False: all is done, nothing will come any more. */
  rest(): Promise<boolean> {
    return new Promise((resolve) => {
      this.resting = (more) => { this.resting = null; resolve(more) }
      this.stepped()
    })
  }

  turn(backend: number | null = null): Promise<void> {
    if (this.stopped || (backend !== null && this.dying.has(backend))) return Promise.reject(gone())
    return new Promise((take, refuse) => {
      this.turns.push({ take, refuse, backend })
      this.stepped()
    })
  }

  /** What was sent in one breath is carried out in one turn. */
  takeTurn(): void {
    for (const { take } of this.turns.splice(0)) take()
  }

  stop(): void {
    this.stopped = true
    for (const { refuse } of this.turns.splice(0)) refuse(gone())
    this.resting?.(false)
  }

  #gate(client: pg.PoolClient): void {
    const send = client.query.bind(client) as (query: unknown) => Promise<unknown>
    const { processID } = client as unknown as { processID: number }
    client.query = (async (query: string | { text: string }) => {
      await this.turn(processID)
      const broken = this.dying.has(processID) ? 'before' : this.breaks()
      if (broken === 'before') return this.#lost(processID)
      this.under.set(processID, (this.under.get(processID) ?? 0) + 1)
      try {
        return await send(this.#changed(query))
      } catch (error) {
        this.freed = true
        const code = sqlState(error) ?? ''
        this.codes.set(code, (this.codes.get(code) ?? 0) + 1)
        throw error
      } finally {
        this.under.set(processID, this.under.get(processID)! - 1)
        this.stepped()
        if (query === 'commit' || query === 'rollback') this.freed = true
        if (broken === 'after') this.#lost(processID)
      }
    }) as typeof client.query
  }

  /** What was still to be sent over it is refused at once, as a driver does: a rollback that waited for its turn would keep the connection open for ever. */
  #lost(backend: number): never {
    this.dying.add(backend)
    const { lost = [], kept = [] } = Object.groupBy(this.turns, (turn) => (turn.backend === backend ? 'lost' : 'kept'))
    this.turns.splice(0, this.turns.length, ...kept)
    for (const { refuse } of lost) refuse(gone())
    this.freed = true
    throw gone()
  }

  #changed(query: string | { text: string }): string | { text: string } {
    if (typeof query === 'string') return query
    let { text } = query
    for (const { name, find, put } of this.#faults.planted) if (find.test(text)) { this.#faults.met.add(name); text = text.replace(find, put) }
    return text === query.text ? query : { ...query, text }
  }
}

const gone = (): Error => Object.assign(new Error('terminating connection'), { code: '57P01' })

const LONGEST_STORY = 4_000
const SLOW_MS = 3

export class Stalled extends Error { override name = 'Stalled' }

/**
 * Gives turns by chance until everybody has come to an end. Between two turns all stand still: each waits for a turn, rests, or is kept waiting by
 * a lock in the database. `anythingLeft`: asked when all that is left are actors at rest.
 */
export async function takeTurns(actors: readonly Actor[], random: Random, { monitor, anythingLeft }: { monitor: pg.Pool; anythingLeft: () => Promise<string | null> }): Promise<number> {
  let blocked: ReadonlySet<number> = new Set()
  for (let turns = 0; ; turns++) {
    if (turns > LONGEST_STORY) throw new Stalled(`no end after ${LONGEST_STORY} turns`)
    blocked = await still(actors, blocked, monitor)
    const ready = actors.filter((actor) => actor.turns.length > 0 && !isUnder(actor))
    if (ready.length > 0) { ready[Math.floor(random() * ready.length)]!.takeTurn(); continue }
    if (actors.every(({ over }) => over)) return turns
    if (actors.some(isUnder)) { await pause(SLOW_MS); blocked = new Set(); continue }
    const late = actors.find(({ told, resting }) => told && resting)
    if (late) { late.resting!(true); continue }
    const left = await anythingLeft()
    if (left !== null) throw new Stalled(`everybody rests, and there is left: ${left}`)
    for (const { resting } of actors) resting?.(false)
  }
}

/** Somebody has done something: one in six of those who rest hears of it, the others find it by looking when all is quiet. */
export function stir(actors: readonly Actor[], random: Random): void {
  for (const actor of actors) {
    actor.told = true
    if (random() < 1 / 6) actor.resting?.(true)
  }
}

const isUnder = ({ under }: Actor): boolean => [...under.values()].some((count) => count > 0)
const isStill = (actor: Actor, blocked: ReadonlySet<number>): boolean =>
  isUnder(actor) ? [...actor.under].every(([backend, count]) => count === 0 || blocked.has(backend)) : actor.over || actor.turns.length > 0 || actor.resting !== null

/** Who waits for a lock; it stays so while nobody gives one back. */
async function still(actors: readonly Actor[], known: ReadonlySet<number>, monitor: pg.Pool): Promise<ReadonlySet<number>> {
  let blocked = known
  for (let since = performance.now(); ; ) {
    if (actors.some(({ freed }) => freed)) blocked = new Set()
    for (const actor of actors) actor.freed = false
    if (actors.every((actor) => isStill(actor, blocked))) break
    await step(actors)
    if (performance.now() - since < SLOW_MS) continue
    blocked = await blockedAmong(actors.flatMap(({ under }) => [...under].flatMap(([backend, count]) => (count > 0 ? [backend] : []))), monitor)
    since = performance.now() - SLOW_MS / 2
  }
  for (const actor of actors) await ended(actor, monitor)
  return blocked
}

/** Until one of them has done something and what follows from it at once, but no longer than a lock is looked for. */
async function step(actors: readonly Actor[]): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, SLOW_MS)
    for (const actor of actors) actor.stepped = () => { clearTimeout(timer); resolve() }
  })
  await new Promise((resolve) => { setImmediate(resolve) })
}

async function blockedAmong(backends: readonly number[], monitor: pg.Pool): Promise<Set<number>> {
  if (backends.length === 0) return new Set()
  const { rows } = await monitor.query<{ pid: number }>('select pid from unnest($1::int[]) pid where cardinality(pg_blocking_pids(pid)) > 0', [backends])
  return new Set(rows.map(({ pid }) => pid))
}

/** What a broken connection held is free when its backend is gone; it goes when the pool has closed it. */
async function ended({ dying }: Actor, monitor: pg.Pool): Promise<void> {
  while (dying.size > 0) {
    const { rows } = await monitor.query<{ pid: number }>('select pid from pg_stat_activity where pid = any($1::int[])', [[...dying]])
    const alive = new Set(rows.map(({ pid }) => pid))
    for (const pid of dying) if (!alive.has(pid)) dying.delete(pid)
    if (alive.size > 0) await pause(1)
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => { setTimeout(resolve, ms) })
