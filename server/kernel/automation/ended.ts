import type { Scene } from './scene.ts'
import type { Answered, Step } from './types.ts'

/** How a run may end, as other rules hear of it. */
export type Outcome = 'finished' | 'failed' | 'yes' | 'no'

const ANSWERS: Readonly<Record<string, Answered>> = { yes: 'yes', met: 'yes', approved: 'yes', no: 'no', late: 'no', refused: 'no' }

/** Which way the last step went that goes two ways, or what branches that have come together said; what is repeated on children has no say. */
export const answerIn = (steps: readonly Step[]): Answered | undefined =>
  steps.flatMap(({ went, path, answered }) => ((path ?? '').includes('steps') ? [] : ((answered as Answered | undefined) ?? ANSWERS[String(went)] ?? []))).at(-1)

/** What branches say together, each as it came to its end; null: it went no two ways. Where all are waited for, one no is a no; where one is enough, the first one counts. */
export function answerOf(join: 'all' | 'any', sides: readonly (Answered | null)[]): Answered | undefined {
  if (join === 'any') return sides[0] ?? undefined
  return sides.includes('no') ? 'no' : sides.includes('yes') ? 'yes' : undefined
}

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
