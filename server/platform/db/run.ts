import type { Socket } from 'node:net'
import type pg from 'pg'
import type { Vault } from '#platform/crypto'
import { Recent } from '#platform/recent'
import { directoryOf } from './directory.ts'
import { isAborted, isAway, isRetryable, translated } from './failures.ts'
import { instantsAsText, openPool, type PoolConfig } from './pool.ts'
import { Moments, stands, type Moment } from './moments.ts'
import { noteStatement, textsOf, trimStatements } from './statements.ts'
import type { Database, Tenant, Tx } from './types.ts'

/** A Database with its pool, for what has no tenant: directory, migrations, LISTEN. */
export interface OpenDatabase extends Database {
  readonly pool: pg.Pool
}

/**
 * Connects lazily; nothing is sent until the first transaction. What writes costs its own statements plus two round
 * trips (open with clock and epoch, commit). What reads goes on at once with the clock and the epoch that are to be
 * expected, and begins again where the opening says otherwise. Throws DatabaseAway while the database cannot be reached.
 */
export function openDatabase(config: PoolConfig): OpenDatabase {
  const pool = openPool(config)
  const transact = transactorOf(pool, config.vault)
  return {
    pool,
    ...directoryOf(pool),
    mutate: (tenant, work) => retried(() => transact(tenant, 'begin', work)),
    read: (tenant, work) => transact(tenant, READ, work),
    close: () => pool.end(),
  }
}

const ATTEMPTS = 4

async function retried<T>(once: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await once()
    } catch (error) {
      if (attempt === ATTEMPTS || !isRetryable(error)) throw error
      await pause(Math.random() * 25 * 2 ** attempt)
    }
  }
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

const READ = 'begin isolation level repeatable read read only'

type Texts = ReturnType<typeof textsOf>
type Transact = <T>(tenant: Tenant, begin: string, work: (tx: Tx) => Promise<T>) => Promise<T>

function transactorOf(pool: pg.Pool, vault: Vault | undefined): Transact {
  const texts = new Recent<string, Texts>(TENANTS_REMEMBERED)
  const textsFor = (schema: string): Texts => texts.getOrMake(schema, () => textsOf(schema))
  const moments = new Moments()
  return async (tenant, begin, work) => {
    const client = await connected(pool)
    const expected = begin === READ ? moments.expected(tenant) : undefined
    const session = () => new Session(client, { tenant, texts: textsFor(tenant.schema), moments, vault })
    const done = (expected && (await presumed(session(), expected, work))) ?? (await carriedOut(session(), begin, work))
    giveBack(client, tenant)
    done.session.tellCommitted()
    return done.result
  }
}

interface Done<T> { result: T; session: Session }

async function carriedOut<T>(session: Session, begin: string, work: (tx: Tx) => Promise<T>): Promise<Done<T>> {
  try {
    const result = await work(await session.open(begin))
    await session.close(begin !== READ)
    return { result, session }
  } catch (error) {
    const told = translated(error, begin !== READ)
    await session.abandon(told)
    throw told
  }
}

/** Reads without waiting for the opening. Where the moment was another, nothing of it stands, whatever became of it. */
async function presumed<T>(session: Session, expected: Moment, work: (tx: Tx) => Promise<T>): Promise<Done<T> | undefined> {
  try {
    const result = await work(session.presume(READ, expected))
    const held = await session.holds()
    await session.close(false)
    return held ? { result, session } : undefined
  } catch (error) {
    if (await session.holds().catch(() => true)) {
      await session.abandon(error)
      throw translated(error)
    }
    await session.close(false, 'rollback')
  }
}

const TENANTS_REMEMBERED = 200

async function connected(pool: pg.Pool): Promise<pg.PoolClient> {
  try {
    const client = await pool.connect()
    client.on('error', ignore)
    return client
  } catch (error) {
    throw translated(error)
  }
}

/** One transaction on one connection. */
class Session {
  readonly #client: pg.PoolClient
  readonly #tenant: Tenant
  readonly #texts: Texts
  readonly #moments: Moments
  readonly #vault: Vault | undefined
  readonly #hooks: (() => void)[] = []
  #over = false
  #failure: unknown
  /** Of a moment that was expected: does it hold? */
  #holds: Promise<boolean> | null = null

  constructor(client: pg.PoolClient, { tenant, texts, moments, vault }: { tenant: Tenant; texts: Texts; moments: Moments; vault: Vault | undefined }) {
    this.#client = client
    this.#tenant = tenant
    this.#texts = texts
    this.#moments = moments
    this.#vault = vault
  }

  async open(begin: string): Promise<Tx> {
    return this.#tx(await this.#opening(begin))
  }

  /** Opens and does not wait for the answer: what follows in the same breath goes in one packet with it. */
  presume(begin: string, expected: Moment): Tx {
    const { stream } = (this.#client as unknown as { connection: { stream: Socket } }).connection
    stream.cork()
    process.nextTick(() => stream.uncork())
    this.#holds = this.#opening(begin).then((told) => stands(expected, told))
    this.#holds.catch(ignore)
    return this.#tx(expected)
  }

  async holds(): Promise<boolean> {
    return this.#holds ?? true
  }

  /** BEGIN and the reading of clock and epoch are one message: one answer, and less work for us than two. What reads them is prepared: planning it would take longer than it does. */
  async #opening(begin: string): Promise<Moment> {
    const { text, name } = this.#texts(`${OPENING} ${this.#tenant.id}`)
    const preparing = this.#prepared(name, text)
    const sent = performance.now()
    const answering = this.#client.query(`${begin}; execute "${name}"`)
    answering.catch(ignore)
    await preparing
    const [, { rows: [told] }] = (await answering) as unknown as [unknown, pg.QueryResult<Moment>]
    if (!told) throw new Error(`Tenant ${this.#tenant.key} is not in the directory`)
    this.#moments.told(this.#tenant, told, sent)
    return told
  }

  /** Sent once on each connection, ahead of what needs it and in one breath with it. */
  #prepared(name: string, text: string): Promise<unknown> | undefined {
    const names = prepared.get(this.#client) ?? new Set()
    if (names.has(name)) return undefined
    prepared.set(this.#client, names.add(name))
    const preparing = this.#client.query(`prepare "${name}" as ${text}`)
    preparing.catch(() => names.delete(name))
    return preparing
  }

  #tx({ now, epoch }: Moment): Tx {
    return {
      tenant: this.#tenant, now: new Date(now), epoch, vault: this.#vault,
      query: (text, values = [], options = {}) => this.#send(text, values, options) as Promise<never>,
      afterCommit: (fn) => void this.#hooks.push(fn),
    }
  }

  async #send<R>(text: string, values: readonly unknown[], { name: wanted, instants }: NonNullable<Parameters<Tx['query']>[2]>): Promise<R[]> {
    if (this.#over) throw new Error('The transaction is over; a statement came too late')
    const { text: sql, name } = this.#texts(text)
    if (wanted !== undefined) noteStatement(this.#client, name)
    try {
      const { rows } = await this.#client.query({ text: sql, values: values as unknown[], ...(wanted !== undefined && { name }), ...(instants && { types: instantsAsText }) })
      if (this.#holds && !(await this.#holds)) throw new AnotherMoment()
      return rows as R[]
    } catch (error) {
      // What was sent in the same breath fails after it, and may be heard first.
      if (!isAborted(error)) this.#failure = error
      throw this.#failure ?? error
    }
  }

  /** A reader need not wait for its COMMIT; the next user of the connection is served after it. */
  async close(wait: boolean, how: 'commit' | 'rollback' = 'commit'): Promise<void> {
    this.#over = true
    const committed = this.#client.query(how)
    if (!wait) return void committed.catch(ignore)
    const { command } = await committed
    if (command !== 'COMMIT') throw this.#failure ?? new Error('A statement had failed: the transaction was rolled back')
  }

  /** What fails in a hook is a hint lost; the work is committed and must not look failed. */
  tellCommitted(): void {
    for (const hook of this.#hooks) {
      try {
        hook()
      } catch (error) {
        process.emitWarning(error as Error)
      }
    }
  }

  /** A connection whose state is not certain is closed, never given back. */
  async abandon(error: unknown): Promise<void> {
    this.#over = true
    const broken = isAway(error) || !(await this.#client.query('rollback').then(() => true, () => false))
    this.#client.off('error', ignore)
    this.#client.release(broken)
  }
}

/** The work goes no further: it would be done for a moment that is not. */
class AnotherMoment extends Error {}

const ignore = () => {}
/** Openings, by connection. */
const prepared = new WeakMap<pg.PoolClient, Set<string>>()

// Milliseconds, rounded down: a number is read faster than a date.
const OPENING = `select floor(extract(epoch from clock_timestamp()) * 1000)::bigint + clock_offset_ms as now, (select epoch from {t}.state) as epoch
  from nextmove.tenant where id =`

// A connection that touched many tenants holds the catalogue entries of all their tables.
const TENANTS_PER_CONNECTION = 50
const seenBy = new WeakMap<pg.PoolClient, Set<string>>()

function giveBack(client: pg.PoolClient, { schema }: Tenant): void {
  const seen = seenBy.get(client) ?? new Set()
  seenBy.set(client, seen.add(schema))
  client.off('error', ignore)
  trimStatements(client)
  client.release(seen.size > TENANTS_PER_CONNECTION)
}
