import { createHash } from 'node:crypto'

/** JSON with sorted keys and without undefined: equal for equal values, whatever their property order. */
export const canonical = (value: unknown): string => JSON.stringify(value, (_, each: unknown) => (isPlain(each) ? sorted(each) : each)) ?? 'null'

const isPlain = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)
const sorted = (value: Record<string, unknown>) => Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))

export const hashOf = (value: unknown): string => createHash('sha256').update(canonical(value)).digest('hex')

/** The parts (top-level properties) in which two bodies differ. */
export function differences(before: object | null, after: object | null): Record<string, [unknown, unknown]> {
  const [a, b] = [before ?? {}, after ?? {}] as [Record<string, unknown>, Record<string, unknown>]
  const parts = [...new Set([...Object.keys(a), ...Object.keys(b)])].filter((part) => canonical(a[part]) !== canonical(b[part]))
  return Object.fromEntries(parts.map((part) => [part, [a[part] ?? null, b[part] ?? null]]))
}
