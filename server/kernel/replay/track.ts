import type { Context } from '#kernel/access'
import type { Event } from '#kernel/automation'
import { concernedObjects } from './concerned.ts'
import { CONFIGURED, isConfiguration } from './configuration.ts'
import { Log, type Logged } from './log.ts'
import { Memory } from './memory.ts'
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
  async #follow(rows: readonly Logged[]): Promise<boolean> {
    for (const part of partsOf(rows)) {
      if (!isConfiguration(part[0]!)) for (const writing of writingsOf(part)) this.memory.follow(writing)
      else if (await this.#configured(part.at(-1)!)) return true
    }
    return false
  }

  async #configured({ seq, at }: Logged): Promise<boolean> {
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
  proved(seqs: readonly number[], runs: readonly ToldRun[], { at, events, came }: { at: Date; events: readonly Event[]; came: readonly Came[] }): void {
    for (const seq of seqs) this.#runs.push(seq)
    this.#came.push(...came)
    this.memory.keep(runs, { at, events, came })
  }

  /** The past in the database as it stands here. */
  async bringPast(): Promise<Past> {
    await this.#bring(this.#position)
    const { tx } = await this.#past.at(this.#living.now)
    if (this.#runs.length > 0) await this.#past.copyRuns(this.#runs.splice(0))
    if (this.#came.length > 0) await tx.query(`insert into {t}.episode (rule, record, opened_at, closed_at) select rule, record, at, at from json_to_recordset($1) as x(rule text, record uuid, at timestamptz) on conflict do nothing`, [JSON.stringify(this.#came.splice(0))])
    return this.#past
  }

  async #bring(to: number): Promise<void> {
    for (const place of this.#between.splice(0)) if (place < to) await this.#past.advance(place)
    await this.#past.advance(to)
  }
}

/** What is configured apart from what records become. */
function partsOf(rows: readonly Logged[]): Logged[][] {
  const parts: Logged[][] = []
  for (const row of rows) {
    const part = parts.at(-1)
    if (part && isConfiguration(part[0]!) === isConfiguration(row)) part.push(row)
    else parts.push([row])
  }
  return parts
}

/** What one transaction wrote: an act, or the acts of rules that follow each other (a batch of the engine). */
function writingsOf(rows: readonly Logged[]): Logged[][] {
  const writings: Logged[][] = []
  for (const [i, row] of rows.entries()) {
    const last = rows[i - 1]
    if (last && (last.act === row.act || (last.kind === 'rule' && row.kind === 'rule'))) writings.at(-1)!.push(row)
    else writings.push([row])
  }
  return writings
}
