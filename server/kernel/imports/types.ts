import type { FieldKind, Label } from '#language/definitions'
import type { Values } from '#kernel/records'

export type ImportState = 'draft' | 'checking' | 'checked' | 'running' | 'done' | 'cancelled' | 'failed' | 'undoing' | 'undone'
/** What becomes of rows whose key a record has already. */
export type Duplicates = 'skip' | 'update' | 'create'
/** Who answers for new records: the importer, whom the column of the file names (the importer where it is empty), whom a policy chooses, or nobody yet. */
export type OwnerFrom = 'me' | 'column' | 'policy' | 'nobody'
/** `key`: the field by which a row is recognised; null: every row is new. `rules`: rules that take part in imports answer. */
export interface ImportOptions { duplicates: Duplicates; key: string | null; owner: OwnerFrom; policy: string | null; rules: boolean; /** Each row is answered at once, not when nothing else waits. */ atOnce?: boolean | undefined }
/** Field of each column; null: the column is left aside. */
export type ColumnMapping = readonly (string | null)[]

export type Outcome = 'create' | 'update' | 'skip' | 'refuse'
/** Why, in the importer's language. `head`: of the column; null: the row as a whole. */
export interface Reason { head: string | null; text: string }
export interface Tally { created: number; updated: number; skipped: number; refused: number }

export interface Import extends Tally {
  id: string
  object: string
  member: number
  at: Date
  file: string
  format: 'xlsx' | 'csv'
  heads: readonly string[]
  rows: number
  mapping: ColumnMapping
  options: ImportOptions
  facts: ImportFacts
  state: ImportState
  reached: number
  handled: number
  acts: readonly number[]
  undone: number
  reverted: number
  kept: number
  trouble: string | null
  begunAt: Date | null
  endedAt: Date | null
  undoneBy: number | null
  undoneAt: Date | null
}
/** From where it was begun, and in which language its reasons are written. */
export interface ImportFacts { id: string; ip: string | null; agent: string | null; lang: 'zh' | 'en' }

export interface ImportRow { n: number; cells: readonly string[] }
export interface KeptRow extends ImportRow { outcome: Outcome | null; record: string | null; reasons: readonly Reason[] | null; kept: { fields: readonly string[]; text: string } | null }

/** A field that a column may fill. `owner` and `tags` stand among them. */
export interface ImportField { key: string; label: Label; kind: FieldKind | 'tags'; required: boolean; unique: boolean; dictionary?: string | undefined; to?: string | readonly string[] | undefined; help?: Label | undefined }

/** A row as it is meant: values by field, or why they cannot be read. */
export interface ReadRow { n: number; values: Values; owner?: number | undefined; tags?: readonly string[] | undefined; reasons: readonly Reason[] }
/** What becomes of it. `id`: of the record that is made, changed or was found. */
export interface Planned extends ReadRow { outcome: Outcome; id: string | null }
