import type { Action } from '#language/definitions'
import { settleVerdict, verdictOn } from '../grades.ts'
import { put, type Perform } from '../scene.ts'

/** Takes the grading's verdict on the target and writes its field; the step keeps the level, its reason and what it saw. */
export const grade: Perform = (act) => {
  const { plan, target } = act
  const { grading } = act.action.action as Extract<Action, { do: 'grade' }>
  const graded = plan.program.gradings.byKey.get(grading)
  if (!graded || graded.grading.object !== target.object) return { why: 'other_object', grading }
  const verdict = verdictOn(plan, graded, target)
  if (!verdict) return undefined
  const from = target.values[graded.grading.field] ?? null
  const changed = put(act, target, graded.grading.field, verdict.value)
  settleVerdict(plan, graded, target)
  const { value: to, level, reason, saw } = verdict
  return { grading, from, to, level, reason, saw, ...(!changed && { why: 'no_change' as const }) }
}
