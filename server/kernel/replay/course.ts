import type { BindContext } from '#language/conditions'
import type { Actor, Cause, Context, Principal } from '#kernel/access'
import type { PublishedPolicy, Roster } from '#kernel/assignment'
import { imagine, programOf, scheduleOf, timerEvent, type CompiledRule, type Answer, type Event, type Program, type Stand, type TimerDraft, type WaitRow } from '#kernel/automation'
import { eventOf, type FieldChanges } from '#kernel/changes'
import type { Pool, RecordImage } from '#kernel/records'
import { ids } from '#platform/db'
import { Twins, type Cast, type Following } from './cast.ts'
import { effectsOf, type Effect } from './effects.ts'
import type { Fact, Ledger } from './ledger.ts'
import { Looking } from './looking.ts'
import { Loads } from './loads.ts'
import { Reads, Recall, Recent, sameRoster, stillStands } from './recall.ts'
import { Timers, windingOf, woundObjects } from './timers.ts'
import { into, Waits, type Fired } from './waits.ts'

/** Timers and follow-ups take their numbers here, far beyond the log. */
const FIRST_NUMBER = 2 ** 51
const NONE: ReadonlySet<number> = new Set()

/**
 * One imagined course of events: what people, forms and imports did is taken as it was, what rules do is decided anew, by the engine's own code,
 * on records in memory. Nothing leaves it. A course that follows another takes over every answer that looked at nothing but what stands the same here.
 */
export class Course extends Looking implements Stand {
  readonly #tell: (effect: Effect) => void
  /** Runs by rule and how they ended. */
  readonly runs = new Map<string, number>()
  answered = 0
  readonly recall = new Recall()
  readonly #following: Following | null
  readonly #cast: Cast
  readonly #ctx: Context
  readonly #program: Program
  readonly #timers = new Timers()
  readonly #loads: Loads
  readonly #episodes = new Map<string, Set<number>>()
  readonly #waits = new Waits()
  readonly #twins: Twins
  /** Of the chain that is being answered. */
  #fired: Fired = new Map()
  #recent = new Recent()
  #chain = ''
  #apart = false
  #numbers = FIRST_NUMBER

  constructor(ctx: Context, ledger: Ledger, { cast, tell, following = null }: { cast: Cast; tell: (effect: Effect) => void; following?: Following | null }) {
    super(ctx.metadata, ledger)
    this.#ctx = ctx
    this.#program = programOf(ctx.metadata)
    this.#cast = cast
    this.#tell = tell
    this.#following = following
    this.#twins = new Twins(cast.twins)
    this.#loads = new Loads({ metadata: ctx.metadata, program: this.#program, zone: ctx.tenant.zone, rows: () => ledger.rows() }, cast)
    if (following) this.#numbers *= 2
  }

  /** By `kind member`. */
  get loads(): ReadonlyMap<string, number> { return this.#loads.held }
  get records(): number { return this.ledger.size }
  get members(): Cast['members'] { return this.#cast.members }

  /** Loads, deadlines and windows as they stand when the course begins. */
  begin(at: Date): void {
    const { rewinds, course } = this.#following ?? {}
    if (course) this.#timers.takeOver(course.#timers, ({ payload: { name } }) => !rewinds!.has(name))
    const winding = woundObjects(this.#program, this.#ctx.metadata, rewinds)
    for (const [key, rule] of this.#program.rules) if (!rewinds || rewinds.has(key)) this.#schedule(rule, at)
    for (const row of this.ledger.rows()) {
      this.#loads.count(null, row, at, false)
      if (winding.has(row.object) && !row.gone) this.#wind(row, at)
    }
  }

  /** Time goes by: what comes due is answered. */
  pass(to: Date): void {
    for (let timer; (timer = this.#timers.take(to)); ) this.#ring(timer)
  }

  /** What somebody did, and what rules do about it. `seq`: the place of each change in the log. */
  happen(facts: readonly (Fact & { seq: number })[], { actor, cause }: { actor: Actor; cause: Cause }): void {
    const { at } = facts[0]!
    this.recall.clear()
    this.pass(at)
    this.#open()
    const events = facts.flatMap((fact) => this.#take(fact, { seq: fact.seq, actor, cause }, { path: `${fact.seq}`, shared: true }) ?? [])
    for (const event of events.filter(({ object, kind, fields }) => kind !== 'timer' && this.#ctx.metadata.listens(object, kind, Object.keys(fields)))) this.#answer(event, at, { chain: `${event.seq}`, path: `${event.seq} ${at.getTime()}` })
  }

  principal(member: number): Principal | null { return this.#cast.principals.get(member) ?? null }
  pools(object: string): readonly Pool[] { return this.#cast.pools.get(object) ?? [] }
  fired(id: string, rule: string): ReadonlySet<number> { return this.#fired.get(`${rule} ${id}`) ?? NONE }
  episodes(id: string, rule: string): ReadonlySet<number> { return this.#episodes.get(`${rule} ${id}`) ?? NONE }
  wait(query: Parameters<Stand['wait']>[0]): WaitRow | null { return this.#waits.row(query) }
  repeats(query: Parameters<Stand['repeats']>[0]): number { return this.#cast.repeats(query) }
  later(id: string, from: number, to: number): FieldChanges[] { return this.#recent.later(id, from, to) }

  newId(_event: Event, object: string, nth: number): string {
    return this.#twins.of(this.#chain, object, nth) ?? ids.next()
  }

  roster(policies: readonly PublishedPolicy[], now: Date): Roster { return (this.reads.roster = this.#loads.roster(policies, now)) }

  #wind(row: RecordImage, at: Date): void {
    const { timers } = imagine(this.#at(at), this.#program, this, windingOf(row))
    for (const timer of timers.set) if (timer.dueAt > at) this.#timers.set(timer)
    this.reads = new Reads()
  }

  #schedule(rule: CompiledRule, at: Date): void {
    const timer = scheduleOf(this.#at(at), rule)
    if (timer) this.#timers.set(timer)
  }

  /** What own fields do not rule out is asked; the engine decides. */
  #sweep({ dueAt, payload: { object, name } }: TimerDraft): void {
    const rule = this.#program.rules.get(name)
    if (!rule) return
    this.#schedule(rule, dueAt)
    const at: BindContext = { me: null, myTeams: [], now: dueAt, zone: this.#ctx.tenant.zone, calendar: this.#ctx.metadata.calendar }
    const found = [...this.ledger.rows()].filter((row) => row.object === object && !row.gone && rule.condition.possible(row.values, {}, at))
    for (const { id } of found) this.#ring({ key: '', kind: 'swept', dueAt, payload: { object, record: id, name, at: dueAt.toISOString() } })
  }

  #ring(timer: TimerDraft): void {
    if (timer.kind === 'schedule') return this.#sweep(timer)
    // Nothing that rules do sets one; who pressed what is not in the log of changes.
    if (timer.kind === 'segment' || timer.kind === 'pressed' || timer.kind === 'pushed') return
    const { kind, dueAt, key, payload } = timer
    const { record, name } = payload
    this.#open()
    const waiting = kind === 'wait' ? this.#waits.wake(key, dueAt) : undefined
    if (waiting) this.#fired = waiting.fired
    const path = `${kind === 'wait' || kind === 'ran' ? key : `${name} ${record}`} ${dueAt.getTime()}`
    // The number that it has in the course before, so that a chain that both share has one beginning.
    const seq = this.#following?.course.recall.answers.get(path)?.event.seq ?? this.#numbers++
    const event = timerEvent({ seq, position: 0, kind, ...payload })
    this.#answer(event, dueAt, { chain: waiting?.chain ?? `${name} ${record}`, path })
  }

  #answer(first: Event, at: Date, { chain, path }: { chain: string; path: string }): void {
    this.#chain = chain
    this.#apart = false
    const waiting = [{ event: first, path }]
    for (let next; (next = waiting.shift()); ) {
      this.answered++
      const taken = this.#taken(next.event, next.path, at)
      const answer = taken ?? this.#decided(next.event, next.path, at)
      this.#note(answer, next.event, at)
      waiting.push(...this.#write(answer, at, { path: next.path, shared: taken !== undefined }))
    }
  }

  /** The answer of the course before, where it looked at the same. */
  #taken(event: Event, path: string, at: Date): Answer | undefined {
    if (!this.#following || this.#apart) return undefined
    const { course, concerns } = this.#following
    const known = course.recall.answers.get(path)
    if (known && !concerns(event) && this.#standsFor(known.reads, at)) return known.answer
    this.#apart = true
    return undefined
  }

  #standsFor(reads: Reads, at: Date): boolean {
    return stillStands(reads, this.ledger) && (reads.roster === null || sameRoster(reads.roster, this.roster([...reads.roster.candidates.keys()].map((key) => this.#ctx.metadata.assignmentPolicies.get(key)!), at)))
  }

  #decided(event: Event, path: string, at: Date): Answer {
    this.reads = new Reads()
    const answer = imagine(this.#at(at), this.#program, this, event)
    if (!this.#following) this.recall.answers.set(path, { event, answer, reads: this.reads })
    return answer
  }

  #note({ runs, episodes, waits, ended, poked }: Answer, { cause, seq }: Event, at: Date): void {
    for (const run of runs) {
      this.runs.set(`${run.rule} ${run.status}`, (this.runs.get(`${run.rule} ${run.status}`) ?? 0) + 1)
      for (const effect of effectsOf(run, at.getTime())) this.#tell(effect)
      into(this.#fired, `${run.rule} ${run.record}`, cause.root ?? seq)
    }
    for (const wait of waits) this.#waits.keep(wait, { chain: this.#chain, fired: this.#fired, at })
    for (const each of ended) this.#waits.end(each)
    for (const timer of this.#waits.poke(poked, at)) this.#timers.set(timer)
    for (const { rule, record, at: due } of episodes) into(this.#episodes, `${rule} ${record}`, due.getTime())
  }

  #write({ edits, timers, actor, cause }: Answer, at: Date, { path, shared }: { path: string; shared: boolean }): { event: Event; path: string }[] {
    const events = edits.flatMap(({ object, id, before, values }, i) => {
      if (before === null) this.#twins.use(this.#chain, object)
      const fields = Object.fromEntries(Object.entries(values).map(([key, value]) => [key, [before?.values[key] ?? null, value] as const]))
      const event = this.#take({ object, record: id, version: before === null ? 1 : 2, fields, at, actor }, { seq: this.#numbers++, actor, cause }, { path: `${path}/${i}`, shared })
      return event ? [{ event, path: `${path}/${i}` }] : []
    })
    for (const timer of timers.set) this.#timers.set(timer)
    for (const key of timers.lift) this.#timers.lift(key)
    return events.filter(({ event: { object, kind, fields } }) => kind !== 'timer' && this.#program.answering.listens(object, kind, Object.keys(fields)))
  }

  /** Carries a change and tells what it is to the engine; undefined where nothing changes. */
  #take(fact: Fact, { seq, actor, cause }: Pick<Event, 'seq' | 'actor' | 'cause'>, { path, shared }: { path: string; shared: boolean }): Event | undefined {
    const told = shared ? this.#following?.course.recall.carried.get(path) : undefined
    const carried = told && told.before === this.ledger.get(fact.record) ? this.ledger.adopt(told) : this.ledger.carry(fact)
    if (carried && !this.#following) this.recall.carried.set(path, carried)
    if (!carried || (carried.before && Object.keys(carried.fields).length === 0)) return undefined
    const { before, after, fields } = carried
    this.#loads.count(before, after, fact.at)
    this.#recent.note(after, fields)
    return { seq, object: fact.object, record: fact.record, recordVersion: after.recordVersion, fields, kind: before === null ? 'created' : eventOf(2, fields), actor, cause, attempts: 0, position: seq }
  }

  #at(now: Date): Context { return { ...this.#ctx, now } }
  #open(): void {
    this.#fired = new Map()
    this.#recent = new Recent()
    this.#loads.open()
  }
}
