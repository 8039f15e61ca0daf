import { GONE } from '#kernel/changes'
import type { Metadata } from '#kernel/metadata'
import type { Told, ToldChange, ToldRun } from './replay.ts'

/** Do both tell one story, record by record and value by value? As `compare`, without saying where not. */
export function sameTold(a: Told, b: Told, { objects }: Pick<Metadata, 'objects'>): boolean {
  if (a.runs.length !== b.runs.length || a.changes.length !== b.changes.length) return false
  return paired(a.runs, b.runs, runKey, sameRun) && paired(a.changes, b.changes, changeKey, (one, other) => sameFields(one, other, objects))
}

/** Most often in the same order. */
function paired<T extends { event: number; record: string }>(a: readonly T[], b: readonly T[], keyOf: (each: T) => string, same: (one: T, other: T) => boolean): boolean {
  if (a.every((one, i) => one.event === b[i]!.event && one.record === b[i]!.record && same(one, b[i]!))) return true
  const others = new Map(b.map((each) => [keyOf(each), each]))
  return others.size === a.length && a.every((one) => { const other = others.get(keyOf(one)); return other !== undefined && same(one, other) })
}

const runKey = ({ event, rule, record }: ToldRun): string => `${event} ${rule} ${record}`
const changeKey = ({ event, object, record, version }: ToldChange): string => `${event} ${object} ${record} ${version}`

const sameRun = (a: ToldRun, b: ToldRun): boolean =>
  a.rule === b.rule && a.status === b.status && a.version === b.version && a.object === b.object && a.error === b.error && sameJson(a.seen, b.seen) && a.steps.length === b.steps.length && a.steps.every((step, i) => sameJson(step, b.steps[i], 'decision'))

/** Numbers that are drawn do not count. */
function sameFields({ object, version, fields }: ToldChange, other: ToldChange, objects: Metadata['objects']): boolean {
  const definition = objects.get(object)
  const counts = (key: string): boolean => key === GONE || definition?.field.get(key)?.kind !== 'auto'
  return object === other.object && version === other.version && Object.keys(fields).every((key) => !counts(key) || sameJson(fields[key], other.fields[key])) && Object.keys(other.fields).every((key) => key in fields || !counts(key))
}

/** Equal once both were JSON; `but`: a key that does not count. */
export function sameJson(a: unknown, b: unknown, but?: string): boolean {
  if (a === b) return true
  if (a instanceof Date) return sameJson(a.toISOString(), b)
  if (b instanceof Date) return sameJson(a, b.toISOString())
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null || Array.isArray(a) !== Array.isArray(b)) return (a ?? null) === (b ?? null)
  if (Array.isArray(a)) return a.length === (b as unknown[]).length && a.every((each, i) => sameJson(each ?? null, (b as unknown[])[i] ?? null))
  const [x, y] = [a as Record<string, unknown>, b as Record<string, unknown>]
  let more = 0
  for (const key in x) if (key !== but && x[key] !== undefined) { more++; if (y[key] === undefined || !sameJson(x[key], y[key])) return false }
  for (const key in y) if (key !== but && y[key] !== undefined) more--
  return more === 0
}
