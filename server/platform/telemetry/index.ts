export { createLog, type Log, withoutSecrets } from './log.ts'
export { metrics } from './metrics.ts'
