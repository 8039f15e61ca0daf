import type { Actor, Cause, ToldTo } from '#kernel/access'
import type { ChangeEvent, FieldChanges } from '#kernel/changes'

/** Something to answer: a change of the log, or a timer that has come due (`timer` then names its rule or grading). */
export interface Event {
  /** change.seq, or the number that the timer took from the same sequence. */
  seq: number
  object: string
  record: string
  recordVersion: number
  kind: ChangeEvent | 'timer'
  fields: FieldChanges
  actor: Actor
  cause: Cause
  attempts: number
  /** change_seq as it stood when the event was taken. */
  position: number
  /** `at`: the instant of the schedule that found the record. */
  timer?: EventTimer
}

/** A timer that has come. */
export interface EventTimer {
  kind: 'deadline' | 'grade' | 'swept' | 'wait' | 'pressed' | 'ran' | 'pushed'
  name: string
  /** The member who pressed. */
  by?: number | undefined
  at?: string | undefined
  /** Of a wait: the event with which the run began, and in which of its branches it stands. */
  run?: number | undefined
  branch?: string | undefined
  /** The run of another rule that has ended. */
  after?: Ended | undefined
  /** Of a grade: not the record's own but those of the records that point to it by this field, behind one of them. */
  kin?: Kin | undefined
  /** What another system sent: its number, and what was taken from it by name. */
  pushed?: Pushed | undefined
}

export interface Kin { field: string; behind: string }

export interface Pushed { id: string; values?: PushedValues | undefined }
export type PushedValues = Readonly<Record<string, string | number | boolean>>

/** A run that has ended, and how far its chain has come. `event`: its last part. */
export interface Ended { rule: string; event: number; root: number; depth: number; budget?: number | undefined }

/** What a timer sets off: an event without a change. */
export function timerEvent({ seq, position, object, record, ...timer }: EventTimer & { seq: number; position: number; object: string; record: string }): Event {
  const { by, after, name } = timer
  const chain = after && { root: after.root, depth: after.depth, ...(after.budget !== undefined && { budget: after.budget }) }
  return { seq, position, object, record, recordVersion: 0, kind: 'timer', fields: {}, attempts: 0, actor: { kind: 'system', reason: 'timer' }, cause: { kind: 'timer', timer: name, ...(by !== undefined && { by }), ...((timer.kind === 'ran' || timer.kind === 'pushed') && { woke: timer.kind }), ...chain }, timer }
}

/** done: every action that applied was carried out. skipped: the rule held, and none applied. waiting: it has come to a wait; a further row goes on from there. */
export type RunStatus = 'done' | 'skipped' | 'waiting' | 'failed' | 'loop_stopped' | 'parked'

/** What an action did, in its own words; `why` says why it did nothing. */
export interface Done { why?: SkipReason; [detail: string]: unknown }
/** `on`: the record it worked on, where it is not the run's own. `path`: where it stands in a rule that has more than actions in a row. */
export interface Step extends Done { do: string; path?: string; on?: { object: string; id: string } }
export type SkipReason = 'no_target' | 'target_gone' | 'other_object' | 'guard' | 'no_change' | 'owner_moved' | 'nobody' | 'exists' | 'no_children' | 'no_recipient' | 'merged' | 'policy_off' | 'not_connected' | 'own_pause' | 'other_team' | 'by_hand' | 'failed'

/** What the decision read, so that it can be taken again exactly, at the run's instant (decision 8). Parents that were not there are absent. `times`: how often the same person had done it by then. */
export interface SeenKept { own: Record<string, unknown>; parents?: Record<string, SeenKept>; aggregates?: Readonly<Record<string, unknown>>; changes?: Record<string, unknown>; times?: number; /** The run of another rule that it answers. */ after?: Pick<Ended, 'rule' | 'event'>; pushed?: Pushed }

export interface RunDraft {
  event: number
  /** The rule's key, or `grading:<key>`. */
  rule: string
  version: number
  status: RunStatus
  object: string
  record: string
  seen: SeenKept | null
  steps: Step[]
  error: string | null
  attempts: number
  /** The event of the run's first part; absent: this is the first. */
  head?: number | undefined
}

/**
 * `schedule`, `segment`: records are looked for behind that one, and each becomes a `swept` one, or one to be graded; `armed`: deadlines of a rule that is new are set. `began`: when a look began that goes
 * on; `again`: all are looked at a second time, for those that were being written during the first.
 */
export interface TimerDraft { key: string; dueAt: Date; kind: EventTimer['kind'] | 'schedule' | 'segment' | 'armed'; payload: { object: string; record: string; began?: string | undefined; again?: true | undefined } & Omit<EventTimer, 'kind'> }
/** Before every other. */
export const NO_RECORD = '00000000-0000-0000-0000-000000000000'

/**
 * Where a run stands that has not ended; `branch`: where one of its branches stands, by its path, while the run itself (or the branch around it) waits for them as `join`.
 * `held`: its rule is off. `dismissed`: a branch that is not waited for any more. `go`: what a member said: go on, as if met, as if too late. `begin`: the branch has yet to begin.
 */
export interface WaitDraft { run: number; rule: string; branch: string; version: number; object: string; record: string; path: string; kind: 'time' | 'condition' | 'approval' | 'again' | 'begin' | 'join'; due: Date; state: 'waiting' | 'held' | 'failed' | 'cancelled' | 'dismissed'; go: 'on' | 'met' | 'late' | null; cause: { root: number; depth: number; budget?: number | undefined }; carries: Carried; since: Date }
/**
 * What a run takes along through its waits. `answered`: which way its last step went that goes two ways; `sides`: of branches that have come to their end, in
 * that order, while it waits for the others; `decided`: the word that was asked for where it
 * stands; `skipped`: steps that somebody has it pass over; `told`: who had it go on from there, and how; `off`: who called it off or dismissed it, `was`: how a branch stood that was dismissed, `with`: by its path, the one that was dismissed, it or one around it; `error`: why it failed.
 */
export interface Carried { answered?: Answered | undefined; sides?: readonly (Answered | null)[] | undefined; pushed?: Pushed | undefined; decided?: Decided | undefined; skipped?: readonly Skipped[] | undefined; told?: ToldBy | undefined; off?: number | null | undefined; was?: WaitDraft['state'] | undefined; with?: string | undefined; error?: string | undefined }
/** Which way a step went that goes two ways. */
export type Answered = 'yes' | 'no'
export interface Decided { way: 'approved' | 'refused'; by: number; reason: string | null }
export interface ToldBy { to: ToldTo; by: number | null }
export interface Skipped { path: string; by: number | null; reason: string }
/** A word that is asked for. `asked`: of these, and whoever stands in for them; `said`: what each of them was told. */
export interface ApprovalDraft { id: string; run: number; rule: string; version: number; path: string; object: string; record: string; asked: number[]; said: Record<string, { title: string; body: string }>; due: Date }
/** A run that stands somewhere; `branch` empty: itself, outside of all branches. */
export interface WaitPlace { run: number; rule: string; branch: string }
export const waitKey = ({ run, rule, branch }: WaitPlace): string => `wait:${run}:${rule}${branch && `:${branch}`}`
/** The same of a row of {t}.wait, and what its timer carries. */
export const waitKeySql = (row: string): string => `'wait:' || ${row}.run || ':' || ${row}.rule || case ${row}.branch when '' then '' else ':' || ${row}.branch end`
export const waitPayloadSql = (row: string): string => `jsonb_build_object('object', ${row}.object, 'record', ${row}.record, 'name', ${row}.rule, 'run', ${row}.run) || case ${row}.branch when '' then '{}' else jsonb_build_object('branch', ${row}.branch) end`
