import { z } from 'zod'
import { DurationText, type Condition } from '#language/conditions'
import { Key, NoticeKindKey, NoticeSettings } from '#language/definitions'
import { Flag, inQuery, route, Whole } from '../route.ts'
import { Done, ActorShape, CauseShape, FieldChange, Id, Instant, NotificationShape, PanoramaShape, RecordId, Related, RunDecision, RunShape, WorkbenchShape } from '../shapes.ts'

const Page = { limit: Whole(1, 200).default(50), cursor: z.string().max(200).optional() }
/** One thing a screen watches. A frame `{key, changed: true}` says: ask again. */
export const Subscription = z.discriminatedUnion('kind', [
  z.strictObject({ key: z.string().min(1).max(100), kind: z.literal('workbench') }),
  z.strictObject({ key: z.string().min(1).max(100), kind: z.literal('notifications') }),
  z.strictObject({ key: z.string().min(1).max(100), kind: z.literal('approvals') }),
  z.strictObject({ key: z.string().min(1).max(100), kind: z.literal('definitions'), epoch: z.number().int().min(0).optional().describe('what is on screen: newer is told at once') }),
  z.strictObject({ key: z.string().min(1).max(100), kind: z.literal('dashboard'), dashboard: z.string().max(60), objects: z.array(Key).max(40).describe('what its tiles are about: only then is it looked at again') }),
  z.strictObject({ key: z.string().min(1).max(100), kind: z.literal('record'), object: Key, id: RecordId }),
  z.strictObject({ key: z.string().min(1).max(100), kind: z.literal('runs'), rule: Key }),
  z.strictObject({ key: z.string().min(1).max(100), kind: z.literal('list'), object: Key, filter: (z.unknown().describe('Condition') as z.ZodType<Condition, Condition>).optional(), search: z.string().max(200).optional(), sort: z.array(z.strictObject({ field: Key, direction: z.enum(['asc', 'desc']) })).max(2).optional(), limit: z.number().int().min(1).max(200).optional() }),
])
export type Subscription = z.infer<typeof Subscription>

/** `mail`: letters can leave this house; `email`: where they would go; `zone`: the company's. */
const NoticeSettingsShape = z.object({ settings: NoticeSettings, mail: z.boolean(), email: z.string().nullable(), zone: z.string() })

const AuditItem = z.object({
  seq: z.number(), act: z.number(), at: Instant, actor: ActorShape, cause: CauseShape.nullable(), ip: z.string().nullable(), agent: z.string().nullable(), request: z.string().nullable(), reason: z.string().nullable(),
  object: z.string(), record: z.string().nullable(), title: z.string().nullable(), fields: z.array(FieldChange),
  /** It stands for so many lines of its act, of these objects. */
  whole: z.object({ n: z.number(), of: z.array(z.object({ object: z.string(), n: z.number() })) }).optional(),
  /** Hand it to undo. */
  undo: z.string().optional(),
  /** Of the seal; null: it still waits for its seal. */
  block: z.number().nullable(),
})

/** `about`: what auditors ask for most, over all objects. */
const AuditFilter = { member: Id.optional(), object: z.string().max(80).optional(), record: RecordId.optional(), field: Key.optional(), from: z.iso.datetime({ offset: true }).optional(), to: z.iso.datetime({ offset: true }).optional(),
  cause: z.enum(['member', 'source', 'rule', 'timer', 'import', 'undo', 'erasure', 'definition', 'upgrade', 'backfill']).optional(), ip: z.string().max(64).optional(), rule: Key.optional(), act: Whole(1, 1e15).optional(), about: z.enum(['rights', 'configuration', 'taken', 'looked', 'refused', 'deletions', 'signIns']).optional() }

/** `*`: the event itself, which no rule could answer. */
const RunRule = z.union([Key, z.literal('*')])

export const work = {
  notifications: route('notifications', { auth: 'member', summary: { zh: '通知中心', en: 'Notification centre' }, query: z.strictObject({ ...Page, unread: Flag.optional(), kind: NoticeKindKey.optional(), search: z.string().max(100).optional() }), response: z.object({ items: z.array(NotificationShape), next: z.string().nullable(), unread: z.number() }) }),
  unread: route('unread', { auth: 'member', summary: { zh: '未读数', en: 'Unread count' }, response: z.object({ unread: z.number() }) }),
  markRead: route('markRead', { auth: 'member', unrecorded: true, summary: { zh: '标为已读', en: 'Mark as read' }, body: z.union([z.strictObject({ ids: z.array(z.number().int()).min(1).max(500) }), z.strictObject({ group: z.string().max(200) }), z.strictObject({ all: z.literal(true) }), z.strictObject({ undo: z.iso.datetime() })]),
    /** `undo`: hand it back to take it back; null when nothing was unread. */
    response: z.object({ unread: z.number(), undo: Instant.nullable() }) }),
  noticeSettings: route('noticeSettings', { auth: 'member', summary: { zh: '我的通知设置', en: 'How I am told' }, response: NoticeSettingsShape }),
  setNoticeSettings: route('setNoticeSettings', { auth: 'member', summary: { zh: '修改我的通知设置', en: 'Change how I am told' }, body: NoticeSettings, response: NoticeSettingsShape }),
  workbench: route('workbench', { auth: 'member', summary: { zh: '今日作战台', en: 'Workbench' }, response: WorkbenchShape }),
  findPanorama: route('findPanorama', { auth: 'member', summary: { zh: '客户全景：按名称或电话查找', en: 'Panorama: find by name or phone' }, query: z.strictObject({ q: z.string().min(1).max(100) }), response: z.object({ found: z.array(z.object({ id: z.string(), title: z.string(), hint: z.string() })) }) }),
  panorama: route('panorama', { auth: 'member', summary: { zh: '客户全景卡', en: 'Panorama' }, params: z.strictObject({ id: RecordId }), response: PanoramaShape }),
  runs: route('runs', { auth: 'member', summary: { zh: '规则执行', en: 'Rule runs' }, query: z.strictObject({ ...Page, rule: Key.optional(), status: z.string().max(20).optional(), object: Key.optional(), record: RecordId.optional() }), response: z.object({ items: z.array(RunShape), related: Related, next: z.string().nullable() }) }),
  run: route('run', { auth: 'member', summary: { zh: '一次执行', en: 'One run' }, params: z.strictObject({ event: z.coerce.number<string | number>().int().min(0), rule: RunRule }), response: RunShape.extend({ seen: z.unknown(), related: Related, actions: z.array(z.unknown()).describe('the steps of the version with which it began'), trigger: z.unknown() }) }),
  decideRun: route('decideRun', { auth: 'member', summary: { zh: '处理一次执行：重试、忽略、继续、取消、恢复', en: 'Decide about a run: retry, dismiss, go on, cancel, restore' }, params: z.strictObject({ event: z.coerce.number<string | number>().int().min(0), rule: RunRule }), body: z.strictObject({ decision: RunDecision, branch: z.string().max(80).optional().describe('one of its branches, by its path'), step: z.string().max(80).optional().describe('skip: which one'), reason: z.string().trim().max(500).optional().describe('why; not without one: skip') }), response: RunShape }),
  audit: route('audit', { auth: 'right:audit', summary: { zh: '审计：按成员、对象、记录、字段、时间', en: 'Audit by member, object, record, field, time' },
    query: z.strictObject({ ...Page, ...AuditFilter, byAct: Flag.optional().describe('one line for what one act changed much') }), response: z.object({ items: z.array(AuditItem), next: z.string().nullable() }) }),
  auditTwice: route('auditTwice', { auth: 'right:audit', summary: { zh: '审计：谁在已有相同值的记录时又新建', en: 'Audit: who made a record anew that was there already' },
    query: z.strictObject({ object: Key, field: Key }), response: z.object({ rows: z.array(z.object({ member: z.number(), times: z.number(), record: z.string(), title: z.string(), last: Instant })) }) }),
  auditMost: route('auditMost', { auth: 'right:audit', summary: { zh: '审计：谁把同一个字段改了多次', en: 'Audit: who changed one field again and again' },
    query: z.strictObject({ object: Key, field: Key, days: Whole(1, 31).default(7) }),
    response: z.object({ since: Instant, rows: z.array(z.object({ member: z.number(), record: z.string(), title: z.string(), times: z.number(), before: z.unknown(), after: z.unknown(), last: Instant })) }) }),
  auditFile: route('auditFile', { auth: 'right:audit', summary: { zh: '把审计导出为 CSV（会记入审计）', en: 'The audit as CSV (itself kept in the audit)' }, query: z.strictObject(AuditFilter), response: z.unknown().describe('text/csv') }),
  seal: route('seal', { auth: 'right:audit', summary: { zh: '审计日志封存到哪一块', en: 'How far the log is sealed' }, response: z.object({ block: z.object({ number: z.number(), at: Instant, acts: z.number() }).nullable(), waiting: z.number(), since: Instant.nullable() }) }),
  search: route('search', { auth: 'member', summary: { zh: '全局搜索', en: 'Search' }, query: z.strictObject({ q: z.string().min(1).max(100), limit: Whole(1, 50).default(20) }), response: z.object({ hits: z.array(z.object({ object: z.string(), id: z.string(), title: z.string(), subtitle: z.string() })) }) }),
  stream: route('stream', { auth: 'member', summary: { zh: '实时提示（SSE），不含数据', en: 'Live hints (SSE), without data' }, query: z.strictObject({ subscriptions: inQuery(z.array(Subscription).max(20)) }), response: z.unknown().describe('text/event-stream; data: {"key":…,"changed":true}') }),
  clock: route('clock', { auth: 'public', summary: { zh: '业务时间', en: 'Business time' }, response: z.object({ now: Instant, offsetMs: z.number(), movable: z.boolean() }) }),
  advanceClock: route('advanceClock', { auth: 'public', loopback: true, unrecorded: true, summary: { zh: '拨快时钟（仅测试）', en: 'Move the clock forward (tests only)' }, body: z.strictObject({ advance: DurationText }), response: z.object({ now: Instant, offsetMs: z.number(), movable: z.boolean() }) }),
  backups: route('backups', { auth: 'right:settings', summary: { zh: '备份：有哪些、最新一份多久以前', en: 'Backups: which there are, and how old the newest is' }, response: z.object({ /** Null: the database is somebody else’s to back up. */ items: z.array(z.object({ at: Instant, rows: z.number(), bytes: z.number() })).nullable(), late: z.boolean(), making: z.boolean(), /** At most so much work is lost, in minutes. */ loss: z.number(),
    /** Copies of the whole database and its log, with which the house goes back to any moment from `since` on; null: the log is not kept here. `bytes` null: there are several companies. */
    whole: z.object({ state: z.enum(['kept', 'no copy', 'off', 'stuck', 'gap']), newest: Instant.nullable(), since: Instant.nullable(), logAt: Instant.nullable(), copies: z.number(), bytes: z.number().nullable(), sameDisk: z.boolean() }).nullable() }) }),
  makeBackup: route('makeBackup', { auth: 'right:settings', unrecorded: true, summary: { zh: '立即备份', en: 'Make a backup now' }, response: Done }),
  status: route('status', { auth: 'right:settings', summary: { zh: '运行状态与诊断', en: 'Status and diagnosis' }, response: z.object({
    version: z.string(), startedAt: Instant, node: z.string(), postgres: z.string(), embedded: z.boolean(), memoryMb: z.number(),
    queue: z.object({ waiting: z.number(), failing: z.number(), timersDue: z.number() }), outbox: z.object({ ready: z.number(), failed: z.number() }),
    providers: z.array(z.object({ key: z.string(), label: z.object({ zh: z.string(), en: z.string() }), state: z.enum(['ready', 'missing', 'failing']), detail: z.string().nullable() })) }) }),
}
