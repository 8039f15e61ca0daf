export { type FileStore, openStore, type Staged } from './store.ts'
export { zipOf } from './zip.ts'
export { type FileType, HEAD, isInline, limitOf, MOST, sniff } from './sniff.ts'
