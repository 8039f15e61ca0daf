import { z } from 'zod'
import type { Condition } from '#language/conditions'
import { Key, Label, ReadState, type Sort } from '#language/definitions'
import { inQuery, route, Whole, Words } from '../route.ts'
import { ActorShape, AnyValues, CauseShape, CountShape, Held, Id, Instant, Outcome, RecordId, RecordRef, RecordShape, Related, TimelineShape, Undoable, WhyShape } from '../shapes.ts'

const OfObject = z.strictObject({ object: Key })
const OneRecord = z.strictObject({ object: Key, id: RecordId })
/** `-created_at,name`: up to two fields, `-` for descending. */
const SortText = z.preprocess((value) => (typeof value === 'string' ? value.split(',').filter(Boolean).map(sortOf) : value),
  z.array(z.strictObject({ field: Key, direction: z.enum(['asc', 'desc']) })).max(2)) as unknown as z.ZodType<Sort[], string>
function sortOf(text: string): Sort { return text.startsWith('-') ? { field: text.slice(1), direction: 'desc' } : { field: text, direction: 'asc' } }
/** Any JSON here; whether it is a condition of this object is checked where its fields are known, with better words. */
export const Filter = inQuery(z.unknown().describe('Condition')) as z.ZodType<Condition, Condition>
const Page = { limit: Whole(1, 200).default(50), cursor: z.string().max(2000).optional() }
const Selection = { filter: Filter.optional(), search: z.string().max(200).optional() }
/** Which rows, in which order, with which columns: what a list shows and an export takes along. */
export const ListSelection = { ...Selection, sort: SortText.optional(), fields: Words.optional() }
const Tags = z.array(z.string().min(1).max(64)).max(100)
const Whose = Id.nullable()
const Ids = z.array(RecordId).min(1).max(1000)
/** Rows inside the record, by their object: with an id they are changed (or removed), without one they are added. Saved with the record or not at all. */
const Lines = z.record(Key, z.array(z.strictObject({ id: RecordId.optional(), values: AnyValues.optional(), remove: z.literal(true).optional() })).max(200))
/** It was typed in a form whose draft is kept: saved, it leaves none. */
export const Drafted = z.literal(true).optional()
const WithRelated = z.object({ record: RecordShape, related: Related })
const Made = WithRelated.extend(Undoable)
const History = z.object({ items: z.array(TimelineShape), related: Related, next: z.string().nullable() })
const Kept = z.object({ object: z.string(), id: z.string(), title: z.string(), fields: z.array(z.string()), message: z.string() })

export const records = {
  listRecords: route('listRecords', { auth: 'member', summary: { zh: '记录列表', en: 'List records' }, params: OfObject,
    query: z.strictObject({ ...ListSelection, ...Page }), response: z.object({ records: z.array(RecordShape), next: z.string().nullable(), related: Related }) }),
  createRecord: route('createRecord', { auth: 'member', status: 201, summary: { zh: '新建记录', en: 'Create a record' }, params: OfObject, body: z.strictObject({ values: AnyValues, lines: Lines.optional(), tags: Tags.optional(), owner: Whose.optional(), drafted: Drafted, about: RecordId.optional() }), response: Made }),
  getRecord: route('getRecord', { auth: 'member', summary: { zh: '一条记录', en: 'One record' }, params: OneRecord, response: WithRelated }),
  updateRecord: route('updateRecord', { auth: 'member', summary: { zh: '修改记录', en: 'Change a record' }, params: OneRecord,
    body: z.strictObject({ version: z.string().min(1).max(200), values: AnyValues.optional(), lines: Lines.optional(), addTags: Tags.optional(), removeTags: Tags.optional(), owner: Whose.optional(), drafted: Drafted }), response: Made }),
  deleteRecord: route('deleteRecord', { auth: 'member', summary: { zh: '删除记录（可恢复）', en: 'Delete a record (can be restored)' }, params: OneRecord, response: z.object({ id: z.string(), ...Undoable, held: Held.optional() }) }),
  recordTimeline: route('recordTimeline', { auth: 'member', summary: { zh: '时间线', en: 'Timeline' }, params: OneRecord, query: z.strictObject(Page), response: History }),
  recordAsOf: route('recordAsOf', { auth: 'member', summary: { zh: '记录在某个时刻的样子，按读者今天的权限', en: 'A record as it stood at a moment, through the reader’s lens of today' }, params: OneRecord, query: z.strictObject({ at: z.iso.datetime({ offset: true }) }),
    response: z.object({ at: Instant, title: z.string(), values: AnyValues.nullable(), tags: z.array(z.string()), changed: z.array(z.string()), moments: z.array(Instant), related: Related }) }),
  recordChanges: route('recordChanges', { auth: 'member', summary: { zh: '谁在何时从哪里因何改了什么', en: 'Who changed what, when, from where, because of what' }, params: OneRecord, query: z.strictObject(Page), response: History }),
  recordWhy: route('recordWhy', { auth: 'member', summary: { zh: '为什么：标签、负责人、分级、消息', en: 'Why: tags, owner, grade, messages' }, params: OneRecord, response: z.object({ items: z.array(WhyShape) }) }),
  fieldWhy: route('fieldWhy', { auth: 'member', summary: { zh: '为什么能看、能改一个字段，或不能', en: 'Why a field of a record is read or changed, or not' }, params: z.strictObject({ object: Key, id: RecordId, field: Key }), query: z.strictObject({ member: Id.optional() }),
    response: z.object({ read: ReadState, write: z.boolean(), roles: z.array(z.object({ role: Label, read: ReadState, write: z.boolean() })), policies: z.array(z.object({ key: z.string(), label: Label, effect: z.enum(['limit', 'allow']), read: ReadState.nullable(), write: z.boolean().nullable(), holds: z.boolean() })) }) }),
  selectRecords: route('selectRecords', { auth: 'member', summary: { zh: '符合条件的全部编号（一万以内）', en: 'Ids of everything that matches (up to 10,000)' }, params: OfObject, query: z.strictObject(Selection), response: z.object({ ids: z.array(z.string()), more: z.boolean() }) }),
  deletedRecords: route('deletedRecords', { auth: 'member', summary: { zh: '回收站：删除了什么，谁、何时、为什么', en: 'Deleted records: what, who, when, why' }, params: OfObject, query: z.strictObject(Page), response: z.object({ items: z.array(z.object({ id: z.string(), title: z.string(), subtitle: z.string(), act: z.number(), at: Instant, actor: ActorShape, cause: CauseShape.nullable(), reason: z.string().nullable(), /** When it is gone for good. */ purgeAt: Instant })), next: z.string().nullable(),
    /** By act: how many of this object went by it, and the way to bring all of them back at once. */
    acts: z.array(z.object({ act: z.number(), n: z.number(), ...Undoable })) }) }),
  countRecords: route('countRecords', { auth: 'member', summary: { zh: '计数（一万以内精确）', en: 'Count (exact up to 10,000)' }, params: OfObject, query: z.strictObject(Selection), response: CountShape }),

  linkOpenings: route('linkOpenings', { auth: 'member', summary: { zh: '追踪链接：打开次数、访客、带来的记录', en: 'A tracking link: how often it was opened, by how many visitors, and the records that came by it' }, params: OneRecord,
    response: z.object({ /** What is handed out; null: it is switched off, or its target is no page. */ url: z.string().nullable(), clicks: z.number(), visitors: z.number(), machines: z.number().describe('Previews, search engines and the like: in none of the other numbers'), known: z.number(), days: z.array(z.object({ day: z.string(), clicks: z.number() })) }) }),
  followUp: route('followUp', { auth: 'member', status: 201, summary: { zh: '添加跟进：沟通结果、下次联系时间、需协调资源', en: 'Add a follow-up: result, next contact, resource needed' },
    body: z.strictObject({ subject: RecordRef, result: z.string().min(1).max(64), nextAt: z.iso.datetime({ offset: true }), resource: z.string().min(1).max(64), note: z.string().max(5000).optional(), method: z.string().max(64).optional() }), response: Made }),
  transfer: route('transfer', { auth: 'member', summary: { zh: '转移负责人', en: 'Transfer to another owner' }, body: z.strictObject({ object: Key, ids: Ids, owner: Whose, reason: z.string().max(500).optional(), /** With what hangs on it and belongs to the same owner. */ children: z.boolean().optional() }), response: Outcome }),
  share: route('share', { auth: 'member', summary: { zh: '加减协作人：可查看、可编辑、取消协作', en: 'Share records with members: to look, to edit, or no longer' },
    body: z.strictObject({ object: Key, ids: Ids, members: z.array(z.strictObject({ member: Id, access: z.enum(['read', 'write', 'none']) })).min(1).max(50) }), response: Outcome }),
  tag: route('tag', { auth: 'member', summary: { zh: '打标签、去标签', en: 'Add and remove tags' }, body: z.strictObject({ object: Key, ids: Ids, add: Tags.optional(), remove: Tags.optional() }), response: Outcome }),
  restore: route('restore', { auth: 'member', summary: { zh: '恢复已删除的记录', en: 'Restore deleted records' }, body: z.strictObject({ object: Key, ids: Ids }), response: Outcome }),
  undo: route('undo', { auth: 'member', summary: { zh: '撤销一步或几步', en: 'Undo one act or several' }, body: z.strictObject({ undo: z.string().min(1).max(2000) }),
    response: z.object({ changed: z.number(), kept: z.array(Kept), ...Undoable }) }),
  bulk: route('bulk', { auth: 'member', summary: { zh: '批量修改或删除', en: 'Change or delete many' },
    body: z.strictObject({ object: Key, ids: Ids, values: AnyValues.optional(), addTags: Tags.optional(), removeTags: Tags.optional(), owner: Whose.optional(), delete: z.boolean().optional(),
      /** Instead: one new record of `object` for each, pointing to it by `via`. */
      create: z.strictObject({ object: Key, via: Key, values: AnyValues }).optional() }), response: Outcome }),
}
