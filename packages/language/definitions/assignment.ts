import { z } from 'zod'
import { Condition, DurationText } from '../conditions/ast.ts'
import { Key, Label } from './common.ts'
import { OnDuty } from './duty.ts'

const Share = z.number().min(0).max(1)

/**
 * One thing done with a record that nobody can take. `team`: it goes to one of those who compete and cover its greater region – or belong to `team`, or to one
 * below it – whatever they know. `pool`: it waits in the pool of its region. `supervisor`: `alertRole` is told. Only for records that meet `when`;
 * `after` so long since it came, where it still has no owner.
 */
export const FallbackStep = z.strictObject({ to: z.enum(['team', 'pool', 'supervisor']), team: z.number().int().positive().optional(), when: Condition.optional(), after: DurationText.optional() })
export type FallbackStep = z.infer<typeof FallbackStep>

/**
 * Assignment by capability: eligibility, then a weighted score, then ties.
 *
 * score = weights.skill · fit + weights.region · reach + weights.load · (1 − load rate). Each part is kept per candidate.
 */
export const AssignmentPolicy = z.strictObject({
  key: Key,
  label: Label,
  object: Key,
  /** `rotation`: of those who may take it, whoever has waited longest gets it, whatever they know; without it the score decides. */
  mode: z.literal('rotation').optional(),
  /** Field of the record compared with the member’s skills (a two-level dictionary) and with the member’s regions. */
  skillField: Key,
  regionField: Key,
  /** Used when the region field is empty (region taken from the visitor’s IP). */
  regionFallbackField: Key.optional(),
  weights: z.strictObject({ skill: Share, region: Share, load: Share }),
  /** Same option 1 · same parent · general practitioner; not listed → excluded when `excludeMissingSkill`. */
  skillFit: z.strictObject({ same: Share, parent: Share, general: Share }),
  excludeMissingSkill: z.boolean(),
  /** Same province · same greater region (华东 …) · elsewhere. */
  regionFit: z.strictObject({ same: Share, area: Share, other: Share }),
  /** Only members of the region compete at all. */
  regionOnly: z.boolean(),
  /** Candidates below this load rate form the first partition. */
  preferLoadBelow: Share,
  /** Members of these roles compete. */
  roles: z.array(Key).min(1),
  /**
   * Of equals, whoever keeps their own records more complete comes first: those that came to be theirs in the last `days`, up to today. `complete`
   * looks at a record's own fields only. Only for records that meet `premium`; without it for all.
   */
  completeness: z.strictObject({ complete: Condition, days: z.number().int().min(1).max(365), premium: Condition.optional() }).optional(),
  /** Only those of them who are on duty. */
  onDuty: OnDuty.optional(),
  /** A record that meets `when` excludes members whose skills lack `skill`. */
  exclusions: z.array(z.strictObject({ when: Condition, lacks: z.string(), reason: Label })).max(20),
  /** Nobody can take it: which pool, who is alerted, what is done in which order; and after how many hours without an owner a record is late. */
  fallback: z.strictObject({ pool: z.literal('region'), alertRole: Key, steps: z.array(FallbackStep).min(1).max(6).optional(), alertHours: z.number().int().min(1).max(720).optional() }),
  /** The field that names the record of an existing owner: that owner gets it without competition. */
  ownerOf: Key.optional(),
  active: z.boolean(),
})
export type AssignmentPolicy = z.infer<typeof AssignmentPolicy>

const USUAL_STEPS: readonly FallbackStep[] = [{ to: 'pool' }, { to: 'supervisor' }]
const USUAL_HOURS = 24
export const fallbackSteps = ({ fallback }: Pick<AssignmentPolicy, 'fallback'>): readonly FallbackStep[] => fallback.steps ?? USUAL_STEPS
export const alertHoursOf = ({ fallback }: Pick<AssignmentPolicy, 'fallback'>): number => fallback.alertHours ?? USUAL_HOURS

/** Working facts about a member that assignment reads. */
export const Capability = z.strictObject({
  /** Option keys of the skill dictionary (either level); `*` marks a general practitioner. */
  skills: z.array(z.string()).max(100),
  /** Province codes (GB/T 2260). */
  regions: z.array(z.string().regex(/^\d{6}$/)).max(40),
  /** 承接上限: open records a member can hold. */
  capacity: z.number().int().min(0).max(10000),
})
export type Capability = z.infer<typeof Capability>
