import { z } from 'zod'
import { Grouping, Key, Measure } from '#language/definitions'
import { inQuery, route, Whole } from '../route.ts'
import { Related } from '../shapes.ts'
import { Filter } from './records.ts'

/** Null where the field is empty; a day (the first of its stretch) as text, tags and options by their keys, members and departments by their numbers, `object:id` where a field may point to several objects. */
const AggregateKey = z.union([z.string(), z.number(), z.boolean(), z.null()])
/** Counts are numbers, all else exact decimals, days or instants as text; null: nothing to reckon. */
const AggregateValue = z.union([z.string(), z.number(), z.null()])
export const AggregateShape = z.object({
  rows: z.array(z.object({ keys: z.array(AggregateKey), rest: z.boolean().describe('All groups beyond the first `top` together'), count: z.number(), values: z.array(AggregateValue) })),
  total: z.object({ count: z.number(), values: z.array(AggregateValue) }).describe('Of every record once, whatever the groups'),
  more: z.boolean().describe('There are groups beyond these'),
  related: Related,
})
export type AggregateShape = z.infer<typeof AggregateShape>

const Order = z.strictObject({ by: z.union([z.literal('key'), z.number().int().min(0).max(4)]), direction: z.enum(['asc', 'desc']) })
const Measures = z.array(Measure).min(1).max(5)
const GroupBy = z.array(Grouping).max(2)
const Search = z.string().max(200)
const OfObject = z.strictObject({ object: Key })
const summary = { zh: '统计：计数、求和、平均、最小、最大、去重计数，按至多两级分组', en: 'Aggregate: count, sum, average, extremes, distinct, by two levels of groups at most' }

export const aggregates = {
  aggregateRecords: route('aggregateRecords', { auth: 'member', summary, params: OfObject, response: AggregateShape,
    query: z.strictObject({ filter: Filter.optional(), search: Search.optional(), measures: inQuery(Measures).optional(), groupBy: inQuery(GroupBy).optional(), order: inQuery(Order).optional(), top: Whole(1, 1000).optional() }) }),
  askAggregate: route('askAggregate', { auth: 'member', unrecorded: true, reads: true, summary: { zh: `${summary.zh}（条件很长时）`, en: `${summary.en} (for long conditions)` }, params: OfObject, response: AggregateShape,
    body: z.strictObject({ filter: Filter.optional(), search: Search.optional(), measures: Measures.optional(), groupBy: GroupBy.optional(), order: Order.optional(), top: z.number().int().min(1).max(1000).optional() }) }),
}
