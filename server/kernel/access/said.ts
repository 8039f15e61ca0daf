import { groundOf, holdsSql, isAlways, type Looker, type Ruling } from './rulings.ts'
import { yesToAny } from './grounds.ts'
import type { Answers, Place } from './types.ts'

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

/** The same by the answers to what was asked beside the row. */
export function exprBy(expr: Expr, looker: Looker, place: Place): (answers: Answers) => boolean {
  if (typeof expr === 'boolean') return () => expr
  if ('ruling' in expr) { const no = groundOf(looker, expr.ruling, place); return no === null ? () => true : yesToAny([no]) }
  if ('not' in expr) { const part = exprBy(expr.not, looker, place); return (answers) => !part(answers) }
  if ('all' in expr) { const parts = expr.all.map((part) => exprBy(part, looker, place)); return (answers) => parts.every((part) => part(answers)) }
  const nos = flat(expr).map((part) => (typeof part === 'object' && 'ruling' in part ? groundOf(looker, part.ruling, place) : undefined))
  if (nos.every((no) => typeof no === 'number')) return yesToAny(nos)
  const parts = expr.any.map((part) => exprBy(part, looker, place))
  return (answers) => parts.some((part) => part(answers))
}

/** Any of any is any. */
const flat = ({ any: parts }: { any: readonly Expr[] }): Expr[] => parts.flatMap((part) => (typeof part === 'object' && 'any' in part ? flat(part) : [part]))
