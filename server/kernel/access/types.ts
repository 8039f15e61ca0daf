import type { AdminRight, CauseKind, FieldKind, ObjectAction, Pooling, ReadState, Scenario } from '#language/definitions'
import type { Tenant, Tx } from '#platform/db'
import type { Metadata } from '#kernel/metadata'

/** Who does something. Nobody is anonymous. */
export type Actor =
  | { kind: 'member'; id: number }
  | { kind: 'rule'; key: string; event: number; depth: number }
  | { kind: 'source'; form: string }
  | { kind: 'system'; reason: string }

export type Woke = 'approved' | 'refused' | 'met' | 'told' | 'joined' | 'begun' | 'ran' | 'pushed'
/** What somebody decided about a run that goes on by it: not to wait any more, as if what it waits for had come or its time were over, to try it again, or without one of its steps. */
export type ToldTo = 'go' | 'met' | 'late' | 'retry' | 'skip'
/** Because of what: kept in every act, read by triggers (decision 5) and by "why". */
export interface Cause {
  kind: CauseKind | 'undo' | 'erasure' | 'backfill' | 'upgrade' | 'definition'
  /** The change that a rule answered, the rule, and the first change of the chain. */
  event?: number
  rule?: string
  /** All rules that wrote some of this act, when it was more than one. */
  rules?: readonly string[]
  root?: number
  depth?: number
  /** Changes that the chain may still bring about from here. */
  budget?: number
  form?: string
  timer?: string
  /** The member who pressed a rule's button. */
  by?: number
  /** What a rule goes on by that was not for the clock alone to bring: somebody's word (`word`: whose), what was waited for, a decision about the run (`told`: which, `word`: whose), its branches, the end of another rule, what was sent. */
  woke?: Woke
  word?: number
  told?: ToldTo
  /** The act that this one takes back. */
  undoOf?: number
  /** The import that brought it in; `quiet`: its importer wants no rule to answer. */
  import?: string
  quiet?: true
  /** … or wants each of its records answered at once, not when nothing else waits. */
  atOnce?: true
}

export interface MemberFacts {
  id: number
  name: string
  roles: readonly string[]
  /** Main team first; then further ones and those they head. */
  teams: readonly number[]
  /** Own teams and all below them. */
  teamTree: readonly number[]
  supervisor: number | null
  /** Those who are away now and whose work this member does meanwhile. */
  standsFor: readonly number[]
  rights: ReadonlySet<AdminRight>
}
/** Whose rights are used: a member's, or the kernel's own on behalf of a named actor (rules, intake, system). */
export type Principal = { kind: 'member'; member: MemberFacts; pool?: PoolSight } | { kind: 'kernel' }
/** Looking into one pool: of its object, the records that wait in it are seen, and of them what the pool shows. */
export interface PoolSight { id: string; pooling: Pooling }

export interface RequestFacts { id: string; ip: string | null; agent: string | null; idempotencyKey?: string | undefined; lang: 'zh' | 'en'; /** What the request is about; absent: looking and writing at a screen. */ scenario?: Scenario }

/** The world as it is handed in to one piece of work. */
export interface Context {
  tenant: Tenant
  tx: Tx
  now: Date
  metadata: Metadata
  principal: Principal
  actor: Actor
  cause: Cause
  request: RequestFacts | null
  /** Of edits of members and teams that belong together: the act, which stands already. */
  joins?: number
}

/** What is a parameter for one member, as it is for any. */
export type Fact = (member: MemberFacts) => unknown

/** Collects the parameters of one statement; `add` gives back `$n` with a cast when a PostgreSQL type is named. */
export interface Params {
  values: unknown[]
  /** Which of them are facts about the reader, by their place. */
  facts: [place: number, fact: Fact][]
  /** `fact`: by which the value follows from who reads; a value that does so and names none is told to others too. */
  add(value: unknown, pgType?: string, fact?: Fact): string
  /** Where what policies ask of a row is answered beside it, see `asking`: the collector it was made from, the number of a question and its name. */
  base?: Params
  noOf?(sql: string): number
  nameOf?(sql: string): string
}

/** What policies ask of each row of a statement, collected while its columns are written. `beside` and `columns` are read afterwards. */
export interface Asked {
  params: Params
  /** What stands behind the table whose rows are asked. */
  beside(): string
  columns(): string[]
  /** Of one row that was read. */
  answers(row: Readonly<Record<string, unknown>>): Answers
}
/** What was asked beside a row and is true of it, thirty questions to a number. */
export type Answers = readonly number[]

export interface LensField {
  key: string
  /** Neither full nor hidden: masked, not written after creation. `varies`: policies decide it record by record, see there. */
  read: ReadState | 'varies'
  write: boolean
  /** `tags` is a base column; anyReference has a second column, see `objectColumn`. */
  kind: FieldKind | 'tags'
  /** SQL of the effective value for the row `alias`; `NULL` when hidden. The only way a statement may name this field. */
  column(alias: string, params: Params): string
  varies?: Variance
  /** The clock changes it: it is worked out while reading. */
  moves?: true
  /** anyReference: SQL of the target's object. */
  objectColumn?(alias: string, params: Params): string
  /** Text that is searched: SQL of the initials of its pinyin, with the field's own rights. */
  initials?(alias: string): string
  /** The effective value of a stored one: what `column` gives, for values at hand (the log, an image). `state`: of the record, where it varies; without it, the least. */
  see(value: unknown, state?: ReadState): unknown
}

/** What policies say about a field of the row `alias`, as SQL. */
export interface Variance {
  /** The read state, as text. */
  state(place: Place): string
  /** Hidden, and it looks empty; absent where nothing is hidden so. */
  secret?(place: Place): string
  /** Not known to be hidden; in full. */
  visible(place: Place): string
  whole(place: Place): string
  /** Full or hidden, nothing between: `raw` may stand where `visible` guards it. */
  bare: boolean
  /** What is read where, hidden apart: one of them at most holds in a row. */
  cases(place: Place): { when: string; sql: string }[]
  /** State and right to change by the answers to what is asked beside the row; `place` is one of `asking`. */
  judged(place: Place): (answers: Answers) => { read: ReadState; write: boolean }
  raw(alias: string): string
  /** It may be changed; it may be given to a new record. */
  writable(place: Place): string
  given(place: Place): string
}
/** `born`: the row has just been created by this principal, who stands to it as its owner does. */
export interface Place { alias: string; params: Params; born?: true }
/** What may be done with a row: the actions of roles, and saying with whom it is shared. */
export type RowAction = ObjectAction | 'share'

/** What one principal may see and write of one object. Every read and write goes through it. */
export interface Lens {
  object: string
  /** Stands for the lenses of all who are told the same in the same words, own facts apart; null: nobody else is. */
  kin: object | null
  /** Changes whenever what it lets through changes: part of cursors, versions and subscriptions. */
  version: string
  can(action: ObjectAction): boolean
  /** Predicate for the rows that `action` reaches (deleted rows excluded), to be ANDed; `FALSE` when none. */
  rows(action: RowAction, alias: string, params: Params): string
  /** `rows` for reading as predicates that exclude each other, where each of them can follow an index of its own (`byCreation`: in order of creation); else `rows` alone. */
  ways(alias: string, params: Params, byCreation: boolean): readonly string[]
  /** As `rows`, deleted rows included. */
  reach(action: RowAction, alias: string, params: Params): string
  /** What a record that this principal has just created must be like, where the right to create does not say it all; else null. */
  birth(alias: string, params: Params): string | null
  /** Undefined when the field does not exist OR is hidden: both give the same refusal. */
  field(key: string): LensField | undefined
  readonly readable: readonly LensField[]
  /** Readable fields whose state differs from record to record. */
  readonly varying: readonly LensField[]
  readonly writable: ReadonlySet<string>
  /** What may be given to a new record: also what is masked afterwards. */
  readonly enterable: ReadonlySet<string>
}
