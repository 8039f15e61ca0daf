import { z } from 'zod'
import { Key } from '#language/definitions'
import { route } from '../route.ts'
import { Id, Instant, RecordId, RecordRef, RecordShape, Related } from '../shapes.ts'

const OneRecord = z.strictObject({ object: Key, id: RecordId })
const Text = z.string().min(1).max(5000)
const Said = z.object({ record: RecordShape, related: Related })
const Ids = z.preprocess((value) => (typeof value === 'string' ? value.split(',').filter(Boolean) : value), z.array(Id).min(1).max(20)) as unknown as z.ZodType<number[], string>
const DraftKind = z.enum(['comment', 'activity'])
const OneDraft = z.object({ draft: z.object({ text: z.string(), more: z.record(z.string(), z.unknown()).nullable(), savedAt: Instant }).nullable() })
const Vals = z.record(Key, z.unknown())
/** The form of a new record (`about`: made for that one), or of changes to the record `id`. */
const OneForm = { id: RecordId.optional(), about: RecordId.optional() }
const FormDraft = z.object({ draft: z.object({ vals: Vals, rows: z.record(z.string(), z.array(Vals)), version: z.string().nullable(), savedAt: Instant }).nullable() })
const Unsaved = z.object({ id: z.string(), by: z.string(), object: z.string(), kind: z.enum(['create', 'edit']), vals: Vals, begunAt: Instant, savedAt: Instant, givenUp: z.boolean() })
const Following = z.object({ following: z.boolean(), followers: z.number() })

export const comments = {
  recordReaders: route('recordReaders', { auth: 'member', summary: { zh: '这些成员中谁看得到这条记录', en: 'Which of these members can read the record' }, params: OneRecord, query: z.strictObject({ members: Ids }), response: z.object({ readers: z.array(z.number()) }) }),
  following: route('following', { auth: 'member', summary: { zh: '是否关注、几人关注', en: 'Whether it is followed, and by how many' }, params: OneRecord, response: Following }),
  follow: route('follow', { auth: 'member', summary: { zh: '关注、取消关注', en: 'Follow or unfollow' }, body: z.strictObject({ subject: RecordRef, on: z.boolean() }), response: Following }),
  comment: route('comment', { auth: 'member', status: 201, summary: { zh: '评论；@ 写作 @[姓名](成员号)', en: 'Comment; a mention is written @[name](member)' }, body: z.strictObject({ subject: RecordRef, text: Text, attachments: z.array(RecordId).max(20).optional() }), response: Said }),
  editComment: route('editComment', { auth: 'member', summary: { zh: '修改自己的评论（15 分钟内）', en: 'Change your own comment (within 15 minutes)' }, body: z.strictObject({ id: RecordId, text: Text }), response: Said }),
  draft: route('draft', { auth: 'member', summary: { zh: '自己还没发出的评论或跟进', en: 'Your own unsent comment or follow-up' }, params: OneRecord, query: z.strictObject({ kind: DraftKind }), response: OneDraft }),
  keepDraft: route('keepDraft', { auth: 'member', summary: { zh: '保存没发出的内容；清空就是放弃', en: 'Keep what is not sent yet; emptied, it is given up' }, params: OneRecord, body: z.strictObject({ kind: DraftKind, text: z.string().max(5000), more: z.record(z.string().max(40), z.union([z.string().max(200), z.number(), z.boolean(), z.null(), z.array(z.number()).max(50)])).refine((more) => Object.keys(more).length <= 20, { error: '≤ 20' }).nullable().optional() }), response: OneDraft }),
  formDraft: route('formDraft', { auth: 'member', summary: { zh: '自己还没保存的表单', en: 'Your own unsaved form' }, params: z.strictObject({ object: Key }), query: z.strictObject(OneForm), response: FormDraft }),
  keepFormDraft: route('keepFormDraft', { auth: 'member', summary: { zh: '暂存没保存的表单；清空就是放弃', en: 'Keep a form that is not saved yet; emptied, it is given up' }, params: z.strictObject({ object: Key }),
    body: z.strictObject({ ...OneForm, vals: Vals.describe('of a record that stands: these fields; the others stay as they are kept'), gone: z.array(Key).max(500).optional().describe('of a record that stands: of these nothing is kept any more'), rows: z.record(Key, z.array(Vals).max(200)).optional(), version: z.string().max(200).nullable().optional() }).refine((body) => JSON.stringify(body).length <= 60_000, { error: '≤ 60 KB' }), response: z.object({ kept: z.boolean() }) }),
  unsavedForms: route('unsavedForms', { auth: 'right:audit', summary: { zh: '大家没保存的新建表单', en: 'Everybody’s unsaved forms of new records' }, response: z.object({ items: z.array(Unsaved), related: Related }) }),
  unsentDrafts: route('unsentDrafts', { auth: 'member', summary: { zh: '这条记录上没发出的内容（要审计权限）', en: 'What was typed about the record and not sent (takes the right to audit)' }, params: OneRecord, response: z.object({ items: z.array(z.object({ id: z.string(), by: z.string(), kind: DraftKind, text: z.string(), begunAt: Instant, savedAt: Instant, givenUp: z.boolean() })), forms: z.array(Unsaved), related: Related }) }),
  withdrawComment: route('withdrawComment', { auth: 'member', summary: { zh: '撤回自己的评论', en: 'Withdraw your own comment' }, body: z.strictObject({ id: RecordId }), response: Said }),
}
