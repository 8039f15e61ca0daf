import type { Metadata } from '#kernel/metadata'
import { fallbackSteps } from '#language/definitions'
import { after, type Workplace } from '#language/values'
import { best, score, type ClassOf } from './score.ts'
import type { Asked, Candidate, Decision, PublishedPolicy, Scored, Tried } from './types.ts'

interface Case { asked: Asked; candidates: readonly Candidate[]; scored: readonly Scored[]; steps: readonly number[] | undefined; classOf: ClassOf; teams: Metadata['teams'] }

/** Nobody could take it: one step after the other, until somebody of a team can. What the other steps come to is done by whoever asks. */
export function fallBack(policy: PublishedPolicy, { steps, ...at }: Case): Pick<Decision, 'chosen' | 'reason' | 'scored' | 'first' | 'tried'> {
  const tried: Tried[] = []
  for (const [n, { to, team, ...asks }] of fallbackSteps(policy).entries()) {
    if (steps ? !steps.includes(n) : asks.when !== undefined || asks.after !== undefined) continue
    tried.push({ to, ...(team !== undefined && { team }) })
    if (to !== 'team') continue
    const [candidates, table] = tableOf(policy, team, at)
    const chosen = best(table, candidates)?.member
    if (chosen !== undefined) return { chosen, reason: 'team', scored: table, first: at.scored, tried }
  }
  return { chosen: null, reason: 'pool', scored: at.scored, tried }
}

/** Whatever they know; who is away, off duty or full stays out. Without a region to go by everybody is of it. */
function tableOf(policy: PublishedPolicy, team: number | undefined, { asked, candidates, classOf, teams }: Omit<Case, 'scored' | 'steps'>): [readonly Candidate[], Scored[]] {
  const theirs = team === undefined ? candidates : candidates.filter((each) => (each.teams ?? []).some((id) => isUnder(teams, id, team)))
  return [theirs, score({ ...policy, excludeMissingSkill: false, regionOnly: team === undefined }, { ...asked, excluding: [] }, theirs, classOf)]
}

function isUnder(teams: Metadata['teams'], id: number, above: number): boolean {
  for (let at: number | null = id; at !== null; at = teams.get(at)?.parent ?? null) if (at === above) return true
  return false
}

/** Whose turn it is at an instant for a record that came at `made`: the steps that ask nothing more, or whose time has come; `met`: those whose condition holds. */
export const stepsAt = (policy: PublishedPolicy, { made, now, met, place }: { made: Date; now: Date; met: (n: number) => boolean; place: Workplace }): number[] =>
  [...fallbackSteps(policy).entries()].flatMap(([n, step]) => (met(n) && (step.after === undefined || after(made.getTime(), step.after, place) <= now.getTime()) ? [n] : []))
