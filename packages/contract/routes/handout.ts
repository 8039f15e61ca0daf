import { z } from 'zod'
import { Key, Paper, PrintTemplate } from '#language/definitions'
import { route, Whole } from '../route.ts'
import { Instant, RecordId } from '../shapes.ts'
import { ListSelection } from './records.ts'

const OneExport = z.strictObject({ no: Whole(1, 1e15) })
export const ExportShape = z.object({
  no: z.number(), member: z.number(), at: Instant, ip: z.string().nullable(), object: z.string(), format: z.enum(['csv', 'xlsx', 'pdf']), rows: z.number(), mine: z.boolean(),
  state: z.enum(['left', 'waiting', 'running', 'done', 'failed', 'cancelled', 'gone']).describe('left: downloaded at once; else waiting → running → done → gone after a week; failed, cancelled'),
  done: z.number(), bytes: z.number().nullable(), taken: z.number().describe('Downloads'), trouble: z.string().nullable(), until: Instant.nullable().describe('How long it can be downloaded'),
})
export type ExportShape = z.infer<typeof ExportShape>
const Suspect = z.object({ no: z.number(), member: z.number(), name: z.string(), at: Instant, ip: z.string().nullable(), object: z.string(), format: z.string(), rows: z.number(), found: z.number(), values: z.number(), marked: z.boolean(), kept: z.boolean().describe('Made ready, but never downloaded') })

export const handout = {
  printRecord: route('printRecord', { auth: 'member', summary: { zh: '打印一条记录（PDF）', en: 'Print a record (PDF)' }, params: z.strictObject({ object: Key, id: RecordId, template: Key }), response: z.unknown() }),
  previewPrint: route('previewPrint', { auth: 'right:definitions', unrecorded: true, summary: { zh: '预览打印模板', en: 'Preview a print template' },
    body: z.strictObject({ template: PrintTemplate, id: RecordId.optional() }), response: z.object({ paper: Paper.nullable() }) }),
  exportRecords: route('exportRecords', { auth: 'member', summary: { zh: '导出列表（CSV、XLSX 或 PDF），需要导出权限', en: 'Export a list (CSV, XLSX or PDF); needs the right to export' }, params: z.strictObject({ object: Key }),
    query: z.strictObject({ ...ListSelection, format: z.enum(['csv', 'xlsx', 'pdf']) }), response: z.unknown() }),
  startExport: route('startExport', { auth: 'member', status: 201, summary: { zh: '在后台导出大列表（CSV 或 XLSX），需要导出权限', en: 'Export a large list in the background (CSV or XLSX); needs the right to export' }, params: z.strictObject({ object: Key }),
    body: z.strictObject({ format: z.enum(['csv', 'xlsx']), filter: ListSelection.filter, search: ListSelection.search, sort: z.string().max(200).optional(), fields: z.array(Key).max(200).optional() }), response: z.object({ no: z.number() }) }),
  exports: route('exports', { auth: 'member', summary: { zh: '导出记录：自己的；有审计权限可以看所有人的', en: 'Past exports: one’s own, or everybody’s with the right to audit' }, query: z.strictObject({ whose: z.enum(['mine', 'all']).default('mine'), before: Whole(1, 1e15).optional(), limit: Whole(1, 100).default(30) }), response: z.object({ items: z.array(ExportShape) }) }),
  stopExport: route('stopExport', { auth: 'member', unrecorded: true, summary: { zh: '停止后台导出', en: 'Stop an export in the background' }, params: OneExport, response: z.object({ stopped: z.boolean() }) }),
  exportFile: route('exportFile', { auth: 'member', summary: { zh: '下载后台导出的文件：7 天内，只有导出的人', en: 'Download what was exported in the background: for 7 days, by whoever asked for it' }, params: OneExport, response: z.unknown() }),
  traceExport: route('traceExport', { auth: 'right:audit', unrecorded: true, summary: { zh: '追查泄露的内容出自哪次导出', en: 'Which export leaked rows come from' }, body: z.strictObject({ rows: z.array(z.array(z.string().max(2000)).max(200)).min(1).max(500) }), response: z.object({ suspects: z.array(Suspect) }) }),
}
