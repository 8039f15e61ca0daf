import type { NoticeKind } from '#language/values'

/** One message to one member inside the product. `event` and `rule`: what caused it; the same cause tells a member once. */
export interface NoticeDraft {
  member: number
  kind: string
  title: string
  body: string | null
  object: string | null
  record: string | null
  groupKey: string | null
  event: number | null
  rule: string | null
  /** What of the record it is about: the id of a child on its timeline. */
  anchor?: string | null
  /** Kept back until then, by business time. */
  heldUntil?: Date | null
}
export interface Notice extends NoticeDraft { id: number; family: NoticeKind; at: Date; readAt: Date | null }

/** One message to the outside. `key` is the same on every attempt: it is the receiver's idempotency key. */
export interface OutboxDraft {
  channel: string; key: string; body: Record<string, unknown>; event: number | null; rule: string | null
  /** Of the record that it is about, if that member may keep it back; with the business time until which they do. */
  owner?: number | null; notBefore?: Date | null
  /** The record that it is about. */
  about?: { object: string; id: string }
}

/** What is handed to a channel. */
export interface Outgoing { tenant: { key: string; id: number; incarnation: number }; key: string; attempt: number; body: Record<string, unknown> }

/**
 * What came of one attempt. delivered: the receiver said yes. refused: it said no for good. later: it may say yes another time
 * (`afterMs`: when it asked to be tried again). unknown: it may or may not have received it. missing: the channel is not set up.
 */
export type Result =
  | { is: 'delivered'; detail?: Record<string, unknown> }
  | { is: 'refused'; reason: string }
  | { is: 'later'; reason: string; afterMs?: number }
  | { is: 'unknown'; reason: string }
  | { is: 'missing'; reason: string }

/** What becomes of a message that somebody had in hand. held: its rule is off. cancelled: its rule is gone. Neither was sent. */
export type Outcome = Result | { is: 'held' | 'cancelled'; reason: string }

/** A way to the outside. `idempotent`: the receiver tells repetitions by the key, so an unknown outcome is simply tried again. */
export interface Channel { idempotent: boolean; send(outgoing: Outgoing): Promise<Result> }

/** ready: waits for its time. held: kept back (its rule is off, or the tenant came back from a backup). sent_unknown: a person has to look. dead: given up, with the reason. */
export type OutboxState = 'ready' | 'held' | 'sent' | 'sent_unknown' | 'dead'
