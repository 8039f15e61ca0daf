export { applySolution, exportSolution, type Applied } from './solutions.ts'
export { planSolution, type PlanItem, type PlanOptions, type Verdict } from './plan.ts'
export { mergeBodies, type Conflict } from './merge.ts'
