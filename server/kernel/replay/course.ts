import type { AggregateNeed, BindContext } from '#language/conditions'
import type { Actor, Cause, Context, MemberRow, Principal } from '#kernel/access'
import type { PublishedPolicy, Roster } from '#kernel/assignment'
import { imagine, programOf, scheduleOf, type CompiledRule, type Answer, type Event, type Program, type Stand, type TimerDraft, waitKey, type WaitRow } from '#kernel/automation'
import { GONE, type FieldChanges } from '#kernel/changes'
import type { Metadata } from '#kernel/metadata'
import type { OnShift, Pool, RecordImage } from '#kernel/records'
import type { Capability } from '#language/definitions'
import { ids } from '#platform/db'
import { effectsOf, type Effect } from './effects.ts'
import type { Fact, Ledger } from './ledger.ts'
import { Loads } from './loads.ts'
import { Reads, Recall, sameRoster } from './recall.ts'
import { Timers } from './timers.ts'

/** Who was there, and what history made: the same for every course over it. */
export interface Cast {
  members: ReadonlyMap<number, MemberRow>
  capabilities: ReadonlyMap<number, Capability>
  principals: ReadonlyMap<number, Principal>
  /** Who had received something last before the course began: greater is later. */
  received: ReadonlyMap<number, number>
  /** Records that rules made in history, by what they answered and object, in order. */
  twins: ReadonlyMap<string, readonly string[]>
  /** By the object whose records wait in them. */
  pools: ReadonlyMap<string, readonly Pool[]>
  /** How often whoever made a change has made such changes to its record within a time. */
  repeats: Stand['repeats']
}

/** The course that went before, and where the two are governed otherwise: an event that this concerns is answered anew. */
export interface Following { course: Course; concerns(event: Event): boolean; rewinds: ReadonlySet<string> }

/** `fired`: what had run in its chain by then. */
interface Waiting { row: WaitRow; chain: string; fired: ReadonlyMap<string, ReadonlySet<number>>; at: number }
/** A chain is forgotten after so long, as the engine forgets it. */
const CHAIN_MS = 86_400_000

type Remembered = ReturnType<Stand['aggregate']> & { family: number; at: number; reads: Reads }
/** Timers and follow-ups take their numbers here, far beyond the log. */
const FIRST_NUMBER = 2 ** 51
const NONE: ReadonlySet<number> = new Set()

/**
 * One imagined course of events: what people, forms and imports did is taken as it was, what rules do is decided anew, by the engine's own code,
 * on records in memory. Nothing leaves it. A course that follows another takes over every answer that looked at nothing but what stands the same here.
 */
export class Course implements Stand {
  readonly effects: Effect[] = []
  /** Runs by rule and how they ended. */
  readonly runs = new Map<string, number>()
  answered = 0
  readonly members: Cast['members']
  readonly recall = new Recall()
  readonly #following: Following | null
  readonly #cast: Cast
  readonly #ctx: Context
  readonly #metadata: Metadata
  readonly #program: Program
  readonly #ledger: Ledger
  readonly #timers = new Timers()
  readonly #loads: Loads
  readonly #episodes = new Map<string, Set<number>>()
  /** Runs that wait, with the chain that they belong to. */
  readonly #waits = new Map<string, Waiting>()
  /** By aggregate, then by record: its key is long. */
  readonly #aggregates = new Map<AggregateNeed['node'], Map<string, Remembered>>()
  readonly #used = new Map<string, number>()
  /** Of the chain that is being answered. */
  #fired = new Map<string, Set<number>>()
  #recent = new Map<string, { version: number; fields: FieldChanges }[]>()
  #chain = ''
  #apart = false
  #reads = new Reads()
  #numbers = FIRST_NUMBER

  constructor(ctx: Context, ledger: Ledger, { cast, following = null }: { cast: Cast; following?: Following | null }) {
    this.#ctx = ctx
    this.#metadata = ctx.metadata
    this.#program = programOf(ctx.metadata)
    this.#ledger = ledger
    this.#cast = cast
    this.#following = following
    this.members = cast.members
    this.#loads = new Loads({ metadata: ctx.metadata, program: this.#program, zone: ctx.tenant.zone }, cast)
    if (following) this.#numbers *= 2
  }

  /** By `kind member`. */
  get loads(): ReadonlyMap<string, number> { return this.#loads.held }
  get records(): number { return this.#ledger.size }

  /** Loads, deadlines and windows as they stand when the course begins. */
  begin(at: Date): void {
    const { rewinds, course } = this.#following ?? {}
    if (course) this.#timers.takeOver(course.#timers, ({ payload: { name } }) => !rewinds!.has(name))
    const winding = rewinds ? new Set([...rewinds].flatMap((key) => { const rule = this.#program.rules.get(key)?.rule; return rule?.trigger.on === 'deadline' || rule?.trigger.on === 'silence' ? [rule.trigger.object] : [] })) : new Set([...this.#metadata.objects.keys()].filter((object) => this.#program.deadlines(object).length + this.#program.gradings.of(object).length > 0))
    for (const [key, rule] of this.#program.rules) if (!rewinds || rewinds.has(key)) this.#schedule(rule, at)
    for (const row of this.#ledger.rows()) {
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
    for (const event of events.filter(({ object, kind, fields }) => kind !== 'timer' && this.#metadata.listens(object, kind, Object.keys(fields)))) this.#answer(event, at, { chain: `${event.seq}`, path: `${event.seq} ${at.getTime()}` })
  }

  row(_object: string, id: string): RecordImage | null {
    const image = this.#ledger.get(id)
    this.#reads.images.push([id, image])
    return image
  }
  childrenOf(object: string, via: string, id: string): Iterable<string> {
    const children = this.#ledger.childrenOf(object, via, id)
    this.#reads.families.push({ object, via, id, size: children.size })
    return children
  }
  principal(member: number): Principal | null { return this.#cast.principals.get(member) ?? null }
  shifts(object: string, at: number): readonly OnShift[] {
    const shift = this.#metadata.objects.get(object)?.shift
    if (!shift) return []
    const found = [...this.#ledger.rows()].filter(({ object: of, gone, values }) => of === object && !gone && values[shift.member] != null && Date.parse(String(values[shift.from])) <= at && Date.parse(String(values[shift.to])) > at)
    this.#reads.images.push(...found.map((image) => [image.id, image] as const))
    const on = found.map(({ id, values }) => ({ id, member: values[shift.member] as number, duty: shift.duty === undefined ? null : ((values[shift.duty] as string | null | undefined) ?? null), from: new Date(String(values[shift.from])) }))
    return on.sort((a, b) => a.from.getTime() - b.from.getTime() || (a.id < b.id ? -1 : 1)).map(({ id: _, ...each }) => each)
  }
  pools(object: string): readonly Pool[] { return this.#cast.pools.get(object) ?? [] }
  fired(id: string, rule: string): ReadonlySet<number> { return this.#fired.get(`${rule} ${id}`) ?? NONE }
  episodes(id: string, rule: string): ReadonlySet<number> { return this.#episodes.get(`${rule} ${id}`) ?? NONE }
  wait(query: Parameters<Stand['wait']>[0]): WaitRow | null { return this.#waits.get(waitKey(query))?.row ?? null }
  repeats(query: Parameters<Stand['repeats']>[0]): number { return this.#cast.repeats(query) }
  later(id: string, from: number, to: number): FieldChanges[] {
    return (this.#recent.get(id) ?? []).filter(({ version }) => version > from && version <= to).map(({ fields }) => fields).reverse()
  }

  aggregate(id: string, need: AggregateNeed, now: Date, work: () => ReturnType<Stand['aggregate']>): ReturnType<Stand['aggregate']> {
    const { object, via } = need.node.relation
    const remembered = this.#aggregates.get(need.node) ?? new Map<string, Remembered>()
    this.#aggregates.set(need.node, remembered)
    const [known, family, at] = [remembered.get(id), this.#ledger.familyOf(object, via.key, id), now.getTime()]
    if (known && known.family === family && known.at <= at && (known.until === null || at < known.until.getTime())) { this.#reads.add(known.reads); return known }
    const outer = this.#reads
    this.#reads = new Reads()
    const made = { ...work(), family: this.#ledger.familyOf(object, via.key, id), at, reads: this.#reads }
    this.#reads = outer
    outer.add(made.reads)
    // What looks beyond the children themselves is not remembered: nobody tells when that changes.
    if (made.reads.families.length === 1) remembered.set(id, made)
    return made
  }

  newId(_event: Event, object: string, nth: number): string {
    const key = this.#twinKey(object)
    return this.#cast.twins.get(key)?.[(this.#used.get(key) ?? 0) + nth] ?? ids.next()
  }

  roster(policies: readonly PublishedPolicy[]): Roster { return (this.#reads.roster = this.#loads.roster(policies)) }

  #wind(row: RecordImage, at: Date): void {
    const { timers } = imagine(this.#at(at), this.#program, this, windingOf(row))
    for (const timer of timers.set) if (timer.dueAt > at) this.#timers.set(timer)
    this.#reads = new Reads()
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
    const found = [...this.#ledger.rows()].filter((row) => row.object === object && !row.gone && rule.condition.possible(row.values, {}, at))
    for (const { id } of found) this.#ring({ key: '', kind: 'swept', dueAt, payload: { object, record: id, name, at: dueAt.toISOString() } })
  }

  #ring(timer: TimerDraft): void {
    if (timer.kind === 'schedule') return this.#sweep(timer)
    // Nothing that rules do sets one; who pressed what is not in the log of changes.
    if (timer.kind === 'segment' || timer.kind === 'pressed') return
    const { kind, dueAt, key, payload: { object, record, name, at, run } } = timer
    this.#open()
    const waiting = kind === 'wait' ? this.#waits.get(key) : undefined
    if (waiting && dueAt.getTime() - waiting.at < CHAIN_MS) this.#fired = new Map([...waiting.fired].map(([rule, roots]) => [rule, new Set(roots)]))
    const path = `${kind === 'wait' ? key : `${name} ${record}`} ${dueAt.getTime()}`
    // The number that it has in the course before, so that a chain that both share has one beginning.
    const seq = this.#following?.course.recall.answers.get(path)?.event.seq ?? this.#numbers++
    const event: Event = { seq, object, record, recordVersion: 0, kind: 'timer', fields: {}, attempts: 0, actor: { kind: 'system', reason: 'timer' }, cause: { kind: 'timer', timer: name }, timer: { kind, name, ...(at !== undefined && { at }), ...(run !== undefined && { run }) }, position: 0 }
    this.#answer(event, dueAt, { chain: waiting?.chain ?? `${name} ${record}`, path })
  }

  #answer(first: Event, at: Date, { chain, path }: { chain: string; path: string }): void {
    this.#chain = chain
    this.#apart = false
    const waiting = [{ event: first, path }]
    for (let next; (next = waiting.shift()); ) {
      this.answered++
      const taken = this.#taken(next.event, next.path)
      const answer = taken ?? this.#decided(next.event, next.path, at)
      this.#note(answer, next.event, at)
      waiting.push(...this.#write(answer, at, { path: next.path, shared: taken !== undefined }))
    }
  }

  /** The answer of the course before, where it looked at the same. */
  #taken(event: Event, path: string): Answer | undefined {
    if (!this.#following || this.#apart) return undefined
    const { course, concerns } = this.#following
    const known = course.recall.answers.get(path)
    if (known && !concerns(event) && this.#standsFor(known.reads)) return known.answer
    this.#apart = true
    return undefined
  }

  #standsFor({ images, families, roster }: Reads): boolean {
    for (const [id, image] of images) if (this.#ledger.get(id) !== image) return false
    for (const { object, via, id, size } of families) if (this.#ledger.childrenOf(object, via, id).size !== size) return false
    return roster === null || sameRoster(roster, this.roster([...roster.candidates.keys()].map((key) => this.#metadata.assignmentPolicies.get(key)!)))
  }

  #decided(event: Event, path: string, at: Date): Answer {
    this.#reads = new Reads()
    const answer = imagine(this.#at(at), this.#program, this, event)
    if (!this.#following) this.recall.answers.set(path, { event, answer, reads: this.#reads })
    return answer
  }

  #note({ runs, episodes, waits, ended, poked }: Answer, { cause, seq }: Event, at: Date): void {
    for (const run of runs) {
      this.runs.set(`${run.rule} ${run.status}`, (this.runs.get(`${run.rule} ${run.status}`) ?? 0) + 1)
      this.effects.push(...effectsOf(run, at.getTime()))
      into(this.#fired, `${run.rule} ${run.record}`, cause.root ?? seq)
    }
    for (const wait of waits) this.#waits.set(waitKey(wait), { row: { ...wait, body: null }, chain: this.#chain, fired: new Map([...this.#fired].map(([rule, roots]) => [rule, new Set(roots)])), at: at.getTime() })
    for (const each of ended) this.#waits.delete(waitKey(each))
    if (poked.size > 0) this.#poke(poked, at)
    for (const { rule, record, at: due } of episodes) into(this.#episodes, `${rule} ${record}`, due.getTime())
  }

  /** Runs that wait for a condition at these records look again at once. */
  #poke(records: ReadonlySet<string>, at: Date): void {
    for (const [key, { row: { object, record, rule, run, kind, state } }] of this.#waits) {
      if (kind === 'condition' && state === 'waiting' && records.has(record)) this.#timers.set({ key, kind: 'wait', dueAt: at, payload: { object, record, name: rule, run } })
    }
  }

  #write({ edits, timers, actor, cause }: Answer, at: Date, { path, shared }: { path: string; shared: boolean }): { event: Event; path: string }[] {
    const events = edits.flatMap(({ object, id, before, values }, i) => {
      if (before === null) this.#used.set(this.#twinKey(object), (this.#used.get(this.#twinKey(object)) ?? 0) + 1)
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
    const carried = told && told.before === this.#ledger.get(fact.record) ? this.#ledger.adopt(told) : this.#ledger.carry(fact)
    if (carried && !this.#following) this.recall.carried.set(path, carried)
    if (!carried || (carried.before && Object.keys(carried.fields).length === 0)) return undefined
    const { before, after, fields } = carried
    this.#loads.count(before, after, fact.at)
    const known = this.#recent.get(after.id) ?? []
    known.push({ version: after.recordVersion, fields })
    this.#recent.set(after.id, known)
    const kind = before === null ? 'created' : fields[GONE] === undefined ? 'changed' : fields[GONE][1] === true ? 'deleted' : 'restored'
    return { seq, object: fact.object, record: fact.record, recordVersion: after.recordVersion, fields, kind, actor, cause, attempts: 0, position: seq }
  }

  #at(now: Date): Context { return { ...this.#ctx, now } }
  #twinKey(object: string): string { return `${this.#chain} ${object}` }
  #open(): void {
    this.#fired = new Map()
    this.#recent = new Map()
    this.#loads.open()
  }
}

/** As a record that came back: its deadlines are set and its windows looked at, and no rule answers. */
const windingOf = ({ object, id, recordVersion }: RecordImage): Event =>
  ({ seq: -1, object, record: id, recordVersion, kind: 'restored', fields: {}, actor: { kind: 'system', reason: 'replay' }, cause: { kind: 'backfill' }, attempts: 0, position: 0 })

function into(map: Map<string, Set<number>>, key: string, value: number): void {
  const known = map.get(key)
  if (known) known.add(value)
  else map.set(key, new Set([value]))
}
