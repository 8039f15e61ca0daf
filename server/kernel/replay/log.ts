import type { Actor, Cause, Context } from '#kernel/access'
import type { FieldChanges } from '#kernel/changes'
import { readRecords, type RecordImage } from '#kernel/records'

/** A change of the log as a replay reads it; `born`: the row of an append-only record as it stands. */
export interface Logged { seq: number; act: number; object: string; record: string; version: number; fields: FieldChanges; at: Date; kind: Actor['kind']; ref: string; cause: Cause; born?: RecordImage | undefined }

interface Window { rows: Logged[]; last: boolean }
/** Changes that are read at once. Three windows are held: the one before, the one at hand and the one to come. */
const WINDOW = 2_500

/**
 * The log of some objects and of what is configured, in large windows, the next on its way while one is gone through; goes forward only.
 * What has just been passed and what comes next can be looked up.
 */
export class Log {
  readonly #living: Context
  readonly #objects: readonly string[]
  readonly #bySeq = new Map<number, Logged>()
  readonly #byAct = new Map<number, Logged[]>()
  #before: Logged[] = []
  #at: Window = { rows: [], last: false }
  #next: Window
  #coming: Promise<Window> | null
  #place = 0

  /** From behind this place on. */
  static async open(living: Context, objects: readonly string[], after: number): Promise<Log> {
    const first = await read(living, objects, after)
    return new Log(living, objects, first)
  }

  private constructor(living: Context, objects: readonly string[], first: Window) {
    this.#living = living
    this.#objects = objects
    this.#next = first
    this.#coming = this.#follow(first)
    this.#note(first.rows)
  }

  change(seq: number): Logged | undefined { return this.#bySeq.get(seq) }
  /** What an act of rules changed, as far as it has been read. */
  changesOf(act: number): readonly Logged[] { return this.#byAct.get(act) ?? [] }

  /** The changes up to a place, which is then behind. */
  async until(to: number): Promise<Logged[]> {
    const found: Logged[] = []
    for (;;) {
      const { rows, last } = this.#at
      while (this.#place < rows.length && rows[this.#place]!.seq <= to) found.push(rows[this.#place++]!)
      if (this.#place < rows.length || last) return found
      await this.#forward()
    }
  }

  async #forward(): Promise<void> {
    for (const { seq, act } of this.#before) { this.#bySeq.delete(seq); this.#byAct.delete(act) }
    this.#before = this.#at.rows
    this.#at = this.#next
    this.#place = 0
    this.#next = (await this.#coming) ?? { rows: [], last: true }
    this.#coming = this.#follow(this.#next)
    this.#note(this.#next.rows)
  }

  #follow({ rows, last }: Window): Promise<Window> | null {
    const coming = last ? null : read(this.#living, this.#objects, rows.at(-1)!.seq)
    coming?.catch(() => {})
    return coming
  }

  #note(rows: readonly Logged[]): void {
    for (const row of rows) {
      this.#bySeq.set(row.seq, row)
      if (row.kind !== 'rule') continue
      const same = this.#byAct.get(row.act)
      if (same) same.push(row)
      else this.#byAct.set(row.act, [row])
    }
  }
}

async function read(living: Context, objects: readonly string[], after: number): Promise<Window> {
  const rows = await living.tx.query<Logged>(READ, [after, objects, WINDOW])
  for (const [object, same] of Map.groupBy(rows, (row) => row.object)) {
    if (!living.metadata.objects.get(object)?.immutable) continue
    const born = await readRecords(living, object, same.map(({ record }) => record))
    for (const row of same) row.born = born.get(row.record)
  }
  return { rows, last: rows.length < WINDOW }
}

const READ = `select c.seq, c.act, c.object, c.record, c.record_version as version, c.fields, a.at, a.actor_kind as kind, a.actor_ref as ref, a.cause
  from {t}.change c join {t}.act a on a.id = c.act where c.seq > $1 and (c.object = any($2::text[]) or c.object like 'definition:%') order by c.seq limit $3`
