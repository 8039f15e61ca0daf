import { z } from 'zod'
import type { Condition } from '#language/conditions'
import { AdminRight, Capability, Conversion, Dashboard, Layout, Dictionary, DEFINITION_KINDS, Field, FIELD_KINDS, Grading, Key, Label, NoticeKindKey, ObjectDefinition, PrintTemplate, ReadState, RecordAct, Tile, View, type DefinitionKind } from '#language/definitions'

/** Words for people in both languages, of any length. */
export const Sentence = z.object({ zh: z.string(), en: z.string() })
export const Instant = z.string().describe('ISO 8601, UTC')
export const Done = z.object({ done: z.literal(true) })
export const Id = z.coerce.number<string | number>().int().min(1).max(2147483647)
export const RecordId = z.string().regex(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i).describe('UUID')
export const RecordRef = z.strictObject({ object: Key, id: RecordId })
export const AnyValues = z.record(z.string(), z.unknown())
/** Titles of the records that the answer refers to, as far as this reader may see them, by id. */
export const Related = z.record(z.string(), z.object({ object: z.string(), title: z.string() }))
/** `undo`: hand it to undo; null when nothing was changed. */
export const Undoable = { undo: z.string().nullable() }
const Refused = z.object({ id: z.string(), title: z.string(), code: z.string(), message: z.string(), path: z.string().nullable() })
/** What was done to many, and row by row what was not. */
/** Nothing was deleted: so many wait for somebody to agree. */
export const Held = z.object({ id: z.string(), n: z.number(), told: z.array(z.string()) })
export const Outcome = z.object({ changed: z.number(), refused: z.array(Refused), ...Undoable, held: Held.optional() })
export const CountShape = z.union([z.object({ exact: z.number() }), z.object({ atLeast: z.number() })])

export const TenantShape = z.object({ key: z.string(), name: z.string(), zone: z.string(), demo: z.boolean() })
export const Me = z.object({
  id: z.number(), name: z.string(),
  /** Text of the round avatar: the last two characters of the name. */
  avatar: z.string(),
  email: z.string().nullable(), phone: z.string().nullable(), job: z.string().nullable(),
  roles: z.array(z.object({ key: z.string(), label: Label })),
  rights: z.array(AdminRight),
  team: z.number().nullable(), teams: z.array(z.number()),
  /** Own teams and all below them. */
  teamTree: z.array(z.number()),
  supervisor: z.number().nullable(),
  home: z.enum(['workbench', 'team', 'tasks', 'panorama']),
  /** Only change-password is open until it is done. */
  mustChange: z.boolean(),
  /** Only setting up a second factor is open until it is done. */
  mustEnroll: z.boolean(),
  /** False for those who come by the company's account alone. */
  hasPassword: z.boolean(),
  tenant: TenantShape,
  /** Send as `X-CSRF-Token` with everything that writes. Null for API keys. */
  csrf: z.string().nullable(),
})
export type Me = z.infer<typeof Me>

export const MemberBrief = z.object({ id: z.number(), name: z.string(), avatar: z.string(), team: z.number().nullable(), job: z.string().nullable(), active: z.boolean(),
  /** They are away now, and who stands in for them. */
  away: z.object({ until: Instant, standIns: z.array(z.number()) }).optional() })
export const TeamShape = z.object({ id: z.number(), name: z.string(), parent: z.number().nullable(), head: z.number().nullable() })
export const MemberShape = MemberBrief.extend({
  email: z.string().nullable(), phone: z.string().nullable(), roles: z.array(z.string()), teams: z.array(z.number()), supervisor: z.number().nullable(),
  capability: Capability, state: z.enum(['active', 'suspended']), mustChange: z.boolean(), twoFactor: z.boolean(),
  /** Never signed in: an invitation is open or has to be sent. */
  invited: z.boolean(),
  /** Open records by load kind; the limit is capability.capacity. */
  load: z.array(z.object({ kind: z.string(), open: z.number(), limit: z.number() })),
  lastSeenAt: Instant.nullable(), createdAt: Instant,
})
export type MemberShape = z.infer<typeof MemberShape>
export const OneTimeLink = z.object({ url: z.string(), expiresAt: Instant })
export const Scope = z.enum(['read', 'write', 'admin'])

export const RecordShape = z.object({
  id: z.string(), object: z.string(),
  /** Opaque; send it back with PATCH. */
  version: z.string(),
  title: z.string(), values: AnyValues, tags: z.array(z.string()),
  /** With whom it is shared, and whether they may change it; absent where the owner is hidden. */
  collaborators: z.array(z.object({ member: z.number(), write: z.boolean() })).optional(),
  /** Fields that policies keep from this reader in this record. */
  held: z.record(z.string(), z.object({ read: ReadState, write: z.boolean() })).optional(),
  can: z.object({ edit: z.boolean(), delete: z.boolean(), transfer: z.boolean(), share: z.boolean(), unlock: z.boolean() }),
})
export type RecordShape = z.infer<typeof RecordShape>

/** A stored file. `type` by its first bytes; `inline`: a browser may show it; `scan`: by the virus scanner, if there is one. */
export const FileShape = z.object({
  id: z.string(), name: z.string(), type: z.string(), bytes: z.number(), inline: z.boolean(),
  scan: z.enum(['unscanned', 'clean', 'infected']), uploadedBy: z.number(), uploadedAt: Instant,
})
export type FileShape = z.infer<typeof FileShape>

export const ActorShape = z.object({ kind: z.enum(['member', 'rule', 'source', 'system']), id: z.number().optional(), name: z.string(), visitor: z.boolean().optional(), said: z.boolean().optional().describe('the name says what kind of source it is') })
export const CauseShape = z.object({ kind: z.string(), rule: z.string().optional(), ruleLabel: z.string().optional(), form: z.string().optional(), pressedBy: z.string().optional().describe('who pressed the button of the rule'), woke: z.enum(['approved', 'refused', 'met', 'told', 'joined', 'begun', 'ran', 'pushed']).optional().describe('what the rule went on by, where that was not its time'), told: z.enum(['go', 'met', 'late', 'retry', 'skip']).optional().describe('what was decided about the run'), saidBy: z.string().optional().describe('whose word that was') })
export const FieldChange = z.object({ field: z.string(), label: z.string(), before: z.unknown(), after: z.unknown() })
/** How a message to the outside stands; `to` is the host it goes to, `at` of the last attempt. */
export const SentShape = z.object({ channel: z.string(), to: z.string().nullable(), state: z.enum(['waiting', 'held', 'restored', 'missing', 'retrying', 'unconfirmed', 'delivered', 'refused', 'failed', 'cancelled', 'unknown']), attempts: z.number(), at: Instant, reason: z.string().nullable() })
export type SentShape = z.infer<typeof SentShape>
export const TimelineShape = z.object({
  at: Instant, kind: z.enum(['created', 'changed', 'deleted', 'restored', 'child', 'sent']),
  actor: ActorShape, cause: CauseShape.nullable(), ip: z.string().nullish(), seq: z.number().optional(), act: z.number().optional(), undo: z.string().optional(),
  fields: z.array(FieldChange).optional(), child: RecordShape.optional(), sent: SentShape.optional(),
  /** In the words of whoever did it. */
  reason: z.string().optional(),
})

export const ObjectShape = ObjectDefinition.omit({ fields: true }).extend({
  /** Fields that this member may read, base fields (owner, tags, created_at …) last, marked `base`. */
  fields: z.array(Field.omit({ kind: true }).extend({ kind: z.enum([...FIELD_KINDS, 'tags']), write: z.boolean(), enter: z.boolean().describe('May be given to a new record, though it is masked afterwards').optional(), suggest: z.boolean().describe('May not be written, and may be suggested').optional(), decides: z.boolean().describe('A limit decides by it: a value that would end the limit is refused to those whom it holds back').optional(), base: z.boolean(),
    /** Names of values that stand for something: downloads of forms. */
    named: z.record(z.string(), Label).optional() })),
  can: z.object({ read: z.boolean(), create: z.boolean(), edit: z.boolean(), delete: z.boolean(), export: z.boolean(), transfer: z.boolean(), unlock: z.boolean(), import: z.boolean(), suggest: z.boolean().describe('May not write it, and may suggest what to write').optional() }),
  version: z.number(),
})
export type ObjectShape = z.infer<typeof ObjectShape>
/** `closed`: about what this reader may not see; whoever made the dashboard or configures gets its tiles whole. */
export const DashboardShape = Dashboard.extend({ tiles: z.array(z.union([Tile, z.object({ kind: z.literal('closed'), key: z.string(), title: Label, width: z.number(), height: z.number() })])) })
export type DashboardShape = z.infer<typeof DashboardShape>
export const DefinitionsShape = z.object({
  epoch: z.number(), tenant: TenantShape,
  me: z.object({ id: z.number(), roles: z.array(z.string()), rights: z.array(AdminRight),
    /** Departments that one leads, and all below them. */
    leads: z.array(z.number()), home: Me.shape.home }),
  objects: z.array(ObjectShape), dictionaries: z.array(Dictionary),
  tags: z.array(z.object({ id: z.number(), key: z.string(), label: Label, colour: z.string().optional(), policy: z.boolean().optional(), segment: z.string().describe('a segment: the object whose records carry it by its condition').optional() })),
  views: z.array(View), teams: z.array(TeamShape), members: z.array(MemberBrief),
  roles: z.array(z.object({ key: z.string(), label: Label })),
  forms: z.array(z.object({ key: z.string(), label: Label, object: z.string(), active: z.boolean() })),
  assignmentPolicies: z.array(z.object({ key: z.string(), label: Sentence, object: z.string() })),
  gradings: z.array(Grading),
  /** What may be done with records of an object; whether it is offered on one of them is asked there. */
  recordActs: z.array(RecordAct.omit({ when: true, set: true })),
  /** Rules with a button that this member may press; whether it is offered on a record is asked there. */
  pressable: z.array(z.object({ key: z.string(), label: Label, object: z.string() })),
  /** Objects whose records wait in pools, and the object whose records are the pools. */
  poolings: z.array(z.object({ object: z.string(), store: z.string() })),
  /** Objects whose records without an owner this member gives out. */
  assigning: z.array(z.string()),
  /** `makes`: the objects that it makes. */
  conversions: z.array(Conversion.pick({ key: true, label: true, object: true }).extend({ makes: z.array(z.string()) })),
  /** At most one for each object: the one meant for this member. */
  layouts: z.array(Layout),
  /** What may be printed of an object's records. */
  prints: z.array(PrintTemplate.pick({ key: true, label: true, object: true })),
  dashboards: z.array(DashboardShape),
})
export type DefinitionsShape = z.infer<typeof DefinitionsShape>

export const Kind = z.enum(Object.keys(DEFINITION_KINDS) as [DefinitionKind, ...DefinitionKind[]])
export const DefinitionShape = z.object({
  kind: Kind, key: z.string(), version: z.number(), state: z.string(), body: AnyValues,
  publishedAt: Instant.nullable(), publishedBy: ActorShape.nullable(),
})

export const RunDecision = z.enum(['retry', 'dismiss', 'go', 'met', 'late', 'cancel', 'restore', 'skip'])
/** `off`: who called it off, or does not wait for it any more. */
const WaitingAt = { kind: z.enum(['time', 'condition', 'approval', 'again', 'begin', 'join']), path: z.string(), due: Instant, since: Instant, off: z.number().nullable() }
export const RunShape = z.object({
  event: z.number(), rule: z.string(), ruleLabel: Label.nullable(), version: z.number(), status: z.string(),
  startedAt: Instant, finishedAt: Instant.nullable(), object: z.string().nullable(), record: z.string().nullable(), title: z.string().nullable(),
  error: z.string().nullable(), attempts: z.number(),
  /** Of all its parts, in order; a run that waited goes on in a further part. */
  steps: z.array(z.unknown()), parts: z.array(z.object({ event: z.number(), at: Instant, status: z.string(), error: z.string().nullable(), steps: z.number() })),
  /** Where it waits, or cannot go on. */
  wait: z.object({ state: z.enum(['waiting', 'held', 'failed', 'cancelled']), ...WaitingAt }).nullable(),
  /** Branches of it that have not come to their end, in their order, each by its path. `dismissed`: it is not waited for any more. */
  branches: z.array(z.object({ branch: z.string(), state: z.enum(['waiting', 'held', 'failed', 'cancelled', 'dismissed']), ...WaitingAt, error: z.string().nullable(), can: z.array(RunDecision) })),
  /** What a member has decided about a failed or parked one. */
  settled: z.enum(['retried', 'dismissed']).nullable(),
  /** What was decided last about all of it, by which member, and why; of one branch alone it is not told here. */
  decided: z.object({ to: RunDecision, by: z.number().nullable(), at: Instant, reason: z.string().nullable() }).nullable(), can: z.array(RunDecision),
})
export const Candidate = z.object({
  member: z.number(), name: z.string(), score: z.number().nullable(),
  parts: z.object({ skill: z.number().nullable(), region: z.number().nullable(), load: z.number().nullable() }),
  open: z.number().nullable(), limit: z.number().nullable(), excluded: z.string().nullable(), chosen: z.boolean(),
  /** Of their own records of late: how many are complete; null where that has no say. */
  completeness: z.object({ complete: z.number(), total: z.number() }).nullable(),
})
export const WhyShape = z.object({
  about: z.enum(['tag', 'owner', 'grade', 'message', 'child', 'value']), subject: z.string(), at: Instant,
  sentence: Sentence, actor: ActorShape,
  rule: z.object({ key: z.string(), label: Label.nullable(), version: z.number().nullable(), sentence: Sentence.nullable() }).nullable(),
  run: z.object({ event: z.number(), rule: z.string() }).nullable(), change: z.number().nullable(),
  /** `otherwise`: what would have had to be otherwise for somebody else to be chosen. */
  decision: z.object({ no: z.number(), policy: z.string(), reason: z.string().nullable(), chosen: z.number().nullable(), candidates: z.array(Candidate), otherwise: z.array(Sentence),
    /** Others had the same score: what has decided between them. */
    tie: Sentence.nullable(),
    /** Nobody could take it: why, and what was done then. */
    fallback: Sentence.nullable() }).nullable(),
  link: z.object({ object: z.string(), id: z.string() }).nullable(),
})
export const NotificationShape = z.object({
  id: z.number(), kind: z.string(), family: NoticeKindKey, title: z.string(), body: z.string().nullable(), object: z.string().nullable(), record: z.string().nullable(),
  group: z.string().nullable(), at: Instant, readAt: Instant.nullable(), rule: z.string().nullable(),
  /** What of the record it is about: the id of a child on its timeline. */
  anchor: z.string().nullable(),
})
export const WorkbenchRow = z.object({
  /** The record that the row opens, and its name. */
  object: z.string(), id: z.string(), title: z.string(), company: z.string().nullable(),
  grade: z.string().nullable(), tags: z.array(z.string()), phone: z.string().nullable(), owner: z.number().nullable(),
  /** The one reason it is here. */
  reason: Sentence,
  at: Instant.nullable(), due: Instant.nullable(),
  /** The open task or the behaviour that the row is about. */
  about: z.object({ object: z.string(), id: z.string(), title: z.string() }).nullable(),
})
export const WorkbenchShape = z.object({
  kind: z.enum(['own', 'team', 'tasks', 'panorama']), now: Instant,
  /** For whom the reader stands in, until when, and how many open records of theirs that makes, by object. */
  standing: z.array(z.object({ member: z.number(), until: Instant, object: z.string(), count: z.number() })).optional(),
  /** This month's money, each with the list behind it; what the reader may not see is missing. `value` null: nothing to sum. */
  figures: z.array(z.object({ key: z.enum(['won', 'forecast', 'target']), title: Label, object: z.string(), filter: z.unknown() as z.ZodType<Condition>, value: z.string().nullable() })).optional(),
  blocks: z.array(z.object({ key: z.enum(['today', 'behaviours', 'unfinished', 'assign', 'stuck', 'audit', 'tasks', 'waiting']), title: Label, rows: z.array(WorkbenchRow), more: z.boolean() })),
})
/** One record on one card; each part with the list behind it. Parts that the reader may not see are missing. */
export const PanoramaShape = z.object({
  record: RecordShape, related: Related,
  parts: z.array(z.object({ key: z.enum(['people', 'behaviours', 'talks', 'tickets', 'orders', 'deals']), object: z.string(), title: Label, filter: z.unknown() as z.ZodType<Condition>, records: z.array(RecordShape), more: z.boolean() })),
})
export type PanoramaShape = z.infer<typeof PanoramaShape>
export type WorkbenchShape = z.infer<typeof WorkbenchShape>
