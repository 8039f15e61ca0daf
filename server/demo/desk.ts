import { best, score, type Candidate } from '#kernel/assignment'
import type { Solution } from '#language/definitions'
import type { Company } from '../../solutions/company.ts'
import type { DemoDecision } from './history.ts'

/** Assigns the past's leads by the very policy of the solution, with the loads of that day. */
export class PastDesk {
  readonly candidates: readonly Candidate[]
  readonly #keys: readonly string[]
  readonly #policy: Solution['assignmentPolicy'][number]
  readonly #classOf: (skill: string) => string
  #received = 0

  constructor(solution: Solution, company: Company) {
    this.#policy = solution.assignmentPolicy[0]!
    const parents = new Map(solution.dictionary.find(({ key }) => key === 'industry')!.options.map(({ key, parent }) => [key, parent ?? key]))
    this.#classOf = (skill) => parents.get(skill) ?? skill
    this.#keys = company.members.map(({ key }) => key)
    this.candidates = company.members.flatMap(({ name, roles, capability }, i) =>
      roles.some((role) => this.#policy.roles.includes(role)) ? [{ member: i + 1, name, skills: capability.skills, regions: capability.regions, load: { open: 0, limit: capability.capacity }, received: null }] : [])
  }

  assign(record: string, asked: { skill: string | null; region: string | null }, existing: string | null): DemoDecision & { owner: string | null } {
    const whole = { ...asked, excluding: [] }
    if (existing !== null) return { record, chosen: this.#place(existing), existing: true, asked: whole, scored: [], owner: existing }
    const scored = score(this.#policy, whole, this.candidates, this.#classOf)
    const chosen = best(scored, this.candidates)?.member ?? null
    return { record, chosen, existing: false, asked: whole, scored, owner: chosen === null ? null : this.#keys[chosen - 1]! }
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
