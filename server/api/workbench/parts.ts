import { type Context, lensOf, type Lens, type Params } from '#kernel/access'
import { WORKBENCH } from './cast.ts'

/** One object in a statement: its table, alias and what the reader's lens lets through. */
export interface Part {
  table: string
  lens: Lens
  alias: string
  /** SQL of a field's effective value; NULL when it is hidden or does not exist. */
  col(field: string): string
  visible(): string
}

/** Null when the object does not exist or nothing of it may be read. */
export function partOf(ctx: Context, object: string, alias: string, params: Params): Part | null {
  const lens = lensOf(ctx, object)
  const definition = ctx.metadata.objects.get(object)
  if (!definition || !lens.can('read')) return null
  return { table: definition.table, lens, alias, col: (field) => lens.field(field)?.column(alias, params) ?? 'NULL', visible: () => lens.rows('read', alias, params) }
}

export const titleOf = ({ metadata }: Context, part: Part): string => part.col(metadata.objects.get(part.lens.object)!.title)

/** The latest open promise about a record, and its countdown: lateral joins `k`. */
export function countdownJoin(ctx: Context, subject: Part, params: Params): { join: string; due: string; id: string } {
  const { task } = WORKBENCH
  const part = partOf(ctx, task.object, 'k', params)
  const reference = part?.lens.field(task.subject)
  if (!part || !reference) return { join: '', due: 'NULL::timestamptz', id: 'NULL' }
  const join = `left join lateral (select k.id, ${part.col(task.due)} as due from ${part.table} k
    where ${part.visible()} and ${reference.column('k', params)} = ${subject.alias}.id and ${part.col(task.status)} = ${params.add(task.open, 'text')} and ${part.col(task.kind)} = ${params.add(task.countdown, 'text')}
    order by due limit 1) k on true`
  return { join, due: 'k.due', id: 'k.id' }
}

/** The latest behaviour of a record and how many alike there were in seven days: lateral joins `b` and `n`. */
export function behaviourJoin(ctx: Context, subject: Part, params: Params): { join: string; columns: string } {
  const { behaviour } = WORKBENCH
  const part = partOf(ctx, behaviour.object, 'b', params)
  const reference = part?.lens.field(behaviour.subject)
  if (!part || !reference) return { join: '', columns: 'NULL as doing' }
  const again = (field: string) => (part.lens.field(field) ? `and ${part.lens.field(field)!.column('n', params)} is not distinct from ${part.col(field)}` : '')
  const join = `left join lateral (select b.id, ${part.col(behaviour.kind)} as kind, ${part.col(behaviour.page)} as page, ${part.col(behaviour.seconds)} as seconds, ${part.col(behaviour.material)} as material, ${part.col(behaviour.content)}::text as content, ${part.col(behaviour.at)} as at,
      (select count(*)::int from (select from ${part.table} n where ${part.lens.rows('read', 'n', params)} and ${reference.column('n', params)} = ${subject.alias}.id ${again(behaviour.kind)} ${again(behaviour.page)} ${again(behaviour.material)}
        and ${part.lens.field(behaviour.at)?.column('n', params) ?? 'n.created_at'} between ${part.col(behaviour.at)} - interval '7 days' and ${part.col(behaviour.at)} limit 100) n) as nth
    from ${part.table} b where ${part.visible()} and ${reference.column('b', params)} = ${subject.alias}.id order by ${part.col(behaviour.at)} desc limit 1) b on true`
  return { join, columns: `case when b.id is null then null else json_build_object('id', b.id, 'kind', b.kind, 'page', b.page, 'seconds', b.seconds, 'material', b.material, 'content', b.content, 'at', b.at, 'nth', b.nth) end as doing` }
}
