import { foreseeGrade, takeGrade, type CompiledGrading, type Verdict } from './gradings.ts'
import type { Plan, Row } from './plan.ts'
import { judging } from './scene.ts'

/** A grading's verdict on a record as the plan has it, locked. Undefined in a dry plan, and while something is being fetched. */
export function verdictOn(plan: Plan, graded: CompiledGrading, row: Row): Verdict | undefined {
  plan.hold(row)
  if (plan.dry) return foreseeGrade(graded, row, judging(plan))
  const key = `${graded.grading.key} ${row.id}`
  const known = plan.graded.get(key)
  if (known?.touched === row.touched) return known.verdict
  const verdict = takeGrade(graded, row, judging(plan))
  if (verdict) plan.graded.set(key, { verdict, touched: row.touched })
  return verdict
}

/** Writing the verdict is no reason to take it again. */
export function settleVerdict(plan: Plan, graded: CompiledGrading, row: Row): void {
  const known = plan.graded.get(`${graded.grading.key} ${row.id}`)
  if (known && !graded.own.has(graded.grading.field)) known.touched = row.touched
}
