import type { Scene } from './scene.ts'
import type { Step } from './types.ts'

/** How a run may end, as other rules hear of it. */
export type Outcome = 'finished' | 'failed' | 'yes' | 'no'

const ANSWERS: Readonly<Record<string, 'yes' | 'no'>> = { yes: 'yes', met: 'yes', approved: 'yes', no: 'no', late: 'no', refused: 'no' }

/** Which way the last step went that goes two ways; what is repeated on children has no say. */
export const answerIn = (steps: readonly Step[]): 'yes' | 'no' | undefined =>
  steps.flatMap(({ went, path }) => ((path ?? '').includes('steps') ? [] : (ANSWERS[String(went)] ?? []))).at(-1)

/**
 * Rules that answer such an end of this one come in their own time, once each: a timer of the same transaction, due at once. What they do is one step
 * deeper in the chain of the run.
 */
export function tellEnded({ plan, event, rule: { rule } }: Scene, outcomes: readonly Outcome[]): void {
  const { root = event.seq, depth = 0, budget } = event.cause
  for (const { rule: { key, trigger } } of plan.program.after(rule.key)) {
    if (trigger.on !== 'ran' || !outcomes.includes(trigger.outcome)) continue
    const after = { rule: rule.key, event: event.seq, root, depth: depth + 1, ...(budget !== undefined && { budget }) }
    plan.timers.push({ key: `ran:${key}:${event.seq}:${rule.key}`, dueAt: plan.ctx.now, kind: 'ran', payload: { object: event.object, record: event.record, name: key, after } })
  }
}
