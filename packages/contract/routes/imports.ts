import { z } from 'zod'
import { Key, Label } from '#language/definitions'
import { route, Whole } from '../route.ts'
import { Instant, RecordId } from '../shapes.ts'

const OneImport = z.strictObject({ id: RecordId })
const OfObject = z.strictObject({ object: Key })
export const ImportOptions = z.strictObject({ duplicates: z.enum(['skip', 'update', 'create']), key: Key.nullable(), owner: z.enum(['me', 'column', 'policy', 'nobody']), policy: Key.nullable(), rules: z.boolean(), atOnce: z.boolean().optional().describe('rules answer each row at once, not when nothing else waits') })
const Outcome = z.enum(['create', 'update', 'skip', 'refuse'])

export const ImportShape = z.object({
  id: z.string(), object: z.string(), member: z.number(), at: Instant, file: z.string(), format: z.enum(['xlsx', 'csv']), heads: z.array(z.string()), rows: z.number(),
  mapping: z.array(z.string().nullable()), options: ImportOptions,
  state: z.enum(['draft', 'checking', 'checked', 'running', 'done', 'cancelled', 'failed', 'undoing', 'undone']).describe('draft → checking → checked → running → done; cancelled, failed; undoing → undone'),
  handled: z.number(), created: z.number(), updated: z.number(), skipped: z.number(), refused: z.number(), batches: z.number(), undoneBatches: z.number(), reverted: z.number(), kept: z.number(),
  trouble: z.string().nullable(), begunAt: Instant.nullable(), endedAt: Instant.nullable(), undoneBy: z.number().nullable(), undoneAt: Instant.nullable(),
  mine: z.boolean(), canUndo: z.boolean(), rowsKept: z.boolean().describe('What stood in the file is still there to be looked at'),
})
export type ImportShape = z.infer<typeof ImportShape>
const Field = z.object({ key: z.string(), label: Label, kind: z.string(), required: z.boolean(), unique: z.boolean() })
const One = z.object({ import: ImportShape })
/** With what may be chosen for it. */
const Opened = One.extend({ fields: z.array(Field), keys: z.array(z.string()), owners: z.array(z.object({ from: z.enum(['me', 'column', 'policy', 'nobody']), policies: z.array(z.object({ key: z.string(), label: Label })) })), rules: z.array(z.object({ key: z.string(), label: Label })) })

export const imports = {
  importTemplate: route('importTemplate', { auth: 'member', summary: { zh: '导入模板（XLSX 或 CSV），需要导入权限', en: 'Template for importing (XLSX or CSV); needs the right to import' }, params: OfObject, query: z.strictObject({ format: z.enum(['xlsx', 'csv']) }), response: z.unknown() }),
  uploadImport: route('uploadImport', { auth: 'member', status: 201, unrecorded: true, summary: { zh: '上传要导入的表格：正文即文件，类型为 application/octet-stream', en: 'Upload a table to be imported: the body is the file, as application/octet-stream' }, params: OfObject, query: z.strictObject({ name: z.string().min(1).max(500) }), response: One }),
  imports: route('imports', { auth: 'member', summary: { zh: '以往的导入', en: 'Past imports' }, query: z.strictObject({ object: Key.optional(), before: z.iso.datetime().optional(), limit: Whole(1, 100).default(50) }), response: z.object({ items: z.array(ImportShape) }) }),
  import: route('import', { auth: 'member', summary: { zh: '一次导入，及可以选择的字段、去重方式和负责人', en: 'An import, with the fields, keys and owners that may be chosen' }, params: OneImport, response: Opened }),
  changeImport: route('changeImport', { auth: 'member', summary: { zh: '修改列的对应和导入方式', en: 'Match columns, choose how to import' }, params: OneImport, body: z.strictObject({ mapping: z.array(Key.nullable()).max(400), options: ImportOptions }), response: One }),
  previewImport: route('previewImport', { auth: 'member', summary: { zh: '预览前 20 行读出来的样子', en: 'The first 20 rows as they will be kept' }, params: OneImport, response: z.object({ rows: z.array(z.object({ n: z.number(), cells: z.array(z.object({ field: z.string(), text: z.string(), wrong: z.string().nullable() })) })) }) }),
  checkImport: route('checkImport', { auth: 'member', summary: { zh: '试运行：逐行检查，不写入', en: 'Trial run: check every row, write nothing' }, params: OneImport, response: One }),
  runImport: route('runImport', { auth: 'member', summary: { zh: '开始导入', en: 'Import' }, params: OneImport, response: One }),
  cancelImport: route('cancelImport', { auth: 'member', summary: { zh: '停止', en: 'Stop' }, params: OneImport, response: One }),
  importUndoPlan: route('importUndoPlan', { auth: 'member', summary: { zh: '撤销整次导入会碰到什么：之后被改过的记录、已发出的消息', en: 'What taking an import back would meet: records changed since, messages that have left' }, params: OneImport,
    response: z.object({ records: z.number(), touched: z.number(), sent: z.array(z.object({ channel: z.string(), n: z.number() })) }) }),
  undoImport: route('undoImport', { auth: 'member', summary: { zh: '撤销整次导入，保留之后的修改', en: 'Take the whole import back, keeping what was changed since' }, params: OneImport, response: One }),
  importRows: route('importRows', { auth: 'member', summary: { zh: '每一行的结果', en: 'What became of each row' }, params: OneImport, query: z.strictObject({ outcome: Outcome.optional(), kept: z.literal('1').optional(), after: Whole(0, 10_000_000).default(0), limit: Whole(1, 200).default(100) }),
    response: z.object({ rows: z.array(z.object({ n: z.number(), cells: z.array(z.string()), outcome: Outcome.nullable(), record: z.string().nullable(), reasons: z.array(z.object({ head: z.string().nullable(), text: z.string() })), kept: z.object({ fields: z.array(z.string()), text: z.string() }).nullable() })) }) }),
  importResult: route('importResult', { auth: 'member', summary: { zh: '下载结果：原表格加结果和原因两列', en: 'Download the result: the file with a result and a reason for each row' }, params: OneImport, query: z.strictObject({ format: z.enum(['xlsx', 'csv']), outcome: Outcome.optional() }), response: z.unknown() }),
}
