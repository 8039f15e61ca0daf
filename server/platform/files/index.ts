export { type FileStore, openStore, type Staged } from './store.ts'
export { type FileType, HEAD, isInline, limitOf, MOST, sniff } from './sniff.ts'
