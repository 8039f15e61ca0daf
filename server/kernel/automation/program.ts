import { buildRuleIndex, type BindContext, type Image, type RuleIndex } from '#language/conditions'
import type { Action } from '#language/definitions'
import type { Metadata, PublishedRule } from '#kernel/metadata'
import { compile, type Judged, RuleBroken } from './judge.ts'
import { gradingsOf, type Gradings } from './gradings.ts'
import { hearsRules } from './hearing.ts'

/** `target`: the object of the records it works on. */
export interface CompiledAction { action: Action; index: number; target: string; guard: Judged | null; /** Of updateChildren, and of create's unlessOpen. */ where: Judged | null }
export interface CompiledRule {
  rule: PublishedRule
  /** Place in the order of execution: priority, then key. */
  rank: number
  condition: Judged
  actions: readonly CompiledAction[]
  /** Why the rule cannot run with the definitions as they are; it then fails wherever its trigger fires. */
  broken: string | null
}
export type Listening = 'created' | 'changed' | 'tagged' | 'untagged' | 'restored'
export interface Deadline { rule: CompiledRule; field: string; after: string | undefined; /** The field with the minutes by which it comes earlier. */ before: string | undefined; /** While the field is empty it is counted from the making of the record. */ orMade: boolean }

/** Everything that the engine does in one tenant at one epoch. */
export interface Program {
  /** Templates and paused rules too. */
  every: ReadonlyMap<string, CompiledRule>
  /** The same definitions with the engine's own ears: what it has already answered while writing leaves no todo row. */
  answering: Metadata
  rules: ReadonlyMap<string, CompiledRule>
  /** By object and trigger: candidates come out in rank order. */
  listening(object: string, on: Listening): RuleIndex<CompiledRule> | undefined
  deadlines(object: string): readonly Deadline[]
  gradings: Gradings
  /** Own fields that the conditions of rules over this object read: when one of them moves, other rules may hold. */
  watched(object: string): ReadonlySet<string>
  /** Conditions of a policy's exclusions, in their order. */
  exclusions(policy: string): readonly Judged[]
  /** May a change of this field begin or end a load? `owner` does wherever there is a load. */
  movesLoad(object: string, field: string): boolean
  /** Does the record count towards its owner's load as it stands? */
  counts(row: { object: string; values: Image }, at: BindContext): boolean
}

const programs = new WeakMap<Metadata, Program>()

/** Compiled once per epoch: an edit, a pause or an activation is live with the next batch. */
export function programOf(metadata: Metadata): Program {
  const known = programs.get(metadata)
  if (known) return known
  const program = assemble(metadata)
  programs.set(metadata, program)
  return program
}

function assemble(metadata: Metadata): Program {
  const inOrder = [...metadata.rules.values()].sort((a, b) => a.priority - b.priority || (a.key < b.key ? -1 : 1))
  const every = inOrder.map((rule, rank) => compileRule(metadata, rule, rank))
  const rules = every.filter(({ rule }) => rule.state === 'active')
  const heard = Map.groupBy(rules, ({ rule: { trigger } }) => `${trigger.object} ${trigger.on}`)
  const indexes = new Map([...heard].map(([key, same]) => [key, buildRuleIndex(same.map((each) => ({ id: each, checked: each.condition.checked, priority: each.rank })))]))
  const deadlines = Map.groupBy(rules.flatMap(deadlineOf), ({ rule }) => rule.rule.trigger.object)
  const gradings = gradingsOf(metadata)
  return {
    every: new Map(every.map((each) => [each.rule.key, each])),
    answering: { ...metadata, listens: hearsRules(metadata, rules, gradings) },
    rules: new Map(rules.map((each) => [each.rule.key, each])),
    listening: (object, on) => indexes.get(`${object} ${on}`),
    deadlines: (object) => deadlines.get(object) ?? [],
    watched: watchedBy(rules),
    gradings,
    ...loadsOf(metadata),
  }
}

function watchedBy(rules: readonly CompiledRule[]): Program['watched'] {
  const byObject = Map.groupBy(rules, ({ rule }) => rule.trigger.object)
  const fields = new Map([...byObject].map(([object, same]) => [object, new Set(same.flatMap(({ condition }) => [...condition.needs.own]))]))
  return (object) => fields.get(object) ?? NONE
}
const NONE: ReadonlySet<string> = new Set()

function loadsOf(metadata: Metadata): Pick<Program, 'exclusions' | 'movesLoad' | 'counts'> {
  const loads = new Map([...metadata.objects.values()].flatMap(({ key, load }) => (load ? [[key, compile(metadata, key, load.while)] as const] : [])))
  const exclusions = new Map([...metadata.assignmentPolicies.values()].map(({ key, object, exclusions: each }) => [key, each.map(({ when }) => compile(metadata, object, when))]))
  return {
    exclusions: (policy) => exclusions.get(policy) ?? [],
    movesLoad: (object, field) => loads.get(object)?.needs.own.has(field) ?? false,
    counts: ({ object, values }, at) => loads.get(object)?.holds(values, {}, at) ?? false,
  }
}

function compileRule(metadata: Metadata, rule: PublishedRule, rank: number): CompiledRule {
  try {
    const condition = compile(metadata, rule.trigger.object, rule.condition)
    return { rule, rank, condition, actions: rule.actions.map((action, index) => compileAction(metadata, rule, action, index)), broken: null }
  } catch (error) {
    if (!(error instanceof RuleBroken)) throw error
    return { rule, rank, condition: compile(metadata, rule.trigger.object, { all: [] }), actions: [], broken: error.message }
  }
}

function compileAction(metadata: Metadata, rule: PublishedRule, action: Action, index: number): CompiledAction {
  const target = targetObject(metadata, rule.trigger.object, action)
  return { action, index, target, guard: action.if === undefined ? null : compile(metadata, target, action.if), where: whereOf(metadata, action) }
}

function whereOf(metadata: Metadata, action: Action): Judged | null {
  if (action.do === 'updateChildren') return compile(metadata, action.object, action.where)
  return action.do === 'create' && action.unlessOpen ? compile(metadata, action.object, action.unlessOpen.where) : null
}

function targetObject(metadata: Metadata, object: string, { via, viaObject }: Action): string {
  if (via === undefined) return object
  if (viaObject !== undefined) return viaObject
  const to = metadata.objects.get(object)?.field.get(via)?.to
  const [only, ...more] = [to].flat()
  if (only === undefined || only === '*' || more.length > 0) throw new RuleBroken(`“${via}” may point to several objects; say which one is meant`)
  return only
}

const deadlineOf = (rule: CompiledRule): Deadline[] => {
  const { trigger } = rule.rule
  if (trigger.on === 'silence') return [{ rule, field: trigger.since, after: trigger.for, before: undefined, orMade: true }]
  return trigger.on === 'deadline' ? [{ rule, field: trigger.field, after: trigger.after, before: trigger.before, orMade: false }] : []
}
