import type { Answer, Event, WaitQuery, WaitRow } from '#kernel/automation'
import type { FieldChanges } from '#kernel/changes'
import { shareOf, type Roster } from '#kernel/assignment'
import type { RecordImage } from '#kernel/records'
import type { Carried, Ledger } from './ledger.ts'

/** What an answer looked at: the images that it saw, whole families by their number, where runs waited, and who could take a record. */
export class Reads {
  readonly images: (readonly [id: string, image: RecordImage | null])[] = []
  readonly families: { object: string; via: string; id: string; size: number }[] = []
  readonly waits: { query: WaitQuery; rows: readonly WaitRow[] }[] = []
  roster: Roster | null = null
  /** Of a remembered aggregate: what it was worked out from. */
  add({ images, families }: Pick<Reads, 'images' | 'families'>): void {
    this.images.push(...images)
    this.families.push(...families)
  }
}

/** What one course answered and carried since somebody did something last, for another course to take over where it stands the same. */
export class Recall {
  readonly answers = new Map<string, { event: Event; answer: Answer; reads: Reads }>()
  readonly carried = new Map<string, Carried>()
  clear(): void {
    this.answers.clear()
    this.carried.clear()
  }
}

/** The same candidates with the same loads, in the same order of who received last. */
export function sameRoster(a: Roster, b: Roster): boolean {
  return [...a.candidates].every(([policy, those]) => {
    const these = b.candidates.get(policy)
    return these?.length === those.length && those.every(({ member, load, received, completeness }, i) => these[i]!.member === member && these[i]!.load.open === load.open && these[i]!.received === received && shareOf(these[i]!.completeness) === shareOf(completeness))
  })
}

/** A run with its branches that stand the same; one that rings twice in a moment is answered by where it stands each time. */
export const sameWaits = (a: readonly WaitRow[], b: readonly WaitRow[]): boolean => a.length === b.length && JSON.stringify(a) === JSON.stringify(b)

/** The same images, and families as large. */
export const stillStands = ({ images, families }: Reads, ledger: Ledger): boolean =>
  images.every(([id, image]) => ledger.isAs(id, image)) && families.every(({ object, via, id, size }) => ledger.childrenOf(object, via, id).size === size)

/** What has become of records since a chain began. */
export class Recent {
  readonly #byRecord = new Map<string, { version: number; fields: FieldChanges }[]>()

  note({ id, recordVersion: version }: RecordImage, fields: FieldChanges): void {
    const known = this.#byRecord.get(id)
    if (known) known.push({ version, fields })
    else this.#byRecord.set(id, [{ version, fields }])
  }

  /** After version `from` up to `to`, newest first. */
  later(id: string, from: number, to: number): FieldChanges[] {
    return (this.#byRecord.get(id) ?? []).filter(({ version }) => version > from && version <= to).map(({ fields }) => fields).reverse()
  }
}
