import type { BindContext } from '#language/conditions'
import { addDays, dayOf, startOfDay } from '#language/values'
import type { Completeness, PublishedPolicy, Roster } from '#kernel/assignment'
import type { Program } from '#kernel/automation'
import type { Metadata } from '#kernel/metadata'
import type { RecordImage } from '#kernel/records'
import type { Cast } from './cast.ts'

const NONE: Completeness = { complete: 0, total: 0 }

/** Who holds how much, and who received something last, as a course goes on. */
export class Loads {
  /** By `kind member`. */
  readonly held = new Map<string, number>()
  readonly #received: Map<number, number>
  readonly #cast: Cast
  readonly #metadata: Metadata
  readonly #program: Program
  readonly #zone: string
  #moment = 0
  readonly #rows: () => Iterable<RecordImage>
  /** By policy, as of the day on which it was reckoned. */
  readonly #completeness = new Map<string, { day: string; by: ReadonlyMap<number, Completeness> }>()

  /** `rows`: all records as they stand. */
  constructor({ metadata, program, zone, rows }: { metadata: Metadata; program: Program; zone: string; rows: () => Iterable<RecordImage> }, cast: Cast) {
    this.#rows = rows
    this.#metadata = metadata
    this.#program = program
    this.#zone = zone
    this.#cast = cast
    this.#received = new Map(cast.received)
  }

  /** Something begins that may hand out several records at one instant. */
  open(): void { this.#moment = 0 }

  /** `receives` false: it was theirs before the course began. */
  count(before: RecordImage | null, after: RecordImage, now: Date, receives = true): void {
    const kind = this.#metadata.objects.get(after.object)?.load?.kind
    if (kind === undefined) return
    const at: BindContext = { me: null, myTeams: [], now, zone: this.#zone, calendar: this.#metadata.calendar }
    const holder = (row: RecordImage | null) => (row && !row.gone && row.owner !== null && this.#program.counts(row, at) ? row.owner : null)
    const [from, to] = [holder(before), holder(after)]
    if (from === to) return
    if (from !== null) this.#move(`${kind} ${from}`, -1)
    if (to !== null) this.#move(`${kind} ${to}`, +1)
    if (to !== null && receives) this.#received.set(to, now.getTime() * 1000 + this.#moment++)
  }

  roster(policies: readonly PublishedPolicy[], now: Date): Roster {
    const active = [...this.#cast.members.values()].filter((member) => member.active)
    const candidates = policies.map((policy) => [policy.key, active.filter(({ roles }) => roles.some((role) => policy.roles.includes(role))).map(({ id, name, team, teams }) => ({ ...this.#candidate(id, name, policy), teams: team === null ? teams : [team, ...teams], ...(policy.completeness && { completeness: this.#completenessOf(policy, now).get(id) ?? NONE }) }))] as const)
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
    for (const { object: of, gone, owner, createdAt, values } of this.#rows()) {
      if (of !== object || gone || owner === null || createdAt.getTime() < from || createdAt.getTime() >= to) continue
      const { complete, total } = by.get(owner) ?? NONE
      by.set(owner, { complete: complete + Number(this.#program.complete(key, values, at)), total: total + 1 })
    }
    this.#completeness.set(key, { day, by })
    return by
  }

  #move(key: string, by: number): void { this.held.set(key, (this.held.get(key) ?? 0) + by) }

  #candidate(id: number, name: string, { object }: PublishedPolicy) {
    const kind = this.#metadata.objects.get(object)?.load?.kind
    const { skills = [], regions = [], capacity = 0 } = this.#cast.capabilities.get(id) ?? {}
    return { member: id, name, skills, regions, received: this.#received.get(id) ?? null, load: kind === undefined ? { open: 0, limit: null } : { open: this.held.get(`${kind} ${id}`) ?? 0, limit: capacity } }
  }
}
