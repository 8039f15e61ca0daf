import type { Context } from '#kernel/access'
import type { Decision, Desk, Hands, PublishedPolicy } from '#kernel/assignment'
import type { NoticeDraft, OutboxDraft } from '#kernel/delivery'
import type { RecordImage, Values } from '#kernel/records'
import { aggregateOver, type AggregateNeed, type BindContext } from '#language/conditions'
import type { Verdict } from './gradings.ts'
import type { Aggregate, Facts } from './judge.ts'
import type { Program } from './program.ts'
import type { ApprovalDraft, Done, Event, RunDraft, TimerDraft, WaitDraft, WaitPlace } from './types.ts'
import { askAggregate, upsert, type ChildQuery, type World } from './world.ts'

/** A record as the plan leaves it. `owner` stands in `values` too. */
export interface Row {
  object: string
  id: string
  recordVersion: number
  gone: boolean
  values: Values
  /** Made by this plan. */
  born: boolean
  /** Counts the effects on it. */
  touched: number
}

/** What one event does to one record. `by`, `at`: which rule wrote a field last, in which of its steps, for the blame of a refusal; `writers`: all that wrote, whose act it is. */
export interface Edit { event: Event; row: Row; values: Values; owner?: number | null; decision?: Decision; addTags: Set<string>; removeTags: Set<string>; by: Map<string, string>; at: Map<string, string>; writers: Set<string> }

/** What is needed under lock, found by a dry plan. */
export interface Grip { rows: Map<string, Set<string>>; policies: Set<PublishedPolicy>; owners: Set<number> }
export const openGrip = (): Grip => ({ rows: new Map(), policies: new Set(), owners: new Set() })

/**
 * Effects of a batch, in memory: built anew from the world by every pass, thrown away by all but the last.
 * A dry plan takes whatever it cannot know to be favourable and only finds out what has to be locked.
 */
export class Plan implements Facts {
  readonly ctx: Context
  readonly world: World
  readonly program: Program
  readonly dry: boolean
  readonly at: BindContext
  readonly desk: Desk | null
  /** In the order in which they came about. */
  readonly edits = new Map<string, Edit>()
  readonly runs: RunDraft[] = []
  readonly notices: NoticeDraft[] = []
  /** `member event rule kind` that is told. */
  readonly told = new Set<string>()
  readonly outbox: OutboxDraft[] = []
  readonly numbered: { step: Done; decision: Decision }[] = []
  /** `rule root record` that ran in this plan. */
  readonly fired = new Set<string>()
  /** Records whose deadlines are set anew. */
  readonly armed = new Set<Row>()
  readonly timers: TimerDraft[] = []
  /** Runs that wait, and those that do no longer. */
  readonly waits: WaitDraft[] = []
  /** What somebody is asked for their word about. */
  readonly approvals: ApprovalDraft[] = []
  readonly ended: WaitPlace[] = []
  /** Records at which something has changed that runs may wait for. */
  readonly poked = new Set<string>()
  /** Deadlines that have come. */
  readonly episodes: { rule: string; record: string; at: Date }[] = []
  /** The last verdict of a grading on a record, and what had been done to it by then. */
  readonly graded = new Map<string, { verdict: Verdict; touched: number }>()
  readonly grip: Grip = openGrip()
  #rows = new Map<string, Row>()

  constructor(world: World, program: Program, dry: boolean) {
    this.ctx = world.ctx
    this.world = world
    this.program = program
    this.dry = dry
    this.at = world.at
    this.desk = world.desk?.fork() ?? null
  }

  /** The record with the effects so far; null when there is none. */
  row(object: string, id: string): Row | null | undefined {
    const known = this.#rows.get(id)
    if (known) return known
    const image = this.world.row(object, id)
    if (!image) return image
    const row = rowOf(image)
    this.#rows.set(id, row)
    return row
  }

  /** A dry plan only promises: what stands before the locks is of no use. Of a record that this plan makes nothing is stored that could hang on it. */
  aggregate(object: string, id: string, need: AggregateNeed): Aggregate | undefined {
    if (this.#rows.get(id)?.born) return aggregateOver(need, [], this.at)
    return this.dry ? askAggregate(this.world.promised, { object, id, need }) as undefined : this.world.aggregate(object, id, need)
  }

  /** Living children as stored, then those that this plan made. Filter them again: their values may have moved. */
  children(query: ChildQuery, parent: Row): Row[] | undefined {
    const stored = parent.born ? [] : this.world.children(query, parent.object, parent.id)
    const rows = stored?.map((id) => this.row(query.object, id))
    if (!rows || rows.includes(undefined)) return undefined
    const born = [...this.#rows.values()].filter(({ born: made, object, values }) => made && object === query.object && pointsTo(values[query.via], parent.id))
    return [...(rows as (Row | null)[]).filter((row) => row !== null && !row.gone), ...born] as Row[]
  }

  /** The edit of this event on this record, and the promise that it will be locked. */
  edit(event: Event, row: Row): Edit {
    this.hold(row)
    return upsert(this.edits, `${event.seq} ${row.id}`, () => ({ event, row, values: {}, addTags: new Set<string>(), removeTags: new Set<string>(), by: new Map<string, string>(), at: new Map<string, string>(), writers: new Set<string>() }))
  }

  hold({ born, object, id }: Row): void {
    if (!born && !this.world.locked.has(id)) upsert(this.grip.rows, object, () => new Set<string>()).add(id)
  }

  /** The load of the record's owner may move. */
  holdOwner({ object, values }: Row): void {
    if (typeof values['owner'] === 'number' && this.ctx.metadata.objects.get(object)?.load) this.grip.owners.add(values['owner'])
  }

  /** Whose a record is, for the desk; null where there is none, or what is done does not matter to it. */
  hands(row: Row, key: string): Hands | null {
    if (!this.desk || (key !== 'owner' && !this.program.movesLoad(row.object, key))) return null
    return { owner: (row.values['owner'] as number | null | undefined) ?? null, counts: this.program.counts(row, this.at) }
  }

  /** What was done to a record is seen by whatever is assigned after it. */
  pass(row: Row, key: string, before: Hands | null): void {
    const after = this.hands(row, key)
    if (before && after) this.desk!.follow(row, before, after)
  }

  create(event: Event, object: string, { values, owner, by, at }: { values: Values; owner: number | null; by: string; at?: string | undefined }): Row {
    const row: Row = { object, id: this.world.newId(event, object, this.#born(object)), recordVersion: 0, gone: false, born: true, touched: 0, values: { ...this.#defaults(object), ...values, ...(owner !== null && { owner }), created_at: this.ctx.now.toISOString() } }
    this.#rows.set(row.id, row)
    this.holdOwner(row)
    this.pass(row, 'owner', { owner: null, counts: false })
    const edit = this.edit(event, row)
    Object.assign(edit.values, values)
    edit.owner = owner
    edit.by.set('', by)
    edit.writers.add(by)
    if (at !== undefined) edit.at.set('', at)
    return row
  }

  #born(object: string): number {
    let born = 0
    for (const { row } of this.edits.values()) if (row.born && row.object === object) born++
    return born
  }

  /** What the write path will fill in, so that conditions in this batch already see it. */
  #defaults(object: string): Values {
    const { now, metadata } = this.ctx
    const fields = [...(metadata.objects.get(object)?.field.values() ?? [])].filter((field) => field.default !== undefined && !(typeof field.default === 'object' && 'me' in field.default))
    return Object.fromEntries(fields.map(({ key, kind, default: given }) => [key, typeof given !== 'object' ? given : kind === 'date' ? this.world.today : now.toISOString()]))
  }
}

const rowOf = ({ object, id, recordVersion, gone, values }: RecordImage): Row => ({ object, id, recordVersion, gone, born: false, touched: 0, values: { ...values } })

export const pointsTo = (value: unknown, id: string): boolean => value === id || (typeof value === 'object' && value !== null && (value as { id?: string }).id === id)
