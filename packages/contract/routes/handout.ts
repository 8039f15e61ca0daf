import { z } from 'zod'
import { Key, Paper, PrintTemplate } from '#language/definitions'
import { route } from '../route.ts'
import { RecordId } from '../shapes.ts'

export const handout = {
  printRecord: route('printRecord', { auth: 'member', summary: { zh: '打印一条记录（PDF）', en: 'Print a record (PDF)' }, params: z.strictObject({ object: Key, id: RecordId, template: Key }), response: z.unknown() }),
  previewPrint: route('previewPrint', { auth: 'right:definitions', unrecorded: true, summary: { zh: '预览打印模板', en: 'Preview a print template' },
    body: z.strictObject({ template: PrintTemplate, id: RecordId.optional() }), response: z.object({ paper: Paper.nullable() }) }),
}
