import type { Rule } from '#language/definitions'
import { isAway, isRetryable } from '#platform/db'
import { Refused } from '#contract'
import type { Depot } from '../server/kernel/automation/testing/depot.ts'
import type { Actor } from './turns.ts'

/** What a rule was in an epoch. */
export interface Era { off: string[]; noted: number; sides: number }
/** What happened, as far as the log does not say. `ranWhilePaused`, `actedWhileOff`: so often a rule ran, or a run went on, between the return of its pause, or of its being called off, and its resumption. */
export interface Told { parcels: string[]; errands: string[]; eras: Map<number, Era>; ranWhilePaused: number; actedWhileOff: number }

/** What somebody does when it is their turn. */
export type Deed = (actor: Actor) => Promise<unknown>
export interface Drawing { home: Depot; roll: (n: number) => number; told: Told }

export function rule(key: string, priority: number, more: Pick<Rule, 'trigger' | 'actions'> & Partial<Rule>): Rule {
  return { key, label: { zh: '律', en: 'Law' }, priority, condition: { all: [] }, ...more }
}

/** Not there yet, or kept waiting too long: it has not happened. */
export function allowed(error: unknown): void {
  if (!(error instanceof Refused) && !isRetryable(error) && !isAway(error)) throw error
}
