import { refused } from '#contract'
import { lensOf, params } from '#kernel/access'
import { byIds } from './related.ts'
import { iso } from './presenting.ts'
import type { Some } from './types.ts'

const MOST = 30
/** By what people look for a record before they make one. */
const FOUND_BY = new Set(['text', 'phone', 'email', 'url'])

interface Row { member: number; times: number; record: string; last: Date }

/** Who made records although a living one had the same value already, the most first; only of records and fields that the reader sees. Two statements. */
export const auditTwice: Some<'auditTwice'> = {
  auditTwice: async (ctx, { query: { object, field } }) => {
    const definition = ctx.metadata.objects.get(object)
    const [lens, kind] = [definition && lensOf(ctx, object), definition?.field.get(field)?.kind ?? '']
    if (!definition || lens?.field(field)?.read !== 'full' || !FOUND_BY.has(kind)) return refused('FIELD_NOT_AVAILABLE', 'field', { field })
    const given = params()
    const value = lens.field(field)!.column('r', given)
    const rows = await ctx.tx.query<Row>(`with seen as (select r.id, r.created_at, r.created_by, row_number() over (partition by ${value} order by r.created_at, r.id) as n from ${definition.table} r where r.gone_act is null and ${lens.rows('read', 'r', given)} and ${value} is not null)
      select created_by as member, count(*)::int as times, (array_agg(id order by created_at desc))[1] as record, max(created_at) as last from seen where n > 1 and created_by is not null group by created_by order by times desc, last desc limit ${MOST}`, given.values)
    const titles = new Map((await byIds(ctx, object, rows.map(({ record }) => record))).map(({ id, title }) => [id, title]))
    return { rows: rows.map(({ last, ...row }) => ({ ...row, title: titles.get(row.record) ?? '', last: iso(last) })) }
  },
}
