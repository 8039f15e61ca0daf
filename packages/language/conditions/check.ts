import { CONDITION_LIMITS, isShallow, NODE_SHAPES, type Condition, type NodeKind, type Operator, type Relation } from './ast.ts'
import { canonicalDecimal } from '../values/money.ts'
import { durationDays, isMonths, isWorkingTime } from '../values/duration.ts'
import { checkValue } from './check-values.ts'
import { familyOf, FAMILIES, isNumeric, isTime } from './kinds.ts'
import { problem, type Problem, type ProblemCode } from './problems.ts'
import type { ConditionSchema } from './schema.ts'
import { spansOf, wholeOf } from './spans.ts'
import { TRUE, type Checked, type CheckedLeaf, type CheckedNode, type CheckedRelation, type FieldRef, type Window } from './tree.ts'

/** filter: lists and access, no before and after. rule: everything. field-check: a sentence about the record's own fields. */
export type Profile = 'filter' | 'rule' | 'field-check'
export type CheckResult = { ok: true; checked: Checked } | { ok: false; problems: Problem[] }

/**
 * Whether `condition` (any JSON) means something for `schema.object`, and what: the only way to a `Checked`.
 *
 * Gives every problem it finds, in reading order. Hostile sizes are refused before anything recursive looks at them.
 */
export function checkCondition(condition: unknown, schema: ConditionSchema, profile: Profile): CheckResult {
  if (!isShallow(condition)) return { ok: false, problems: [problem('', 'too_deep')] }
  const reader = new Reader(schema, profile)
  const root = reader.read(condition, { object: schema.object, path: '', depth: 1 })
  return reader.problems.length > 0 || root === null ? { ok: false, problems: reader.problems } : { ok: true, checked: { object: schema.object, root } }
}

/** Where in the condition we are: whose fields are meant, and how deep. */
interface Spot { object: string; path: string; depth: number; /** Among children that are counted or looked through. */ among?: true }
const within = (spot: Spot, ...step: (string | number)[]): Spot => ({ ...spot, path: [spot.path, ...step].filter((each) => each !== '').join('.'), depth: spot.depth + 1 })
const at = (spot: Spot, step: string): string => (spot.path === '' ? step : `${spot.path}.${step}`)

type Of<K extends NodeKind> = Extract<Condition, Record<K, unknown>>

class Reader {
  readonly problems: Problem[] = []
  private nodes = 0
  private readonly schema: ConditionSchema
  private readonly profile: Profile

  constructor(schema: ConditionSchema, profile: Profile) {
    this.schema = schema
    this.profile = profile
  }

  /** null when there is a problem; it has been noted then. */
  read(json: unknown, spot: Spot): CheckedNode | null {
    if (spot.depth > CONDITION_LIMITS.depth) return this.refuse(spot.path, 'too_deep')
    if (++this.nodes === CONDITION_LIMITS.nodes + 1) return this.refuse(spot.path, 'too_large')
    if (this.nodes > CONDITION_LIMITS.nodes) return null
    const kind = kindOf(json)
    if (kind === null) return this.refuse(spot.path, 'not_a_condition', KINDS.join(' / '))
    return this.isShaped(kind, json, spot) ? this.readers[kind](json as never, spot) : null
  }

  private isShaped(kind: NodeKind, json: unknown, spot: Spot): boolean {
    const parsed = NODE_SHAPES[kind].safeParse(json)
    for (const { path, message } of parsed.error?.issues ?? []) this.refuse([spot.path, ...path].filter((each) => each !== '').join('.'), 'not_a_condition', message)
    return parsed.success
  }

  private readonly readers: { [K in NodeKind]: (node: Of<K>, spot: Spot) => CheckedNode | null } = {
    all: ({ all }, spot) => this.group('all', all, spot),
    any: ({ any }, spot) => this.group('any', any, spot),
    not: ({ not }, spot) => whenRead(this.read(not, within(spot, 'not')), (part) => ({ is: 'not', part })),
    field: (node, spot) => this.leaf(node, spot),
    parent: (node, spot) => this.parent(node, spot),
    some: (node, spot) => this.exists('some', node.some, node, spot),
    none: (node, spot) => this.exists('none', node.none, node, spot),
    count: (node, spot) => this.count(node, spot),
    sum: (node, spot) => this.sum(node, spot),
    latest: (node, spot) => this.latest(node, spot),
    recent: (node, spot) => this.recent(node, spot),
    trend: (node, spot) => this.trend(node, spot),
    changed: ({ changed }, spot) => this.changes(spot) && whenRead(this.field(changed, spot.object, at(spot, 'changed')), (field) => ({ is: 'changed', field })),
    changedTo: ({ changedTo, value }, spot) => this.changes(spot) && whenRead(this.leafOf(changedTo, 'eq', value, spot, 'changedTo'), (leaf) => ({ is: 'changedTo', leaf })),
  }

  private group(is: 'all' | 'any', parts: readonly Condition[], spot: Spot): CheckedNode | null {
    const read = parts.map((part, i) => this.read(part, within(spot, is, i)))
    return read.includes(null) ? null : { is, parts: read as CheckedNode[] }
  }

  private leaf({ field, op, value }: Of<'field'>, spot: Spot): CheckedLeaf | null {
    return this.leafOf(field, op, value, spot, 'field')
  }

  private leafOf(key: string, op: Operator, value: unknown, spot: Spot, step: string, object: string = spot.object): CheckedLeaf | null {
    const field = this.field(key, object, at(spot, step))
    if (field === null) return null
    if (!FAMILIES[familyOf(field)].operators.includes(op)) return this.refuse(at(spot, 'op'), 'operator_not_for_kind', op, field.kind)
    const read = checkValue({ field, op, value, path: at(spot, 'value'), schema: this.schema, among: spot.among === true || step === 'of' })
    return Array.isArray(read) ? this.note(read) : { is: 'leaf', field, op, ...read }
  }

  private parent({ parent, where }: Of<'parent'>, spot: Spot): CheckedNode | null {
    if (!this.reachesOut('parent', spot)) return null
    const field = this.field(parent, spot.object, at(spot, 'parent'))
    if (field === null) return null
    const object = this.targetOf(field)
    if (object === null) return this.refuse(at(spot, 'parent'), 'not_a_reference', parent)
    return whenRead(this.read(where, { ...within(spot, 'where'), object }), (read) => ({ is: 'parent', field, object, where: read }))
  }

  /** The one object that a reference points to; null when it may be several. */
  private targetOf({ object, key, kind }: FieldRef): string | null {
    const to = this.schema.field(object, key)?.to
    const [only, ...more] = Array.isArray(to) ? (to as string[]) : [to as string | undefined]
    return kind === 'reference' && only !== undefined && only !== '*' && more.length === 0 && this.hasObject(only) ? only : null
  }

  private exists(is: 'some' | 'none', related: Relation, { where }: { where?: Condition | undefined }, spot: Spot): CheckedNode | null {
    const [relation, read] = this.related(is, related, where, spot)
    return relation && read && { is, relation, where: read, key: keyOf('exists', relation, where) }
  }

  private count(node: Of<'count'>, spot: Spot): CheckedNode | null {
    const [relation, where] = this.related('count', node.count, node.where, spot)
    const window = this.window(node, relation, spot)
    if (!relation || !where || window === undefined) return null
    return { is: 'count', relation, where, window, op: node.op, value: node.value, key: keyOf('count', relation, node.where, node.within, window?.at.key) }
  }

  private sum(node: Of<'sum'>, spot: Spot): CheckedNode | null {
    const [relation, where] = this.related('sum', node.sum, node.where, spot)
    const window = this.window(node, relation, spot)
    const of = relation && this.field(node.of, relation.object, at(spot, 'of'))
    if (of && !isNumeric(familyOf(of))) return this.refuse(at(spot, 'of'), 'not_numeric', node.of)
    const value = node.value.length > 41 ? null : canonicalDecimal(node.value)
    if (value === null) return this.refuse(at(spot, 'value'), 'value_not_for_kind', of?.kind ?? 'decimal', '"500000"')
    if (!relation || !where || !of || window === undefined) return null
    return { is: 'sum', relation, where, of, window, op: node.op, value, key: keyOf('sum', relation, node.where, node.of, node.within, window?.at.key) }
  }

  private latest(node: Of<'latest'>, spot: Spot): CheckedNode | null {
    const [relation, where] = this.related('latest', node.latest, node.where, spot)
    if (!relation || !where) return null
    const time = this.time(node.at, relation, spot)
    const leaf = this.leafOf(node.of, node.op, node.value, spot, 'of', relation.object)
    return time && leaf && { is: 'latest', relation, where, at: time, leaf, key: keyOf('latest', relation, node.where, node.of, time.key) }
  }

  private recent(node: Of<'recent'>, spot: Spot): CheckedNode | null {
    const [relation, where] = this.related('recent', node.recent, node.where, spot)
    if (!relation || !where) return null
    const time = this.time(node.at, relation, spot)
    const that = this.read(node.that, { ...within(spot, 'that'), object: relation.object, among: true })
    return time && that && { is: 'recent', relation, where, at: time, last: node.last, that, op: 'eq', key: keyOf('recent', relation, node.where, time.key, String(node.last), canonicalJson(node.that)) }
  }

  private trend(node: Of<'trend'>, spot: Spot): CheckedNode | null {
    const { per, periods, move, percent } = node
    const [relation, where] = this.related('trend', node.trend, node.where, spot)
    const of = relation && node.of !== undefined ? this.field(node.of, relation.object, at(spot, 'of')) : null
    if (of && !isNumeric(familyOf(of))) return this.refuse(at(spot, 'of'), 'not_numeric', node.of!)
    const window = this.window({ within: per, at: node.at }, relation, spot, 'per')
    if (!relation || !where || !window || (node.of !== undefined && !of)) return null
    return { is: 'trend', relation, where: { is: 'all', parts: [wholeOf(window.at, per, periods), where] }, at: window.at, of, per, periods, move, percent, spans: spansOf(window.at, per, periods), met: true, key: keyOf('trend', relation, node.where, node.of, per, String(periods), window.at.key) }
  }

  private related(is: string, { object, via }: Relation, where: Condition | undefined, spot: Spot): [CheckedRelation | null, CheckedNode | null] {
    if (!this.reachesOut(is, spot)) return [null, null]
    const relation = this.relation(object, via, spot, is)
    if (relation === null) return [null, null]
    return [relation, where === undefined ? TRUE : this.read(where, { ...within(spot, 'where'), object, among: true })]
  }

  private relation(object: string, via: string, spot: Spot, is: string): CheckedRelation | null {
    if (!this.hasObject(object)) return this.refuse(at(spot, `${is}.object`), 'unknown_object', object)
    const field = this.field(via, object, at(spot, `${is}.via`))
    if (field === null) return null
    return this.pointsTo(field, spot.object) ? { object, via: field } : this.refuse(at(spot, `${is}.via`), 'relation_not_here', via, spot.object)
  }

  private pointsTo({ object, key, kind }: FieldRef, target: string): boolean {
    const to = this.schema.field(object, key)?.to
    if (kind !== 'reference' && kind !== 'anyReference') return false
    return [to].flat().some((each) => each === target || (each === '*' && kind === 'anyReference'))
  }

  /** undefined: there is a problem; null: no window asked for. */
  private window({ within: length, at: time }: { within?: string | undefined; at?: string | undefined }, relation: CheckedRelation | null, spot: Spot, step = 'within'): Window | null | undefined {
    if (!relation) return undefined
    const field = this.time(time, relation, spot)
    if (field === null) return undefined
    if (length === undefined) return null
    if (isWorkingTime(length)) return this.refuse(at(spot, step), 'working_time') ?? undefined
    if (familyOf(field) === 'day' && durationDays(length) === null && !isMonths(length)) return this.refuse(at(spot, step), 'duration_not_for_kind') ?? undefined
    return { within: length, at: field }
  }

  private time(key: string = 'created_at', { object }: CheckedRelation, spot: Spot): FieldRef | null {
    const field = this.field(key, object, at(spot, 'at'))
    if (field === null) return null
    return isTime(familyOf(field)) ? field : this.refuse(at(spot, 'at'), 'not_a_time', key)
  }

  private field(key: string, object: string, path: string): FieldRef | null {
    const facts = this.schema.field(object, key)
    if (facts === undefined) return this.refuse(path, 'unknown_field', key)
    return { object, key, kind: key === 'id' ? 'reference' : facts.kind, ...(facts.dictionary !== undefined && { dictionary: facts.dictionary }) }
  }

  private readonly hasObject = (object: string): boolean => this.schema.field(object, 'id') !== undefined

  private reachesOut(what: string, spot: Spot): boolean {
    if (this.profile === 'field-check') this.refuse(spot.path, 'not_in_profile', what, this.profile)
    return this.profile !== 'field-check'
  }

  /** `changed` needs a before and an after, which only the triggering record has. */
  private changes(spot: Spot): true | null {
    if (this.profile !== 'rule') return this.refuse(spot.path, 'not_in_profile', 'changed', this.profile)
    return /(^|\.)(where|that)(\.|$)/.test(spot.path) ? this.refuse(spot.path, 'changed_not_here') : true
  }

  private refuse<C extends ProblemCode>(path: string, code: C, ...detail: Parameters<typeof problem<C>> extends [string, C, ...infer D] ? D : never): null {
    this.problems.push(problem(path, code, ...(detail as never)))
    return null
  }

  private note(problems: readonly Problem[]): null {
    this.problems.push(...problems)
    return null
  }
}

const KINDS = Object.keys(NODE_SHAPES) as NodeKind[]

/** `not`, `count` … before `field`: `parent` also has a `where`, `latest` an `op`, and each kind its own first key. */
const kindOf = (json: unknown): NodeKind | null =>
  typeof json === 'object' && json !== null && !Array.isArray(json) ? (KINDS.find((kind) => Object.hasOwn(json, kind)) ?? null) : null

const whenRead = <A, B>(value: A | null, then: (value: A) => B): B | null => (value === null ? null : then(value))

/** Identical for nodes that need the same value from the database: everything but what it is compared with. */
function keyOf(is: string, { object, via }: CheckedRelation, where: Condition | undefined, ...more: (string | undefined)[]): string {
  return [is, object, via.key, ...more.map((each) => each ?? ''), where === undefined ? '' : canonicalJson(where)].join('|')
}

/** JSON with sorted keys. */
const canonicalJson = (value: unknown): string =>
  JSON.stringify(value, (_, each: unknown) => (typeof each === 'object' && each !== null && !Array.isArray(each) ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1))) : each))
