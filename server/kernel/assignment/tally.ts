import { mostComplete, type Outcome } from './otherwise.ts'
import { rateOf } from './score.ts'
import type { Story } from './story.ts'

export interface Both { actual: number; asIf: number }
export interface MemberTally { member: number; received: Both; /** Records that come to them only otherwise, and that they would not have had. */ gained: number; lost: number; /** Highest load rate at a decision; null: without a limit. */ peak: { actual: number | null; asIf: number | null } }

/** What a course comes to. Shares 0–1, time in seconds; null where there is nothing to reckon with. */
export interface CourseTally {
  /** 1: everybody received the same share of what they may hold (Jain). */
  fairness: number | null
  /** Mean of the chosen ones' parts, where there was a competition. */
  skill: number | null
  region: number | null
  /** From being without an owner to having one: the middle one, and nine out of ten; of those given. */
  waited: { half: number | null; most: number | null }
  /** Nobody could take it when it was decided. */
  nobody: number
  /** Several were equal, and the completeness of their own records has decided. */
  byCompleteness: number
}
export interface Tally { decisions: number; moved: number; competed: number; members: readonly MemberTally[]; actual: CourseTally; asIf: CourseTally }

/** A story and what it would have been, laid side by side; pure. */
export function tallyOf(story: Story, outcomes: readonly Outcome[]): Tally {
  // Whoever never stood in a table has no share to be fair about: limit 0.
  const members = new Map<number, MemberTally & { limit: number | null }>()
  const of = (member: number) => members.get(member) ?? members.set(member, { member, received: { actual: 0, asIf: 0 }, gained: 0, lost: 0, peak: { actual: null, asIf: null }, limit: 0 }).get(member)!
  for (const { told, chosen, weighed } of outcomes) {
    for (const { member, was, open, limit } of weighed) {
      const known = of(member)
      known.limit = limit
      if (limit) known.peak = { actual: Math.max(known.peak.actual ?? 0, rateOf({ open: was, limit })), asIf: Math.max(known.peak.asIf ?? 0, rateOf({ open, limit })) }
    }
    if (told.chosen !== null) of(told.chosen).received.actual++
    if (chosen !== null) of(chosen).received.asIf++
    if (chosen === told.chosen) continue
    if (told.chosen !== null) of(told.chosen).lost++
    if (chosen !== null) of(chosen).gained++
  }
  const all = [...members.values()]
  return {
    decisions: story.told.length, moved: outcomes.filter(({ told, chosen }) => told.chosen !== chosen).length, competed: outcomes.filter(({ told }) => !told.existing).length,
    members: all.map(({ limit: _, ...each }) => each).sort((a, b) => b.received.actual - a.received.actual || a.member - b.member),
    actual: courseOf(outcomes, 'actual', fairnessOf(all.map(({ received, limit }) => ({ received: received.actual, limit })))),
    asIf: courseOf(outcomes, 'asIf', fairnessOf(all.map(({ received, limit }) => ({ received: received.asIf, limit })))),
  }
}

function fairnessOf(members: readonly { received: number; limit: number | null }[]): number | null {
  const shares = members.flatMap(({ received, limit }) => (limit === 0 ? [] : [received / (limit ?? 1)]))
  const squares = shares.reduce((sum, share) => sum + share * share, 0)
  return squares === 0 ? null : shares.reduce((sum, share) => sum + share, 0) ** 2 / (shares.length * squares)
}

function courseOf(outcomes: readonly Outcome[], course: 'actual' | 'asIf', fairness: number | null): CourseTally {
  const chosenIn = ({ told, chosen }: Outcome) => (course === 'actual' ? told.chosen : chosen)
  const parts = outcomes.flatMap((outcome) => { const of = chosenIn(outcome); return of === null ? [] : outcome.weighed.filter(({ member }) => member === of) })
  const waits = outcomes.flatMap((outcome) => waitOf(outcome, chosenIn(outcome))).sort((a, b) => a - b)
  const at = (share: number): number | null => waits[Math.min(waits.length - 1, Math.floor(waits.length * share))] ?? null
  return { fairness, skill: mean(parts.map(({ skill }) => skill)), region: mean(parts.map(({ region }) => region)), waited: { half: at(0.5), most: at(0.9) }, nobody: outcomes.filter((outcome) => chosenIn(outcome) === null).length, byCompleteness: outcomes.filter((outcome) => (course === 'actual' ? decidedByCompleteness(outcome.told) : outcome.byCompleteness)).length }
}

function decidedByCompleteness({ chosen, lines }: Story['told'][number]): boolean {
  const winner = lines.find(({ member }) => member === chosen)
  const equals = winner ? lines.filter(({ partition, total }) => partition === winner.partition && total === winner.total) : []
  return mostComplete(equals).length < equals.length
}

/** How long somebody would wait whom nobody could take is known only where that is what happened. */
function waitOf({ told }: Outcome, chosen: number | null): number[] {
  const got = chosen !== null ? told.at : told.chosen === null ? told.later : null
  return got === null ? [] : [(got - told.since) / 1000]
}

const mean = (numbers: readonly number[]): number | null => (numbers.length === 0 ? null : numbers.reduce((sum, each) => sum + each, 0) / numbers.length)
