import { waitKey, type TimerDraft, type WaitRow } from '#kernel/automation'

/** First changes for which a rule has run on a record in a chain, by `rule record`. */
export type Fired = Map<string, Set<number>>
type Draft = Omit<WaitRow, 'body'>
type Key = Parameters<typeof waitKey>[0]

/** `fired`: what had run in its chain by then. */
interface Waiting { row: WaitRow; chain: string; fired: Fired; at: number }
/** A chain is forgotten after so long, as the engine forgets it. */
const CHAIN_MS = 86_400_000

/** Runs of a course that wait, with the chain that they belong to. */
export class Waits {
  readonly #waits = new Map<string, Waiting>()

  /** Null: it has ended. */
  row(query: Key): WaitRow | null { return this.#waits.get(waitKey(query))?.row ?? null }

  keep(wait: Draft, { chain, fired, at }: { chain: string; fired: Fired; at: Date }): void {
    this.#waits.set(waitKey(wait), { row: { ...wait, body: null }, chain, fired: copyOf(fired), at: at.getTime() })
  }

  end(wait: Key): void { this.#waits.delete(waitKey(wait)) }

  /** The chain with which it goes on, and what has run in it so far. */
  wake(key: string, due: Date): { chain: string; fired: Fired } | undefined {
    const waiting = this.#waits.get(key)
    return waiting && { chain: waiting.chain, fired: due.getTime() - waiting.at < CHAIN_MS ? copyOf(waiting.fired) : new Map() }
  }

  /** Timers by which the runs that wait for a condition at these records look again at once. */
  poke(records: ReadonlySet<string>, at: Date): TimerDraft[] {
    if (records.size === 0) return []
    const poked = [...this.#waits].filter(([, { row: { record, kind, state } }]) => kind === 'condition' && state === 'waiting' && records.has(record))
    return poked.map(([key, { row: { object, record, rule, run } }]) => ({ key, kind: 'wait', dueAt: at, payload: { object, record, name: rule, run } }))
  }
}

const copyOf = (fired: Fired): Fired => new Map([...fired].map(([rule, roots]) => [rule, new Set(roots)]))

/** One more of a key. */
export function into(map: Map<string, Set<number>>, key: string, value: number): void {
  const known = map.get(key)
  if (known) known.add(value)
  else map.set(key, new Set([value]))
}
