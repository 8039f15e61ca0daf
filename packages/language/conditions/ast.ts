import { z } from 'zod'

// What is parsed here came as JSON and cannot contain itself. To be ready for what can, zod walks everything that holds a condition, again and again,
// before it parses the first one (measured: three quarters of the time to load a solution, in every process that starts).
z.config({ memoizer: { attach: () => {}, guard: () => {}, alloc: (_schema, _payload, empty) => empty } })

/**
 * The one yes/no language about a single record: a closed JSON tree, never code.
 *
 * Fields are named by their key (immutable), never by their label. A leaf on an empty value is false,
 * its negated twin too; `{ not: … }` turns a verdict round. Limits: 200 nodes, depth 12.
 */
export const CONDITION_LIMITS = { nodes: 200, depth: 12 } as const

/** A length of calendar time: `30s`, `25m`, `72h`, `3d`, `2w`. Days are 24 h here; working time is written `25wm`, `8wh`, `3wd`. */
export const DurationText = z.string().regex(/^\d{1,6}(s|m|h|d|w|wm|wh|wd)$/)
/** Calendar months, where a length is counted onwards from one instant, or whole months are compared: `3mo`. */
export const MonthsText = z.string().regex(/^\d{1,3}mo$/)

/** A right-hand side that is only known when the condition is bound: the member who looks, the instant, the day. */
export const BoundValue = z.union([
  z.strictObject({ me: z.literal(true) }),
  z.strictObject({ myTeams: z.literal(true) }),
  z.strictObject({ now: z.literal(true), plus: DurationText.optional(), minus: DurationText.optional() }),
  z.strictObject({ today: z.literal(true), plus: DurationText.optional(), minus: DurationText.optional() }),
])
export type BoundValue = z.infer<typeof BoundValue>

/** Decimals and money travel as strings (`"500000"`), instants as ISO 8601 with zone, days as `YYYY-MM-DD`. */
export const Literal = z.union([z.string().max(2000), z.number(), z.boolean()])
export type Literal = z.infer<typeof Literal>
export const Operand = z.union([Literal, BoundValue, z.array(z.union([Literal, BoundValue])).max(500)])
export type Operand = z.infer<typeof Operand>

/** Each positive operator stands beside its stored negated twin (decision 6). Both are false on an empty value. */
export const TWINS = {
  eq: 'ne', in: 'notIn', contains: 'notContains', startsWith: 'notStartsWith', empty: 'notEmpty',
  gt: 'le', ge: 'lt', between: 'notBetween', under: 'notUnder', has: 'hasNot', hasAny: 'hasNone',
  olderThan: 'notOlderThan', withinLast: 'notWithinLast', withinNext: 'notWithinNext',
} as const
export const OPERATORS = [
  'eq', 'ne', 'in', 'notIn', 'contains', 'notContains', 'startsWith', 'notStartsWith', 'empty', 'notEmpty',
  'gt', 'ge', 'lt', 'le', 'between', 'notBetween', 'under', 'notUnder', 'has', 'hasNot', 'hasAny', 'hasNone',
  'olderThan', 'notOlderThan', 'withinLast', 'notWithinLast', 'withinNext', 'notWithinNext',
] as const
export const Operator = z.enum(OPERATORS)
export type Operator = z.infer<typeof Operator>

/** Children of the record: rows of `object` whose reference field `via` points here. */
export const Relation = z.strictObject({ object: z.string(), via: z.string() })
export type Relation = z.infer<typeof Relation>

const Compare = z.enum(['eq', 'ne', 'gt', 'ge', 'lt', 'le'])

export type CompareOperator = z.infer<typeof Compare>
export type FieldLeaf = { field: string; op: Operator; value?: Operand | undefined }
export type Condition =
  | { all: Condition[] }
  | { any: Condition[] }
  | { not: Condition }
  | FieldLeaf
  /** The record that reference field `parent` points to, seen through `where`. */
  | { parent: string; where: Condition }
  | { some: Relation; where?: Condition | undefined }
  | { none: Relation; where?: Condition | undefined }
  /** Children counted (or a field of theirs summed / the latest one's field) and compared. `within` looks back from now along `at` (default created_at). */
  | { count: Relation; where?: Condition | undefined; within?: string | undefined; at?: string | undefined; op: CompareOperator; value: number }
  | { sum: Relation; of: string; where?: Condition | undefined; within?: string | undefined; at?: string | undefined; op: CompareOperator; value: string }
  | { latest: Relation; of: string; where?: Condition | undefined; at?: string | undefined; op: Operator; value?: Operand | undefined }
  /** Each of the newest `last` children (by `at`, default created_at) that meet `where` meets `that`; fewer there are: false. */
  | { recent: Relation; last: number; where?: Condition | undefined; at?: string | undefined; that: Condition }
  /**
   * Children counted (or a field of theirs summed) by spans of `per` that end now, or with the last month that is over (`1mo`), one beside the other:
   * `periods` times running each span is by more than `percent` below (`move: down`) or above the one before it, which must not be empty.
   */
  | { trend: Relation; of?: string | undefined; where?: Condition | undefined; at?: string | undefined; per: string; periods: number; move: 'down' | 'up'; percent: number }
  /** Only where a before and an after exist (rules): the field changed at all, or changed to the value. */
  | { changed: string }
  | { changedTo: string; value: Literal }

/** One shape per kind of node, told apart by its first key. `inner` stands for the conditions inside. */
const shapes = <Inner extends z.ZodType>(inner: Inner) => ({
  all: z.strictObject({ all: z.array(inner).max(CONDITION_LIMITS.nodes) }),
  any: z.strictObject({ any: z.array(inner).max(CONDITION_LIMITS.nodes) }),
  not: z.strictObject({ not: inner }),
  field: z.strictObject({ field: z.string(), op: Operator, value: Operand.optional() }),
  parent: z.strictObject({ parent: z.string(), where: inner }),
  some: z.strictObject({ some: Relation, where: inner.optional() }),
  none: z.strictObject({ none: Relation, where: inner.optional() }),
  count: z.strictObject({ count: Relation, where: inner.optional(), within: DurationText.optional(), at: z.string().optional(), op: Compare, value: z.number().int().min(0) }),
  sum: z.strictObject({ sum: Relation, of: z.string(), where: inner.optional(), within: DurationText.optional(), at: z.string().optional(), op: Compare, value: z.string() }),
  latest: z.strictObject({ latest: Relation, of: z.string(), where: inner.optional(), at: z.string().optional(), op: Operator, value: Operand.optional() }),
  recent: z.strictObject({ recent: Relation, last: z.number().int().min(1).max(20), where: inner.optional(), at: z.string().optional(), that: inner }),
  trend: z.strictObject({ trend: Relation, of: z.string().optional(), where: inner.optional(), at: z.string().optional(), per: DurationText.or(MonthsText), periods: z.number().int().min(1).max(6), move: z.enum(['down', 'up']), percent: z.number().int().min(0).max(1000) }),
  changed: z.strictObject({ changed: z.string() }),
  changedTo: z.strictObject({ changedTo: z.string(), value: Literal }),
})

/** The shape of one node alone; conditions inside it are not looked at. */
export const NODE_SHAPES = shapes(z.unknown())
export type NodeKind = keyof typeof NODE_SHAPES

const Node: z.ZodType<Condition> = z.lazy(() => z.union(Object.values(shapes(Node)) as unknown as [z.ZodType<Condition>, z.ZodType<Condition>]))

/** JSON levels that a condition of the greatest depth can reach: two for each level of the tree, then operand and bound value. */
const JSON_DEPTH = CONDITION_LIMITS.depth * 2 + 4

/** Walks without recursion, so that hostile JSON cannot overflow the stack of what comes after. */
export function isShallow(value: unknown, depth: number = JSON_DEPTH): boolean {
  let level: unknown[] = [value]
  for (let left = depth; level.length > 0; left--) {
    if (left === 0) return false
    level = level.flatMap((item) => (typeof item === 'object' && item !== null ? Object.values(item) : []))
  }
  return true
}

/** Shape only; whether fields exist and values fit is `checkCondition`'s question. */
export const Condition = z.unknown().refine((value) => isShallow(value), { error: 'condition too deep', abort: true }).pipe(Node) as unknown as z.ZodType<Condition>

/** The condition that every record meets. */
export const ALWAYS: Condition = { all: [] }
