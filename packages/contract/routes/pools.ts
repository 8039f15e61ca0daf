import { z } from 'zod'
import type { Condition } from '#language/conditions'
import { Key } from '#language/definitions'
import { inQuery, route, Whole } from '../route.ts'
import { CountShape, Outcome, RecordId, RecordShape, Related } from '../shapes.ts'

const OnePool = z.strictObject({ object: Key, pool: RecordId })
const Filter = inQuery(z.unknown().describe('Condition')) as z.ZodType<Condition, Condition>

export const pools = {
  pools: route('pools', { auth: 'member', summary: { zh: '我能看的公海，里面有多少、我还能领多少', en: 'Pools I may look into: what waits there and how much I may still claim' },
    response: z.object({ pools: z.array(z.object({
      id: z.string(), object: z.string(), name: z.string(), team: z.number().nullable(), members: z.array(z.number()),
      daily: z.number(), holding: z.number(), protectHours: z.number(), waiting: CountShape, claims: z.boolean(), today: z.number(), held: z.number(),
    })) }) }),
  poolRecords: route('poolRecords', { auth: 'member', summary: { zh: '公海里等待领取的记录', en: 'Records that wait in a pool' }, params: OnePool,
    query: z.strictObject({ limit: Whole(1, 200).default(50), cursor: z.string().max(2000).optional(), filter: Filter.optional(), search: z.string().max(200).optional() }),
    response: z.object({ records: z.array(RecordShape), fields: z.array(z.string()), next: z.string().nullable(), related: Related }) }),
  claim: route('claim', { auth: 'member', summary: { zh: '从公海领取，逐条给结果', en: 'Claim from a pool, with a result for every record' },
    body: z.strictObject({ object: Key, pool: RecordId, ids: z.array(RecordId).min(1).max(200) }), response: Outcome }),
}
