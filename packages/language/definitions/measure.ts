import { z } from 'zod'
import { Key } from './common.ts'
import type { FieldKind } from './object.ts'

type Kind = FieldKind | 'tags'
/** Several values in one field: a record stands in the group of each of them. */
export const GROUPED_SETS: ReadonlySet<Kind> = new Set<Kind>(['tags', 'multiselect', 'members'])
/** Gathered by the stretch of the calendar that they lie in. */
export const GROUPED_TIMES: ReadonlySet<Kind> = new Set<Kind>(['date', 'datetime'])
const GROUPED_SINGLE: ReadonlySet<Kind> = new Set<Kind>(['select', 'boolean', 'member', 'team', 'region', 'text', 'phone', 'email', 'auto', 'reference', 'anyReference', 'integer'])
export const canGroup = (kind: Kind): boolean => GROUPED_SINGLE.has(kind) || GROUPED_SETS.has(kind) || GROUPED_TIMES.has(kind)
export const isMeasured = (kind: Kind): boolean => kind === 'integer' || kind === 'decimal' || kind === 'money' || kind === 'percent'

/** What is reckoned of many records. */
export const MEASURE_KINDS = ['count', 'sum', 'avg', 'min', 'max', 'distinct'] as const
export type MeasureKind = (typeof MEASURE_KINDS)[number]
/** `distinct`: how many different values there are. An average of money is rounded to the cent. */
export const Measure = z.union([z.strictObject({ of: z.literal('count') }), z.strictObject({ of: z.enum(['sum', 'avg', 'min', 'max', 'distinct']), field: Key })])
export type Measure = z.infer<typeof Measure>

/** Can this be reckoned of a field of this kind? */
export function canMeasure(of: MeasureKind, kind: Kind): boolean {
  if (of === 'count') return true
  if (of === 'distinct') return isMeasured(kind) || (canGroup(kind) && !GROUPED_SETS.has(kind))
  return isMeasured(kind) || ((of === 'min' || of === 'max') && GROUPED_TIMES.has(kind))
}

/** Stretches of the calendar in the tenant's zone; weeks begin on Monday. */
export const STRETCHES = ['day', 'week', 'month', 'quarter', 'year'] as const
export const Stretch = z.enum(STRETCHES)
export type Stretch = z.infer<typeof Stretch>
/** By what records are gathered. `by` for days and instants only; absent there: by day. */
export const Grouping = z.strictObject({ field: Key, by: Stretch.optional() })
export type Grouping = z.infer<typeof Grouping>
