import { holdsSql, isAlways, type Looker, type Ruling } from './rulings.ts'
import type { Place } from './types.ts'

/**
 * What policies come to, before it is written as SQL: what is settled without looking at a record is folded first,
 * because a statement may not collect a parameter that it then does not use.
 */
export type Expr = boolean | { ruling: Ruling } | { all: readonly Expr[] } | { any: readonly Expr[] } | { not: Expr }

export const holds = (ruling: Ruling): Expr => isAlways(ruling) || { ruling }
export const anyOf = (rulings: readonly Ruling[]): Expr => any(rulings.map(holds))

export function any(parts: readonly Expr[]): Expr {
  const open = parts.filter((part) => part !== false)
  return open.includes(true) ? true : open.length === 0 ? false : open.length === 1 ? open[0]! : { any: open }
}
export function all(parts: readonly Expr[]): Expr {
  const open = parts.filter((part) => part !== true)
  return open.includes(false) ? false : open.length === 0 ? true : open.length === 1 ? open[0]! : { all: open }
}
export const not = (part: Expr): Expr => (typeof part === 'boolean' ? !part : { not: part })

/** TRUE where it holds; FALSE or NULL where not. */
export function exprSql(expr: Expr, looker: Looker, place: Place): string {
  if (typeof expr === 'boolean') return expr ? 'TRUE' : 'FALSE'
  if ('ruling' in expr) return holdsSql(looker, expr.ruling, place) ?? 'TRUE'
  if ('not' in expr) return `(${exprSql(expr.not, looker, place)}) IS NOT TRUE`
  const [parts, by] = 'all' in expr ? [expr.all, ' AND '] : [expr.any, ' OR ']
  return `(${[...new Set(parts.map((part) => exprSql(part, looker, place)))].join(by)})`
}
