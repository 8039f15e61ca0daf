import type { Actor } from '#kernel/access'
import { GONE, type FieldChanges } from '#kernel/changes'
import type { RecordImage, Values } from '#kernel/records'
import { Packing } from './packing.ts'
import { Shelf } from './shelf.ts'

/** One change of a record as the log has it; `born`: the values of an append-only record. */
export interface Fact { object: string; record: string; version: number; fields: FieldChanges; at: Date; actor: Actor; born?: RecordImage | undefined }
/** What a change came to on the record as it stood here: nothing, where it stood so already. */
export interface Carried { before: RecordImage | null; after: RecordImage; fields: FieldChanges }

type Reference = string | { id: string } | null | undefined

/**
 * Records as they stand at one moment, in memory; goes forward only. Images are replaced, never changed, so a copy costs a map; what nobody has changed
 * for a while is packed.
 * What a change of the log says of the time before it counts for nothing here: only what it made of the record.
 */
export class Ledger {
  readonly #rows: Shelf
  /** By `object via`: who points to whom; made when it is first asked for. */
  readonly #children = new Map<string, Relation>()

  constructor(rows: Shelf = new Shelf(new Packing())) { this.#rows = rows }

  copy(): Ledger { return new Ledger(this.#rows.copy()) }
  get(id: string): RecordImage | null { return this.#rows.get(id) ?? null }
  /** Of one object, or all. */
  rows(object?: string): Iterable<RecordImage> { return this.#rows.rows(object) }
  /** Does the record stand here as this image has it? */
  isAs(id: string, image: RecordImage | null): boolean { return this.#rows.isSame(this.get(id), image) }
  /** To be called when nobody holds an image any more. */
  tidy(): void { this.#rows.tidy() }
  get size(): number { return this.#rows.size }

  /** What another ledger has carried from the very same image: the two keep sharing it. */
  adopt(carried: Carried): Carried {
    return this.#put(carried.before, carried.after, carried.fields)
  }

  /** How often the children of a record have changed, one way or another; only told of relations that have been asked for. */
  familyOf(object: string, via: string, id: string): number {
    return this.#children.get(`${object} ${via}`)?.families.get(id) ?? 0
  }

  /** Null: it is about a record that never came to be here. */
  carry(fact: Fact): Carried | null {
    const before = this.get(fact.record)
    if (fact.born) return this.#put(null, fact.born, fact.fields)
    if (!before) return fact.version === 1 ? this.#put(null, bornFrom(fact), fact.fields) : null
    const fields = fieldsHere(before, fact.fields)
    return this.#put(before, advanced(before, { ...fact, fields }), fields)
  }

  /** Exactly what the log says, version and all, in place: for whoever keeps no image. */
  follow(fact: Fact): RecordImage {
    const image = this.get(fact.record)
    if (!image) return this.#put(null, fact.born && fact.version === 1 ? { ...fact.born, recordVersion: 1, gone: false } : bornFrom(fact), fact.fields).after
    for (const relation of this.#children.values()) if (relation.object === image.object) this.#relate(relation, { id: image.id, from: idOf(image.values[relation.via] as Reference), to: fact.fields[relation.via] ? idOf(fact.fields[relation.via]![1] as Reference) : idOf(image.values[relation.via] as Reference), known: true })
    advance(image, fact)
    image.recordVersion = fact.version
    return image
  }

  childrenOf(object: string, via: string, id: string): ReadonlySet<string> {
    const key = `${object} ${via}`
    const known = this.#children.get(key) ?? this.#index(object, via)
    this.#children.set(key, known)
    return known.byParent.get(id) ?? NOBODY
  }

  #index(object: string, via: string): Relation {
    const byParent = new Map<string, Set<string>>()
    for (const row of this.#rows.rows(object)) link(byParent, row.values[via] as Reference, row.id)
    return { object, via, byParent, families: new Map() }
  }

  #put(before: RecordImage | null, after: RecordImage, fields: FieldChanges): Carried {
    this.#rows.set(after.id, after)
    for (const relation of this.#children.values()) if (relation.object === after.object) this.#relate(relation, { id: after.id, from: idOf(before?.values[relation.via] as Reference), to: idOf(after.values[relation.via] as Reference), known: before !== null })
    return { before, after, fields }
  }

  #relate({ byParent, families }: Relation, { id, from, to, known }: Relating): void {
    for (const parent of from === to ? [from] : [from, to]) if (parent !== undefined) families.set(parent, (families.get(parent) ?? 0) + 1)
    if (known && from === to) return
    if (from !== undefined) byParent.get(from)?.delete(id)
    link(byParent, to, id)
  }
}

/** `families`: how often the children of a record have changed. */
interface Relation { object: string; via: string; byParent: Map<string, Set<string>>; families: Map<string, number> }
/** A child, the parent that it leaves and the one that it comes to. */
interface Relating { id: string; from: string | undefined; to: string | undefined; known: boolean }
const NOBODY: ReadonlySet<string> = new Set()

const idOf = (value: Reference): string | undefined => (value === null || value === undefined ? undefined : typeof value === 'object' ? value.id : value)

function link(made: Map<string, Set<string>>, to: Reference, id: string): void {
  const parent = idOf(to)
  if (parent === undefined) return
  const known = made.get(parent)
  if (known) known.add(id)
  else made.set(parent, new Set([id]))
}

/** A change of tags adds and removes; what already stands as the change would have it is no change. */
function fieldsHere({ values }: RecordImage, fields: FieldChanges): FieldChanges {
  const here: FieldChanges = {}
  for (const [key, [before, after]] of Object.entries(fields)) {
    const stands = values[key] ?? null
    const next = key === 'tags' ? retagged(stands as number[] | null, before as number[] | null, after as number[] | null) : after
    if (key === GONE || !same(stands, next)) here[key] = [stands, next]
  }
  return here
}

function retagged(stands: readonly number[] | null, before: readonly number[] | null, after: readonly number[] | null): number[] {
  const [had, has] = [new Set(before ?? []), new Set(after ?? [])]
  const tags = new Set((stands ?? []).filter((tag) => has.has(tag) || !had.has(tag)))
  for (const tag of has) if (!had.has(tag)) tags.add(tag)
  return [...tags].sort((a, b) => a - b)
}

const same = (a: unknown, b: unknown): boolean => a === b || (a ?? null) === (b ?? null) || (typeof a === 'object' && typeof b === 'object' && JSON.stringify(a) === JSON.stringify(b))

const advanced = (before: RecordImage, fact: Fact): RecordImage => advance({ ...before, values: { ...before.values }, recordVersion: before.recordVersion + 1 }, fact)

function advance(image: RecordImage, { fields, at, actor }: Fact): RecordImage {
  const { values } = image
  values['updated_at'] = inWords(at)
  values['updated_by'] = actor.kind === 'member' ? actor.id : null
  for (const key in fields) {
    if (key === GONE) image.gone = fields[key]![1] === true
    else values[key] = fields[key]![1]
  }
  image.owner = (values['owner'] as number | null | undefined) ?? null
  return image
}

/** What one act changed shares its instant. */
let [last, lastInWords] = [new Date(NaN), '']
function inWords(at: Date): string {
  if (at !== last) [last, lastInWords] = [at, at.toISOString()]
  return lastInWords
}

function bornFrom({ object, record, fields, at, actor }: Fact): RecordImage {
  const by = actor.kind === 'member' ? actor.id : null
  const values: Values = { id: record, created_at: inWords(at), created_by: by, updated_at: inWords(at), updated_by: by }
  for (const key in fields) values[key] = fields[key]![1]
  return { object, id: record, recordVersion: 1, owner: (values['owner'] as number | null | undefined) ?? null, ownerTeam: null, tags: [], createdAt: at, gone: false, values }
}
