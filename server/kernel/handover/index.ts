export { handOver, type Handed, type HandoverOrder, planHandover, type Planned, type Receiver } from './hand-over.ts'
export { type Holdings, holdingsOf } from './holdings.ts'
export { type Counted, type Moved, moveMember, teamRecordsOf, type Way } from './move.ts'
export { undoHandover } from './undo.ts'
