import { type Context, filterSql, params as newParams, type Params } from '#kernel/access'
import { WORKBENCH } from './cast.ts'
import { behaviourJoin, countdownJoin, partOf, titleOf, type Part } from './parts.ts'
import type { Doing } from './words.ts'

export interface SubjectRow {
  id: string
  title: string | null
  company: string | null
  grade: string | null
  tags: number[] | null
  phone: string | null
  owner: number | null
  createdAt: Date
  nextAt: Date | null
  touchedAt: Date | null
  due: Date | null
  task: string | null
  doing: Doing | null
  level: number | null
}

export interface Choice { where: string; order: string; limit: number }

/**
 * Records of the kind that waits to be contacted, through the reader's lens, with the clock that runs on each, what the
 * person did last, and the grade's reason. `choose` names the rows by alias `l` (and the countdown `k.due`). One statement.
 */
export async function subjects(ctx: Context, choose: (part: Part, params: Params, due: string) => Choice): Promise<SubjectRow[]> {
  const { subject } = WORKBENCH
  const params = newParams()
  const part = partOf(ctx, subject.object, 'l', params)
  if (!part) return []
  const countdown = countdownJoin(ctx, part, params)
  const chosen = choose(part, params, countdown.due)
  const outer = { ...part, alias: 'r' }
  const doing = behaviourJoin(ctx, outer, params)
  const rank = `array_position(${params.add(gradeOrder(ctx), 'text[]')}, ${part.col(subject.grade)})`
  const text = `select l.*, ${doing.columns}, ${levelSql(ctx, params)} as level from (
      select l.id, ${titleOf(ctx, part)} as title, ${part.col(subject.company)} as company, ${part.col(subject.grade)} as grade, ${part.col('tags')} as tags, ${part.col(subject.phone)} as phone,
        ${part.col('owner')} as owner, l.created_at as "createdAt", ${part.col('next_contact_at')} as "nextAt", ${part.col(subject.touched)} as "touchedAt", ${countdown.due} as due, ${countdown.id} as task,
        row_number() over (order by ${chosen.order.replaceAll('{grade}', rank)}) as place
      from ${part.table} l ${countdown.join} where ${part.visible()} and ${isOpen(part, params)} and ${chosen.where}
      order by place limit ${params.add(chosen.limit, 'int')}) l
    join ${part.table} r on r.id = l.id ${doing.join} order by l.place`
  return ctx.tx.query<SubjectRow>(text, params.values)
}

const isOpen = (part: Part, params: Params): string => `coalesce(${part.col(WORKBENCH.subject.status)} <> all(${params.add(WORKBENCH.subject.closed, 'text[]')}), true)`

/** The grading of the records that wait, and its values from most to least urgent. */
const gradingOf = ({ metadata }: Context) => [...metadata.gradings.values()].find(({ object, field }) => object === WORKBENCH.subject.object && field === WORKBENCH.subject.grade)
const gradeOrder = (ctx: Context): string[] => [...new Set(gradingOf(ctx)?.levels.map(({ value }) => value) ?? [])]

/** Which level of the grading holds for row `r`, as far as the reader may know its fields. */
function levelSql(ctx: Context, params: Params): string {
  const levels = gradingOf(ctx)?.levels ?? []
  const cases = levels.flatMap(({ condition }, i) => {
    const filter = filterSql(ctx, WORKBENCH.subject.object, condition, { alias: 'r', params })
    return filter.ok ? `when ${filter.sql} then ${i}` : []
  })
  return cases.length > 0 ? `case ${cases.join(' ')} end` : 'NULL::int'
}

/** Why the grade is what it is; null for the last level (nothing special) and when grade and reason do not fit. */
export function gradeReason(ctx: Context, { level, grade }: SubjectRow): { zh: string; en: string } | null {
  const levels = gradingOf(ctx)?.levels ?? []
  const found = level === null ? undefined : levels[level]
  return found && found.value === grade && level! < levels.length - 1 ? found.reason : null
}
