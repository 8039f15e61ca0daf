import { ALWAYS, needsOf, NOTHING_SEEN, type BindContext, type Condition, type Image } from '#language/conditions'
import type { Policy } from '#language/definitions'
import type { Metadata } from '#kernel/metadata'
import { checkedOf } from './guard.ts'
import { lensOf, reachesAll, reachesThrough } from './lens.ts'
import { limitsIn, sameValue, triesOf, withSegments, type Asked } from './releases.ts'
import { remembered } from './remembered.ts'
import type { Context } from './types.ts'

/** A limit in force, as what hangs on records of `object` by the field `via` decides it. */
export interface ChildWatch extends Asked {
  policy: Policy
  via: string
  /** Which of them count. */
  where: Condition
  /** Fields that it reads in them, tags apart: these have a right of their own. */
  fields: ReadonlySet<string>
  /** Of those that count: what they say decides as well, not only how many there are. */
  values: ReadonlySet<string>
  /** One more of them, or one less, may end it. */
  ends: { gain: boolean; loss: boolean }
}

const watched = new WeakMap<Metadata, ReadonlyMap<string, readonly ChildWatch[]>>()
/** The limits on other records that a change of a record of this object could end, because it hangs on them. */
export const childWatchesOf = (metadata: Metadata, object: string): readonly ChildWatch[] => remembered(watched, metadata, () => gathered(metadata)).get(object) ?? NONE
const NONE: readonly ChildWatch[] = []

function gathered(metadata: Metadata): Map<string, ChildWatch[]> {
  const watches = limitsIn(metadata).flatMap((asked) => nodesIn(asked.condition).flatMap((node) => watchOf(metadata, asked, node)))
  return new Map([...Map.groupBy(watches, ({ child }) => child)].map(([child, those]) => [child, those.map(({ watch }) => watch)]))
}

type Node = Exclude<Condition, { all: unknown } | { any: unknown } | { not: unknown } | { field: unknown } | { parent: unknown } | { changed: unknown } | { changedTo: unknown }>
/** `speaksFor`: whether its being true speaks for the limit. */
interface Placed { node: Node; speaksFor: boolean }

function nodesIn(part: Condition, speaksFor = true): Placed[] {
  if ('all' in part) return part.all.flatMap((each) => nodesIn(each, speaksFor))
  if ('any' in part) return part.any.flatMap((each) => nodesIn(each, speaksFor))
  if ('not' in part) return nodesIn(part.not, !speaksFor)
  return 'field' in part || 'parent' in part || 'changed' in part || 'changedTo' in part ? [] : [{ node: part, speaksFor }]
}

function watchOf(metadata: Metadata, asked: Asked, { node, speaksFor }: Placed): { child: string; watch: ChildWatch }[] {
  const { object: child, via } = relationOf(node)
  const [all, where] = [checkedOf(metadata, { object: asked.object, condition: node }), withSegments(metadata, child, node.where ?? ALWAYS)]
  const checked = checkedOf(metadata, { object: child, condition: where })
  if (!all || !checked) return []
  const fields = new Set([via, ...needsOf(checked).own, ...(needsOf(all).reads.get(child) ?? [])].filter((key) => key !== 'tags'))
  const told = new Set([...fields].filter((key) => tellsBy(node, key)))
  const more = growing(node)
  return [{ child, watch: { ...asked, via, where, fields, values: told, ends: { gain: more !== speaksFor, loss: more === null || more === speaksFor } } }]
}

function relationOf(node: Node): { object: string; via: string } {
  if ('some' in node) return node.some
  if ('none' in node) return node.none
  if ('count' in node) return node.count
  if ('sum' in node) return node.sum
  if ('latest' in node) return node.latest
  return 'recent' in node ? node.recent : node.trend
}

/** Is it truer the more of them count (true), or the fewer (false)? Null: neither. */
function growing(node: Node): boolean | null {
  if ('some' in node) return true
  if ('none' in node) return false
  if (!('count' in node) || node.op === 'eq' || node.op === 'ne') return null
  return node.op === 'gt' || node.op === 'ge'
}

/** Does what a child that counts says in this field count too? */
function tellsBy(node: Node, key: string): boolean {
  if ('some' in node || 'none' in node) return false
  return 'count' in node ? key === node.at : 'recent' in node || key === node.at || key === node.of
}

/** A record before and after what is done to it; null: it is not there. */
export interface Passage { object: string; before: Image | null; after: Image | null; at: BindContext }

/**
 * The records on which the change of this one could end the limit, as far as its writer can know. Pure, and the same whatever stands in
 * fields that the writer does not read.
 */
export function couldEndAt(metadata: Metadata, watch: ChildWatch, { object, before, after, at, reads }: Passage & { reads: (field: string) => boolean }): string[] {
  const tries = triesOf(metadata, { object, condition: watch.where, blind: [...watch.fields].filter((field) => !reads(field)) })
  const [from, to] = [before, after].map((image) => pointed(image?.[watch.via], watch.object))
  const counts = (image: Image | null, holds: (image: Image) => boolean) => image !== null && holds(image)
  const says = [...watch.values].some((key) => !sameValue(before?.[key], after?.[key]))
  return [...new Set([from, to])].filter((id) => id !== null && id !== undefined).filter((id) => {
    const [was, is] = [from === id ? before : null, to === id ? after : null]
    if (tries === null) return true
    return tries.some((predicate) => {
      const [counted, still] = [was, is].map((image) => counts(image, (each) => predicate(each, NOTHING_SEEN, at)))
      return counted && still ? says : counted ? watch.ends.loss : still === true && watch.ends.gain
    })
  })
}

const pointed = (value: unknown, object: string): string | null =>
  typeof value === 'string' ? value : typeof value === 'object' && value !== null && (value as { object: string }).object === object ? (value as { id: string }).id : null

/** Does the writer see everything by which the limit is decided, in every record? `seen`: … in those that hang on a record that they see. */
export function seesGrounds(ctx: Context, watch: ChildWatch): 'always' | 'seen' | 'never' {
  const checked = checkedOf(ctx.metadata, watch)
  const reads = checked ? [...needsOf(checked).reads] : []
  if (!checked || !reads.every(([object, keys]) => [...keys].every((key) => lensOf(ctx, object).field(key)?.read === 'full'))) return 'never'
  const others = reads.map(([object]) => object).filter((object) => object !== watch.object && !reachesAll(ctx, object, 'read'))
  if (others.length === 0) return 'always'
  return others.every((object) => childWatchesOf(ctx.metadata, object).some(({ policy, via }) => policy === watch.policy && reachesThrough(ctx, object, via))) ? 'seen' : 'never'
}
