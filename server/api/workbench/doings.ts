import { type Context, params as newParams } from '#kernel/access'
import { WORKBENCH } from './cast.ts'
import { partOf, titleOf } from './parts.ts'
import type { Doing } from './words.ts'

export interface DoingRow extends Doing { object: string; record: string; title: string | null; company: string | null; grade: string | null; tags: number[] | null; phone: string | null; owner: number | null }

/** The latest behaviours of the records of these owners, newest first. One statement: the liveliest records, then the latest of each. */
export async function doings(ctx: Context, owners: readonly number[], limit: number): Promise<DoingRow[]> {
  const { behaviour, subject } = WORKBENCH
  const params = newParams()
  const part = partOf(ctx, behaviour.object, 'b', params)
  const reference = part?.lens.field(behaviour.subject)
  if (!part || !reference) return []
  const [mine, most] = [params.add(owners, 'int[]'), params.add(limit, 'int')]
  const each = Object.entries(behaviour.of).flatMap(([object, last]) => {
    const of = partOf(ctx, object, 's', params)
    if (!of) return []
    const only = object === subject.object
    return `(select ${params.add(object, 'text')} as object, s.id as record, ${titleOf(ctx, of)} as title, ${only ? of.col(subject.company) : 'NULL::text'} as company, ${only ? of.col(subject.grade) : 'NULL::text'} as grade,
        ${of.col('tags')} as tags, ${of.col(subject.phone)} as phone, s.owner
      from ${of.table} s where ${of.visible()} and s.owner = any(${mine}) order by ${of.lens.field(last) ? `${of.col(last)} desc nulls last, ` : ''}s.created_at desc limit ${most})`
  })
  if (each.length === 0) return []
  const latest = `select b.id, ${part.col(behaviour.kind)} as kind, ${part.col(behaviour.page)} as page, ${part.col(behaviour.seconds)} as seconds, ${part.col(behaviour.material)} as material, ${part.col(behaviour.content)}::text as content, ${part.col(behaviour.at)} as at
    from ${part.table} b where ${part.visible()} and ${reference.column('b', params)} = s.record order by ${part.col(behaviour.at)} desc limit ${most}`
  const rows = await ctx.tx.query<Omit<DoingRow, 'at'> & { at: Date }>(`select s.*, d.*, 1 as nth from (${each.join(' union all ')}) s cross join lateral (${latest}) d order by d.at desc limit ${most}`, params.values)
  return rows.map((row) => ({ ...row, at: row.at.toISOString() }))
}
