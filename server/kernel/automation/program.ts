import { buildRuleIndex, type BindContext, type Image, type RuleIndex } from '#language/conditions'
import { type Action, type Control, fallbackSteps, isControl, lanesOf, type Step as DefinedStep } from '#language/definitions'
import type { Metadata, PublishedRule } from '#kernel/metadata'
import { compile, type Judged, RuleBroken } from './judge.ts'
import { gradingsOf, type Gradings } from './gradings.ts'
import { hearsRules } from './hearing.ts'
import { pokesOf, type Poke } from './poking.ts'
import { upsert } from './world.ts'

/** `target`: the object of the records it works on. `path`: where it stands, `2` or `2.yes.0`. */
export interface CompiledAction { action: Action; path: string; target: string; guard: Judged | null; /** Of updateChildren, and of create's unlessOpen. */ where: Judged | null }
/** What steers a run through its actions. `condition`: of a branch, of what is waited for, of the children. `steps` stand in `yes`. */
export interface CompiledControl { control: Control; path: string; condition: Judged | null; yes: readonly CompiledStep[]; no: readonly CompiledStep[]; late: readonly CompiledStep[]; branches: readonly (readonly CompiledStep[])[] }
export type CompiledStep = CompiledAction | CompiledControl
export interface CompiledRule {
  rule: PublishedRule
  /** Place in the order of execution: priority, then key. */
  rank: number
  condition: Judged
  steps: readonly CompiledStep[]
  /** All of them, however deep. */
  actions: readonly CompiledAction[]
  /** Its steps are named by their paths: it has more than actions in a row. */
  flows: boolean
  /** Why the rule cannot run with the definitions as they are; it then fails wherever its trigger fires. */
  broken: string | null
}
export type Listening = 'created' | 'changed' | 'tagged' | 'untagged' | 'restored' | 'deleted' | 'crossed'
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
  /** Which changes of records of an object may end somebody's waiting. */
  pokes(object: string): readonly Poke[]
  /** Rules that answer the ends of this one's runs. */
  after(rule: string): readonly CompiledRule[]
  /** A version of a rule in which a run still is. */
  versioned(rule: PublishedRule): CompiledRule
  gradings: Gradings
  /** Own fields that the conditions of rules over this object read: when one of them moves, other rules may hold. */
  watched(object: string): ReadonlySet<string>
  /** Conditions of a policy's exclusions, in their order. */
  exclusions(policy: string): readonly Judged[]
  /** Conditions of the steps of a policy's fallback, in their order; null: for every record. */
  fallbacks(policy: string): readonly (Judged | null)[]
  /** Which records go to whoever keeps theirs more complete; null: all, or the policy does not ask. */
  premium(policy: string): Judged | null
  /** Is a record complete in the sense of a policy? False where the policy does not ask. */
  complete(policy: string, values: Image, at: BindContext): boolean
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
  const indexes = new Map([...Map.groupBy(rules, ({ rule: { trigger } }) => trigger.object)].map(([object, about]) => [object, indexesOf(about)]))
  const listening: Program['listening'] = (object, on) => indexes.get(object)?.get(on)
  const deadlines = Map.groupBy(rules.flatMap(deadlineOf), ({ rule }) => rule.rule.trigger.object)
  const gradings = gradingsOf(metadata)
  const after = Map.groupBy(rules.filter(({ rule: { trigger } }) => trigger.on === 'ran'), ({ rule: { trigger } }) => (trigger.on === 'ran' ? trigger.rule : ''))
  const pokes = pokesOf([...rules, ...metadata.pinned.map((rule) => compileRule(metadata, rule, 0))])
  return {
    every: new Map(every.map((each) => [each.rule.key, each])),
    answering: { ...metadata, listens: hearsRules(metadata, rules, { gradings, pokes, listening }) },
    rules: new Map(rules.map((each) => [each.rule.key, each])),
    listening,
    deadlines: (object) => deadlines.get(object) ?? [],
    watched: watchedBy(rules),
    gradings,
    pokes,
    after: (rule) => after.get(rule) ?? [],
    versioned: versionsOf(metadata),
    ...loadsOf(metadata),
  }
}

/** By what they listen to. */
const indexesOf = (rules: readonly CompiledRule[]) =>
  new Map([...Map.groupBy(rules, ({ rule: { trigger } }) => trigger.on)].map(([on, same]) => [on as string, buildRuleIndex(same.map((each) => ({ id: each, checked: each.condition.checked, priority: each.rank })))]))

function watchedBy(rules: readonly CompiledRule[]): Program['watched'] {
  const byObject = Map.groupBy(rules, ({ rule }) => rule.trigger.object)
  const fields = new Map([...byObject].map(([object, same]) => [object, new Set(same.flatMap(({ condition }) => [...condition.needs.own]))]))
  return (object) => fields.get(object) ?? NONE
}
const NONE: ReadonlySet<string> = new Set()

function loadsOf(metadata: Metadata): Pick<Program, 'exclusions' | 'fallbacks' | 'premium' | 'complete' | 'movesLoad' | 'counts'> {
  const loads = new Map([...metadata.objects.values()].flatMap(({ key, load }) => (load ? [[key, compile(metadata, key, load.while)] as const] : [])))
  const exclusions = new Map([...metadata.assignmentPolicies.values()].map(({ key, object, exclusions: each }) => [key, each.map(({ when }) => compile(metadata, object, when))]))
  const asking = [...metadata.assignmentPolicies.values()].flatMap(({ key, object, completeness }) => (completeness ? [{ key, object, completeness }] : []))
  const premium = new Map(asking.flatMap(({ key, object, completeness }) => (completeness.premium ? [[key, compile(metadata, object, completeness.premium)] as const] : [])))
  const complete = new Map(asking.map(({ key, object, completeness }) => [key, compile(metadata, object, completeness.complete)]))
  const fallbacks = new Map([...metadata.assignmentPolicies.values()].map((policy) => [policy.key, fallbackSteps(policy).map(({ when }) => (when ? compile(metadata, policy.object, when) : null))]))
  return {
    fallbacks: (policy) => fallbacks.get(policy) ?? [],
    premium: (policy) => premium.get(policy) ?? null,
    complete: (policy, values, at) => complete.get(policy)?.holds(values, {}, at) ?? false,
    exclusions: (policy) => exclusions.get(policy) ?? [],
    movesLoad: (object, field) => loads.get(object)?.needs.own.has(field) ?? false,
    counts: ({ object, values }, at) => loads.get(object)?.holds(values, {}, at) ?? false,
  }
}

function compileRule(metadata: Metadata, rule: PublishedRule, rank: number): CompiledRule {
  try {
    const condition = compile(metadata, rule.trigger.object, rule.condition)
    const steps = compileSteps({ metadata, object: rule.trigger.object }, rule.actions, '')
    return { rule, rank, condition, steps, actions: actionsAmong(steps), flows: rule.actions.some(isControl), broken: null }
  } catch (error) {
    if (!(error instanceof RuleBroken)) throw error
    return { rule, rank, condition: compile(metadata, rule.trigger.object, { all: [] }), steps: [], actions: [], flows: false, broken: error.message }
  }
}

export const isControlled = (step: CompiledStep): step is CompiledControl => 'control' in step
/** What steers its runs, however deep. */
export const controlsIn = (steps: readonly CompiledStep[]): CompiledControl[] => steps.flatMap((step) => (isControlled(step) ? [step, ...controlsIn(inside(step))] : []))
const actionsAmong = (steps: readonly CompiledStep[]): CompiledAction[] => steps.flatMap((step) => (isControlled(step) ? actionsAmong(inside(step)) : [step]))
const inside = ({ yes, no, late, branches }: CompiledControl): CompiledStep[] => [...yes, ...no, ...late, ...branches.flat()]

/** `object`: whose record the steps work on. */
interface Of { metadata: Metadata; object: string }

function compileSteps(of: Of, steps: readonly DefinedStep[], prefix: string): CompiledStep[] {
  return steps.map((step, at) => (isControl(step) ? compileControl(of, step, `${prefix}${at}`) : compileAction(of, step, `${prefix}${at}`)))
}

function compileControl({ metadata, object }: Of, control: Control, path: string): CompiledControl {
  const inner = control.do === 'forEach' ? control.object : object
  const lanes = new Map(lanesOf(control).map(([lane, steps]) => [lane, compileSteps({ metadata, object: inner }, steps, `${path}.${lane}.`)]))
  return { control, path, condition: conditionOf({ metadata, object: inner }, control), yes: lanes.get('yes') ?? lanes.get('steps') ?? [], no: lanes.get('no') ?? [], late: lanes.get('late') ?? [], branches: control.do === 'parallel' ? [...lanes.values()] : [] }
}

function conditionOf({ metadata, object }: Of, control: Control): Judged | null {
  switch (control.do) {
    case 'branch': return compile(metadata, object, control.condition)
    case 'waitUntil': return compile(metadata, object, control.until)
    case 'forEach': return compile(metadata, object, control.where)
    default: return null
  }
}

/** Compiled once for each version. */
function versionsOf(metadata: Metadata): Program['versioned'] {
  const known = new Map<string, CompiledRule>()
  return (rule) => upsert(known, `${rule.key} ${rule.version}`, () => compileRule(metadata, rule, 0))
}

function compileAction({ metadata, object }: Of, action: Action, path: string): CompiledAction {
  const target = targetObject(metadata, object, action)
  return { action, path, target, guard: action.if === undefined ? null : compile(metadata, target, action.if), where: whereOf(metadata, action) }
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
