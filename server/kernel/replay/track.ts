import type { Context } from '#kernel/access'
import type { Event } from '#kernel/automation'
import { concernedObjects } from './concerned.ts'
import { CONFIGURED, isConfiguration } from './configuration.ts'
import type { Entry } from './entries.ts'
import { Log } from './log.ts'
import { Memory } from './memory.ts'
import { partsOf, writingsOf } from './parts.ts'
import type { Past } from './past.ts'
import type { Came, ToldRun } from './replay.ts'

/**
 * Memory and the past in the database on their way along one log. Memory keeps up; the database follows where something is configured, and where it is
 * brought.
 */
export class Track {
  readonly memory: Memory
  log: Log
  readonly #living: Context
  readonly #past: Past
  #objects: Set<string>
  #position = 0
  /** Places between the past and here at which batches stood: the log is cut there, so that who received something last is the same. */
  #between: number[] = []
  /** What has been proved in memory, and the past does not know yet. */
  #runs: number[] = []
  #came: Came[] = []

  static async open(living: Context, past: Past): Promise<Track> {
    const objects = new Set(CONFIGURED)
    return new Track(living, past, { objects, log: await Log.open(living, [...objects], 0), at: await past.at(living.now) })
  }

  private constructor(living: Context, past: Past, { objects, log, at }: { objects: Set<string>; log: Log; at: Context }) {
    this.#living = living
    this.#past = past
    this.#objects = objects
    this.log = log
    this.memory = new Memory(at)
  }

  /** Memory goes up to this place of the log. */
  async follow(to: number): Promise<void> {
    for (let more = true; more; ) more = await this.#follow(await this.log.until(to))
    this.#position = to
    if (to > (this.#between.at(-1) ?? this.#past.position)) this.#between.push(to)
  }

  /** True: more objects have become of interest, and the rest has to be read again. */
  async #follow(rows: readonly Entry[]): Promise<boolean> {
    for (const part of partsOf(rows, (a, b) => isConfiguration(a) === isConfiguration(b))) {
      if (!isConfiguration(part[0]!)) for (const writing of writingsOf(part)) this.memory.follow(writing)
      else if (await this.#configured(part.at(-1)!)) return true
    }
    return false
  }

  async #configured({ seq, at }: Entry): Promise<boolean> {
    await this.#bring(seq)
    await this.memory.govern(await this.#past.at(at))
    const fresh = [...concernedObjects(this.memory.ctx.metadata)].filter((object) => !this.#objects.has(object))
    if (fresh.length === 0) return false
    const missed = await Log.open(this.#living, fresh, 0)
    for (const writing of writingsOf((await missed.until(seq)).filter((row) => !isConfiguration(row)))) this.memory.follow(writing)
    for (const object of fresh) this.#objects.add(object)
    this.log = await Log.open(this.#living, [...this.#objects], seq)
    return true
  }

  /** A batch has been answered in memory as history tells. */
  async proved(seqs: readonly number[], runs: readonly ToldRun[], { at, events, came }: { at: Date; events: readonly Event[]; came: readonly Came[] }): Promise<void> {
    for (const seq of seqs) this.#runs.push(seq)
    this.#came.push(...came)
    this.memory.keep(runs, { at, events, came })
    if (this.#came.length > MOST_CAME) await this.#tellCame()
  }

  /** The past in the database as it stands here. */
  async bringPast(): Promise<Past> {
    await this.#bring(this.#position)
    if (this.#runs.length > 0) await this.#past.copyRuns(this.#runs.splice(0))
    await this.#tellCame()
    return this.#past
  }

  /** Of instants that have come the past may know before it is there. */
  async #tellCame(): Promise<void> {
    if (this.#came.length === 0) return
    const { tx } = await this.#past.at(this.#living.now)
    await tx.query(`insert into {t}.episode (rule, record, opened_at, closed_at) select rule, record, at, at from json_to_recordset($1) as x(rule text, record uuid, at timestamptz) on conflict do nothing`, [JSON.stringify(this.#came.splice(0))])
  }

  async #bring(to: number): Promise<void> {
    for (const place of this.#between.splice(0)) if (place < to) await this.#past.advance(place)
    await this.#past.advance(to)
  }
}

/** Deadlines that are kept from the past at most. */
const MOST_CAME = 1_000
