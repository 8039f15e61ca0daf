import type { Cause } from '#kernel/access'
import type { Scene } from './scene.ts'
import type { Event } from './types.ts'

/** Rules may answer rules this deep. */
export const MAX_DEPTH = 8
/** Changes that one first change may bring about through rules, shared among the branches of its chain. */
export const ROOT_BUDGET = 1_000

/** Why this rule must not run again in this chain; null: it may. Undefined facts stop nothing: the pass is repeated. */
export function stopFor({ plan, event, rule: { rule } }: Scene): string | null {
  const depth = event.cause.depth ?? 0
  if (depth === 0) return null
  if (depth >= MAX_DEPTH) return `depth:${depth}`
  if ((event.cause.budget ?? ROOT_BUDGET) < 1) return `budget:${ROOT_BUDGET}`
  const root = event.cause.root ?? event.seq
  const before = plan.world.fired(event.record, rule.key)
  return plan.fired.has(`${rule.key} ${root} ${event.record}`) || before?.has(root) ? 'again' : null
}

/** The cause of what a rule does about an event. `changes`: how many the event brings about. */
export function causeOf(event: Event, rule: string, changes: number): Cause {
  const left = (event.cause.budget ?? ROOT_BUDGET) - changes
  const cause: Cause = { kind: event.timer ? 'timer' : 'rule', event: event.seq, rule, root: event.cause.root ?? event.seq, depth: (event.cause.depth ?? 0) + 1 }
  return { ...cause, budget: Math.max(0, Math.floor(left / Math.max(1, changes))), ...(event.timer && { timer: event.timer.name }) }
}
