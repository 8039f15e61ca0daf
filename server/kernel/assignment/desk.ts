import type { Metadata } from '#kernel/metadata'
import type { RecordImage } from '#kernel/records'
import { areaOf } from '#language/values'
import { fallBack } from './fallback.ts'
import { best, score, type ClassOf } from './score.ts'
import type { Asked, Candidate, Decision, PublishedPolicy } from './types.ts'

export interface Request {
  policy: PublishedPolicy
  /** As the rules before it have left it; its owner is taken from here. */
  record: Pick<RecordImage, 'object' | 'id' | 'owner' | 'values'>
  /** The change that is answered; null outside rules. */
  event: number | null
  excluding: readonly number[]
  /** Owner of the record that `policy.ownerOf` points to; null: there is none. */
  existing: number | null
  /** Whether it meets what the policy calls premium, where the policy says so. */
  premium?: boolean | undefined
  /** Positions of the fallback's steps whose turn it is, should nobody be able to take it; undefined: those that ask nothing. */
  steps?: readonly number[] | undefined
  /** Who is on duty, where the policy asks for it. */
  onDuty?: ReadonlySet<number> | undefined
  /** Whether the record counts towards its owner's load. */
  counts: boolean
}

/** Whose a record is, and whether it counts towards their load. */
export interface Hands { owner: number | null; counts: boolean }

/** Candidates as they stood when the desk was opened, by policy; `members`: everybody who may receive something. */
export interface Roster { candidates: ReadonlyMap<string, readonly Candidate[]>; active: ReadonlySet<number> }

/**
 * Assigns one record after the other in memory, each seeing the loads that those before it left. Pure but for its own counting.
 *
 * The caller holds the lock on every load in the roster (see openDesk) and carries the chosen owners into its one write.
 */
export class Desk {
  readonly decisions: Decision[] = []
  readonly #roster: Roster
  readonly #metadata: Metadata
  #received = Number.MAX_SAFE_INTEGER / 2
  /** How records stand by what the desk was told of last. */
  readonly #hands = new Map<string, Hands>()

  constructor(roster: Roster, metadata: Metadata) { this.#roster = roster; this.#metadata = metadata }

  /** The same desk as it was opened, with nothing assigned yet. */
  fork(): Desk {
    const candidates = [...this.#roster.candidates].map(([key, each]) => [key, each.map((candidate) => ({ ...candidate }))] as const)
    return new Desk({ ...this.#roster, candidates: new Map(candidates) }, this.#metadata)
  }

  serves(policy: PublishedPolicy): boolean {
    return this.#roster.candidates.has(policy.key)
  }

  assign(request: Request): Decision {
    const { record: { object, id, owner }, counts } = request
    if (counts) this.#count(object, owner, -1)
    const decision = this.#decide(request)
    const hands = { owner: decision.chosen ?? owner, counts }
    if (counts) this.#count(object, hands.owner, +1)
    if (decision.chosen !== null) this.#receive(decision.chosen)
    this.#hands.set(id, hands)
    this.decisions.push(decision)
    return decision
  }

  /** Something else is done with a record: from these hands it goes to those. What the desk has done itself it knows. */
  follow({ object, id }: Pick<RecordImage, 'object' | 'id'>, before: Hands, after: Hands): void {
    const known = this.#hands.get(id) ?? before
    this.#hands.set(id, after)
    if (known.counts) this.#count(object, known.owner, -1)
    if (after.counts) this.#count(object, after.owner, +1)
    const counted = after.counts && (!known.counts || after.owner !== known.owner)
    if (after.owner !== null && (counted || (after.owner !== known.owner && this.#metadata.isHandedOut(object)))) this.#receive(after.owner)
  }

  #decide({ policy, record, event, excluding, existing, premium, steps, onDuty }: Request): Decision {
    const asked = { ...askedOf(policy, record, excluding), ...(policy.completeness && { premium: policy.completeness.premium === undefined || premium === true }) }
    const decision = { no: null, object: record.object, record: record.id, policy: policy.key, policyVersion: policy.version, event, asked, pool: null, scored: [] }
    if (existing !== null && this.#roster.active.has(existing)) return { ...decision, chosen: existing, reason: 'existing' }
    const all = this.#roster.candidates.get(policy.key) ?? []
    const candidates = onDuty ? all.map((each) => (onDuty.has(each.member) ? each : { ...each, offDuty: true })) : all
    const classOf = classesOf(this.#metadata, policy)
    const scored = score(policy, asked, candidates, classOf)
    const chosen = best(scored, candidates)?.member ?? null
    if (chosen === null) return { ...decision, pool: asked.region === null ? null : areaOf(asked.region), ...fallBack(policy, { asked, candidates, scored, steps, classOf, teams: this.#metadata.teams }) }
    return { ...decision, scored, chosen, reason: policy.mode === 'rotation' ? 'turn' : 'competed' }
  }

  /** Policies over objects of one kind of load share it. */
  #count(object: string, member: number | null, by: 1 | -1): void {
    const kind = this.#metadata.objects.get(object)?.load?.kind
    if (kind === undefined || member === null) return
    for (const [key, candidates] of this.#roster.candidates) {
      if (kindOf(this.#metadata, this.#metadata.assignmentPolicies.get(key)) !== kind) continue
      const found = candidates.find((each) => each.member === member)
      if (found) found.load = { ...found.load, open: Math.max(0, found.load.open + by) }
    }
  }

  /** Whatever was received, by whatever policy: it is somebody else's turn. */
  #receive(member: number): void {
    this.#received++
    for (const candidates of this.#roster.candidates.values()) {
      const found = candidates.find((each) => each.member === member)
      if (found) found.received = this.#received
    }
  }
}

/** The load that the policy's objects count towards; undefined: none. */
export const kindOf = ({ objects }: Metadata, policy: Pick<PublishedPolicy, 'object'> | undefined): string | undefined =>
  policy && objects.get(policy.object)?.load?.kind

function askedOf(policy: PublishedPolicy, { values }: Request['record'], excluding: readonly number[]): Asked {
  const text = (field: string | undefined): string | null => (field === undefined ? null : ((values[field] as string | null | undefined) ?? null))
  return { skill: text(policy.skillField), region: text(policy.regionField) ?? text(policy.regionFallbackField), excluding }
}

/** Two levels: an option's class is its parent. */
export function classesOf(metadata: Metadata, { object, skillField }: Pick<PublishedPolicy, 'object' | 'skillField'>): ClassOf {
  const dictionary = metadata.objects.get(object)?.field.get(skillField)?.dictionary
  const options = dictionary === undefined ? undefined : metadata.dictionaries.get(dictionary)?.byKey
  return (skill) => options?.get(skill)?.parent ?? skill
}
