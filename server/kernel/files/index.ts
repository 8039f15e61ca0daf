export type * from './types.ts'
export { fileAt, filesOf } from './files.ts'
export { cleanName, type FileHouse, sweepFiles, takeUpload, type Upload } from './upload.ts'
