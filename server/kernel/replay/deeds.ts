import type { Stand } from '#kernel/automation'
import type { Fact } from './ledger.ts'

type Query = Parameters<Stand['repeats']>[0]
interface Deed { seq: number; at: number; who: string; keys: readonly string[] }

/** Who changed which fields of a record when, of the log as far as it has been read. */
export class Deeds {
  readonly #byRecord = new Map<string, Deed[]>()
  readonly #recordOf = new Map<number, string>()

  note(facts: readonly (Fact & { seq: number })[]): void {
    for (const { seq, record, version, fields, at, actor } of facts) {
      if (version === 1 || actor.kind === 'rule') continue
      const known = this.#byRecord.get(record) ?? []
      known.push({ seq, at: at.getTime(), who: JSON.stringify(actor), keys: Object.keys(fields) })
      this.#byRecord.set(record, known)
      this.#recordOf.set(seq, record)
    }
  }

  /** Changes of these fields by whoever made this one, in the time up to it, this one included. */
  count({ event, fields, ms }: Query): number {
    const deeds = this.#byRecord.get(this.#recordOf.get(event) ?? '') ?? []
    const own = deeds.find(({ seq }) => seq === event)
    if (!own) return 0
    return deeds.filter(({ seq, at, who, keys }) => seq <= event && who === own.who && at > own.at - ms && (fields === null || keys.some((key) => fields.includes(key)))).length
  }
}
