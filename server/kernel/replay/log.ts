import type { Context } from '#kernel/access'
import { ahead } from './ahead.ts'
import { entriesIn, withRows, type Entry } from './entries.ts'

/** Changes that are read at once, the first ones to begin with: who looks for something configured goes no further. Three windows are held, and one is on its way. */
const WINDOW = { first: 500, most: 2_500 }

/**
 * The log of some objects and of what is configured, in windows, the next on their way while one is gone through; goes forward only.
 * What has just been passed and what comes next can be looked up.
 */
export class Log {
  readonly #windows: AsyncGenerator<Entry[], undefined>
  #before = NOTHING
  #at = NOTHING
  #next: Window
  #place = 0
  #isLast = false

  /** From behind this place on. */
  static async open(living: Context, objects: readonly string[], after: number): Promise<Log> {
    const windows = ahead(windowsOf(living, objects, after), 1)
    return new Log(windows, windowOf((await windows.next()).value ?? []))
  }

  private constructor(windows: AsyncGenerator<Entry[], undefined>, first: Window) {
    this.#windows = windows
    this.#next = first
  }

  change(seq: number): Entry | undefined { return this.#at.bySeq.get(seq) ?? this.#before.bySeq.get(seq) ?? this.#next.bySeq.get(seq) }
  /** What an act of rules changed, as far as it has been read. */
  changesOf(act: number): readonly Entry[] {
    const [before, at, next] = [this.#before, this.#at, this.#next].map(({ byAct }) => byAct.get(act) ?? NONE) as [readonly Entry[], readonly Entry[], readonly Entry[]]
    return before.length + next.length === 0 ? at : [...before, ...at, ...next]
  }

  /** The changes up to a place, which is then behind. */
  async until(to: number): Promise<Entry[]> {
    const found: Entry[] = []
    for (;;) {
      const { rows } = this.#at
      while (this.#place < rows.length && rows[this.#place]!.seq <= to) found.push(rows[this.#place++]!)
      if (this.#place < rows.length || this.#isLast) return found
      await this.#forward()
    }
  }

  async #forward(): Promise<void> {
    this.#before = this.#at
    this.#at = this.#next
    this.#place = 0
    this.#isLast = this.#at.rows.length === 0
    this.#next = windowOf((await this.#windows.next()).value ?? [])
  }
}

/** `byAct`: of rules. */
interface Window { rows: readonly Entry[]; bySeq: ReadonlyMap<number, Entry>; byAct: ReadonlyMap<number, Entry[]> }
const NOTHING: Window = { rows: [], bySeq: new Map(), byAct: new Map() }
const NONE: readonly Entry[] = []

function windowOf(rows: readonly Entry[]): Window {
  const bySeq = new Map<number, Entry>()
  const byAct = new Map<number, Entry[]>()
  for (const row of rows) {
    bySeq.set(row.seq, row)
    if (row.actor.kind !== 'rule') continue
    const same = byAct.get(row.act)
    if (same) same.push(row)
    else byAct.set(row.act, [row])
  }
  return { rows, bySeq, byAct }
}

async function* windowsOf(living: Context, objects: readonly string[], after: number): AsyncGenerator<Entry[]> {
  for (let [place, size] = [after, WINDOW.first]; ; size = Math.min(WINDOW.most, size * 2)) {
    const entries = await entriesIn(living.tx, `where c.seq > $1 and (c.object = any($2::text[]) or c.object like 'definition:%') order by c.seq limit $3`, [place, objects, size])
    if (entries.length === 0) return
    yield await withRows(living, entries)
    place = entries.at(-1)!.seq
  }
}
