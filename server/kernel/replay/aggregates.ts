import type { AggregateNeed } from '#language/conditions'
import type { Stand } from '#kernel/automation'
import type { Reads } from './recall.ts'

/** `family`: how often the children have changed. */
interface Of { id: string; node: AggregateNeed['node']; family: number }
type Made = ReturnType<Stand['aggregate']> & { at: number; reads: Reads }

/** Of an aggregate, those remembered last; as many again are on their way out. */
interface Two { young: Map<string, Made & { family: number }>; older: Map<string, Made & { family: number }> }
const REMEMBERED = 5_000

/** Aggregates of records as far as they still hold: until a child changes, or the instant at which one leaves the window. */
export class Aggregates {
  /** By aggregate, then by record: its key is long. */
  readonly #known = new Map<AggregateNeed['node'], Two>()

  standing({ id, node, family }: Of, now: Date): Made | undefined {
    const both = this.#known.get(node)
    const known = both?.young.get(id) ?? both?.older.get(id)
    const at = now.getTime()
    return known && known.family === family && known.at <= at && (known.until === null || at < known.until.getTime()) ? known : undefined
  }

  /** What looks beyond the children themselves is not remembered: nobody tells when that changes. */
  remember({ id, node, family }: Of, made: Made): void {
    if (made.reads.families.length !== 1) return
    const known = this.#known.get(node) ?? { young: new Map(), older: new Map() }
    known.young.set(id, { ...made, family })
    this.#known.set(node, known.young.size > REMEMBERED ? { young: new Map(), older: known.young } : known)
  }
}
