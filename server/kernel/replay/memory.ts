import { memberPrincipal, memberRows, phaseAt, type Context, type MemberRow, type Principal } from '#kernel/access'
import type { PublishedPolicy, Roster } from '#kernel/assignment'
import { programOf, type Event, type Program, type RunDraft, type Stand, type WaitRow } from '#kernel/automation'
import type { FieldChanges } from '#kernel/changes'
import { checkBorn, type Pool, type RecordImage } from '#kernel/records'
import type { Capability } from '#language/definitions'
import { ids } from '#platform/db'
import type { Cast } from './cast.ts'
import type { Entry } from './entries.ts'
import { Episodes } from './episodes.ts'
import { Ledger } from './ledger.ts'
import { type Hands, Loads, receivers } from './loads.ts'
import { Looking } from './looking.ts'
import { Reads } from './recall.ts'

/** What memory does not keep: the past in the database is asked. */
export class Beyond extends Error { override name = 'Beyond' }
const beyond = (what: string): never => { throw new Beyond(what) }
/** Somebody's rights are asked for that are not at hand yet; see `learn`. */
export class Unknown extends Error {
  override name = 'Unknown'
  readonly member: number
  constructor(member: number) { super(`rights of ${member}`); this.member = member }
}

const CHAIN_MS = 86_400_000
const NONE: ReadonlySet<number> = new Set()

interface Kept { at: Date; events: readonly Event[]; /** Deadlines that have come. */ came: readonly { rule: string; record: string; at: Date }[] }
interface Change { version: number; fields: FieldChanges }

/** A tenant as it stood at a place of its log, in memory, as far as batches of changes ask for it; goes forward only. */
export class Memory extends Looking implements Stand {
  members: ReadonlyMap<number, MemberRow> = new Map()
  /** As long as nobody leaves or comes back. */
  #principals: { phase: number; known: Map<number, Principal | null> } = { phase: -1, known: new Map() }
  /** Who has been asked for owners so far. */
  policies = new Set<PublishedPolicy>()
  /** What is configured now, and who the engine is. */
  ctx: Context
  #program: Program
  #loads: Loads
  #received = 0
  #kept = 0
  /** Runs by rule and record: in turn the first change of a chain, and when (ms). */
  readonly #fired = new Map<string, Map<string, number[]>>()
  readonly #episodes = new Episodes()
  /** What has lately become of records, in the order of their versions. */
  #recent = new Map<string, Change[]>()
  #older = new Map<string, Change[]>()
  #now = new Date(0)
  #made: ReadonlyMap<string, readonly string[]> = new Map()

  constructor(ctx: Context) {
    super(ctx.metadata, new Ledger())
    this.ctx = ctx
    this.#program = programOf(ctx.metadata)
    this.#loads = this.#loadsOf(new Map())
  }

  /** Something has been configured: who is there, what they can do and what is in force. */
  async govern(ctx: Context): Promise<void> {
    this.ctx = ctx
    this.look(ctx.metadata)
    this.policies = new Set()
    this.#program = programOf(ctx.metadata)
    this.members = await memberRows(ctx.tx)
    this.#principals = { phase: -1, known: new Map() }
    const capabilities = await ctx.tx.query<{ id: number; capability: Capability }>('select id, capability from {t}.member')
    const { held, received } = this.#loads
    this.#loads = this.#loadsOf(new Map(capabilities.map(({ id, capability }) => [id, capability])))
    for (const [key, open] of held) this.#loads.held.set(key, open)
    for (const [member, last] of received) this.#loads.received.set(member, last)
  }

  #loadsOf(capabilities: Cast['capabilities']): Loads {
    const { metadata, tenant: { zone } } = this.ctx
    return new Loads({ metadata, program: this.#program, zone, rows: (object) => this.ledger.rows(object), absences: true }, { members: this.members, capabilities, received: new Map() })
  }

  /** What one transaction wrote: who holds what is counted once per record, as the write path does it. */
  follow(writing: readonly Entry[]): void {
    this.ledger.tidy()
    const { objects, isHandedOut } = this.ctx.metadata
    const turns = new Map<string, { kind: string | undefined; from: Hands; at: Date }>()
    for (const { object, record, version, fields, at, actor, born } of writing) {
      const { immutable, load } = objects.get(object) ?? {}
      if (immutable) checkBorn(this.ctx, { object, record, fields }, born)
      if (load || isHandedOut(object)) turns.set(record, { kind: load?.kind, from: turns.get(record)?.from ?? this.#loads.handsOf(this.ledger.get(record), writing.at(-1)!.at), at })
      this.ledger.follow({ object, record, version, fields, at, actor, born })
      this.#remember(record, { version, fields })
    }
    for (const [id, { kind, from, at }] of turns) this.#turn(kind, from, this.#loads.handsOf(this.ledger.get(id), at))
  }

  #turn(kind: string | undefined, from: Hands, to: Hands): void {
    if (kind !== undefined && from.holder !== to.holder) this.#loads.move(kind, from.holder, to.holder)
    for (const member of receivers(from, to)) this.#loads.received.set(member, ++this.#received)
  }

  #remember(id: string, change: Change): void {
    const known = this.#recent.get(id)
    if (known) known.push(change)
    else this.#recent.set(id, [change])
    if (this.#recent.size > RECENT) [this.#older, this.#recent] = [this.#recent, new Map()]
  }

  /** A batch begins; `made`: by object, the ids of the records that rules made in it then, in order. */
  begin(now: Date, made: ReadonlyMap<string, readonly string[]>): void {
    this.reads = new Reads()
    this.#now = now
    const phase = phaseAt(this.members, now.getTime())
    if (phase !== this.#principals.phase) this.#principals = { phase, known: new Map() }
    this.#made = made
  }

  image(id: string): RecordImage | undefined { return this.ledger.get(id) ?? undefined }

  /** What a batch has done, that later ones ask for. */
  keep(runs: readonly Pick<RunDraft, 'event' | 'rule' | 'record'>[], { at, events, came }: Kept): void {
    const [ms, roots] = [at.getTime(), new Map<number, number>()]
    for (const { seq, cause } of events) roots.set(seq, cause.root ?? seq)
    for (const { event, rule, record } of runs) {
      const byRecord = this.#firedBy(rule)
      const known = byRecord.get(record)
      if (known) known.push(roots.get(event) ?? event, ms)
      else byRecord.set(record, [roots.get(event) ?? event, ms])
    }
    if (++this.#kept % FORGETS === 0) this.#forget(ms - CHAIN_MS)
    for (const { rule, record, at: due } of came) this.#episodes.note(record, rule, due.getTime())
  }

  #firedBy(rule: string): Map<string, number[]> {
    const known = this.#fired.get(rule)
    if (known) return known
    const made = new Map<string, number[]>()
    this.#fired.set(rule, made)
    return made
  }

  #forget(before: number): void {
    for (const byRecord of this.#fired.values()) for (const [id, ran] of byRecord) if (ran.at(-1)! <= before) byRecord.delete(id)
  }

  override row(_object: string, id: string): RecordImage | null { return this.ledger.get(id) }

  later(id: string, from: number, to: number): FieldChanges[] {
    const found = [...(this.#older.get(id) ?? []), ...(this.#recent.get(id) ?? [])].filter(({ version }) => version > from && version <= to)
    return found.length === to - from ? found.map(({ fields }) => fields).reverse() : beyond('changes of long ago')
  }

  fired(id: string, rule: string): ReadonlySet<number> {
    const known = this.#fired.get(rule)?.get(id)
    return known ? new Set(known.filter((_, i) => i % 2 === 0 && known[i + 1]! > this.#now.getTime() - CHAIN_MS)) : NONE
  }

  episodes(id: string, rule: string): ReadonlySet<number> { return this.#episodes.of(id, rule) }
  roster(policies: readonly PublishedPolicy[], now: Date): Roster { return this.#loads.roster(policies, now) }
  newId(_event: Event, object: string, nth: number): string { return this.#made.get(object)?.[nth] ?? ids.next() }

  principal(member: number): Principal | null {
    const known = this.#principals.known.get(member)
    if (known === undefined) throw new Unknown(member)
    return known
  }
  /** Asks the past in the database: of people it knows as much. */
  async learn(member: number): Promise<void> {
    this.#principals.known.set(member, this.members.get(member)?.active ? await memberPrincipal({ ...this.ctx.tx, now: this.#now }, member) : null)
  }
  repeats(): number { return beyond('what somebody did again and again') }
  pools(object: string): readonly Pool[] { return this.ctx.metadata.pooling(object) ? beyond('pools') : [] }
  waits(): readonly WaitRow[] { return beyond('runs that wait') }
}

/** Records whose last changes are at hand; as many again are on their way out. */
const RECENT = 5_000
/** Batches after which runs of long ago are forgotten. */
const FORGETS = 500
