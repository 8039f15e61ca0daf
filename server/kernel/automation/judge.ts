import { checkCondition, deep, needsOf, toOwnPredicate, toPredicate, type AggregateNeed, type BindContext, type Checked, type Condition, type Image, type Needs, type Predicate, type Seen } from '#language/conditions'
import type { Metadata } from '#kernel/metadata'

/** A condition ready to be decided. `possible`: what own fields alone allow. */
export interface Judged { checked: Checked; needs: Needs; holds: Predicate; possible: Predicate; /** Compares a before with an after. */ asksChange: boolean }

/** A condition that the published definitions no longer allow is the rule's failure, not the batch's. */
export class RuleBroken extends Error { override name = 'RuleBroken' }

export function compile(metadata: Metadata, object: string, condition: Condition): Judged {
  const result = checkCondition(condition, metadata.conditionSchema(object), 'rule')
  if (!result.ok) throw new RuleBroken(result.problems[0]!.en)
  return { checked: result.checked, needs: needsOf(result.checked), holds: toPredicate(result.checked), possible: toOwnPredicate(result.checked), asksChange: deep(result.checked.root).some(({ is }) => is === 'changed' || is === 'changedTo') }
}

/** Somebody's fields at one moment of a plan, and the record they belong to. */
export interface Subject { object: string; id: string; values: Image }
export interface Aggregate { value: unknown; until: Date | null }
/** What can be asked about other records; undefined: not at hand yet, it will be. */
export interface Facts {
  row(object: string, id: string): Subject | null | undefined
  aggregate(object: string, id: string, need: AggregateNeed): Aggregate | undefined
}
export interface Judging { facts: Facts; at: BindContext; /** Dry: what needs more than own fields is taken to hold. */ dry: boolean }

/** The verdict; undefined while something it needs is still being fetched. */
export function judge(judged: Judged, subject: Subject, { facts, at, dry }: Judging, changes?: Seen['changes']): boolean | undefined {
  const seen = seenBy(judged.needs, subject, facts, changes)
  return dry ? judged.possible(subject.values, NO_NEEDS, at) : seen && judged.holds(subject.values, seen, at)
}

const NO_NEEDS: Seen = {}

/** What a decision reads beyond own fields; undefined (and asked for) while it is not at hand. */
export function seenBy(needs: Needs, subject: Subject, facts: Facts, changes?: Seen['changes']): Seen | undefined {
  if (needs.parents.length === 0 && needs.aggregates.length === 0) return changes ? { changes } : NO_NEEDS
  const aggregates = aggregatesOf(needs, subject, facts)
  const parents = parentsOf(needs, subject, facts)
  return aggregates && parents && { ...aggregates, parents, ...(changes && { changes }) }
}

function aggregatesOf({ aggregates }: Needs, { object, id }: Subject, facts: Facts): Pick<Seen, 'aggregates' | 'untils'> | undefined {
  const found: { aggregates: Record<string, unknown>; untils: Record<string, Date | null> } = { aggregates: {}, untils: {} }
  let whole = true
  for (const need of aggregates) {
    const aggregate = facts.aggregate(object, id, need)
    if (aggregate === undefined) { whole = false; continue }
    found.aggregates[need.key] = aggregate.value
    found.untils[need.key] = aggregate.until
  }
  return whole ? found : undefined
}

function parentsOf({ parents }: Needs, { values }: Subject, facts: Facts): Seen['parents'] | undefined {
  const found: Record<string, { image: Image; seen: Seen } | null> = {}
  let whole = true
  for (const { field, object, needs } of parents) {
    const id = values[field] as string | null | undefined
    if (id === null || id === undefined) continue
    const row = facts.row(object, id)
    const seen = row ? seenBy(needs, row, facts) : NO_NEEDS
    if (row === undefined || seen === undefined) whole = false
    else found[field] = row === null ? null : { image: row.values, seen }
  }
  return whole ? found : undefined
}
