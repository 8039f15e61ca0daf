import { type Context, params as newParams, type Params } from '#kernel/access'
import { WORKBENCH } from './cast.ts'
import { partOf, titleOf, type Part } from './parts.ts'

export interface PromiseRow { id: string; title: string | null; owner: number | null; due: Date; escalated: Date | null; subjectObject: string | null; subjectId: string | null; company: string | null; grade: string | null; subjectTitle: string | null }

/** Open tasks chosen by `where` (alias `t`), earliest first, with the record they are about. One statement. */
export async function promises(ctx: Context, choose: (part: Part, params: Params, col: (field: string) => string) => string, limit: number): Promise<PromiseRow[]> {
  const { task, subject } = WORKBENCH
  const params = newParams()
  const part = partOf(ctx, task.object, 't', params)
  if (!part) return []
  const about = partOf(ctx, subject.object, 's', params)
  const reference = part.lens.field(task.subject)
  const join = about && reference ? `left join ${about.table} s on ${about.visible()} and s.id = ${reference.column('t', params)}` : ''
  const shown = (column: string) => (join ? column : 'NULL')
  const text = `select t.id, ${titleOf(ctx, part)} as title, ${part.col('owner')} as owner, ${part.col(task.due)} as due, ${part.col(task.escalated)} as escalated,
      ${reference?.objectColumn?.('t', params) ?? 'NULL'} as "subjectObject", ${reference?.column('t', params) ?? 'NULL'} as "subjectId",
      ${shown(about ? about.col(subject.company) : 'NULL')} as company, ${shown(about ? about.col(subject.grade) : 'NULL')} as grade, ${shown(about ? titleOf(ctx, about) : 'NULL')} as "subjectTitle"
    from ${part.table} t ${join} where ${part.visible()} and ${part.col(task.status)} = ${params.add(task.open, 'text')} and ${choose(part, params, part.col)}
    order by due limit ${params.add(limit, 'int')}`
  return ctx.tx.query<PromiseRow>(text, params.values)
}
