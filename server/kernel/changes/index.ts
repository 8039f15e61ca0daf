export type * from './types.ts'
export { appendChanges, openActs } from './append.ts'
export { virtualQueue } from './queue.ts'
export { changesOf, rebuild } from './history.ts'
