import { compareDecimal } from '../values/money.ts'
import { foldAscii } from '../values/text.ts'
import { type Family } from './kinds.ts'
import type { BoundOperator, Span } from './tree.ts'

/**
 * What an operator means, in SQL and in memory, side by side.
 *
 * `sql(left, …params)` may be NULL on an empty value and is never TRUE then, except `empty`; `holds(value, right)` is asked only about values that are not empty.
 */
export interface Meaning { twin: BoundOperator; sql: (left: string, ...right: (string | null)[]) => string; holds: (value: never, right: never, order: Order) => boolean }
export type Order = (a: never, b: never) => number

const meaning = <V, R>(twin: BoundOperator, sql: Meaning['sql'], holds: (value: V, right: R, order: (a: V, b: V) => number) => boolean): Meaning => ({ twin, sql, holds: holds as unknown as Meaning['holds'] })
/** A–Z only, on both sides (rule C14). */
const folded = (left: string) => `lower(${left} collate "C")`

type Scalar = string | number | boolean
type Pair = readonly [Scalar, Scalar]
type List = readonly Scalar[]

export const MEANINGS: Readonly<Record<BoundOperator, Meaning>> = {
  eq: meaning('ne', (l, r) => `${l} = ${r}`, (v: Scalar, r: Scalar) => v === r),
  ne: meaning('eq', (l, r) => `${l} <> ${r}`, (v: Scalar, r: Scalar) => v !== r),
  in: meaning('notIn', (l, r) => `${l} = any(${r})`, (v: Scalar, r: ReadonlySet<Scalar>) => r.has(v)),
  notIn: meaning('in', (l, r) => `${l} <> all(${r})`, (v: Scalar, r: ReadonlySet<Scalar>) => !r.has(v)),
  gt: meaning('le', (l, r) => `${l} > ${r}`, (v: Scalar, r: Scalar, order) => order(v, r) > 0),
  ge: meaning('lt', (l, r) => `${l} >= ${r}`, (v: Scalar, r: Scalar, order) => order(v, r) >= 0),
  lt: meaning('ge', (l, r) => `${l} < ${r}`, (v: Scalar, r: Scalar, order) => order(v, r) < 0),
  le: meaning('gt', (l, r) => `${l} <= ${r}`, (v: Scalar, r: Scalar, order) => order(v, r) <= 0),
  between: meaning('notBetween', (l, a, b) => `${l} between ${a} and ${b}`, (v: Scalar, [a, b]: Pair, order) => order(v, a) >= 0 && order(v, b) <= 0),
  notBetween: meaning('between', (l, a, b) => `${l} not between ${a} and ${b}`, (v: Scalar, [a, b]: Pair, order) => order(v, a) < 0 || order(v, b) > 0),
  during: meaning('outside', (l, from, until) => during(l, from, until), (v: Scalar, r: Span) => (r.from === null || v >= r.from) && (r.until === null || v < r.until)),
  outside: meaning('during', (l, from, until) => outside(l, from, until), (v: Scalar, r: Span) => (r.from !== null && v < r.from) || (r.until !== null && v >= r.until)),
  contains: meaning('notContains', (l, r) => `${folded(l)} like ${r}`, (v: string, r: string) => foldAscii(v).includes(r)),
  notContains: meaning('contains', (l, r) => `${folded(l)} not like ${r}`, (v: string, r: string) => !foldAscii(v).includes(r)),
  startsWith: meaning('notStartsWith', (l, r) => `${folded(l)} like ${r}`, (v: string, r: string) => foldAscii(v).startsWith(r)),
  notStartsWith: meaning('startsWith', (l, r) => `${folded(l)} not like ${r}`, (v: string, r: string) => !foldAscii(v).startsWith(r)),
  prefixed: meaning('notPrefixed', (l, ...r) => prefixed(l, r), (v: string, r: readonly string[]) => r.some((prefix) => v.startsWith(prefix))),
  notPrefixed: meaning('prefixed', (l, ...r) => `not ${prefixed(l, r)}`, (v: string, r: readonly string[]) => !r.some((prefix) => v.startsWith(prefix))),
  has: meaning('hasNot', (l, r) => `${l} @> ${r}`, (v: List, r: List) => r.every((each) => v.includes(each))),
  hasNot: meaning('has', (l, r) => `(cardinality(${l}) > 0 and not ${l} @> ${r})`, (v: List, r: List) => !r.every((each) => v.includes(each))),
  hasAny: meaning('hasNone', (l, r) => `${l} && ${r}`, (v: List, r: List) => r.some((each) => v.includes(each))),
  hasNone: meaning('hasAny', (l, r) => `(cardinality(${l}) > 0 and not ${l} && ${r})`, (v: List, r: List) => !r.some((each) => v.includes(each))),
  empty: meaning('notEmpty', (l) => `${l} is null`, () => false),
  notEmpty: meaning('empty', (l) => `${l} is not null`, () => true),
  emptySet: meaning('notEmptySet', (l) => `coalesce(cardinality(${l}), 0) = 0`, () => false),
  notEmptySet: meaning('emptySet', (l) => `cardinality(${l}) > 0`, () => true),
}

/** True on an empty value; every other operator is false there. */
export const seesEmpty = (op: BoundOperator): boolean => op === 'empty' || op === 'emptySet'

/** Decimals are text in memory. */
export const orderOf = (family: Family): Order => (family === 'decimal' ? compareDecimal : plainOrder) as Order
const plainOrder = (a: Scalar, b: Scalar): number => (a === b ? 0 : a < b ? -1 : 1)

function during(left: string, from: string | null | undefined, until: string | null | undefined): string {
  const ends = [from && `${left} >= ${from}`, until && `${left} < ${until}`].filter(Boolean)
  return ends.length === 0 ? `${left} is not null` : `(${ends.join(' and ')})`
}

function outside(left: string, from: string | null | undefined, until: string | null | undefined): string {
  const ends = [from && `${left} < ${from}`, until && `${left} >= ${until}`].filter(Boolean)
  return ends.length === 0 ? 'false' : `(${ends.join(' or ')})`
}

/** Params come in pairs: the prefix and the first text after everything that begins with it, so that an index can be used. */
function prefixed(left: string, right: readonly (string | null)[]): string {
  const ranges: string[] = []
  for (let i = 0; i < right.length; i += 2) ranges.push(`${left} collate "C" >= ${right[i]} and ${left} collate "C" < ${right[i + 1]}`)
  return `(${ranges.join(' or ')})`
}
