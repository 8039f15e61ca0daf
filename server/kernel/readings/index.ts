export { keepReadings, protectedBy } from './keep.ts'
export { noteReadings } from './note.ts'
