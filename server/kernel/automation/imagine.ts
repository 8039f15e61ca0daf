import { aggregateOver, needsOfChild, type AggregateNeed } from '#language/conditions'
import type { Actor, Cause, Context, MemberRow, Principal } from '#kernel/access'
import { Desk, type PublishedPolicy, type Roster } from '#kernel/assignment'
import type { FieldChanges } from '#kernel/changes'
import type { NoticeDraft, OutboxDraft } from '#kernel/delivery'
import type { OnShift, Pool, RecordImage, Values } from '#kernel/records'
import { actFor, drawUp, editsOf, wordingOf } from './batch.ts'
import { armAfter, timersFor, type Standing, type Timers } from './deadlines.ts'
import { decide } from './decide.ts'
import type { RepeatQuery } from './fetch.ts'
import { judge, seenBy, type Aggregate, type Facts } from './judge.ts'
import { Plan, type Edit } from './plan.ts'
import { pokeAfter } from './poking.ts'
import type { Program } from './program.ts'
import { regrade } from './regrade.ts'
import { waitKey, type Event, type RunDraft } from './types.ts'
import type { WaitQuery, WaitRow } from './waits.ts'
import { World, type ChildQuery } from './world.ts'

/** A tenant at one moment, in memory: whatever a rule may ask is at hand. */
export interface Stand {
  row(object: string, id: string): RecordImage | null
  /** What changed in a record after version `from` up to `to`, newest first. */
  later(id: string, from: number, to: number): FieldChanges[]
  /** Ids of the records whose field `via` points to this one, gone or not. */
  childrenOf(object: string, via: string, id: string): Iterable<string>
  /** The value of an aggregate, remembered for as long as it may hold; `work` works it out. */
  aggregate(id: string, need: AggregateNeed, now: Date, work: () => Aggregate): Aggregate
  fired(id: string, rule: string): ReadonlySet<number>
  episodes(id: string, rule: string): ReadonlySet<number>
  repeats(query: RepeatQuery): number
  readonly members: ReadonlyMap<number, MemberRow>
  principal(member: number): Principal | null
  roster(policies: readonly PublishedPolicy[], now: Date): Roster
  pools(object: string): readonly Pool[]
  /** Whom the shifts of an object name at an instant (ms). */
  shifts(object: string, at: number): readonly OnShift[]
  /** Where a run and its branches stand; none: it has ended. */
  waits(query: WaitQuery): readonly WaitRow[]
  /** The id of a record that is made: as history has it, where it was made then too. */
  newId(event: Event, object: string, nth: number): string
}

/** What a record becomes; `before` null: it is made. */
export interface Imagined { object: string; id: string; before: RecordImage | null; values: Values }
export interface Answer { edits: Imagined[]; runs: RunDraft[]; notices: NoticeDraft[]; outbox: OutboxDraft[]; timers: Timers; episodes: Plan['episodes']; /** What somebody is asked for their word about. */ approvals: Plan['approvals']; /** Runs that wait, those that do no longer, and records at which something has changed that runs may wait for. */ waits: Plan['waits']; ended: Plan['ended']; poked: Plan['poked']; actor: Actor; cause: Cause }

/** What the rules would do about one event, by the engine's own code, on a stand in memory. Nothing is read from the database or written. */
export function imagine(ctx: Context, program: Program, stand: Stand, event: Event): Answer {
  const world = new ImaginedWorld(ctx, stand)
  for (;;) {
    const plan = new Plan(world, program, false)
    decide(plan, event, { barred: new Map() })
    armAfter(plan, event)
    pokeAfter(plan, event)
    regrade(plan, [event], { barred: new Map() })
    const { policies } = plan.grip
    if (policies.size === 0) return answerOf(plan, event, stand)
    world.desk = new Desk(stand.roster([...policies], ctx.now), ctx.metadata)
  }
}

/** What the rules would do about a whole batch, and how the write path would be told of it. */
export type BatchAnswer = Pick<Plan, 'runs' | 'episodes' | 'waits' | 'ended'> & ReturnType<typeof wordingOf>

/** As `imagine`, for the events that the engine answers together. `policies`: those that will be asked for, as far as the caller can guess; it learns of others. */
export function imagineBatch(ctx: Context, program: Program, stand: Stand, { events, policies }: { events: readonly Event[]; policies: Set<PublishedPolicy> }): BatchAnswer {
  const world = new ImaginedWorld(ctx, stand)
  for (;;) {
    if (policies.size > 0) world.desk = new Desk(stand.roster([...policies], ctx.now), ctx.metadata)
    const plan = drawUp(world, program, { events, limits: { barred: new Map() } }, false)
    const { runs, episodes, waits, ended, grip } = plan
    if (grip.policies.size === 0) return { runs, episodes, waits, ended, ...wordingOf(plan, editsOf(plan)) }
    for (const policy of grip.policies) policies.add(policy)
  }
}

function answerOf(plan: Plan, event: Event, stand: Stand): Answer {
  const edits = editsOf(plan)
  return {
    edits: edits.map((edit) => imaginedOf(edit, stand)), runs: plan.runs, notices: plan.notices, outbox: plan.outbox, episodes: plan.episodes, waits: plan.waits, approvals: plan.approvals, ended: plan.ended, poked: plan.poked, timers: timersOf(plan, edits, stand),
    ...actFor(event, edits, plan.runs),
  }
}

function imaginedOf({ row, values, owner, addTags, removeTags }: Edit, stand: Stand): Imagined {
  const { object, id, born } = row
  const keys = [...Object.keys(values), ...(owner === undefined ? [] : ['owner']), ...(addTags.size + removeTags.size > 0 ? ['tags'] : [])]
  const written = born ? row.values : Object.fromEntries(keys.map((key) => [key, row.values[key] ?? null]))
  return { object, id, before: born ? null : stand.row(object, id), values: written }
}

function timersOf({ program, ctx, armed, timers, ended }: Plan, edits: readonly Edit[], stand: Stand): Timers {
  const standing = new Map(edits.map(({ row: { object, id, values, gone, born } }): [string, Standing] => [id, { object, id, values, gone, before: born ? {} : (stand.row(object, id)?.values ?? {}) }]))
  for (const { object, id, values, gone } of armed) standing.set(id, { object, id, values, gone, before: undefined })
  const { set, lift } = timersFor(program, ctx, standing.values())
  return { set: [...set, ...timers], lift: [...lift, ...ended.map(waitKey)] }
}

/** A world that knows everything at once. */
class ImaginedWorld extends World implements Facts {
  readonly #stand: Stand
  constructor(ctx: Context, stand: Stand) {
    super(ctx)
    this.#stand = stand
    this.members = stand.members
  }

  override row(object: string, id: string): RecordImage | null { return this.#stand.row(object, id) }
  override newId(event: Event, object: string, nth: number): string { return this.#stand.newId(event, object, nth) }
  override waits(query: WaitQuery): readonly WaitRow[] { return this.#stand.waits(query) }
  override shifts(object: string, at: number): readonly OnShift[] { return this.#stand.shifts(object, at) }
  override pools(object: string): readonly Pool[] { return this.#stand.pools(object) }
  override later(id: string, from: number, to: number): FieldChanges[] { return this.#stand.later(id, from, to) }
  override principal(member: number): Principal | null { return this.#stand.principal(member) }
  override fired(id: string, rule: string): ReadonlySet<number> { return this.#stand.fired(id, rule) }
  override episodes(id: string, rule: string): ReadonlySet<number> { return this.#stand.episodes(id, rule) }
  override repeats(query: RepeatQuery): number { return this.#stand.repeats(query) }

  override aggregate(_object: string, id: string, need: AggregateNeed): Aggregate {
    return this.#stand.aggregate(id, need, this.ctx.now, () => this.#overChildren(id, need))
  }

  #overChildren(id: string, need: AggregateNeed): Aggregate {
    const { object, via } = need.node.relation
    const needs = needsOfChild(need)
    return aggregateOver(need, this.#living(object, via.key, id).map((child) => ({ id: child.id, image: child.values, seen: seenBy(needs, child, this)! })), this.at)
  }

  override children({ object, via, where, order, behind = '', limit }: ChildQuery, _of: string, id: string): readonly string[] {
    const sign = { newest: -1, oldest: 1, id: 0 }[order]
    const met = this.#living(object, via, id).filter((child) => child.id > behind && (where === null || judge(where, child, { facts: this, at: this.at, dry: false })))
    return met.sort((a, b) => sign * (a.createdAt.getTime() - b.createdAt.getTime()) || (a.id < b.id ? -1 : 1)).slice(0, limit).map((child) => child.id)
  }

  #living(object: string, via: string, id: string): RecordImage[] {
    const found: RecordImage[] = []
    for (const child of this.#stand.childrenOf(object, via, id)) {
      const row = this.#stand.row(object, child)
      if (row && !row.gone) found.push(row)
    }
    return found
  }
}
