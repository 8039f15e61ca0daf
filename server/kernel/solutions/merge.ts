import { canonical } from '#kernel/metadata'

/** Where both sides changed the same thing differently; `path` as in `fields.price.label.zh`. What the tenant has stands. */
export interface Conflict { path: string; mine: unknown; theirs: unknown }
export interface Merged { body: unknown; conflicts: Conflict[] }

interface Sides { base: unknown; mine: unknown; theirs: unknown }

/**
 * A definition as it was installed, as the tenant has it, as the solution has it now → what should stand. Pure.
 * What only one side changed is taken from that side; lists are merged element by element where the elements have keys
 * or are words of their own; where both changed the same, it is named, and the tenant's stays unless its path is among those `taken`.
 */
export function mergeBodies(sides: Sides, taken: ReadonlySet<string> = NONE): Merged {
  const found: Found = { conflicts: [], taken }
  return { body: merge(sides, '', found), conflicts: found.conflicts }
}

const NONE: ReadonlySet<string> = new Set()
interface Found { conflicts: Conflict[]; taken: ReadonlySet<string> }

function merge({ base, mine, theirs }: Sides, path: string, found: Found): unknown {
  if (same(mine, theirs) || same(theirs, base)) return mine
  if (same(mine, base)) return theirs
  if (isPlain(mine) && isPlain(theirs)) return mergeParts({ base: isPlain(base) ? base : {}, mine, theirs }, path, found)
  if (isKeyed(mine) && isKeyed(theirs)) return mergeLists({ base: isKeyed(base) ? base : [], mine, theirs }, path, found)
  found.conflicts.push({ path, mine: mine ?? null, theirs: theirs ?? null })
  return found.taken.has(path) ? theirs : mine
}

type Part = Record<string, unknown>

function mergeParts({ base, mine, theirs }: { base: Part; mine: Part; theirs: Part }, path: string, found: Found): Part {
  const keys = [...new Set([...Object.keys(mine), ...Object.keys(theirs)])]
  const merged = keys.map((key) => [key, merge({ base: base[key], mine: mine[key], theirs: theirs[key] }, within(path, key), found)] as const)
  return Object.fromEntries(merged.filter(([, value]) => value !== undefined))
}

type Lists = { base: readonly unknown[]; mine: readonly unknown[]; theirs: readonly unknown[] }

function mergeLists({ base, mine, theirs }: Lists, path: string, found: Found): unknown[] {
  const [b, m, t] = [byKey(base), byKey(mine), byKey(theirs)]
  const order = mergedOrder([...b.keys()], [...m.keys()], [...t.keys()])
  return order.map((key) => merge({ base: b.get(key), mine: m.get(key), theirs: t.get(key) }, within(path, key), found)).filter((each) => each !== undefined)
}

/** In their order, unless the tenant has put things in another one; what only the other side has comes after what it came after there. */
export function mergedOrder(base: readonly string[], mine: readonly string[], theirs: readonly string[]): string[] {
  const [first, other] = isReordered(base, mine) ? [mine, theirs] : [theirs, mine]
  const order = [...first]
  for (const [i, key] of other.entries()) if (!order.includes(key)) order.splice(order.indexOf(other[i - 1] ?? '') + 1, 0, key)
  return order
}

function isReordered(base: readonly string[], mine: readonly string[]): boolean {
  const [known, stood] = [new Set(base), new Set(mine)]
  return mine.filter((key) => known.has(key)).join('\n') !== base.filter((key) => stood.has(key)).join('\n')
}

const same = (a: unknown, b: unknown): boolean => canonical(a) === canonical(b) && (a === undefined) === (b === undefined)
const isPlain = (value: unknown): value is Part => typeof value === 'object' && value !== null && !Array.isArray(value)
const within = (path: string, key: string): string => (path === '' ? key : `${path}.${key}`)

const keyOf = (element: unknown): string | undefined => (typeof element === 'string' ? element : isPlain(element) && typeof element['key'] === 'string' ? element['key'] : undefined)
const byKey = (list: readonly unknown[]): Map<string, unknown> => new Map(list.map((element) => [keyOf(element)!, element]))

function isKeyed(value: unknown): value is readonly unknown[] {
  if (!Array.isArray(value)) return false
  const keys = value.map(keyOf)
  return keys.every((key) => key !== undefined) && new Set(keys).size === keys.length
}
