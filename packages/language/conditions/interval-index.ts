/** Closed interval; null ends are open. */
export interface Interval<T> { low: number | null; high: number | null; entry: T }

/**
 * All intervals that hold a number, at the cost of those found: sorted by their low end, with the greatest high end of every half, quarter …
 *
 * Rebuilt as a whole on the next search after a change.
 */
export class IntervalIndex<T> {
  private readonly intervals: Interval<T>[]
  private highest: Float64Array | null = null

  constructor(intervals: Interval<T>[] = []) {
    this.intervals = intervals
  }

  add(interval: Interval<T>): void {
    this.intervals.push(interval)
    this.highest = null
  }

  search(value: number, found: (entry: T) => void): void {
    if (this.highest === null) this.build()
    if (this.intervals.length > 0) this.visit(1, 0, this.intervals.length, value, found)
  }

  private build(): void {
    this.intervals.sort((a, b) => lowOf(a) - lowOf(b) || 0)
    this.highest = new Float64Array(4 * this.intervals.length + 2)
    if (this.intervals.length > 0) this.measure(1, 0, this.intervals.length)
  }

  private measure(node: number, from: number, to: number): number {
    if (to - from === 1) return (this.highest![node] = highOf(this.intervals[from]!))
    const middle = (from + to) >> 1
    return (this.highest![node] = Math.max(this.measure(2 * node, from, middle), this.measure(2 * node + 1, middle, to)))
  }

  private visit(node: number, from: number, to: number, value: number, found: (entry: T) => void): void {
    if (this.highest![node]! < value || lowOf(this.intervals[from]!) > value) return
    if (to - from === 1) return found(this.intervals[from]!.entry)
    const middle = (from + to) >> 1
    this.visit(2 * node, from, middle, value, found)
    this.visit(2 * node + 1, middle, to, value, found)
  }
}

const lowOf = ({ low }: Interval<unknown>): number => low ?? -Infinity
const highOf = ({ high }: Interval<unknown>): number => high ?? Infinity

/** A rule that asks for `bound ≤ x` of one number and an interval of another. */
export interface Bounded<T> extends Interval<T> { bound: number }

/**
 * Two thresholds on two numbers, each of which half the rules may meet: sorted by the first, an interval index of the second over every aligned block of 2ⁿ.
 */
export class PairIndex<T> {
  private readonly rows: Bounded<T>[] = []
  private blocks: IntervalIndex<T>[][] | null = null

  add(row: Bounded<T>): void {
    this.rows.push(row)
    this.blocks = null
  }

  search(x: number, y: number, found: (entry: T) => void): void {
    this.blocks ??= this.build()
    let [from, left] = [0, this.countUpTo(x)]
    for (let level = this.blocks.length - 1; level >= 0; level--) {
      const size = 1 << level
      if (left < size) continue
      this.blocks[level]![from >> level]!.search(y, found)
      from += size
      left -= size
    }
  }

  private build(): IntervalIndex<T>[][] {
    this.rows.sort((a, b) => a.bound - b.bound)
    const levels = Math.floor(Math.log2(Math.max(this.rows.length, 1))) + 1
    return Array.from({ length: levels }, (_, level) => this.blocksOf(1 << level))
  }

  private blocksOf(size: number): IntervalIndex<T>[] {
    return Array.from({ length: Math.floor(this.rows.length / size) }, (_, i) => new IntervalIndex<T>(this.rows.slice(i * size, (i + 1) * size)))
  }

  private countUpTo(x: number): number {
    let [low, high] = [0, this.rows.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.rows[middle]!.bound <= x) low = middle + 1
      else high = middle
    }
    return low
  }
}
