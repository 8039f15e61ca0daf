import type { Form } from '#language/definitions'
import type { Refusal } from '#contract'

/** What arrived at the door, not yet understood. */
export interface Submission {
  form: Form
  /** Submitted names and values, as decoded from JSON or a form-encoded body. */
  body: Readonly<Record<string, unknown>>
  /** The body exactly as it came. */
  raw: string
  contentType: string | null
  ip: string | null
  /** Province code of the address, null when unknown. */
  ipRegion: string | null
  agent: string | null
  request: string
  lang: 'zh' | 'en'
}

export type IntakeStatus = 'created' | 'joined' | 'quarantined'
export interface IntakeAnswer {
  /** The record, or for a quarantined submission the number under which it is kept. */
  id: string
  status: IntakeStatus
  /** The record had been closed or given back and is open again. */
  reopened?: true
  /** Why it waits for a person. */
  reason?: string
}
export type IntakeResult = { ok: true; answer: IntakeAnswer } | { ok: false; refusal: Refusal }
