import { validUntil, type AggregateNeed, type Needs } from '#language/conditions'
import type { Grading, Label } from '#language/definitions'
import type { Metadata } from '#kernel/metadata'
import { compile, judge, type Judged, type Judging, RuleBroken, seenBy, type Subject } from './judge.ts'

export interface CompiledGrading { grading: Grading & { version: number }; levels: readonly { value: string; reason: Label; condition: Judged }[]; /** Own fields that a level reads. */ own: ReadonlySet<string>; aggregates: readonly AggregateNeed[]; /** A segment: the tag that its records carry; it has one level and writes no field. */ tag?: string }

export interface Gradings {
  byKey: ReadonlyMap<string, CompiledGrading>
  /** Of the records of an object. */
  of(object: string): readonly CompiledGrading[]
  /** Gradings that read records of this object as children of the graded record. */
  throughChildren(object: string): readonly { graded: CompiledGrading; via: string }[]
  /** Gradings that read records of this object as the parent of the graded record. */
  throughParents(object: string): readonly { graded: CompiledGrading; field: string; reads: ReadonlySet<string> }[]
}

/** A grading that no longer checks is left out: its field stays as it is. */
export function gradingsOf(metadata: Metadata): Gradings {
  const all = [...metadata.gradings.values(), ...segmentsOf(metadata)].flatMap((grading) => compileGrading(metadata, grading))
  const byObject = Map.groupBy(all, ({ grading }) => grading.object)
  const children = Map.groupBy(all.flatMap(childReads), ({ object }) => object)
  const parents = Map.groupBy(all.flatMap(parentReads), ({ object }) => object)
  return {
    byKey: new Map(all.map((each) => [each.grading.key, each])),
    of: (object) => byObject.get(object) ?? [],
    throughChildren: (object) => children.get(object) ?? [],
    throughParents: (object) => parents.get(object) ?? [],
  }
}

type Live = Grading & { version: number; tag?: string }

/** A segment is a grading of one level, whose verdict is a tag. Its key cannot be a grading's. */
const segmentsOf = ({ tags }: Metadata): Live[] =>
  [...tags.byKey.values()].flatMap(({ key, label, segment, version }) => (segment ? [{ key: segmentKey(key), label, object: segment.object, field: 'tags', levels: [{ value: key, condition: segment.condition, reason: label }], version, tag: key }] : []))

export const segmentKey = (tag: string): string => `segment:${tag}`

function compileGrading(metadata: Metadata, { tag, ...grading }: Live): CompiledGrading[] {
  try {
    const levels = grading.levels.map(({ value, reason, condition }) => ({ value, reason, condition: compile(metadata, grading.object, condition) }))
    const needs = needsIn(levels)
    const aggregates = new Map(needs.flatMap((each) => each.aggregates).map((need) => [need.key, need]))
    return [{ grading, levels, own: new Set(needs.flatMap(({ own }) => [...own])), aggregates: [...aggregates.values()], ...(tag !== undefined && { tag }) }]
  } catch (error) {
    if (error instanceof RuleBroken) return []
    throw error
  }
}

const needsIn = (levels: CompiledGrading['levels']): Needs[] => levels.map(({ condition }) => condition.needs)

function childReads(graded: CompiledGrading): { object: string; graded: CompiledGrading; via: string }[] {
  const relations = needsIn(graded.levels).flatMap(({ aggregates }) => aggregates.map(({ node }) => node.relation))
  const distinct = new Map(relations.map(({ object, via }) => [`${object} ${via.key}`, { object, graded, via: via.key }]))
  return [...distinct.values()]
}

function parentReads(graded: CompiledGrading): { object: string; graded: CompiledGrading; field: string; reads: ReadonlySet<string> }[] {
  return needsIn(graded.levels).flatMap(({ parents }) => parents).map(({ object, field, needs }) => ({ object, graded, field, reads: needs.own }))
}

/** `until`: when the clock alone may change it; null: never. */
export interface Verdict { level: number; value: string | null; reason: Label | null; until: Date | null; saw: GradeSeen }
/** What the levels looked at: own fields by key; aggregates by their place among those of all levels of this version. */
export interface GradeSeen { own: Record<string, unknown>; aggregates: unknown[] }

/** The first level that holds; value null when none does. Undefined while something it needs is being fetched. */
export function takeGrade(graded: CompiledGrading, subject: Subject, judging: Judging): Verdict | undefined {
  const { levels } = graded
  let until: Date | null = null
  for (const [level, { value, reason, condition }] of levels.entries()) {
    const holds = judge(condition, subject, judging)
    if (holds === undefined) return undefined
    until = sooner(until, turnsAt(condition, subject, judging))
    if (holds) return { level, value, reason, until, saw: sawOf(graded, subject, judging) }
  }
  return { level: -1, value: null, reason: null, until, saw: sawOf(graded, subject, judging) }
}

const sawOf = ({ own, aggregates }: CompiledGrading, { object, id, values }: Subject, { facts }: Judging): GradeSeen => ({
  own: Object.fromEntries([...own].map((key) => [key, values[key] ?? null])),
  aggregates: aggregates.map((need) => facts.aggregate(object, id, need)?.value ?? null),
})

/** What a dry plan does instead: everything that the levels may look at is asked for when the locks are held. */
export function foreseeGrade({ levels }: CompiledGrading, subject: Subject, { facts }: Judging): undefined {
  for (const { condition } of levels) seenBy(condition.needs, subject, facts)
}

function turnsAt({ checked, needs }: Judged, subject: Subject, { facts, at }: Judging): Date | null {
  if (needs.reach !== 'over-time') return null
  return validUntil(checked, subject.values, seenBy(needs, subject, facts)!, at)
}

const sooner = (a: Date | null, b: Date | null): Date | null => (a === null || (b !== null && b < a) ? b : a)
