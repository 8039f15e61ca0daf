import { checkCondition, needsOf, type Condition, type ConditionSchema, type Needs } from '#language/conditions'
import { type Grading, stepsIn } from '#language/definitions'
import type { Changed, Metadata, PublishedRule, TagMetadata } from './types.ts'

/** What is kept live beside the record: gradings, and segments. */
type Live = Pick<Grading, 'object'> & { levels: readonly Pick<Grading['levels'][number], 'condition'>[] }
/** `pinned`: earlier versions of rules in which runs still wait. */
export interface InterestSources { rules: readonly PublishedRule[]; pinned: readonly PublishedRule[]; tags: readonly Pick<TagMetadata, 'id' | 'key'>[]; gradings: readonly Live[]; conditionSchema(object: string): ConditionSchema }

/** What wakes the engine for records of one object. */
interface Interest {
  /** Creation as such. */
  created: boolean
  /** Creation when one of these fields is given. */
  createdWith: Set<string>
  /** Any change at all. */
  changed: boolean
  changedIn: Set<string>
  /** Tags that come, with the record or to it, and tags that go. */
  tags: TagEars
  /** Deletion, and return from it. */
  gone: boolean
}

/**
 * Which changes some active rule or some grading wants to hear of. Built once per epoch, asked once per change.
 * A record that something listens to is also heard when it is restored: its gradings and deadlines are taken again.
 */
export function interestOf({ rules, pinned, tags, gradings, conditionSchema }: InterestSources): Metadata['listens'] {
  const byObject = new Map<string, Interest>()
  const of = (object: string): Interest => {
    const found = byObject.get(object) ?? { created: false, createdWith: new Set(), changed: false, changedIn: new Set(), tags: { coming: new Set(), going: new Set() }, gone: false }
    byObject.set(object, found)
    return found
  }
  const idOf = new Map(tags.map(({ key, id }) => [key, id]))
  rules.filter(({ state }) => state === 'active').forEach(({ trigger }) => hearTrigger(trigger, of, idOf))
  ;[...rules.filter(({ state }) => state === 'active'), ...pinned].forEach((rule) => hearWaits(rule, conditionSchema(rule.trigger.object), of))
  gradings.forEach((grading) => hearGrading(grading, conditionSchema(grading.object), of))
  return (object, event, fields) => {
    const interest = byObject.get(object)
    return interest !== undefined && listensTo(interest, event, fields)
  }
}

function listensTo({ created, createdWith, changed, changedIn, tags, gone }: Interest, event: Parameters<Metadata['listens']>[1], fields: Changed): boolean {
  switch (event) {
    case 'created': return created || Object.keys(fields).some((each) => createdWith.has(each)) || hearsTags(tags, fields)
    case 'changed': return changed || Object.keys(fields).some((each) => changedIn.has(each)) || hearsTags(tags, fields)
    case 'deleted': return gone
    case 'restored': return gone
  }
}

/** Tags, by id, that are listened for when they come and when they go. */
interface TagEars { coming: Set<number>; going: Set<number> }

/** Is one of them newly there, or newly gone? */
function hearsTags({ coming, going }: TagEars, { tags }: Changed): boolean {
  if (!tags || coming.size + going.size === 0) return false
  const [before, after] = tags.map(tagsOf) as [readonly number[], readonly number[]]
  return after.some((id) => coming.has(id) && hasCome(id, tags)) || before.some((id) => going.has(id) && hasGone(id, tags))
}

const tagsOf = (value: unknown): readonly number[] => (value ?? []) as readonly number[]
/** Is a tag newly there by this change of tags? */
export const hasCome = (tag: number, [before, after]: Changed[string]): boolean => tagsOf(after).includes(tag) && !tagsOf(before).includes(tag)
/** Is it newly gone? */
export const hasGone = (tag: number, [before, after]: Changed[string]): boolean => hasCome(tag, [after, before])

/** A rule that waits for a tag which there is none of hears nothing. */
function hearTag({ coming, going }: TagEars, { on, tag }: Extract<PublishedRule['trigger'], { on: 'tagged' | 'untagged' }>, idOf: ReadonlyMap<string, number>): void {
  const id = idOf.get(tag)
  if (id !== undefined) (on === 'tagged' ? coming : going).add(id)
}

function hearTrigger(trigger: PublishedRule['trigger'], of: (object: string) => Interest, idOf: ReadonlyMap<string, number>): void {
  const interest = of(trigger.object)
  switch (trigger.on) {
    case 'created': interest.created = true; return
    case 'changed':
      if (trigger.fields) trigger.fields.forEach((each) => interest.changedIn.add(each))
      else interest.changed = true
      return
    case 'tagged': case 'untagged': return hearTag(interest.tags, trigger, idOf)
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
