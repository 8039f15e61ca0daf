export { Hub, type Stream } from './hub.ts'
export { stream } from './stream.ts'
