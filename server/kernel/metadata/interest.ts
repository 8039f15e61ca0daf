import { checkCondition, needsOf, type Condition, type ConditionSchema, type Needs } from '#language/conditions'
import { type Grading, stepsIn } from '#language/definitions'
import type { Metadata, PublishedRule } from './types.ts'

/** What is kept live beside the record: gradings, and segments. */
type Live = Pick<Grading, 'object'> & { levels: readonly Pick<Grading['levels'][number], 'condition'>[] }
/** `pinned`: earlier versions of rules in which runs still wait. */
export interface InterestSources { rules: readonly PublishedRule[]; pinned: readonly PublishedRule[]; gradings: readonly Live[]; conditionSchema(object: string): ConditionSchema }

/** What wakes the engine for records of one object. */
interface Interest {
  /** Creation as such. */
  created: boolean
  /** Creation when one of these fields (or `tags`) is given. */
  createdWith: Set<string>
  /** Any change at all. */
  changed: boolean
  changedIn: Set<string>
  /** Deletion, and return from it. */
  gone: boolean
}

/**
 * Which changes some active rule or some grading wants to hear of. Built once per epoch, asked once per change.
 * A record that something listens to is also heard when it is restored: its gradings and deadlines are taken again.
 */
export function interestOf({ rules, pinned, gradings, conditionSchema }: InterestSources): Metadata['listens'] {
  const byObject = new Map<string, Interest>()
  const of = (object: string): Interest => {
    const found = byObject.get(object) ?? { created: false, createdWith: new Set(), changed: false, changedIn: new Set(), gone: false }
    byObject.set(object, found)
    return found
  }
  rules.filter(({ state }) => state === 'active').forEach(({ trigger }) => hearTrigger(trigger, of))
  ;[...rules.filter(({ state }) => state === 'active'), ...pinned].forEach((rule) => hearWaits(rule, conditionSchema(rule.trigger.object), of))
  gradings.forEach((grading) => hearGrading(grading, conditionSchema(grading.object), of))
  return (object, event, fields) => {
    const interest = byObject.get(object)
    return interest !== undefined && listensTo(interest, event, fields)
  }
}

function listensTo({ created, createdWith, changed, changedIn, gone }: Interest, event: Parameters<Metadata['listens']>[1], fields: readonly string[]): boolean {
  switch (event) {
    case 'created': return created || fields.some((each) => createdWith.has(each))
    case 'changed': return changed || fields.some((each) => changedIn.has(each))
    case 'deleted': return gone
    case 'restored': return gone
  }
}

function hearTrigger(trigger: PublishedRule['trigger'], of: (object: string) => Interest): void {
  const interest = of(trigger.object)
  switch (trigger.on) {
    case 'created': interest.created = true; return
    case 'changed':
      if (trigger.fields) trigger.fields.forEach((each) => interest.changedIn.add(each))
      else interest.changed = true
      return
    case 'tagged': case 'untagged': [interest.createdWith, interest.changedIn].forEach((set) => set.add('tags')); return
    case 'deadline':
      interest.createdWith.add(trigger.field)
      for (const key of [trigger.field, trigger.before]) if (key !== undefined) interest.changedIn.add(key)
      interest.gone = true
      return
    case 'restored': case 'deleted': interest.gone = true; return
    case 'crossed': interest.createdWith.add(trigger.field); interest.changedIn.add(trigger.field); return
    case 'silence': interest.created = interest.gone = true; interest.changedIn.add(trigger.since); return
    // Nothing in the log wakes it.
    case 'schedule': case 'pressed': case 'ran': case 'pushed': return
  }
}

/** What runs wait for: own fields when they change; children when they come, change, go or return. */
function hearWaits({ actions }: PublishedRule, schema: ConditionSchema, of: (object: string) => Interest): void {
  for (const { step } of stepsIn(actions)) if (step.do === 'waitUntil') needsIn(step.until, schema).forEach((needs) => hearNeeds(needs, of))
}

/** Own fields and parents' fields when they change; children when they come, change, go or return. */
function hearGrading({ object, levels }: Live, schema: ConditionSchema, of: (object: string) => Interest): void {
  const own = of(object)
  own.created = own.gone = true
  for (const needs of levels.flatMap(({ condition }) => needsIn(condition, schema))) hearNeeds(needs, of)
}

function hearNeeds({ reads, aggregates }: Needs, of: (object: string) => Interest): void {
  for (const [read, fields] of reads) fields.forEach((each) => of(read).changedIn.add(each))
  for (const { node } of aggregates) of(node.relation.object).created = of(node.relation.object).gone = true
}

function needsIn(condition: Condition, schema: ConditionSchema) {
  const result = checkCondition(condition, schema, 'rule')
  return result.ok ? [needsOf(result.checked)] : []
}
