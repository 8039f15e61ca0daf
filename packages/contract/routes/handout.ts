import { z } from 'zod'
import { Key, Paper, PrintTemplate } from '#language/definitions'
import { route } from '../route.ts'
import { RecordId } from '../shapes.ts'
import { ListSelection } from './records.ts'

export const handout = {
  printRecord: route('printRecord', { auth: 'member', summary: { zh: '打印一条记录（PDF）', en: 'Print a record (PDF)' }, params: z.strictObject({ object: Key, id: RecordId, template: Key }), response: z.unknown() }),
  previewPrint: route('previewPrint', { auth: 'right:definitions', unrecorded: true, summary: { zh: '预览打印模板', en: 'Preview a print template' },
    body: z.strictObject({ template: PrintTemplate, id: RecordId.optional() }), response: z.object({ paper: Paper.nullable() }) }),
  exportRecords: route('exportRecords', { auth: 'member', summary: { zh: '导出列表（CSV 或 XLSX），需要导出权限', en: 'Export a list (CSV or XLSX); needs the right to export' }, params: z.strictObject({ object: Key }),
    query: z.strictObject({ ...ListSelection, format: z.enum(['csv', 'xlsx']) }), response: z.unknown() }),
}
