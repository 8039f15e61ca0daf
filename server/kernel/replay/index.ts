export { openPast, type Past } from './past.ts'
export { replay, type Replayed, type Told } from './replay.ts'
export { compare, type Behind, type Difference } from './compare.ts'
