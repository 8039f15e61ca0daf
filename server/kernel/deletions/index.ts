export { type Deletion, deletionById, deletionsFor, mayDecide } from './holds.ts'
export { decide, type Decided, withdraw } from './decide.ts'
export { type Held, holdIfMany } from './hold.ts'
export { deletionLimit, setDeletionLimit } from './limit.ts'
