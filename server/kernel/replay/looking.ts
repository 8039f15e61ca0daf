import type { AggregateNeed } from '#language/conditions'
import type { Stand } from '#kernel/automation'
import type { Metadata } from '#kernel/metadata'
import type { OnShift, RecordImage } from '#kernel/records'
import { Aggregates } from './aggregates.ts'
import type { Ledger } from './ledger.ts'
import { Reads } from './recall.ts'
import { onShiftOf, standingIn } from './shifts.ts'

/** Records in memory as rules look at them; what was looked at is noted. */
export abstract class Looking implements Pick<Stand, 'row' | 'childrenOf' | 'shifts' | 'aggregate'> {
  protected readonly ledger: Ledger
  protected reads = new Reads()
  #metadata: Pick<Metadata, 'objects'>
  #aggregates = new Aggregates()

  constructor(metadata: Pick<Metadata, 'objects'>, ledger: Ledger) {
    this.#metadata = metadata
    this.ledger = ledger
  }

  /** From now on by other definitions. */
  protected look(metadata: Pick<Metadata, 'objects'>): void {
    this.#metadata = metadata
    this.#aggregates = new Aggregates()
  }

  row(_object: string, id: string): RecordImage | null {
    const image = this.ledger.get(id)
    this.reads.images.push([id, image])
    return image
  }

  childrenOf(object: string, via: string, id: string): Iterable<string> {
    const children = this.ledger.childrenOf(object, via, id)
    this.reads.families.push({ object, via, id, size: children.size })
    return children
  }

  shifts(object: string, at: number): readonly OnShift[] {
    const shift = this.#metadata.objects.get(object)?.shift
    const found = shift ? standingIn(this.ledger.rows(object), shift, at) : []
    this.reads.images.push(...found.map((image) => [image.id, image] as const))
    return shift ? onShiftOf(found, shift) : []
  }

  aggregate(id: string, need: AggregateNeed, now: Date, work: () => ReturnType<Stand['aggregate']>): ReturnType<Stand['aggregate']> {
    const { object, via } = need.node.relation
    const family = () => this.ledger.familyOf(object, via.key, id)
    const known = this.#aggregates.standing({ id, node: need.node, family: family() }, now)
    if (known) { this.reads.add(known.reads); return known }
    const outer = this.reads
    this.reads = new Reads()
    const made = { ...work(), at: now.getTime(), reads: this.reads }
    this.reads = outer
    outer.add(made.reads)
    this.#aggregates.remember({ id, node: need.node, family: family() }, made)
    return made
  }
}
