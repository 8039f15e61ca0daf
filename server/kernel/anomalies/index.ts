export { type Anomaly, findAnomalies } from './find.ts'
export { reportAnomalies } from './report.ts'
