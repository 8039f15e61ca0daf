import type { TimerDraft } from '#kernel/automation'

/** Timers by key, the earliest first; setting one again replaces it. A heap whose replaced entries are passed over. */
export class Timers {
  readonly #byKey = new Map<string, TimerDraft>()
  readonly #heap: TimerDraft[] = []

  set(timer: TimerDraft): void {
    this.#byKey.set(timer.key, timer)
    this.#heap.push(timer)
    let at = this.#heap.length - 1
    for (let up; at > 0 && this.#later((up = (at - 1) >> 1), at); at = up) this.#swap(at, up)
  }

  takeOver(others: Timers, which: (timer: TimerDraft) => boolean): void {
    for (const timer of others.#byKey.values()) if (which(timer)) this.set(timer)
  }

  lift(key: string): void { this.#byKey.delete(key) }

  /** The earliest that is due by then, taken out. */
  take(by: Date): TimerDraft | undefined {
    for (let first = this.#heap[0]; first && first.dueAt <= by; first = this.#heap[0]) {
      this.#drop()
      if (this.#byKey.get(first.key) !== first) continue
      this.#byKey.delete(first.key)
      return first
    }
    return undefined
  }

  #drop(): void {
    const last = this.#heap.pop()!
    if (this.#heap.length === 0) return
    this.#heap[0] = last
    for (let at = 0; ; ) {
      const [left, right] = [2 * at + 1, 2 * at + 2]
      let least = at
      if (left < this.#heap.length && this.#later(least, left)) least = left
      if (right < this.#heap.length && this.#later(least, right)) least = right
      if (least === at) return
      this.#swap(at, least)
      at = least
    }
  }

  #later(a: number, b: number): boolean { return this.#heap[a]!.dueAt > this.#heap[b]!.dueAt }
  #swap(a: number, b: number): void { [this.#heap[a], this.#heap[b]] = [this.#heap[b]!, this.#heap[a]!] }
}
