import { BASE_FIELDS, type FieldKind } from '../definitions/object.ts'
import type { Dictionary, ObjectDefinition } from '../definitions/object.ts'

export type ConditionKind = FieldKind | 'tags'

/** What a condition may know about a field. `to` of a reference: the object (or objects) it points to, `*` for any. */
export interface FieldFacts {
  kind: ConditionKind
  dictionary?: string | undefined
  to?: string | readonly string[] | undefined
}

/** One version of a tenant's definitions, as far as the checker asks. */
export interface ConditionSchema {
  /** The object whose records are judged. */
  object: string
  /** Base fields included; undefined when the object or the field does not exist. */
  field(object: string, key: string): FieldFacts | undefined
  /** The option and all below it; empty when the dictionary has no such option. */
  optionsUnder(dictionary: string, key: string): readonly string[]
  /** The id that stands in the `tags` column; undefined when there is no such tag. */
  tagId(key: string): number | undefined
}

export interface Definitions {
  objects: readonly ObjectDefinition[]
  dictionaries: readonly Dictionary[]
  tags: readonly { id: number; key: string }[]
}

/** A schema over plain definitions. Build it once per metadata version; `object` is the object whose records are judged. */
export function schemaOf(object: string, definitions: Definitions): ConditionSchema {
  const fields = new Map(definitions.objects.map((each) => [each.key, factsOf(each)]))
  const below = new Map(definitions.dictionaries.map((each) => [each.key, childrenOf(each)]))
  const tags = new Map(definitions.tags.map(({ id, key }) => [key, id]))
  return {
    object,
    field: (of, key) => fields.get(of)?.get(key),
    optionsUnder: (dictionary, key) => descend(below.get(dictionary), key),
    tagId: (key) => tags.get(key),
  }
}

/** `id` is uuid in the table: it is compared like a reference, not like text. */
const BASE_FACTS: ReadonlyMap<string, FieldFacts> = new Map(Object.entries(BASE_FIELDS).map(([key, { kind }]) => [key, { kind: key === 'id' ? 'reference' : kind }]))

const factsOf = ({ fields }: ObjectDefinition): ReadonlyMap<string, FieldFacts> =>
  new Map([...fields.map(({ key, kind, dictionary, to }) => [key, { kind, dictionary, to }] as const), ...BASE_FACTS])

function childrenOf({ options }: Dictionary): ReadonlyMap<string, readonly string[]> {
  const children = new Map<string, string[]>(options.map(({ key }) => [key, []]))
  for (const { key, parent } of options) if (parent !== undefined) children.get(parent)?.push(key)
  return children
}

/** Breadth first; a loop in a damaged dictionary ends. */
function descend(children: ReadonlyMap<string, readonly string[]> | undefined, key: string): readonly string[] {
  if (!children?.has(key)) return []
  const found = new Set([key])
  for (const each of found) for (const child of children.get(each) ?? []) found.add(child)
  return [...found]
}
