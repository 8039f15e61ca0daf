/** What is to happen, by time; equal times in the order of asking. */
export class Agenda {
  readonly #heap: { at: number; order: number; run: () => void }[] = []
  #order = 0

  at(at: number, run: () => void): void {
    const heap = this.#heap
    heap.push({ at, order: this.#order++, run })
    for (let i = heap.length - 1; i > 0;) {
      const up = (i - 1) >> 1
      if (before(heap[up]!, heap[i]!)) break
      ;[heap[up], heap[i]] = [heap[i]!, heap[up]!]
      i = up
    }
  }

  /** Runs everything due before `until`; later things stay undone. */
  run(until: number): void {
    while (this.#heap.length > 0 && this.#heap[0]!.at < until) this.#pop().run()
  }

  #pop() {
    const heap = this.#heap
    const [first, last] = [heap[0]!, heap.pop()!]
    if (heap.length === 0) return first
    heap[0] = last
    for (let i = 0; ;) {
      const [left, right] = [2 * i + 1, 2 * i + 2]
      let least = i
      if (left < heap.length && before(heap[left]!, heap[least]!)) least = left
      if (right < heap.length && before(heap[right]!, heap[least]!)) least = right
      if (least === i) return first
      ;[heap[i], heap[least]] = [heap[least]!, heap[i]!]
      i = least
    }
  }
}

const before = (a: { at: number; order: number }, b: { at: number; order: number }): boolean => a.at < b.at || (a.at === b.at && a.order < b.order)
