import { canonical } from '#kernel/metadata'

/** Where both sides changed the same thing differently; `path` as in `fields.price.label.zh`. What the tenant has stands. */
export interface Conflict { path: string; mine: unknown; theirs: unknown }
export interface Merged { body: unknown; conflicts: Conflict[] }

/**
 * A definition as it was installed, as the tenant has it, as the solution has it now → what should stand. Pure.
 * What only one side changed is taken from that side; lists are merged element by element where the elements have keys
 * or are words of their own; where both changed the same, the tenant's stays and is named.
 */
export function mergeBodies(base: unknown, mine: unknown, theirs: unknown): Merged {
  const conflicts: Conflict[] = []
  return { body: merge({ base, mine, theirs }, '', conflicts), conflicts }
}

interface Sides { base: unknown; mine: unknown; theirs: unknown }

function merge({ base, mine, theirs }: Sides, path: string, conflicts: Conflict[]): unknown {
  if (same(mine, theirs) || same(theirs, base)) return mine
  if (same(mine, base)) return theirs
  if (isPlain(mine) && isPlain(theirs)) return mergeParts({ base: isPlain(base) ? base : {}, mine, theirs }, path, conflicts)
  if (isKeyed(mine) && isKeyed(theirs)) return mergeLists({ base: isKeyed(base) ? base : [], mine, theirs }, path, conflicts)
  conflicts.push({ path, mine: mine ?? null, theirs: theirs ?? null })
  return mine
}

type Part = Record<string, unknown>

function mergeParts({ base, mine, theirs }: { base: Part; mine: Part; theirs: Part }, path: string, conflicts: Conflict[]): Part {
  const keys = [...new Set([...Object.keys(mine), ...Object.keys(theirs)])]
  const merged = keys.map((key) => [key, merge({ base: base[key], mine: mine[key], theirs: theirs[key] }, within(path, key), conflicts)] as const)
  return Object.fromEntries(merged.filter(([, value]) => value !== undefined))
}

type Lists = { base: readonly unknown[]; mine: readonly unknown[]; theirs: readonly unknown[] }

function mergeLists({ base, mine, theirs }: Lists, path: string, conflicts: Conflict[]): unknown[] {
  const [b, m, t] = [byKey(base), byKey(mine), byKey(theirs)]
  const order = mergedOrder([...b.keys()], [...m.keys()], [...t.keys()])
  return order.map((key) => merge({ base: b.get(key), mine: m.get(key), theirs: t.get(key) }, within(path, key), conflicts)).filter((each) => each !== undefined)
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
