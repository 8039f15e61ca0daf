import { refuse, type Refusal } from '#contract'
import { bind, checkCondition, needsOf, toSql, type Condition, type ConditionSchema, type FieldRef, type Problem, type Row, type SqlEnv } from '#language/conditions'
import { lensOf } from './lens.ts'
import type { Context, Params } from './types.ts'

/** A user's condition as SQL over `alias`, reading only effective values and visible related rows. `moves`: the clock stands in it. */
export function filterSql(ctx: Context, object: string, condition: Condition, { alias, params }: { alias: string; params: Params }): { ok: true; sql: string; moves: boolean } | { ok: false; refusal: Refusal } {
  const result = checkCondition(condition, lensSchema(ctx, object), 'filter')
  if (!result.ok) return { ok: false, refusal: refusalOf(result.problems[0]!, ctx) }
  const { principal, now, tenant, metadata } = ctx
  const me = principal.kind === 'member' ? principal.member : null
  const bound = bind(result.checked, { me: me?.id ?? null, myTeams: me?.teams ?? [], now, zone: tenant.zone, calendar: metadata.calendar })
  return { ok: true, sql: toSql(bound, lensEnv(ctx, { object, alias }, params)).text, moves: needsOf(result.checked).reach === 'over-time' }
}

/** The definitions as this principal may know them: a hidden field is as unknown as one that was never there. */
export function lensSchema(ctx: Context, object: string): ConditionSchema {
  const schema = ctx.metadata.conditionSchema(object)
  const known = (of: string, key: string) => lensOf(ctx, of).can('read') && lensOf(ctx, of).field(key) !== undefined
  return { object, field: (of, key) => (known(of, key) ? schema.field(of, key) : undefined), optionsUnder: schema.optionsUnder, tagId: schema.tagId }
}

/** Column access for toSql: effective values, and related rows only where this principal sees them. */
export function lensEnv(ctx: Context, row: Row, params: Params): SqlEnv {
  let opened = 0
  return {
    row,
    values: params.values,
    param: (value, pgType) => params.add(value, pgType),
    column: ({ object, alias }: Row, { key }: FieldRef) => {
      const field = lensOf(ctx, object).field(key)
      if (!field) return { sql: 'NULL' }
      const { varies } = field
      const visible = varies?.visible({ alias, params })
      // Where what is hidden is kept out of every leaf, the column itself may stand, so that its index serves.
      const bare = varies?.bare && field.objectColumn === undefined
      // What is shown in part is asked part by part: of a CASE no planner knows how many rows meet it.
      const cases = !bare && varies && field.objectColumn === undefined ? { cases: varies.cases({ alias, params }) } : {}
      return { sql: bare ? varies.raw(alias) : field.column(alias, params), ...cases, ...(visible !== undefined && visible !== 'TRUE' && { visible }), ...(field.objectColumn && { object: field.objectColumn(alias, params) }) }
    },
    source: (object) => {
      const alias = `${row.alias}${++opened}`
      return { table: ctx.metadata.objects.get(object)!.table, row: { object, alias }, visible: lensOf(ctx, object).rows('read', alias, params) }
    },
  }
}

const UNKNOWN: ReadonlySet<string> = new Set(['unknown_field', 'unknown_object'])

const refusalOf = (problem: Problem, { request }: Context): Refusal =>
  UNKNOWN.has(problem.code)
    ? refuse('FIELD_NOT_AVAILABLE', problem.path, { field: /"(.*?)"/.exec(problem.en)?.[1] ?? '' })
    : refuse('CONDITION_INVALID', problem.path, { reason: problem[request?.lang ?? 'zh'] })
