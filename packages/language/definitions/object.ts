import { z } from 'zod'
import { Condition } from '../conditions/ast.ts'
import { Key, Label } from './common.ts'
import { Shift } from './duty.ts'

/**
 * What a field holds, as it stands in PostgreSQL and as it travels in JSON.
 *
 * text/long/email/url: text, NFC. integer: int8 within ±2^53, number. decimal/money/percent: numeric, string; money is CNY yuan.
 * boolean. date: `YYYY-MM-DD`. datetime: timestamptz, ISO 8601 UTC. select: option key. multiselect: option keys.
 * phone: E.164 text (`+8613800138000`). reference: uuid string. anyReference: `{object, id}` (two columns). member, team: integer id. members: integer ids, each once.
 * region: GB/T 2260 six-digit code, text (`310000` = 上海). file: uuids of stored files. auto: text filled by the write path.
 * `tags` is a base column of every object, not a kind.
 */
export const FIELD_KINDS = ['text', 'long', 'integer', 'decimal', 'money', 'percent', 'boolean', 'date', 'datetime', 'select', 'multiselect',
  'phone', 'email', 'url', 'reference', 'anyReference', 'member', 'members', 'team', 'region', 'file', 'auto'] as const
export const FieldKind = z.enum(FIELD_KINDS)
export type FieldKind = z.infer<typeof FieldKind>

/** What a field of the parent says about its children: rows of `object` whose reference `via` points to it, of those that meet `where`. */
export const RollUp = z.strictObject({
  object: Key,
  via: Key,
  take: z.enum(['sum', 'count', 'min', 'max', 'latest']),
  /** The children’s field that is taken; count has none. */
  of: Key.optional(),
  /** latest: the child with the greatest of this; default created_at. */
  at: Key.optional(),
  where: Condition.optional(),
})
export type RollUp = z.infer<typeof RollUp>

export const Field = z.strictObject({
  key: Key,
  label: Label,
  kind: FieldKind,
  required: z.boolean().optional(),
  unique: z.boolean().optional(),
  /** Written only by the system, rules or the write path; refused from members. */
  readOnly: z.boolean().optional(),
  /** Filled on create when absent. `{now:true}`, `{me:true}` or a literal of the kind. */
  default: z.union([z.string(), z.number(), z.boolean(), z.strictObject({ now: z.literal(true) }), z.strictObject({ me: z.literal(true) })]).optional(),
  /** select/multiselect: the dictionary that lists the options. */
  dictionary: Key.optional(),
  /** reference: target object. anyReference: allowed objects, or '*' for every one. */
  to: z.union([Key, z.array(Key), z.literal('*')]).optional(),
  /** A sentence that must hold after every write, with what to say if it does not. */
  check: z.strictObject({ condition: Condition, message: Label }).optional(),
  max: z.number().int().positive().optional(),
  /** integer: a count of seconds, told as a length where it stands in a sentence (2 分 10 秒). */
  unit: z.literal('seconds').optional(),
  /** Indexed for sorting/filtering (≤ 20 per object) or for search (≤ 8). */
  sortable: z.boolean().optional(),
  searchable: z.boolean().optional(),
  /** Whoever reads it in full in a record changes it there, whether they may change the record or not. */
  open: z.boolean().optional(),
  /** auto: `{prefix:'XS', digits:6}` → XS000123 by a keyed permutation (decision 10). */
  auto: z.strictObject({ prefix: z.string().max(8), digits: z.number().int().min(3).max(12) }).optional(),
  /** Worked out from other fields of the record (`quantity * price`, see language/formulas); nobody writes it. `kind` is what comes out. */
  formula: z.string().min(1).max(2000).optional(),
  /** Worked out from the record's children; nobody writes it. */
  rollup: RollUp.optional(),
  /** Taken over from a field of the record that `via` points to, when that is chosen and nothing else is said. What was taken stays. */
  copy: z.strictObject({ via: Key, field: Key }).optional(),
  help: Label.optional(),
  group: z.string().max(40).optional(),
  retired: z.boolean().optional(),
  /** Personal data: erased on request. */
  personal: z.boolean().optional(),
})
export type Field = z.infer<typeof Field>

export const Track = z.strictObject({
  /** An automatic number: what stands in the address. */
  token: Key,
  target: Key,
  /** A boolean: switched off, the address opens nothing. */
  active: Key.optional(),
  /** A boolean: the target learns under which name the visitor is known here, so that what they do and send there is joined to it. */
  carries: Key.optional(),
  /** The one record that a link was sent to; empty: it is for everybody. How often, when first and when last it was opened is kept for such links alone. */
  subject: Key.optional(),
  opens: Key.optional(),
  firstAt: Key.optional(),
  lastAt: Key.optional(),
  gives: z.record(Key, Key).optional(),
  into: Key.optional(),
  behaviour: z.strictObject({ object: Key, subject: Key, kind: Key, as: Key, page: Key, at: Key, visitor: Key }),
})
export type Track = z.infer<typeof Track>

export const ObjectDefinition = z.strictObject({
  key: Key,
  label: Label,
  plural: Label.optional(),
  icon: z.string().max(40).optional(),
  /** The field shown as the record’s name. */
  title: Key,
  /** Extra fields shown under the name in lists on phones and in pickers. */
  subtitle: z.array(Key).max(3).optional(),
  fields: z.array(Field).max(200),
  /** What the groups of its fields are called in English; their own name is the 中文 one. */
  groups: z.record(z.string().max(40), z.string().max(60)).optional(),
  /** Append-only rows (behaviours, messages): no edit, no delete, the log holds their birth only. */
  immutable: z.boolean().optional(),
  /** Reference fields whose target’s timeline shows this record. */
  timeline: z.array(Key).max(4).optional(),
  /** Read scope follows the record that this field points to (behaviour → its subject). */
  scopeVia: Key.optional(),
  /** Reference field: a new record of which nobody says whose it is belongs to the owner of the record named there; absent: to whoever makes it. */
  ownerVia: Key.optional(),
  /** A `members` field: whoever stands in it may read the record, as far as they may read the object at all. */
  participants: Key.optional(),
  /** It takes up its owner's and its participants' time from `starts` to `ends`: shown in the calendar, and as busy to colleagues. `place` and `link` say where. */
  event: z.strictObject({ starts: Key, ends: Key, place: Key.optional(), link: Key.optional() }).optional(),
  /** Its records are the rota: who is on duty, from when to when. */
  shift: Shift.optional(),
  /** Ownership counts towards a member’s load while this holds; absent: owning it costs nothing. */
  load: z.strictObject({ kind: Key, while: Condition }).optional(),
  /** There is still something to be done about it while this holds; what is closed stays with a member who leaves. Absent: it is never closed. */
  open: Condition.optional(),
  /**
   * A follow-up record: creating it stamps its subject's last_activity_at, next_contact_at and (once) first_touch_at when those fields exist.
   */
  activity: z.strictObject({ subject: Key, nextAt: Key.optional(), result: Key.optional() }).optional(),
  /**
   * Its records are tracking links: whoever opens the address of one (under its `token`) is sent on to `target`, and the opening is kept as a behaviour.
   * Once it is known who they are, their record takes over the link's own tags, what the link `gives` (its field → theirs) and, in `into`, the link itself.
   */
  track: Track.optional(),
  /** What members say about any record: to which, in which words, and whether it was taken back. Written by its own commands only. */
  comment: z.strictObject({ subject: Key, text: Key, withdrawn: Key }).optional(),
  /** Fields whose changes are told to those who follow a record, beside its owner; absent: its options and amounts. */
  follow: z.array(Key).max(20).optional(),
  /** Tables of rows that belong to this record and are edited inside it (the items of an order). */
  lines: z.array(z.strictObject({ object: Key, via: Key, label: Label.optional(), columns: z.array(Key).min(1).max(12), order: Key.optional() })).max(4).optional(),
  /** Rows of another record, the one that `scopeVia` points to: who may see or edit that one may see or edit these. */
  part: z.boolean().optional(),
  /** How many days its deleted records can be brought back; absent: 90. */
  keepDeleted: z.number().int().min(7).max(3650).optional(),
  /** Its records each stand for a person, or those of them do for which this holds: a copy of what is held on them can be given, and they can be erased. */
  person: z.union([z.literal(true), Condition]).optional(),
  /** Hidden from navigation (child rows shown only on their parent’s page). */
  hidden: z.boolean().optional(),
})
export type ObjectDefinition = z.infer<typeof ObjectDefinition>

/** Base columns of every object table; they can be read, filtered and sorted like fields. */
export const BASE_FIELDS = {
  id: { kind: 'text', label: { zh: '编号', en: 'ID' } },
  owner: { kind: 'member', label: { zh: '负责人', en: 'Owner' } },
  owner_team: { kind: 'team', label: { zh: '归属部门', en: 'Owner team' } },
  /** Read where the owner is; written by sharing only. */
  collaborators: { kind: 'members', label: { zh: '协作人', en: 'Collaborators' } },
  locked: { kind: 'boolean', label: { zh: '锁定状态', en: 'Locked' } },
  tags: { kind: 'tags', label: { zh: '标签', en: 'Tags' } },
  origin: { kind: 'text', label: { zh: '数据来源', en: 'Origin' } },
  created_at: { kind: 'datetime', label: { zh: '创建时间', en: 'Created at' } },
  created_by: { kind: 'member', label: { zh: '创建人', en: 'Created by' } },
  updated_at: { kind: 'datetime', label: { zh: '最后修改时间', en: 'Updated at' } },
  updated_by: { kind: 'member', label: { zh: '最后修改人', en: 'Updated by' } },
  last_activity_at: { kind: 'datetime', label: { zh: '最后跟进时间', en: 'Last activity at' } },
  next_contact_at: { kind: 'datetime', label: { zh: '下次联系时间', en: 'Next contact at' } },
  attachments: { kind: 'file', label: { zh: '附件', en: 'Attachments' } },
} as const
export type BaseField = keyof typeof BASE_FIELDS

/** How the log names with whom a record is shared: members who may see it, and those of them who may change it. Seen where the owner is. */
export const SHARING = {
  collaborators: BASE_FIELDS.collaborators.label,
  co_editors: { zh: '可编辑的协作人', en: 'Collaborators who edit' },
} as const

export const Dictionary = z.strictObject({
  key: Key,
  label: Label,
  options: z.array(z.strictObject({
    key: Key,
    label: Label,
    parent: Key.optional(),
    colour: z.enum(['red', 'amber', 'green', 'blue', 'grey']).optional(),
    off: z.boolean().optional(),
  })).max(2000),
})
export type Dictionary = z.infer<typeof Dictionary>

export const TagDefinition = z.strictObject({ key: z.string().min(1).max(64), label: Label, colour: z.enum(['red', 'amber', 'green', 'blue', 'grey']).optional(), policy: z.boolean().optional(),
  /** A segment: the records for which the condition holds carry the tag, all of them and no other; nobody sets or takes it away by hand. */
  segment: z.strictObject({ object: Key, condition: Condition }).optional() })
export type TagDefinition = z.infer<typeof TagDefinition>
