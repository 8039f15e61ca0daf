import type { CompareOperator, Operand, Operator } from './ast.ts'
import type { ConditionKind } from './schema.ts'

/** A field that exists, and what it holds. `part` picks one of the two columns of an anyReference. */
export interface FieldRef { object: string; key: string; kind: ConditionKind; dictionary?: string | undefined; part?: 'id' | 'object' | undefined }

/** Rows of `object` whose field `via` points to the record. */
export interface CheckedRelation { object: string; via: FieldRef }

/** Looks back from now along `at`. */
export interface Window { within: string; at: FieldRef }

interface Related<L> { relation: CheckedRelation; where: Tree<L>; /** The same for every node that needs the same value (see aggregateKey). */ key: string }

export interface Group<L> { is: 'all' | 'any'; parts: readonly Tree<L>[] }
export interface Negation<L> { is: 'not'; part: Tree<L> }
export interface ParentNode<L> { is: 'parent'; field: FieldRef; object: string; where: Tree<L> }
export interface ExistsNode<L> extends Related<L> { is: 'some' | 'none' }
export interface CountNode<L> extends Related<L> { is: 'count'; window: Window | null; op: CompareOperator; value: number }
export interface SumNode<L> extends Related<L> { is: 'sum'; of: FieldRef; window: Window | null; op: CompareOperator; value: string }
/** `leaf` judges the value of `leaf.field` in the child with the greatest `at` (ties: greatest id); children without `at` do not take part. */
export interface LatestNode<L> extends Related<L> { is: 'latest'; at: FieldRef; leaf: L }
/** The newest `last` children that meet `where` all meet `that` (`eq`), or not all of them do, or they are fewer (`ne`). */
export interface RecentNode<L> extends Related<L> { is: 'recent'; at: FieldRef; last: number; that: Tree<L>; op: 'eq' | 'ne' }
/** `where` holds the whole stretch; `spans` tell its parts, the newest first, one more than `periods`. `of` null: children are counted. `met`: what the comparison has to come to. */
export interface TrendNode<L> extends Related<L> { is: 'trend'; at: FieldRef; of: FieldRef | null; per: string; periods: number; move: 'down' | 'up'; percent: number; spans: readonly Tree<L>[]; met: boolean }
export interface ChangedNode { is: 'changed'; field: FieldRef }
export interface ChangedToNode<L> { is: 'changedTo'; leaf: L }

export type AggregateNode<L> = ExistsNode<L> | CountNode<L> | SumNode<L> | LatestNode<L> | RecentNode<L> | TrendNode<L>
export type Tree<L> = L | Group<L> | Negation<L> | ParentNode<L> | AggregateNode<L> | ChangedNode | ChangedToNode<L>

/** The first day of a month, told from the one in which one looks: 0 is this one, -1 the one before. Nobody writes it; the spans of `trend` end with it. */
export interface MonthStart { month: number }

/** A leaf whose field exists, whose operator fits and whose value is canonical; `me`, `now` and `today` still stand in it. */
export interface CheckedLeaf {
  is: 'leaf'
  field: FieldRef
  op: Operator
  value: Operand | MonthStart | null
  /** What `value` stands for at this version of the definitions: options below, region prefixes, tag ids. */
  members: readonly (string | number)[] | null
}
export type CheckedNode = Tree<CheckedLeaf>
export interface Checked { object: string; root: CheckedNode }

/** Half-open; null is an open end. Instants are microseconds since 1970, days are text. */
export interface Span<T = number | string> { from: T | null; until: T | null }
export type BoundOperator =
  | 'eq' | 'ne' | 'in' | 'notIn' | 'gt' | 'ge' | 'lt' | 'le' | 'between' | 'notBetween' | 'during' | 'outside'
  | 'contains' | 'notContains' | 'startsWith' | 'notStartsWith' | 'prefixed' | 'notPrefixed'
  | 'has' | 'hasNot' | 'hasAny' | 'hasNone' | 'empty' | 'notEmpty' | 'emptySet' | 'notEmptySet'
export type BoundRight = string | number | boolean | readonly (string | number)[] | Span | null
/** A leaf of literals only. */
export interface BoundLeaf { is: 'leaf'; field: FieldRef; op: BoundOperator; right: BoundRight }
export type BoundNode = Tree<BoundLeaf>
export interface Bound { object: string; root: BoundNode }

export const TRUE = { is: 'all', parts: [] } as const
export const FALSE = { is: 'any', parts: [] } as const
