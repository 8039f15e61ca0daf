import { areaOf, provinceOf } from '#language/values'
import type { AssignmentPolicy } from '#language/definitions'
import type { Asked, Candidate, Completeness, Exclusion, Load, Scored } from './types.ts'

/** The class above an option of the skill dictionary; itself at the top, and for options that are no longer there. */
export type ClassOf = (skill: string) => string

/**
 * The whole candidate table for one record, in the order of `candidates`; pure.
 *
 * An empty skill excludes nobody and gives only general practitioners their part; an empty region gives nobody a part.
 * Totals are rounded to six decimals, so that equal scores are equal however they came about.
 */
export const score = (policy: AssignmentPolicy, asked: Asked, candidates: readonly Candidate[], classOf: ClassOf): Scored[] =>
  candidates.map((each) => scored(policy, asked, each, classOf))

/** First the lower partition, then the higher total, then the ties. Undefined when everybody is excluded. */
export function best(table: readonly Scored[], candidates: readonly Candidate[]): Scored | undefined {
  let first: number | undefined
  for (const [i, { total }] of table.entries()) {
    if (total !== null && (first === undefined || compare(table[i]!, candidates[i]!, table[first]!, candidates[first]!) < 0)) first = i
  }
  return first === undefined ? undefined : table[first]
}

function scored(policy: AssignmentPolicy, asked: Asked, candidate: Candidate, classOf: ClassOf): Scored {
  const { open, limit } = candidate.load
  const [skill, region, rate] = [skillPart(policy, asked, candidate, classOf), regionPart(policy, asked, candidate), rateOf(candidate.load)]
  const excluded = exclusionOf(policy, asked, candidate, classOf)
  const { weights } = policy
  // In a rotation all are equal, and who has waited longest is first.
  const turns = policy.mode === 'rotation'
  const total = turns ? 0 : weights.skill * skill + weights.region * region + weights.load * (1 - rate)
  return {
    member: candidate.member, skill, region, load: sixDecimals(1 - rate), open, limit,
    total: excluded === null ? sixDecimals(total) : null,
    partition: turns || rate < policy.preferLoadBelow ? 1 : 2, excluded,
    ...(asked.premium && !turns && candidate.completeness && { completeness: candidate.completeness }),
  }
}

/** The share of one's records that are complete, to six decimals; null: there are none, and nothing is known. */
export const shareOf = (given: Completeness | undefined): number | null => (given === undefined || given.total === 0 ? null : sixDecimals(given.complete / given.total))

export const sixDecimals = (n: number): number => Math.round(n * 1e6) / 1e6
export const rateOf = ({ open, limit }: Load): number => (limit === null ? 0 : limit === 0 ? 1 : Math.min(open / limit, 1))

export const GENERAL = '*'

function skillPart({ skillFit }: AssignmentPolicy, { skill }: Asked, { skills }: Candidate, classOf: ClassOf): number {
  if (skill !== null && skills.includes(skill)) return skillFit.same
  if (skill !== null && skills.some((each) => each !== GENERAL && classOf(each) === classOf(skill))) return skillFit.parent
  return skills.includes(GENERAL) ? skillFit.general : 0
}

function regionPart({ regionFit }: AssignmentPolicy, { region }: Asked, { regions }: Candidate): number {
  if (region === null) return 0
  if (regions.some((each) => provinceOf(each) === provinceOf(region))) return regionFit.same
  const area = areaOf(region)
  return area !== null && regions.some((each) => areaOf(each) === area) ? regionFit.area : regionFit.other
}

/** The first reason that keeps the candidate out: what they can do before how busy they are. */
function exclusionOf(policy: AssignmentPolicy, asked: Asked, candidate: Candidate, classOf: ClassOf): Exclusion | null {
  const lacking = asked.excluding.find((n) => !commands(candidate, policy.exclusions[n]!.lacks, classOf))
  if (lacking !== undefined) return `rule:${lacking}`
  if (policy.excludeMissingSkill && asked.skill !== null && skillPart(policy, asked, candidate, classOf) === 0) return 'skill'
  if (policy.regionOnly && asked.region !== null && !covers(candidate, asked.region)) return 'region'
  if (candidate.away !== undefined) return `away:${candidate.away}`
  if (candidate.offDuty) return 'off_duty'
  const { open, limit } = candidate.load
  if (limit === 0) return 'no_capacity'
  return limit !== null && open >= limit ? 'full' : null
}

/** Has the skill by name, or a finer one of it; being general is not enough where a skill is demanded. */
const commands = ({ skills }: Candidate, skill: string, classOf: ClassOf): boolean => skills.includes(skill) || skills.some((each) => each !== GENERAL && classOf(each) === skill)

const covers = ({ regions }: Candidate, region: string): boolean => regions.some((each) => areaOf(each) === areaOf(region))

function compare(a: Scored, whoA: Candidate, b: Scored, whoB: Candidate): number {
  return a.partition - b.partition || b.total! - a.total! || (shareOf(b.completeness) ?? -1) - (shareOf(a.completeness) ?? -1) || (whoA.received ?? -1) - (whoB.received ?? -1) || a.member - b.member
}
