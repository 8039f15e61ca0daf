import { z } from 'zod'
import { Key } from '#language/definitions'
import { Flag, route } from '../route.ts'
import { FileShape, RecordId } from '../shapes.ts'

const OneRecord = z.strictObject({ object: Key, id: RecordId })

export const files = {
  recordFiles: route('recordFiles', { auth: 'member', summary: { zh: '一条记录的文件', en: 'The files of a record' }, params: OneRecord, response: z.object({ items: z.array(FileShape.extend({ field: z.string() })) }) }),
  recordFile: route('recordFile', { auth: 'member', summary: { zh: '文件内容：经由展示它的记录读取', en: 'Content of a file, read through the record that shows it' },
    params: OneRecord.extend({ field: Key, file: RecordId }), query: z.strictObject({ inline: Flag.optional() }), response: z.unknown() }),
  uploadFile: route('uploadFile', { auth: 'member', status: 201, unrecorded: true, summary: { zh: '上传文件：正文即文件，类型为 application/octet-stream', en: 'Upload a file: the body is the file, as application/octet-stream' },
    query: z.strictObject({ name: z.string().min(1).max(500) }), response: FileShape }),
}
