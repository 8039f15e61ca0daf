import { checkCondition, needsOf, NOTHING_SEEN, toPredicate, type BindContext, type Condition, type Image, type Predicate } from '#language/conditions'
import type { Policy } from '#language/definitions'
import type { Metadata } from '#kernel/metadata'
import { checkedOf } from './guard.ts'
import { remembered } from './remembered.ts'
import { targetsOf } from './scope.ts'

/** A limit in force, as what stands in records of one object decides it: of its own (`own`), or of those that its records point to. */
export interface Watch {
  policy: Policy
  own: boolean
  /** Fields of the object that it reads there. */
  fields: ReadonlySet<string>
  condition: Condition
}

const watched = new WeakMap<Metadata, ReadonlyMap<string, readonly Watch[]>>()
/** The limits that a change of a record of this object could end. Tags are not among what is read: they have a right of their own. */
export const watchesOf = (metadata: Metadata, object: string): readonly Watch[] => remembered(watched, metadata, () => gathered(metadata)).get(object) ?? NONE
const NONE: readonly Watch[] = []

function gathered(metadata: Metadata): Map<string, Watch[]> {
  const watches = limitsIn(metadata).flatMap(({ object, ...limit }) => {
    const checked = checkedOf(metadata, { object, condition: limit.condition })
    const fields = checked ? new Set([...needsOf(checked).own].filter((key) => key !== 'tags')) : new Set<string>()
    return fields.size > 0 ? [{ object, watch: { ...limit, fields } }] : []
  })
  return new Map([...Map.groupBy(watches, ({ object }) => object)].map(([object, those]) => [object, those.map(({ watch }) => watch)]))
}

/** What a limit in force asks of records of one object: of its own, or of those that they point to, at any distance. */
export interface Asked extends Omit<Watch, 'fields'> { object: string }

export function limitsIn(metadata: Metadata): Asked[] {
  const asked = (each: Asked): Asked[] => [each, ...parentsOf(metadata, each.object, each.condition).flatMap(({ to, where }) => asked({ policy: each.policy, object: to, condition: where, own: false }))]
  return [...metadata.policies.values()].flatMap((policy) => (!policy.off && policy.effect === 'limit' && policy.when ? asked({ policy, object: policy.object, condition: withSegments(metadata, policy.object, policy.when), own: true }) : []))
}

/** What is asked of the records pointed to, so that each is true where it speaks for the limit. */
function parentsOf(metadata: Metadata, object: string, part: Condition, speaksFor = true): { to: string; where: Condition }[] {
  if ('all' in part) return part.all.flatMap((each) => parentsOf(metadata, object, each, speaksFor))
  if ('any' in part) return part.any.flatMap((each) => parentsOf(metadata, object, each, speaksFor))
  if ('not' in part) return parentsOf(metadata, object, part.not, !speaksFor)
  if (!('parent' in part)) return []
  const [to] = targetsOf(metadata.objects.get(object)?.field.get(part.parent)?.to, metadata)
  return to === undefined ? [] : [{ to, where: withSegments(metadata, to, speaksFor ? part.where : { not: part.where }) }]
}

/** A tag that comes and goes by a condition is as good as the condition: whoever ends that ends the tag. */
export function withSegments(metadata: Metadata, object: string, part: Condition, speaksFor = true): Condition {
  if ('all' in part) return { all: part.all.map((each) => withSegments(metadata, object, each, speaksFor)) }
  if ('any' in part) return { any: part.any.map((each) => withSegments(metadata, object, each, speaksFor)) }
  if ('not' in part) return { not: withSegments(metadata, object, part.not, !speaksFor) }
  if (!('field' in part) || part.field !== 'tags' || !ABOUT_TAGS.has(part.op)) return part
  const has = part.op === 'has' || part.op === 'hasAny'
  const each = [part.value].flat().filter((value) => typeof value === 'string').map((value): Condition => {
    const segment = metadata.tags.byKey.get(value)?.segment
    const leaf: Condition = { field: 'tags', op: has ? 'has' : 'hasNot', value }
    if (segment?.object !== object) return leaf
    // Either is enough to end what it speaks for: the tag that goes or comes, and the condition that it follows.
    const both = [leaf, has ? segment.condition : { not: segment.condition }]
    return speaksFor ? { all: both } : { any: both }
  })
  return each.length === 1 ? each[0]! : has ? { any: each } : { all: each }
}
const ABOUT_TAGS: ReadonlySet<string> = new Set(['has', 'hasAny', 'hasNot', 'hasNone'])

/** What is not known of the record: decided elsewhere, or by a field that whoever writes does not read. */
type Unknown = (part: Condition) => boolean
/** More unknowns than these are not tried through: then any change counts. */
const MOST = 5

/** A record before and after; null: it is deleted. */
export interface Turn { object: string; before: Image; after: Image | null; at: BindContext }
export interface Judgement { metadata: Metadata; watch: Watch; /** Does the writer read this field of the record in full? */ reads: (field: string) => boolean }

/**
 * Could the change end what the limit says, as far as its writer can know: is there anything unknown with which it held before and no longer holds after?
 * Pure, and the same whatever stands in fields that the writer does not read.
 */
export function couldEnd({ metadata, watch, reads }: Judgement, { object, before, after, at }: Turn): boolean {
  const blind = [...watch.fields].filter((field) => !reads(field))
  const tries = triesOf(metadata, { object, condition: watch.condition, blind })
  const [held, stays] = [(holds: Predicate) => holds(before, NOTHING_SEEN, at), (holds: Predicate) => after !== null && holds(after, NOTHING_SEEN, at)]
  if (tries === null) return true
  // Pointed elsewhere, what is decided there may be otherwise.
  const moved = after !== null && pointersIn(watch.condition).some((key) => !sameValue(before[key], after[key]))
  return moved ? tries.some(held) && !tries.every(stays) : tries.some((holds) => held(holds) && !stays(holds))
}

export const sameValue = (a: unknown, b: unknown): boolean => JSON.stringify(a ?? null) === JSON.stringify(b ?? null)

/** Does it look at other records too? */
export const reachesOut = ({ condition }: Watch): boolean => unknownsIn(condition, (part) => !('field' in part)).length > 0

const pointersIn = (condition: Condition): string[] => unknownsIn(condition, (part) => 'parent' in part).map((part) => (part as { parent: string }).parent)

/** Fields whose reading it limits. */
export const keptFrom = ({ policy }: Pick<Watch, 'policy'>, metadata: Metadata): string[] => {
  const kept = (read: string | undefined): boolean => read !== undefined && read !== 'full'
  return kept(policy.fields['*']?.read) ? [...(metadata.objects.get(policy.object)?.field.keys() ?? [])] : Object.entries(policy.fields).flatMap(([key, { read }]) => (kept(read) ? [key] : []))
}

const known = new WeakMap<Metadata, Map<string, Predicate[] | null>>()
/** The condition with every way in which what is unknown may be; null: too many. */
export function triesOf(metadata: Metadata, { object, condition, blind }: { object: string; condition: Condition; blind: readonly string[] }): Predicate[] | null {
  const kept = remembered(known, metadata, () => new Map<string, Predicate[] | null>())
  const name = JSON.stringify([object, condition, blind])
  const found = kept.get(name)
  if (found !== undefined) return found
  const made = tried(metadata, object, condition, (part) => !('field' in part) || blind.includes(part.field))
  kept.set(name, made)
  return made
}

function tried(metadata: Metadata, object: string, condition: Condition, unknown: Unknown): Predicate[] | null {
  const parts = unknownsIn(condition, unknown)
  if (parts.length > MOST) return null
  const ways = Array.from({ length: 1 << parts.length }, (_, bits) => supposed(condition, (part) => { const i = parts.indexOf(part); return i === -1 ? undefined : (bits & (1 << i)) !== 0 }))
  const checked = ways.map((way) => checkCondition(way, metadata.conditionSchema(object), 'filter'))
  return checked.every((each) => each.ok) ? checked.map((each) => toPredicate(each.checked)) : null
}

function unknownsIn(part: Condition, unknown: Unknown): Condition[] {
  if ('all' in part) return part.all.flatMap((each) => unknownsIn(each, unknown))
  if ('any' in part) return part.any.flatMap((each) => unknownsIn(each, unknown))
  if ('not' in part) return unknownsIn(part.not, unknown)
  return unknown(part) ? [part] : []
}

function supposed(part: Condition, told: (part: Condition) => boolean | undefined): Condition {
  if ('all' in part) return { all: part.all.map((each) => supposed(each, told)) }
  if ('any' in part) return { any: part.any.map((each) => supposed(each, told)) }
  if ('not' in part) return { not: supposed(part.not, told) }
  const said = told(part)
  return said === undefined ? part : said ? { all: [] } : { any: [] }
}
