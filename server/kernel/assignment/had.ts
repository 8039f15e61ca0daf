import type { AssignmentPolicy } from '#language/definitions'
import type { DecisionView } from './decisions.ts'
import { rateOf, shareOf, sixDecimals } from './score.ts'
import type { Scored } from './types.ts'

/** One thing that would have had to be otherwise, and who would have been chosen then. Numbers as they would have been. */
export type Had = { member: number } & (
  | { kind: 'load'; open: number; was: number; /** It is the load rate of the preference that decides. */ below: number | null }
  | { kind: 'threshold'; below: number; was: number }
  | { kind: 'skill' | 'region' }
  | { kind: 'away' | 'duty' }
  | { kind: 'completeness'; above: number; was: number | null }
  | { kind: 'exclusion'; n: number }
)

type Fits = Pick<AssignmentPolicy, 'skillFit' | 'regionFit' | 'excludeMissingSkill' | 'preferLoadBelow'>
interface Line extends Scored { /** Would compete. */ in: boolean }

/**
 * Had one thing been otherwise: for everybody who was not chosen the smallest single change of them that would have made them the one, then other
 * thresholds, then each exclusion of the policy that was met. Pure; only what would have been clear without knowing who had waited longer is told.
 * `away`: who was away at the time, as far as the table does not say so itself.
 */
export function hadBeen({ candidates, chosen, asked, weights }: DecisionView, fits: Fits, away: ReadonlySet<number>): Had[] {
  const table = new Table(candidates.map((each) => ({ ...each, in: each.excluded === null })), { weights, below: fits.preferLoadBelow })
  const others = candidates.filter(({ member }) => member !== chosen).flatMap((each) => ofMember(each, { table, fits, chosen: candidates.find(({ member }) => member === chosen) }) ?? [])
  return [...others, ...thresholds(table, { chosen, below: fits.preferLoadBelow }), ...exclusions(table, { chosen, asked, fits, away })]
}

class Table {
  readonly lines: readonly Line[]
  readonly #weights: DecisionView['weights']
  readonly #below: number
  constructor(lines: readonly Line[], { weights, below }: { weights: DecisionView['weights']; below: number }) { this.lines = lines; this.#weights = weights; this.#below = below }

  /** Who is ahead of everybody else; null: nobody, or several are equal. */
  first(change: (line: Line) => Line = (line) => line, below = this.#below): number | null {
    const able = this.lines.map(change).filter((line) => line.in && !isFull(line)).map((line) => ({ member: line.member, complete: shareOf(line.completeness) ?? -1, ...this.#weigh(line, below) }))
    able.sort((a, b) => a.partition - b.partition || b.total - a.total || b.complete - a.complete)
    const [one, two] = able
    return one && (!two || two.partition !== one.partition || two.total !== one.total || two.complete !== one.complete) ? one.member : null
  }

  wins(member: number, given: Partial<Line>): boolean {
    return this.first((line) => (line.member === member ? { ...line, ...given } : line)) === member
  }

  #weigh({ skill, region, ...load }: Line, below: number) {
    const rate = rateOf(load)
    return { total: sixDecimals(this.#weights.skill * skill + this.#weights.region * region + this.#weights.load * (1 - rate)), partition: rate < below ? 1 : 2 }
  }
}

const isFull = ({ open, limit }: Line): boolean => limit !== null && open >= limit

function ofMember({ member, excluded, open, limit, skill, region, completeness }: Scored, { table, fits, chosen }: { table: Table; fits: Fits; chosen: Scored | undefined }): Had | null {
  const may = (reason: string | null) => excluded === null || excluded === reason
  if (excluded?.startsWith('away')) return table.wins(member, { in: true }) ? { member, kind: 'away' } : null
  if (excluded === 'off_duty') return table.wins(member, { in: true }) ? { member, kind: 'duty' } : null
  const above = shareOf(chosen?.completeness)
  if (excluded === null && completeness && above !== null && table.wins(member, { completeness: { complete: 1, total: 1 } })) return { member, kind: 'completeness', above, was: shareOf(completeness) }
  if (may('full') && limit !== null && limit > 0) {
    const enough = most(open - 1, (held) => table.wins(member, { in: true, open: held }))
    if (enough !== null) return { member, kind: 'load', open: enough, was: open, below: enough / limit < fits.preferLoadBelow && (enough + 1) / limit >= fits.preferLoadBelow ? fits.preferLoadBelow : null }
  }
  if (may('region') && region < fits.regionFit.same && table.wins(member, { in: true, region: fits.regionFit.same })) return { member, kind: 'region' }
  if (may('skill') && skill < fits.skillFit.same && table.wins(member, { in: true, skill: fits.skillFit.same })) return { member, kind: 'skill' }
  return null
}

/** The greatest number from 0 to `up` for which it holds; it holds for all below one for which it does. */
function most(up: number, holds: (n: number) => boolean): number | null {
  let [low, high] = [-1, up]
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if (holds(middle)) low = middle
    else high = middle - 1
  }
  return low < 0 ? null : low
}

/** Whole per cents; the nearest for each who would be first then. */
function thresholds(table: Table, { chosen, below }: { chosen: number | null; below: number }): Had[] {
  const found = new Map<number, Had>()
  const percents = Array.from({ length: 101 }, (_, n) => n / 100).filter((each) => each !== below).sort((a, b) => Math.abs(a - below) - Math.abs(b - below))
  for (const other of percents) {
    const member = table.first(undefined, other)
    if (member !== null && member !== chosen && !found.has(member)) found.set(member, { member, kind: 'threshold', below: other, was: below })
  }
  return [...found.values()]
}

function exclusions(table: Table, { chosen, asked, fits, away }: { chosen: number | null; asked: DecisionView['asked']; fits: Fits; away: ReadonlySet<number> }): Had[] {
  return asked.excluding.flatMap((n): Had[] => {
    const lets = (line: Line): Line => ({ ...line, in: line.in || (line.excluded === `rule:${n}` && !away.has(line.member) && !(fits.excludeMissingSkill && asked.skill !== null && line.skill === 0)) })
    const member = asked.excluding.length === 1 ? table.first(lets) : null
    return member === null || member === chosen ? [] : [{ member, kind: 'exclusion', n }]
  })
}
