import type { AssignmentPolicy, FallbackStep, Label } from '#language/definitions'
import type { AreaKey } from '#language/values'

/** Records held now, and how many may be held; `limit` null where owning costs nothing. */
export interface Load { open: number; limit: number | null }

/** How many of a member's own records of late are complete, and of how many. */
export interface Completeness { complete: number; total: number }

/** A member who competes. `away`: until when they are absent (ISO). `received` grows with every record received: null, never; smaller, longer ago. */
export interface Candidate { member: number; name: string; skills: readonly string[]; regions: readonly string[]; load: Load; received: number | null; away?: string | undefined; /** The policy asks for those on duty, and they are not. */ offDuty?: boolean; /** Departments they belong to. */ teams?: readonly number[]; /** Where the policy asks for it. */ completeness?: Completeness | undefined }

/** What a record asks for. `excluding`: positions of the policy's exclusions whose condition the record meets. `premium`: completeness decides between equals. */
export interface Asked { skill: string | null; region: string | null; excluding: readonly number[]; premium?: boolean }

/** `rule:<n>`: the policy's exclusion at position n; `away:<instant>`: absent until then. */
export type Exclusion = 'skill' | 'region' | 'off_duty' | 'no_capacity' | 'full' | `rule:${number}` | `away:${string}`

/** One line of the candidate table. Parts are 0–1 before weighting; `total` is null for the excluded. Partition 1 is preferred. */
export interface Scored {
  member: number
  skill: number
  region: number
  load: number
  open: number
  limit: number | null
  total: number | null
  partition: 1 | 2
  excluded: Exclusion | null
  /** Only where it decides between equals. */
  completeness?: Completeness
}

/** A step of the fallback that was taken. */
export type Tried = Pick<FallbackStep, 'to' | 'team'>

/** `competed`: the best of the candidates. `team`: nobody could take it, and the fallback gave it to one of a team. `turn`: whose turn it was. `existing`: the owner of the record's own party, without competition. `pool`: nobody could take it. */
export type DecisionReason = 'competed' | 'turn' | 'existing' | 'team' | 'pool'

export interface Decision {
  /** Taken under the capacity lock, when the batch is written. */
  no: number | null
  object: string
  record: string
  policy: string
  policyVersion: number
  event: number | null
  chosen: number | null
  reason: DecisionReason
  /** The greater region in whose pool the record waits; null: everywhere. Only with reason `pool`. */
  pool: AreaKey | null
  asked: Asked
  scored: readonly Scored[]
  /** Nobody could take it: what was done then, in order. */
  tried?: readonly Tried[]
  /** With reason `team`: the table in which nobody could take it; `scored` is the team's. */
  first?: readonly Scored[]
}

export interface PublishedPolicy extends AssignmentPolicy { version: number }

/** How a decision is kept: enough to read the table years later without the policy. */
export interface KeptTable {
  weights: AssignmentPolicy['weights']
  below: number
  asked: Asked
  reasons: Record<string, Label>
  /** One line per candidate: `member,skill,region,open,limit,total,partition,excluded,complete/total`; nothing where there is none. Text, because it is written a thousand times a second and read now and then. */
  rows: string
  tried?: readonly Tried[]
  /** As `rows`. */
  first?: string
}
