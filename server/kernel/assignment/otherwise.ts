import type { AssignmentPolicy } from '#language/definitions'
import { rateOf, shareOf, sixDecimals } from './score.ts'
import type { Story, Told } from './story.ts'
import type { Completeness, Scored } from './types.ts'

/** What of a policy can be tried on decisions as they were kept. */
export type Weighing = Pick<AssignmentPolicy, 'weights' | 'preferLoadBelow' | 'skillFit' | 'regionFit'> & { /** Completeness decides between equals, where it was kept; not: who has waited longer. */ completeness: boolean }

/** One candidate, weighed otherwise. `open`: what they would have held; `was`: what they held. */
export interface Weighed { member: number; skill: number; region: number; total: number; partition: 1 | 2; was: number; open: number; limit: number | null; out: boolean; completeness: Completeness | undefined }
export interface Outcome { told: Told; chosen: number | null; weighed: readonly Weighed[]; /** Several were equal, and completeness has decided. */ byCompleteness: boolean }

/**
 * Every decision of a story taken again with other weights, one after the other, on the loads that the other choices would have led to. Pure.
 *
 * What people did is taken as it was: a record that goes to somebody else stays there until the day it left its owner in truth, and is theirs
 * again from then on who had it next. Weighed as it was, a story comes out as it went: where several were equal in truth, whoever was chosen of them stays
 * chosen as long as none of them has received more or less than in truth.
 */
export function otherwise(story: Story, weighing: Weighing): Outcome[] {
  const course = new Course(story)
  const grades = new Map([...story.versions].map(([version, fits]) => [version, regraded(fits, weighing)]))
  return story.told.map((told) => {
    course.pass(told.at)
    const grade = grades.get(told.version) ?? regraded(weighing, weighing)
    const weighed = told.existing ? [] : told.lines.map((line) => weigh(line, { told, weighing, grade, by: course.by(line.member) }))
    const equals = equalsOf(weighed)
    const fullest = weighing.completeness ? mostComplete(equals) : equals
    const chosen = told.existing ? told.chosen : course.choose(told, fullest.map(({ member }) => member))
    course.give(told, chosen)
    return { told, chosen, weighed, byCompleteness: fullest.length < equals.length }
  })
}

/** Kept parts, as the other weighing grades what they stand for. */
interface Grade { skill(part: number): number; region(part: number): number; excludes: boolean }

function regraded(then: Pick<Weighing, 'skillFit' | 'regionFit'> & { excludeMissingSkill?: boolean }, { skillFit, regionFit }: Weighing): Grade {
  const skills = [[then.skillFit.same, skillFit.same], [then.skillFit.parent, skillFit.parent], [then.skillFit.general, skillFit.general]] as const
  const regions = [[then.regionFit.same, regionFit.same], [then.regionFit.area, regionFit.area]] as const
  const find = (list: readonly (readonly [number, number])[], part: number, other: number) => (part === 0 ? 0 : list.find(([kept]) => kept === part)?.[1] ?? other)
  return {
    skill: (part) => find(skills, part, part), excludes: then.excludeMissingSkill ?? false,
    // "Elsewhere" may be worth something too; 0 also stands for a record without a region.
    region: (part) => (then.regionFit.other > 0 && part === then.regionFit.other ? regionFit.other : find(regions, part, part)),
  }
}

function weigh(line: Scored, { told, weighing: { weights, preferLoadBelow }, grade, by }: { told: Told; weighing: Weighing; grade: Grade; by: number }): Weighed {
  const open = Math.max(0, line.open + by)
  const rate = rateOf({ open, limit: line.limit })
  const [skill, region] = [grade.skill(line.skill), grade.region(line.region)]
  const full = line.limit !== null && open >= line.limit
  const unfit = grade.excludes && told.skill !== null && skill === 0
  const out = full || unfit || (line.excluded !== null && line.excluded !== 'full')
  return {
    member: line.member, skill, region, was: line.open, open, limit: line.limit, out, completeness: line.completeness,
    total: sixDecimals(weights.skill * skill + weights.region * region + weights.load * (1 - rate)), partition: rate < preferLoadBelow ? 1 : 2,
  }
}

/** Those of the first partition with the highest total. */
function equalsOf(weighed: readonly Weighed[]): Weighed[] {
  const able = weighed.filter(({ out }) => !out)
  const first = Math.min(...able.map(({ partition }) => partition))
  const most = Math.max(...able.map(({ partition, total }) => (partition === first ? total : -1)))
  return able.filter(({ partition, total }) => partition === first && total === most)
}

/** Those of equals whose own records are the most complete; all of them where nothing is known of anybody. */
export function mostComplete<T extends { completeness?: Completeness | undefined }>(equals: readonly T[]): T[] {
  const most = Math.max(...equals.map(({ completeness }) => shareOf(completeness) ?? -1))
  return equals.filter(({ completeness }) => (shareOf(completeness) ?? -1) === most)
}

/** How far things have come apart from how they went. */
class Course {
  /** How many records more than in truth each holds. */
  readonly #by = new Map<number, number>()
  /** Who has received otherwise than in truth, and the place of everybody's last record in this course. */
  readonly #moved = new Set<number>()
  readonly #last = new Map<number, number>()
  readonly #apart = new Map<Told, number | null>()
  readonly #ends: readonly Told[]
  readonly #story: Story
  #ended = 0
  #came = 0
  #place = 0

  constructor(story: Story) {
    this.#story = story
    this.#ends = story.told.filter((told) => endOf(told) !== null).sort((a, b) => endOf(a)! - endOf(b)!)
  }

  by(member: number): number { return this.#by.get(member) ?? 0 }

  /** What ended by then ended here too. */
  pass(now: number): void {
    for (let told; (told = this.#ends[this.#ended]) && endOf(told)! <= now; this.#ended++) if (this.#apart.has(told)) this.#shift(told, this.#apart.get(told)!, -1)
    for (let came; (came = this.#story.came[this.#came]) && came.at < now; this.#came++) this.#last.set(came.member, ++this.#place)
  }

  /** One of equals. */
  choose(told: Told, equals: number[]): number | null {
    if (equals.length < 2) return equals[0] ?? null
    if (told.chosen !== null && equals.includes(told.chosen) && wereEqual(told, equals) && !equals.some((member) => this.#moved.has(member))) return told.chosen
    return equals.sort((a, b) => (this.#last.get(a) ?? -1) - (this.#last.get(b) ?? -1) || a - b)[0]!
  }

  give(told: Told, chosen: number | null): void {
    if (chosen !== null) this.#last.set(chosen, ++this.#place)
    if (chosen === told.chosen) return
    for (const member of [chosen, told.chosen]) if (member !== null) this.#moved.add(member)
    // A record that ceased to count in the very instant held nobody up.
    if (told.chosen !== null && !told.held) return
    this.#apart.set(told, chosen)
    this.#shift(told, chosen, +1)
  }

  #shift(told: Told, chosen: number | null, by: 1 | -1): void {
    if (chosen !== null) this.#by.set(chosen, this.by(chosen) + by)
    if (told.chosen !== null) this.#by.set(told.chosen, this.by(told.chosen) - by)
  }
}

function wereEqual({ lines }: Told, members: readonly number[]): boolean {
  const [first, ...others] = lines.filter(({ member }) => members.includes(member))
  return others.every(({ partition, total, completeness }) => partition === first!.partition && total === first!.total && shareOf(completeness) === shareOf(first!.completeness))
}

/** When a record left whoever it was given to, or found somebody after all. */
const endOf = ({ chosen, until, later }: Told): number | null => (chosen === null ? later : until)
