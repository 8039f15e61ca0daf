export { applySolution, exportSolution, type Applied, type ApplyOptions } from './solutions.ts'
