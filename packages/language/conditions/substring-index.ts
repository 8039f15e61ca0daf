/**
 * All needles that occur in a text, in one pass over it (Aho and Corasick, 1975): the cost does not grow with the number of needles.
 *
 * Works on UTF-16 units, which is right for well-formed text. Rebuilt as a whole on the next search after a change.
 */
export class SubstringIndex<T> {
  private readonly needles: { needle: string; entry: T }[] = []
  private root: State<T> | null = null

  add(needle: string, entry: T): void {
    this.needles.push({ needle, entry })
    this.root = null
  }

  search(text: string, found: (entry: T) => void): void {
    this.root ??= automaton(this.needles)
    let state = this.root
    for (let i = 0; i < text.length; i++) {
      state = advance(state, text.charCodeAt(i))
      for (let end: State<T> | null = state; end; end = end.shorter) for (const entry of end.entries) found(entry)
    }
  }
}

interface State<T> { next: Map<number, State<T>>; fail: State<T> | null; /** The longest proper suffix that ends a needle. */ shorter: State<T> | null; entries: T[] }

const state = <T>(): State<T> => ({ next: new Map(), fail: null, shorter: null, entries: [] })

function automaton<T>(needles: readonly { needle: string; entry: T }[]): State<T> {
  const root = state<T>()
  for (const { needle, entry } of needles) grow(root, needle).entries.push(entry)
  link(root)
  return root
}

function grow<T>(root: State<T>, needle: string): State<T> {
  let at = root
  for (let i = 0; i < needle.length; i++) {
    const unit = needle.charCodeAt(i)
    let next = at.next.get(unit)
    if (!next) at.next.set(unit, (next = state()))
    at = next
  }
  return at
}

/** Breadth first: a state's failure is the failure of its parent, advanced. */
function link<T>(root: State<T>): void {
  const queue: State<T>[] = [root]
  for (const from of queue) {
    for (const [unit, to] of from.next) {
      to.fail = from === root ? root : advance(from.fail!, unit)
      to.shorter = to.fail.entries.length > 0 ? to.fail : to.fail.shorter
      queue.push(to)
    }
  }
}

function advance<T>(from: State<T>, unit: number): State<T> {
  for (let at: State<T> | null = from; at; at = at.fail) {
    const next = at.next.get(unit)
    if (next) return next
    if (at.fail === null) return at
  }
  return from
}
