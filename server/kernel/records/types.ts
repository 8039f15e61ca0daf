import type { Refusal } from '#contract'
import type { SentShape } from '#contract/api'
import type { Condition } from '#language/conditions'
import type { Sort, ReadState } from '#language/definitions'
import type { Actor, Cause } from '#kernel/access'
import type { ActDraft, FieldChanges } from '#kernel/changes'

export type { ActDraft } from '#kernel/changes'

/** JSON-ready values by field key. Decimals and money are strings, instants ISO text, references uuid text, anyReference `{object,id}`. */
export type Values = Record<string, unknown>

/** With whom a record is shared: to look, to change it too, or no longer. */
export interface Share { member: number; access: 'read' | 'write' | 'none' }

/** One wish to change one record. `act` is the index into the acts of the call (default 0). `decision`: the number of the decision that chose `owner`. */
export type Intent =
  | { op: 'create'; object: string; id?: string | undefined; values: Values; tags?: readonly string[] | undefined; owner?: number | null | undefined; share?: readonly Share[] | undefined; decision?: number | undefined; act?: number | undefined }
  | { op: 'update'; object: string; id: string; values?: Values | undefined; owner?: number | null | undefined; share?: readonly Share[] | undefined; decision?: number | undefined; addTags?: readonly string[] | undefined; removeTags?: readonly string[] | undefined; expect?: string | undefined; act?: number | undefined }
  | { op: 'delete' | 'restore'; object: string; id: string; act?: number | undefined }
  | { op: 'revert'; object: string; id: string; undone: Undone; act?: number | undefined }

/** What one act did to one record, to be taken back. `version`: of the record after it. `own`: the undoing member did it themselves a short while ago. */
export interface Undone { version: number; created: boolean; fields: FieldChanges; own: boolean }
/** What an undo left as it is: fields changed since, or not the undoing member's to write. */
export interface Kept { object: string; id: string; fields: string[]; why: 'changed' | 'rights' }

/** A row as the kernel holds it: base columns and `values` by field key, tags as keys. */
export interface RecordImage {
  object: string
  id: string
  recordVersion: number
  owner: number | null
  ownerTeam: number | null
  tags: string[]
  createdAt: Date
  gone: boolean
  /** Fields and base fields by key, JSON-ready, as conditions read them: an empty field is absent or null, `tags` are ids. */
  values: Values
}

export interface Written { object: string; id: string; recordVersion: number; created: boolean; changed: boolean; seq: number | null; act: number | null; after: RecordImage }
/** `also`: records that changed without being named (the subject of a follow-up). `kept`: what reverting left alone. */
export type WriteResult = { ok: true; written: Written[]; also: Written[]; kept: Kept[] } | { ok: false; refusals: { index: number; refusal: Refusal }[] }

export interface WriteOptions {
  /** One per intention; default: one act from the context. */
  acts?: readonly ActDraft[]
  /** Ids of these acts, where they have been drawn already. */
  actIds?: readonly number[] | undefined
  /** Acts that are being undone: what they changed later does not count as changed since. */
  undoing?: readonly number[]
  /** Every step but the writing: whether it would be refused, and what it would come to. */
  rehearse?: boolean
  /** The second person who agreed to a deletion of many. */
  agreedBy?: number | undefined
  /** Rows that this transaction has already locked FOR UPDATE, by id: not locked or read again. */
  locked?: Pick<ReadonlyMap<string, RecordImage>, 'get'>
}

export interface RecordView {
  id: string
  object: string
  /** Opaque; send it back with PATCH. */
  version: string
  title: string
  /** Readable fields only. */
  values: Values
  tags: string[]
  /** With whom it is shared; absent where the owner is hidden too. */
  collaborators?: { member: number; write: boolean }[]
  /** Fields that policies keep from this reader in this record: read less than in full, or not to be changed. */
  held?: Record<string, { read: ReadState; write: boolean }>
  /** What this reader may do here. */
  can: { edit: boolean; delete: boolean; transfer: boolean; share: boolean; unlock: boolean }
}
export interface ListQuery { filter?: Condition | undefined; sort?: readonly Sort[] | undefined; fields?: readonly string[] | undefined; limit: number; cursor?: string | undefined; search?: string | undefined }
export interface ListPage { records: RecordView[]; next: string | null }
export type Count = { exact: number } | { atLeast: number }

export interface TimelineItem {
  at: string
  /** `change` of the record itself, or a child record shown on its timeline. */
  kind: 'created' | 'changed' | 'deleted' | 'restored' | 'child' | 'sent'
  actor: { kind: Actor['kind']; id?: number; name: string; visitor?: boolean; said?: boolean }
  cause: { kind: string; rule?: string; ruleLabel?: string; form?: string; /** Who pressed the rule's button. */ pressedBy?: string; /** What the rule went on by, and whose word that was. */ woke?: Cause['woke']; told?: Cause['told']; saidBy?: string } | null
  ip?: string | null
  seq?: number
  act?: number
  /** Hand it to undo; absent where nothing can be taken back. */
  undo?: string
  fields?: { field: string; label: string; before: unknown; after: unknown }[]
  child?: RecordView
  /** A message to the outside about it, and how it stands. */
  sent?: SentShape
}
