import { z } from 'zod'
import { Condition } from '../conditions/ast.ts'
import { Key, Label } from './common.ts'
import { Grouping, Measure } from './measure.ts'
import { Sort } from './view.ts'

/** Days that move with today, in the tenant's zone. `months12`: this month and the eleven before it. */
export const SPANS = ['today', 'yesterday', 'thisWeek', 'lastWeek', 'thisMonth', 'lastMonth', 'thisQuarter', 'lastQuarter', 'thisYear', 'lastYear', 'last7', 'last30', 'last90', 'weeks12', 'months12', 'next7', 'next30'] as const
export const Span = z.enum(SPANS)
export type Span = z.infer<typeof Span>
export const Period = z.strictObject({ field: Key, span: Span })
export type Period = z.infer<typeof Period>

const TileKey = z.string().regex(/^[a-z0-9][a-z0-9_-]{0,39}$/)
/** A place on a grid of twelve columns; rows are as high as a single figure. */
const Place = { width: z.number().int().min(2).max(12), height: z.number().int().min(1).max(6) }
const About = { key: TileKey, title: Label, object: Key, filter: Condition, period: Period.optional(), ...Place }

/** One thing shown: a number, a picture of numbers, or records, always of one object and of what meets its filter in its period. */
export const Tile = z.discriminatedUnion('kind', [
  /** `compare`: with the whole period before, or with as many of its days as have passed of this one. */
  z.strictObject({ kind: z.literal('number'), ...About, measure: Measure, compare: z.enum(['whole', 'sameDays']).optional() }),
  z.strictObject({ kind: z.literal('bar'), ...About, measure: Measure, group: Grouping, split: Grouping.optional(), limit: z.number().int().min(1).max(30) }),
  z.strictObject({ kind: z.literal('line'), ...About, measure: Measure, group: Grouping, split: Grouping.optional() }),
  /** In the order of the choices, not of their sizes. */
  z.strictObject({ kind: z.literal('funnel'), ...About, measure: Measure, group: Grouping }),
  z.strictObject({ kind: z.literal('ranking'), ...About, measure: Measure, group: Grouping, limit: z.number().int().min(1).max(50) }),
  z.strictObject({ kind: z.literal('list'), ...About, columns: z.array(Key).min(1).max(6), sort: z.array(Sort).max(2), limit: z.number().int().min(1).max(20) }),
])
export type Tile = z.infer<typeof Tile>
export type TileKind = Tile['kind']

/** What somebody looks at together. `owner` null: shipped with the solution; else private to that member unless shared, as a view is. */
export const Dashboard = z.strictObject({
  key: z.string().regex(/^[a-z0-9][a-z0-9_-]{0,59}$/),
  label: Label,
  owner: z.number().int().nullable(),
  /** Everybody sees it, or of everybody those with `roles`. */
  shared: z.boolean(),
  teams: z.array(z.number().int()).max(50).optional(),
  /** Meant for these roles; others are not shown it. */
  roles: z.array(Key).max(40).optional(),
  /** A private one that stands in the place of this. */
  instead: z.string().max(60).optional(),
  order: z.number(),
  tiles: z.array(Tile).max(24),
})
export type Dashboard = z.infer<typeof Dashboard>
