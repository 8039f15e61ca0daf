import type { Tx } from '#platform/db'
import { entriesIn } from './entries.ts'
import type { Fact } from './ledger.ts'
import { actsIn, type Act } from './pages.ts'

/** What really happened to one record in the time: who changed what, when. */
export interface Actual { at: Date; actor: Fact['actor']; fields: readonly string[]; born: boolean; tags: { added: number[]; removed: number[] }; owner: number | null | undefined; about: { object: string; id: string } | null }

/** Which births tell of a record, by their place in the log: a chain of numbers for each, since there are many. */
export class Abouts {
  readonly #last = new Map<string, number>()
  readonly #seqs: number[] = []
  readonly #before: number[] = []

  note(facts: Act['facts']): void {
    for (const { seq, version, fields } of facts) {
      if (version !== 1) continue
      for (const key in fields) {
        const value = fields[key]![1]
        if (!isReference(value)) continue
        this.#before.push(this.#last.get(value.id) ?? -1)
        this.#last.set(value.id, this.#seqs.push(seq) - 1)
      }
    }
  }

  of(record: string): number[] {
    const found: number[] = []
    for (let at = this.#last.get(record) ?? -1; at >= 0; at = this.#before[at]!) found.push(this.#seqs[at]!)
    return found
  }
}

/** What really happened to these records, and beside them, since `from`. */
export async function actualOf(tx: Tx, { from, to, head, objects }: { from: Date; to: Date; head: number; objects: readonly string[] }, { records, abouts }: { records: readonly string[]; abouts: Abouts }): Promise<ReadonlyMap<string, readonly Actual[]>> {
  const rows = await entriesIn(tx, 'where (c.record = any($1::uuid[]) or c.seq = any($2::bigint[])) and c.seq <= $3 and c.object = any($4::text[]) and a.at >= $5 and a.at <= $6 order by c.seq',
    [records, records.flatMap((id) => abouts.of(id)), head, objects, from, to])
  const actual = new Map<string, Actual[]>()
  for (const act of await actsIn(tx, rows)) remember(actual, act)
  const named = new Set(records)
  return new Map([...actual].filter(([id]) => named.has(id)))
}

/** Also what was done beside it: a follow-up stands with its subject. */
function remember(actual: Map<string, Actual[]>, { at, actor, facts }: Act): void {
  for (const { object, record, version, fields } of facts) {
    const [had, has] = [new Set((fields['tags']?.[0] as number[] | null) ?? []), new Set((fields['tags']?.[1] as number[] | null) ?? [])]
    const told: Actual = {
      at, actor, fields: Object.keys(fields), born: version === 1, owner: fields['owner'] && (fields['owner'][1] as number | null), about: null,
      tags: { added: [...has].filter((tag) => !had.has(tag)), removed: [...had].filter((tag) => !has.has(tag)) },
    }
    keep(actual, record, told)
    if (version === 1) for (const [, value] of Object.values(fields)) if (isReference(value)) keep(actual, value.id, { ...told, born: false, owner: undefined, tags: { added: [], removed: [] }, fields: [], about: { object, id: record } })
  }
}

const isReference = (value: unknown): value is { object: string; id: string } => typeof value === 'object' && value !== null && 'object' in value && 'id' in value

function keep(actual: Map<string, Actual[]>, record: string, told: Actual): void {
  const known = actual.get(record)
  if (known) known.push(told)
  else actual.set(record, [told])
}
