import type { AggregateShape } from '#contract/api'
import type { Context } from '#kernel/access'
import { aggregate, budgeted, type AggregateKey, type AggregateQuery } from '#kernel/records'
import { relatedTo } from './related.ts'
import type { Some } from './types.ts'

/** Seconds that one question may take: others wait for the same two processors. */
const BUDGET = 8

export const aggregates: Some<'aggregateRecords' | 'askAggregate'> = {
  aggregateRecords: (ctx, { params, query }) => reckoned(ctx, params.object, query),
  askAggregate: (ctx, { params, body }) => reckoned(ctx, params.object, body),
}

async function reckoned(ctx: Context, object: string, query: AggregateQuery): Promise<AggregateShape> {
  return budgeted(ctx.tx, BUDGET, async () => {
    const found = await aggregate(ctx, object, query)
    const named = (query.groupBy ?? []).flatMap(({ field }, no) => found.rows.map(({ keys }) => ({ object, values: { [field]: pointed(ctx, { object, field }, keys[no]!) } })))
    return { ...found, related: await relatedTo(ctx, named) }
  })
}

/** A key as the field would hold it, so that what it points to can be named. */
function pointed({ metadata }: Context, { object, field }: { object: string; field: string }, key: AggregateKey): unknown {
  if (metadata.fieldKind(object, field) !== 'anyReference' || typeof key !== 'string') return key
  const [target, id] = key.split(':')
  return { object: target, id }
}
