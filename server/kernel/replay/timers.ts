import type { Event, Program, TimerDraft } from '#kernel/automation'
import type { Metadata } from '#kernel/metadata'
import type { RecordImage } from '#kernel/records'

/**
 * Timers by key, the earliest first and of one moment that which was set first: who waits for branches looks when all are through that were due with them, as
 * where a batch answers them together. Setting one again replaces it. A heap whose replaced entries are passed over.
 */
export class Timers {
  readonly #byKey = new Map<string, TimerDraft>()
  readonly #heap: { timer: TimerDraft; no: number }[] = []
  #set = 0

  set(timer: TimerDraft): void {
    this.#byKey.set(timer.key, timer)
    this.#heap.push({ timer, no: this.#set++ })
    let at = this.#heap.length - 1
    for (let up; at > 0 && this.#later((up = (at - 1) >> 1), at); at = up) this.#swap(at, up)
  }

  takeOver(others: Timers, which: (timer: TimerDraft) => boolean): void {
    for (const timer of others.#byKey.values()) if (which(timer)) this.set(timer)
  }

  lift(key: string): void { this.#byKey.delete(key) }

  /** The earliest that is due by then, taken out. */
  take(by: Date): TimerDraft | undefined {
    for (let first = this.#heap[0]?.timer; first && first.dueAt <= by; first = this.#heap[0]?.timer) {
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

  #later(a: number, b: number): boolean {
    const [one, other] = [this.#heap[a]!, this.#heap[b]!]
    const apart = one.timer.dueAt.getTime() - other.timer.dueAt.getTime()
    return apart > 0 || (apart === 0 && one.no > other.no)
  }
  #swap(a: number, b: number): void { [this.#heap[a], this.#heap[b]] = [this.#heap[b]!, this.#heap[a]!] }
}

/** As a record that came back: its deadlines are set and its windows looked at, and no rule answers. */
export const windingOf = ({ object, id, recordVersion }: RecordImage): Event =>
  ({ seq: -1, object, record: id, recordVersion, kind: 'restored', fields: {}, actor: { kind: 'system', reason: 'replay' }, cause: { kind: 'backfill' }, attempts: 0, position: 0 })

/** Objects whose records have clocks of their own; `of`: only those that these rules watch. */
export function woundObjects(program: Program, { objects }: Metadata, of: ReadonlySet<string> | undefined): Set<string> {
  if (!of) return new Set([...objects.keys()].filter((object) => program.deadlines(object).length + program.gradings.of(object).length > 0))
  const triggers = [...of].flatMap((key) => program.rules.get(key)?.rule.trigger ?? [])
  return new Set(triggers.flatMap((trigger) => (trigger.on === 'deadline' || trigger.on === 'silence' ? [trigger.object] : [])))
}
