import { z } from 'zod'
import { Key } from './common.ts'

/** What is reckoned of many records. */
export const MEASURE_KINDS = ['count', 'sum', 'avg', 'min', 'max', 'distinct'] as const
export type MeasureKind = (typeof MEASURE_KINDS)[number]
/** `distinct`: how many different values there are. An average of money is rounded to the cent. */
export const Measure = z.union([z.strictObject({ of: z.literal('count') }), z.strictObject({ of: z.enum(['sum', 'avg', 'min', 'max', 'distinct']), field: Key })])
export type Measure = z.infer<typeof Measure>

/** Stretches of the calendar in the tenant's zone; weeks begin on Monday. */
export const STRETCHES = ['day', 'week', 'month', 'quarter', 'year'] as const
export const Stretch = z.enum(STRETCHES)
export type Stretch = z.infer<typeof Stretch>
/** By what records are gathered. `by` for days and instants only; absent there: by day. */
export const Grouping = z.strictObject({ field: Key, by: Stretch.optional() })
export type Grouping = z.infer<typeof Grouping>
