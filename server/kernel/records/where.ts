import { Refused, refused } from '#contract'
import { filterSql, type Context, type Lens, type Params } from '#kernel/access'
import { planOf, type ObjectPlan } from './plan.ts'
import { searchSql } from './search.ts'
import type { ListQuery } from './types.ts'

/** What is known of an object; refused NOT_FOUND. */
export const planHere = (ctx: Context, object: string): ObjectPlan => planOf(ctx.metadata, object) ?? refused('NOT_FOUND')

export interface Whose { ctx: Context; plan: ObjectPlan; lens: Lens }
export type Wanted = Pick<ListQuery, 'filter' | 'search'>

/** Visible rows that meet the filter and contain the words. The only place where a list, a count and an aggregate say which rows they mean. */
export function whereSql({ ctx, plan, lens }: Whose, { filter, search }: Wanted, given: Params, rows = lens.rows('read', 'r', given)): string {
  return meeting({ ctx, plan, lens }, { filter, search }, given, rows).sql
}

/** As whereSql; `moves`: the clock stands in the filter. */
export function meeting({ ctx, plan, lens }: Whose, { filter, search }: Wanted, given: Params, rows: string): { sql: string; moves: boolean } {
  const met = filter ? filterSql(ctx, plan.object.key, filter, { alias: 'r', params: given }) : null
  if (met?.ok === false) throw new Refused(met.refusal)
  const found = search ? searchSql(plan, lens, search, { alias: 'r', params: given }) : null
  return { sql: [rows, ...(met ? [`(${met.sql})`] : []), ...(found ? [found] : [])].join(' AND '), moves: met?.moves === true }
}
