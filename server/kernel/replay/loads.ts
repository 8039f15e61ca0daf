import type { BindContext } from '#language/conditions'
import { addDays, dayOf, startOfDay } from '#language/values'
import { awayAt, type MemberRow } from '#kernel/access'
import type { Candidate, Completeness, PublishedPolicy, Roster } from '#kernel/assignment'
import type { Program } from '#kernel/automation'
import type { Metadata } from '#kernel/metadata'
import type { RecordImage } from '#kernel/records'
import type { Cast } from './cast.ts'

const NONE: Completeness = { complete: 0, total: 0 }

/** Whose load a record counts towards, and whose it is where policies hand out such records; null: nobody's. */
export interface Hands { holder: number | null; owner: number | null }
const NOBODYS: Hands = { holder: null, owner: null }

/** Who has received a record when it went from these hands to those, in the order in which the write path notes it. */
export const receivers = (from: Hands, to: Hands): number[] =>
  [...(to.holder !== from.holder && to.holder !== null ? [to.holder] : []), ...(to.owner !== from.owner && to.owner !== null && to.owner !== to.holder ? [to.owner] : [])]

/** Who holds how much, and who received something last, as a course goes on. */
export class Loads {
  /** By `kind member`. */
  readonly held = new Map<string, number>()
  readonly received: Map<number, number>
  readonly #cast: Pick<Cast, 'members' | 'capabilities'>
  readonly #metadata: Metadata
  readonly #program: Program
  readonly #zone: string
  readonly #absences: boolean
  #moment = 0
  readonly #rows: (object: string) => Iterable<RecordImage>
  /** By policy, as of the day on which it was reckoned. */
  readonly #completeness = new Map<string, { day: string; by: ReadonlyMap<number, Completeness> }>()

  /** `rows`: the records of an object as they stand. `absences`: whoever is away does not compete. */
  constructor({ metadata, program, zone, rows, absences = false }: { metadata: Metadata; program: Program; zone: string; rows: (object: string) => Iterable<RecordImage>; absences?: boolean }, cast: Pick<Cast, 'members' | 'capabilities' | 'received'>) {
    this.#rows = rows
    this.#absences = absences
    this.#metadata = metadata
    this.#program = program
    this.#zone = zone
    this.#cast = cast
    this.received = new Map(cast.received)
  }

  /** Something begins that may hand out several records at one instant. */
  open(): void { this.#moment = 0 }

  /** `receives` false: it was theirs before the course began. */
  count(before: RecordImage | null, after: RecordImage, now: Date, receives = true): void {
    const kind = this.#metadata.objects.get(after.object)?.load?.kind
    if (kind === undefined && !this.#metadata.isHandedOut(after.object)) return
    const [from, to] = [this.handsOf(before, now), this.handsOf(after, now)]
    if (kind !== undefined && from.holder !== to.holder) this.move(kind, from.holder, to.holder)
    if (receives) for (const member of receivers(from, to)) this.received.set(member, now.getTime() * 1000 + this.#moment++)
  }

  handsOf(row: RecordImage | null, now: Date): Hands {
    if (!row || row.gone || row.owner === null) return NOBODYS
    const at: BindContext = { me: null, myTeams: [], now, zone: this.#zone, calendar: this.#metadata.calendar }
    return { holder: this.#program.counts(row, at) ? row.owner : null, owner: this.#metadata.isHandedOut(row.object) ? row.owner : null }
  }

  move(kind: string, from: number | null, to: number | null): void {
    if (from !== null) this.#by(`${kind} ${from}`, -1)
    if (to !== null) this.#by(`${kind} ${to}`, +1)
  }

  roster(policies: readonly PublishedPolicy[], now: Date): Roster {
    const active = [...this.#cast.members.values()].filter((member) => member.active)
    const candidates = policies.map((policy) => [policy.key, active.filter(({ roles }) => roles.some((role) => policy.roles.includes(role))).map((member) => this.#candidate(member, policy, now))] as const)
    return { active: new Set(active.map(({ id }) => id)), candidates: new Map(candidates) }
  }

  /** As the desk reckons it: once a day, of what came in before that day. */
  #completenessOf({ key, object, completeness }: PublishedPolicy, now: Date): ReadonlyMap<number, Completeness> {
    const day = dayOf(now.getTime(), this.#zone)
    const known = this.#completeness.get(key)
    if (known?.day === day) return known.by
    const [from, to] = [addDays(day, -completeness!.days), day].map((each) => startOfDay(each, this.#zone)) as [number, number]
    const at: BindContext = { me: null, myTeams: [], now, zone: this.#zone, calendar: this.#metadata.calendar }
    const by = new Map<number, Completeness>()
    for (const { gone, owner, createdAt, values } of this.#rows(object)) {
      if (gone || owner === null || createdAt.getTime() < from || createdAt.getTime() >= to) continue
      const { complete, total } = by.get(owner) ?? NONE
      by.set(owner, { complete: complete + Number(this.#program.complete(key, values, at)), total: total + 1 })
    }
    this.#completeness.set(key, { day, by })
    return by
  }

  #by(key: string, by: number): void { this.held.set(key, (this.held.get(key) ?? 0) + by) }

  #candidate(member: MemberRow, policy: PublishedPolicy, now: Date): Candidate {
    const { id, name, team, teams } = member
    const { object, completeness } = policy
    const away = this.#absences ? awayAt(member, now.getTime()) : undefined
    const kind = this.#metadata.objects.get(object)?.load?.kind
    const { skills = [], regions = [], capacity = 0 } = this.#cast.capabilities.get(id) ?? {}
    return { member: id, name, skills, regions, received: this.received.get(id) ?? null, teams: team === null ? teams : [team, ...teams], ...(completeness && { completeness: this.#completenessOf(policy, now).get(id) ?? NONE }), ...(away && { away: new Date(away.to).toISOString() }), load: kind === undefined ? { open: 0, limit: null } : { open: this.held.get(`${kind} ${id}`) ?? 0, limit: capacity } }
  }
}
