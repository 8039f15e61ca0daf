export type * from './types.ts'
export { fileAt, filesOf, isForgotten } from './files.ts'
export { cleanName, type FileHouse, sweepFiles, takeUpload, type Upload } from './upload.ts'
