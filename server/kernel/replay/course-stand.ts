import type { Context, Principal } from '#kernel/access'
import type { PublishedPolicy, Roster } from '#kernel/assignment'
import { programOf, type Event, type Program, type Stand, type WaitRow } from '#kernel/automation'
import type { FieldChanges } from '#kernel/changes'
import type { Pool } from '#kernel/records'
import { Twins, type Cast } from './cast.ts'
import { Episodes } from './episodes.ts'
import type { Ledger } from './ledger.ts'
import { Loads } from './loads.ts'
import { Looking } from './looking.ts'
import { type Reads, Recent, sameRoster, sameWaits, stillStands } from './recall.ts'
import { Waits, type Fired } from './waits.ts'

const NONE: ReadonlySet<number> = new Set()

/** How things stand in a course, as its rules look at them. */
export abstract class CourseStand extends Looking implements Stand {
  protected readonly ctx: Context
  protected readonly program: Program
  protected readonly cast: Cast
  protected readonly standingLoads: Loads
  protected readonly come = new Episodes()
  protected readonly waiting = new Waits()
  protected readonly twins: Twins
  /** Who is there, and what they have settled by now. */
  members: Cast['members']
  /** Of the chain that is being answered. */
  protected chain = ''
  protected ran: Fired = new Map()
  protected recent = new Recent()

  constructor(ctx: Context, ledger: Ledger, cast: Cast) {
    super(ctx.metadata, ledger)
    this.ctx = ctx
    this.program = programOf(ctx.metadata)
    this.cast = cast
    this.members = cast.members
    this.twins = new Twins(cast)
    this.standingLoads = new Loads({ metadata: ctx.metadata, program: this.program, zone: ctx.tenant.zone, rows: (object) => ledger.rows(object) }, cast)
  }

  /** By `kind member`. */
  get loads(): ReadonlyMap<string, number> { return this.standingLoads.held }
  get records(): number { return this.ledger.size }

  principal(member: number): Principal | null { return this.cast.principals.get(member) ?? null }
  pools(object: string): readonly Pool[] { return this.cast.pools.get(object) ?? [] }
  fired(id: string, rule: string): ReadonlySet<number> { return this.ran.get(`${rule} ${id}`) ?? NONE }
  episodes(id: string, rule: string): ReadonlySet<number> { return this.come.of(id, rule) }
  repeats(query: Parameters<Stand['repeats']>[0]): number { return this.cast.repeats(query) }
  later(id: string, from: number, to: number): FieldChanges[] { return this.recent.later(id, from, to) }
  newId(_event: Event, object: string, nth: number): string { return this.twins.of(this.chain, object, nth) }
  roster(policies: readonly PublishedPolicy[], now: Date): Roster { return (this.reads.roster = this.standingLoads.roster(policies, now)) }

  waits(query: Parameters<Stand['waits']>[0]): readonly WaitRow[] {
    const rows = this.waiting.rows(query)
    this.reads.waits.push({ query, rows })
    return rows
  }

  /** Does all that an answer looked at stand so here? */
  protected standsFor(reads: Reads, at: Date): boolean {
    const { roster } = reads
    return stillStands(reads, this.ledger) && reads.waits.every(({ query, rows }) => sameWaits(rows, this.waiting.rows(query)))
      && (roster === null || sameRoster(roster, this.roster([...roster.candidates.keys()].map((key) => this.ctx.metadata.assignmentPolicies.get(key)!), at)))
  }
}
