import type { BindContext } from '#language/conditions'
import type { Actor, Cause, Context } from '#kernel/access'
import { imagine, scheduleOf, timerEvent, waitKey, type CompiledRule, type Answer, type Event, type TimerDraft, type WaitDraft } from '#kernel/automation'
import { eventOf } from '#kernel/changes'
import type { RecordImage } from '#kernel/records'
import { AskedInCourse } from './asked.ts'
import type { Cast, Following } from './cast.ts'
import { CourseStand } from './course-stand.ts'
import type { Decided, Tally } from './decided.ts'
import { effectsOf, unanswered, type Effect } from './effects.ts'
import type { Fact, Ledger } from './ledger.ts'
import { ringsOf } from './pushes.ts'
import { Reads, Recall, Recent } from './recall.ts'
import { Timers, windingOf, woundObjects } from './timers.ts'
import { againOf, failedAtOnce, into, type Fired } from './waits.ts'

/** Timers and follow-ups take their numbers here, far beyond the log. */
const FIRST_NUMBER = 2 ** 51

/**
 * One imagined course of events: what people, forms and imports did is taken as it was, what rules do is decided anew, by the engine's own code,
 * on records in memory. Nothing leaves it. A course that follows another takes over every answer that looked at nothing but what stands the same here.
 */
export class Course extends CourseStand {
  readonly #tell: (effect: Effect) => void
  /** Runs by rule and how they ended. */
  readonly runs = new Map<string, number>()
  answered = 0
  readonly recall = new Recall()
  readonly #following: Following | null
  readonly #timers = new Timers()
  readonly #asked: AskedInCourse
  readonly decided: Tally = { taken: 0, without: 0, own: 0 }
  /** Waits of the answer at hand that end otherwise than they say: when, or never. */
  readonly #otherwise = new Map<string, Date | null>()
  /** Chains of runs that have ended, which other rules will answer: by the key of their timer. */
  readonly #ended = new Map<string, { chain: string; fired: Fired }>()
  #apart = false
  #numbers = FIRST_NUMBER
  /** Up to here it has been told; nothing is answered before. */
  #moment = new Date(0)

  constructor(ctx: Context, ledger: Ledger, { cast, tell, following = null }: { cast: Cast; tell: (effect: Effect) => void; following?: Following | null }) {
    super(ctx, ledger, cast)
    this.#tell = tell
    this.#following = following
    this.#asked = new AskedInCourse(cast.asked)
    if (following) this.#numbers *= 2
  }

  get words(): AskedInCourse['words'] { return this.#asked.words }

  /** Loads, deadlines and windows as they stand when the course begins. */
  begin(at: Date): void {
    this.#moment = at
    const { rewinds, course } = this.#following ?? {}
    if (course) this.#timers.takeOver(course.#timers, ({ payload: { name } }) => !rewinds!.has(name))
    const winding = woundObjects(this.program, this.ctx.metadata, rewinds)
    for (const [key, rule] of this.program.rules) {
      if (rewinds && !rewinds.has(key)) continue
      this.#schedule(rule, at)
      for (const ring of ringsOf(rule.rule, this.cast.sent)) this.#timers.set(ring)
    }
    for (const row of this.ledger.rows()) {
      this.standingLoads.count(null, row, at, false)
      if (winding.has(row.object) && !row.gone) this.#wind(row, at)
      this.ledger.tidy()
    }
  }

  /** Time goes by: what comes due is answered. */
  pass(to: Date): void {
    for (let timer; (timer = this.#timers.take(to)); ) this.#ring(timer)
  }

  /** What somebody did, and what rules do about it. `seq`: the place of each change in the log. */
  happen(facts: readonly (Fact & { seq: number })[], { actor, cause }: { actor: Actor; cause: Cause }): void {
    const { at } = facts[0]!
    this.#until(at)
    this.#open()
    const events = facts.flatMap((fact) => this.#take(fact, { seq: fact.seq, actor, cause }, { path: `${fact.seq}`, shared: true })?.event ?? [])
    for (const event of events.filter(({ object, kind, fields }) => kind !== 'timer' && this.ctx.metadata.listens(object, kind, fields))) this.#answer(event, at, { chain: `${event.seq}`, path: `${event.seq} ${at.getTime()}` })
  }

  /** Somebody decided about a rule for their own records, or about a run: where the same run stands here, it is done here too. */
  decide(decided: Decided, at: Date): void {
    this.#until(at)
    if ('member' in decided) {
      const row = this.members.get(decided.member)
      this.decided.own++
      if (row) this.members = new Map(this.members).set(row.id, { ...row, own: decided.own })
      return
    }
    const found = this.waiting.decide(decided, at)
    if (decided.decision !== 'restore') this.decided[found ? 'taken' : 'without']++
    for (const { timer, rings } of found ?? []) {
      if (rings) this.#timers.set({ ...timer, dueAt: rings })
      else this.#timers.lift(timer.key)
    }
  }

  #until(at: Date): void {
    this.recall.clear()
    this.ledger.tidy()
    this.pass(at)
    this.#moment = at
  }

  #wind(row: RecordImage, at: Date): void {
    const { timers } = imagine(this.#at(at), this.program, this, windingOf(row))
    for (const timer of timers.set) if (timer.dueAt > at) this.#timers.set(timer)
    this.reads = new Reads()
  }

  #schedule(rule: CompiledRule, at: Date): void {
    const timer = scheduleOf(this.#at(at), rule)
    if (timer) this.#timers.set(timer)
  }

  /** What own fields do not rule out is asked; the engine decides. */
  #sweep({ dueAt, payload: { object, name } }: TimerDraft): void {
    const rule = this.program.rules.get(name)
    if (!rule) return
    this.#schedule(rule, dueAt)
    const at: BindContext = { me: null, myTeams: [], now: dueAt, zone: this.ctx.tenant.zone, calendar: this.ctx.metadata.calendar }
    const found = [...this.ledger.rows(object)].flatMap((row) => (!row.gone && rule.condition.possible(row.values, {}, at) ? [row.id] : []))
    for (const id of found) this.#ring({ key: '', kind: 'swept', dueAt, payload: { object, record: id, name, at: dueAt.toISOString() } })
  }

  #ring(timer: TimerDraft): void {
    if (timer.kind === 'schedule') return this.#sweep(timer)
    // Nothing that rules do sets one; who pressed what is not in the log of changes.
    if (timer.kind === 'segment' || timer.kind === 'armed' || timer.kind === 'pressed') return
    const { kind, dueAt, key, payload } = timer
    const { record, name } = payload
    // One that is set late, as when its record comes back after the deadline, rings at once.
    const at = dueAt > this.#moment ? dueAt : this.#moment
    this.#moment = at
    this.#open()
    const onward = kind === 'wait' ? this.waiting.wake(key, at) : this.#ended.get(key)
    this.#ended.delete(key)
    const given = kind === 'wait' ? this.waiting.giveUp(key, at) : undefined
    if (given) {
      this.#asked.giveUp()
      return this.#tell(unanswered(given.row, given.asked, at.getTime()))
    }
    if (onward) this.ran = onward.fired
    const path = `${kind === 'wait' || kind === 'ran' || kind === 'pushed' ? key : payload.kin ? `${key} ${payload.kin.behind}` : `${name} ${record}`} ${dueAt.getTime()} ${at.getTime()}`
    // The number that it has in the course before, so that a chain that both share has one beginning.
    const seq = this.#following?.course.recall.answers.get(path)?.event.seq ?? this.#numbers++
    const event = timerEvent({ seq, position: 0, kind, ...payload })
    this.#answer(event, at, { chain: onward?.chain ?? `${name} ${record}`, path })
  }

  #answer(first: Event, at: Date, { chain, path }: { chain: string; path: string }): void {
    this.chain = chain
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
    if (known && !concerns(event) && this.standsFor(known.reads, at)) return known.answer
    this.#apart = true
    return undefined
  }

  #decided(event: Event, path: string, at: Date): Answer {
    this.reads = new Reads()
    const answer = imagine(this.#at(at), this.program, this, event)
    if (!this.#following) this.recall.answers.set(path, { event, answer, reads: this.reads })
    return answer
  }

  #note({ runs, episodes, waits, approvals, ended, poked }: Answer, { cause, seq }: Event, at: Date): void {
    for (const run of runs) {
      this.runs.set(`${run.rule} ${run.status}`, (this.runs.get(`${run.rule} ${run.status}`) ?? 0) + 1)
      for (const effect of effectsOf(run, at.getTime())) this.#tell(effect)
      into(this.ran, `${run.rule} ${run.record}`, cause.root ?? seq)
      if (failedAtOnce(run)) this.waiting.keep(againOf(run, at), { chain: this.chain, fired: this.ran, at })
    }
    this.#otherwise.clear()
    for (const wait of waits) this.#wait(wait, at, approvals)
    for (const each of ended) this.waiting.end(each, { fired: this.ran, at })
    for (const timer of this.waiting.poke(poked, at)) this.#timers.set(timer)
    for (const { rule, record, at: due } of episodes) this.come.note(record, rule, due.getTime())
  }

  /** A run waits; for the word of somebody only where they were really asked for it. */
  #wait(wait: WaitDraft, at: Date, approvals: Answer['approvals']): void {
    const draft = wait.kind === 'approval' ? approvals.find(({ run, rule, path }) => run === wait.run && rule === wait.rule && path === wait.path) : undefined
    const onward = draft && this.#asked.onward({ chain: this.chain, draft, now: at })
    if (onward === null) this.#tell(unanswered(wait, draft!.asked, at.getTime()))
    if (onward !== undefined) this.#otherwise.set(waitKey(wait), onward && onward.at)
    this.waiting.keep(onward?.decided ? { ...wait, carries: { ...wait.carries, decided: onward.decided } } : wait, { chain: this.chain, fired: this.ran, at, goes: onward, asked: draft?.asked })
  }

  #write({ edits, timers, actor, cause }: Answer, at: Date, { path, shared }: { path: string; shared: boolean }): { event: Event; path: string }[] {
    const events = edits.flatMap(({ object, id, before, values }, i) => {
      if (before === null) this.twins.use(this.chain, object)
      const fields = Object.fromEntries(Object.entries(values).map(([key, value]) => [key, [before?.values[key] ?? null, value] as const]))
      const taken = this.#take({ object, record: id, version: before === null ? 1 : 2, fields, at, actor }, { seq: this.#numbers++, actor, cause }, { path: `${path}/${i}`, shared })
      return taken ? [{ ...taken, path: `${path}/${i}` }] : []
    })
    for (const timer of timers.set) {
      const dueAt = this.#otherwise.has(timer.key) ? this.#otherwise.get(timer.key)! : timer.dueAt
      if (dueAt) this.#timers.set({ ...timer, dueAt })
      if (timer.kind === 'ran') this.#ended.set(timer.key, { chain: this.chain, fired: this.ran })
    }
    for (const key of timers.lift) this.#timers.lift(key)
    const { program: { answering }, ctx: { tenant: { zone } } } = this
    return events.filter(({ event: { object, kind, fields }, after }) => kind !== 'timer' && answering.listens(object, kind, fields, { cause, now: at, zone, after: () => after.values }))
  }

  /** Carries a change and tells what it is to the engine; undefined where nothing changes. */
  #take(fact: Fact, { seq, actor, cause }: Pick<Event, 'seq' | 'actor' | 'cause'>, { path, shared }: { path: string; shared: boolean }): { event: Event; after: RecordImage } | undefined {
    const told = shared ? this.#following?.course.recall.carried.get(path) : undefined
    const carried = told && this.ledger.isAs(fact.record, told.before) ? this.ledger.adopt(told) : this.ledger.carry(fact)
    if (carried && !this.#following) this.recall.carried.set(path, carried)
    if (!carried || (carried.before && Object.keys(carried.fields).length === 0)) return undefined
    const { before, after, fields } = carried
    this.standingLoads.count(before, after, fact.at)
    this.recent.note(after, fields)
    return { event: { seq, object: fact.object, record: fact.record, recordVersion: after.recordVersion, fields, kind: before === null ? 'created' : eventOf(2, fields), actor, cause, attempts: 0, position: seq }, after }
  }

  #at(now: Date): Context { return { ...this.ctx, now } }
  #open(): void {
    this.ran = new Map()
    this.recent = new Recent()
    this.standingLoads.open()
  }
}
