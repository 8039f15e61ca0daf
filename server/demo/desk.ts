import { best, score, type Candidate, type Completeness } from '#kernel/assignment'
import type { Solution } from '#language/definitions'
import type { Company } from '../../solutions/company.ts'
import type { DemoDecision } from './history.ts'
import { DAY, dayStart } from './working-time.ts'

/** Assigns the past's leads by the very policy of the solution, with the loads of that day. */
export class PastDesk {
  readonly candidates: readonly Candidate[]
  readonly #keys: readonly string[]
  readonly #policy: Solution['assignmentPolicy'][number]
  readonly #classOf: (skill: string) => string
  #received = 0
  /** What came in, whose it is, and whether what its completeness asks for was said. */
  readonly #filed = new Map<string, { day: number; complete: boolean; owner: number | null }>()
  #reckoned: { day: number; by: ReadonlyMap<number, Completeness> } = { day: 0, by: new Map() }

  constructor(solution: Solution, company: Company) {
    this.#policy = solution.assignmentPolicy[0]!
    const parents = new Map(solution.dictionary.find(({ key }) => key === 'industry')!.options.map(({ key, parent }) => [key, parent ?? key]))
    this.#classOf = (skill) => parents.get(skill) ?? skill
    this.#keys = company.members.map(({ key }) => key)
    this.candidates = company.members.flatMap(({ name, roles, capability }, i) =>
      roles.some((role) => this.#policy.roles.includes(role)) ? [{ member: i + 1, name, skills: capability.skills, regions: capability.regions, load: { open: 0, limit: capability.capacity }, received: null }] : [])
  }

  assign(record: string, { at, ...asked }: { skill: string | null; region: string | null; at: number }, existing: string | null): DemoDecision & { owner: string | null } {
    const whole = { ...asked, excluding: [], ...(this.#policy.completeness && { premium: true }) }
    if (existing !== null) return { record, chosen: this.#place(existing), existing: true, asked: whole, scored: [], owner: existing }
    const competing = this.candidates.map((each) => ({ ...each, completeness: this.#completeness(each.member, dayStart(at)) }))
    const scored = score(this.#policy, whole, competing, this.#classOf)
    const chosen = best(scored, competing)?.member ?? null
    return { record, chosen, existing: false, asked: whole, scored, owner: chosen === null ? null : this.#keys[chosen - 1]! }
  }

  file(record: string, at: number, complete: boolean): void {
    this.#filed.set(record, { day: dayStart(at), complete, owner: null })
  }

  hold(record: string, owner: string | null): void {
    const found = this.#filed.get(record)
    if (found) found.owner = owner === null ? null : this.#place(owner)
  }

  /** Reckoned once a day, of what came in before it. */
  #completeness(member: number, today: number): Completeness {
    if (this.#reckoned.day !== today) this.#reckoned = { day: today, by: this.#reckon(today) }
    return this.#reckoned.by.get(member) ?? { complete: 0, total: 0 }
  }

  #reckon(today: number): Map<number, Completeness> {
    const since = today - (this.#policy.completeness?.days ?? 0) * DAY
    const by = new Map<number, Completeness>()
    for (const { day, complete, owner } of this.#filed.values()) {
      if (owner === null || day >= today || day < since) continue
      const sum = by.get(owner) ?? { complete: 0, total: 0 }
      by.set(owner, { complete: sum.complete + Number(complete), total: sum.total + 1 })
    }
    return by
  }

  /** A record that counts has come to the member, or has left. */
  count(member: string | null, by: 1 | -1): void {
    const found = member === null ? undefined : this.candidates.find((each) => each.member === this.#place(member))
    if (!found) return
    found.load = { ...found.load, open: found.load.open + by }
    if (by > 0) found.received = ++this.#received
  }

  rate(member: string): number {
    const { load } = this.candidates.find((each) => each.member === this.#place(member))!
    return load.open / (load.limit ?? 1)
  }

  #place = (member: string): number => this.#keys.indexOf(member) + 1
}
