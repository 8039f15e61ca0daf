import type { Actor, Cause } from '#kernel/access'

/** One intention: who, because of what, from where. */
export interface ActDraft { actor: Actor; cause: Cause; reason?: string | undefined; ip?: string | null; agent?: string | null; request?: string | null; /** An act of this transaction that stands already: what follows belongs to it. */ joins?: number | undefined }

export type ChangeEvent = 'created' | 'changed' | 'deleted' | 'restored'

/** `{field: [before, after]}`, JSON-ready; absent values are null. */
export type FieldChanges = Record<string, readonly [before: unknown, after: unknown]>

export interface ChangeDraft {
  /** Index into the acts of the call. */
  act: number
  object: string
  record: string
  /** After the change; 1 on creation, gapless per record. */
  recordVersion: number
  event: ChangeEvent
  fields: FieldChanges
  /** Records on whose timeline this (new) record appears. */
  timeline?: readonly string[]
  /** Write a todo row for the engine; see Metadata.listens. */
  todo: boolean
  /** Tell of it even if nobody follows the record: somebody may be mentioned. */
  news?: boolean
}

export interface Appended { seq: number; act: number }

export interface ChangeRow {
  seq: number
  act: number
  object: string
  record: string
  recordVersion: number
  event: ChangeEvent
  fields: FieldChanges
  at: Date
  actor: Actor
  cause: Cause
  ip: string | null
  agent: string | null
  request: string | null
  reason: string | null
}

export interface HistoryPage { before?: number | undefined; limit: number }

/** Where the rows and what the log says they are differ. */
export interface Difference { object: string; record: string; field: string; log: unknown; row: unknown }
export interface Verification { records: number; changes: number; differences: Difference[]; loads: { member: number; kind: string; recounted: number; stored: number }[] }
