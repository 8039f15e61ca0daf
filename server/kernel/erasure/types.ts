export interface RecordRef { object: string; id: string }

export type ErasureState = 'waiting' | 'agreed' | 'refused' | 'withdrawn' | 'done'

export interface Erasure extends RecordRef {
  /** Of the request. */
  no: string
  records: RecordRef[]
  everywhere: boolean
  reason: string | null
  askedBy: number
  askedAt: Date
  ip: string | null
  agent: string | null
  state: ErasureState
  decidedBy: number | null
  decidedAt: Date | null
  decision: string | null
  act: number | null
  counts: Counts | null
  trouble: string | null
  doneAt: Date | null
}

/** How much of each kind goes, or went. */
export interface Counts {
  /** Records that stand for the person. */
  records: number
  /** What was said and done about them: follow-ups, comments, behaviours. */
  about: number
  /** Changes and acts of the log whose values went. */
  changes: number
  acts: number
  /** Raw submissions. */
  submissions: number
  notices: number
  files: number
  /** Contact points, visitors and what they did before they had a name, rows of imports and exports. */
  traces: number
  /** Other places in which their phone, e-mail or name stood. */
  mentions: number
}
export const NO_COUNTS: Counts = { records: 0, about: 0, changes: 0, acts: 0, submissions: 0, notices: 0, files: 0, traces: 0, mentions: 0 }
