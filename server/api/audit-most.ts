import { refused } from '#contract'
import { lensOf } from '#kernel/access'
import { byIds } from './related.ts'
import { iso } from './presenting.ts'
import type { Some } from './types.ts'

const DAY = 86_400_000
const MOST = 30

interface Row { member: number; record: string; times: number; before: unknown; after: unknown; last: Date }

/** Members who changed one field of one record more than once lately, the most restless first; only of records and fields that the reader sees. Two statements. */
export const auditMost: Some<'auditMost'> = {
  auditMost: async (ctx, { query: { object, field, days } }) => {
    if (!ctx.metadata.objects.has(object) || lensOf(ctx, object).field(field)?.read !== 'full') refused('FIELD_NOT_AVAILABLE', 'field', { field })
    const since = new Date(ctx.now.getTime() - days * DAY)
    const rows = await ctx.tx.query<Row>(`select a.actor_ref::int as member, c.record, count(*)::int as times, (array_agg(c.fields -> $2 -> 0 order by c.seq))[1] as before, (array_agg(c.fields -> $2 -> 1 order by c.seq desc))[1] as after, max(a.at) as last
      from {t}.act a join {t}.change c on c.act = a.id where a.at >= $3 and a.actor_kind = 'member' and c.object = $1 and c.record_version > 1 and c.fields ? $2
      group by a.actor_ref, c.record having count(*) > 1 order by times desc, last desc limit ${MOST}`, [object, field, since])
    const titles = new Map((await byIds(ctx, object, [...new Set(rows.map(({ record }) => record))])).map(({ id, title }) => [id, title]))
    return { since: iso(since), rows: rows.flatMap(({ last, ...row }) => { const title = titles.get(row.record); return title === undefined ? [] : [{ ...row, title, last: iso(last) }] }) }
  },
}
