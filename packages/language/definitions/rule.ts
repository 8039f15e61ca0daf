import { z } from 'zod'
import { Condition, DurationText, MonthsText } from '../conditions/ast.ts'
import { FormKey, Key, Label } from './common.ts'
import { OnDuty } from './duty.ts'
import { MAX_STEPS, stepOf, type Step } from './flow.ts'
import { stepsIn } from './walk.ts'

/** What may cause a rule to look at a change (decision 5). Undo, merge, backfill and upgrade never do. */
export const CauseKind = z.enum(['member', 'source', 'rule', 'timer', 'import'])
export type CauseKind = z.infer<typeof CauseKind>

/** A place in what another system sends: `data.items.0.phone`. */
export const JsonPath = z.string().min(1).max(200).regex(/^[^.\s]+(\.[^.\s]+)*$/)

export const Trigger = z.discriminatedUnion('on', [
  /** A record of the object was created; `form` narrows to those that came in through that form. */
  z.strictObject({ on: z.literal('created'), object: Key, form: FormKey.optional(), causes: z.array(CauseKind).optional() }),
  /** One of `fields` changed (any field when absent). */
  z.strictObject({
    on: z.literal('changed'), object: Key, fields: z.array(Key).optional(), causes: z.array(CauseKind).optional(),
    /** Only when the same person has done so at least this many times within this time, this change included. */
    often: z.strictObject({ times: z.number().int().min(2).max(100), within: DurationText }).optional(),
  }),
  z.strictObject({ on: z.literal('tagged'), object: Key, tag: z.string(), causes: z.array(CauseKind).optional() }),
  /** The instant in `field` of a record of `object` has come (plus `after`, also in calendar months, or less the minutes in the field `before`; without them it never comes), and the condition still holds then. */
  z.strictObject({ on: z.literal('deadline'), object: Key, field: Key, after: DurationText.or(MonthsText).optional(), before: Key.optional() }),
  z.strictObject({ on: z.literal('untagged'), object: Key, tag: z.string(), causes: z.array(CauseKind).optional() }),
  /** A deleted record came back. */
  z.strictObject({ on: z.literal('restored'), object: Key, causes: z.array(CauseKind).optional() }),
  /** A record was deleted: others can be told, and something made beside it. */
  z.strictObject({ on: z.literal('deleted'), object: Key, causes: z.array(CauseKind).optional() }),
  /** A number of the record has come from above to below this value (`below`), or from below to it or above (`above`): when it passes, not as long as it stays there. Where there was none before, it passes too. */
  z.strictObject({ on: z.literal('crossed'), object: Key, field: Key, way: z.enum(['below', 'above']), value: z.string().regex(/^-?\d{1,15}(\.\d{1,6})?$/), causes: z.array(CauseKind).optional() }),
  /** Somebody presses its button on a record for which the condition holds: members with one of these roles; without any, whoever may change the record. */
  z.strictObject({ on: z.literal('pressed'), object: Key, roles: z.array(Key).max(20).optional() }),
  /** Another rule about the same object has ended its run on a record: came to its end (`yes`, `no`: and the last of its steps that goes two ways went this one, or the branches side by side came to this together), or failed. */
  z.strictObject({ on: z.literal('ran'), object: Key, rule: Key, outcome: z.enum(['finished', 'failed', 'yes', 'no']) }),
  /** Another system has posted something about a record to the rule's own address. */
  z.strictObject({
    on: z.literal('pushed'), object: Key,
    /** How its sender shows who it is: a signature over what is sent, or the secret itself in a header. */
    proof: z.enum(['signed', 'secret']),
    /** The record that it speaks of: the one whose `field` says what stands at `from`. `id`: our own number of it. */
    match: z.strictObject({ field: Key, from: JsonPath }),
    /** Where there is no such record: it is made, or what was sent is set aside. */
    missing: z.enum(['create', 'ignore']),
    /** Where it is made: the newest record of these objects whose `field` says the same is put into its `into`, as forms do. */
    existing: z.array(z.strictObject({ object: Key, field: Key, into: Key })).max(4).optional(),
    /** What is taken from it, by a name; with `field`, it is written there too. */
    values: z.array(z.strictObject({ name: Key, from: JsonPath, field: Key.optional() })).max(40),
  }),
  /** At each time of the schedule, on the wall clock of the tenant, every record of `object` for which the condition holds then; `workingDays`: not on others. */
  z.strictObject({ on: z.literal('schedule'), cron: z.string().max(100), object: Key, workingDays: z.literal(true).optional() }),
  /** So long has passed since the instant in `since` – while it is empty, since the record was made – and it has not moved; once for each such instant. */
  z.strictObject({ on: z.literal('silence'), object: Key, since: Key, for: DurationText }),
])
export type Trigger = z.infer<typeof Trigger>

/**
 * A value that an action writes. `field` reads the triggering record, or the record its reference `via` points to;
 * `earlier`, `text` and `owner` read the record that the action works on (its target).
 */
export const Value = z.union([
  z.string().max(2000), z.number(), z.boolean(), z.null(),
  /** With `plus`, an instant or a day moved forward; an empty field stays empty. */
  z.strictObject({ field: Key, via: Key.optional(), plus: DurationText.optional() }),
  z.strictObject({ now: z.literal(true), plus: DurationText.optional() }),
  /** The earlier of a field of the target and now + `plus`; an empty field counts as never. */
  z.strictObject({ earlier: z.strictObject({ field: Key, plus: DurationText }) }),
  /** `{{field}}` is replaced by the field’s display text, rendered with the recipient’s rights where there is one. */
  z.strictObject({ text: z.string().max(2000) }),
  /** The record itself, as a reference. */
  z.strictObject({ record: z.literal(true) }),
  /** The owner of the target record. */
  z.strictObject({ owner: z.literal(true) }),
  /** The direct supervisor of that owner; empty where there is none. */
  z.strictObject({ supervisor: z.literal(true) }),
  /** Whoever is on duty: the one who came on first; empty where nobody is. */
  z.strictObject({ onDuty: OnDuty }),
  /** A member with this role: of those who are there, the one who has been for longest; empty where nobody has it. */
  z.strictObject({ role: Key }),
  /** What was taken under this name from what another system sent; the field stays as it is where nothing was sent, or nothing that fits. */
  z.strictObject({ pushed: Key }),
  /** The number in the field of the target, so much more (or less); an empty field counts as 0. */
  z.strictObject({ add: z.number().min(-1_000_000).max(1_000_000) }),
  /** This option of the field, where it is empty or stands at an option before it in their order; what stands there already, or further on, stays. */
  z.strictObject({ advance: z.string().min(1).max(100) }),
])
export type Value = z.infer<typeof Value>

/**
 * Which record an action works on: the triggering one, or the one its reference field points to (none: the action is skipped).
 * Where `via` may point to several objects, `viaObject` names the one meant: the action is skipped for any other, and its guard,
 * values and texts are checked against that object.
 */
const Target = { via: Key.optional(), viaObject: Key.optional() }

/** Asked of the record that the action works on, as the actions before it in the same run have left it. */
const Guard = { if: Condition.optional() }

export const Recipient = z.union([
  z.strictObject({ owner: z.literal(true) }),
  /** Direct supervisor of the owner. */
  z.strictObject({ supervisor: z.literal(true) }),
  z.strictObject({ role: Key }),
  /** Those who stand in a member or members field of the target. */
  z.strictObject({ field: Key }),
  z.strictObject({ member: z.number().int() }),
  /** Whoever is on duty. */
  z.strictObject({ onDuty: OnDuty }),
])
export type Recipient = z.infer<typeof Recipient>

export const Action = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('set'), ...Target, ...Guard, values: z.record(Key, Value) }),
  z.strictObject({ do: z.literal('tag'), ...Target, ...Guard, add: z.array(z.string()).optional(), remove: z.array(z.string()).optional() }),
  /** Take the grading scheme’s verdict again and write its field. */
  z.strictObject({ do: z.literal('grade'), ...Target, ...Guard, grading: Key }),
  z.strictObject({ do: z.literal('assign'), ...Target, ...Guard, policy: Key }),
  /** Create a record of `object`; `unlessOpen` skips when such a child already exists. */
  z.strictObject({ do: z.literal('create'), ...Target, ...Guard, object: Key, values: z.record(Key, Value), unlessOpen: z.strictObject({ via: Key, where: Condition }).optional() }),
  /** Write to the children of the target that meet `where` (≤ 50). */
  z.strictObject({ do: z.literal('updateChildren'), ...Target, ...Guard, object: Key, childVia: Key, where: Condition, values: z.record(Key, Value) }),
  z.strictObject({ do: z.literal('notify'), ...Target, ...Guard, to: z.array(Recipient).min(1), kind: Key, title: z.string().max(200), body: z.string().max(500).optional(),
    /** Attach the newest children of the target, e.g. what the person did last. */
    latest: z.strictObject({ object: Key, via: Key, count: z.number().int().min(1).max(10) }).optional() }),
  /** POST to a URL through the delivery outbox, signed, at least once. */
  z.strictObject({ do: z.literal('webhook'), ...Target, ...Guard, url: z.url().max(500) }),
  /** Nothing further is done. */
  z.strictObject({ do: z.literal('stop'), ...Target, ...Guard }),
  /** Message over a channel that is not connected yet; storable in templates, cannot be switched on. */
  z.strictObject({ do: z.literal('message'), ...Target, ...Guard, channel: Key, template: z.string().max(500) }),
])
export type Action = z.infer<typeof Action>

const Steps: z.ZodType<Step[]> = z.array(stepOf(Action, Recipient)).min(1).max(20).refine((steps) => stepsIn(steps).length <= MAX_STEPS, { error: `at most ${MAX_STEPS} steps` })

export const Rule = z.strictObject({
  key: Key,
  label: Label,
  /** Rules shown and counted as one (R1 is four of them). */
  group: z.string().max(40).optional(),
  note: Label.optional(),
  trigger: Trigger,
  condition: Condition,
  /** In order; each sees what those before it in the same run have written (an owner just assigned, children just closed). */
  actions: Steps,
  /** Smaller runs first on the same change. */
  priority: z.number().int().min(0).max(1000),
  /** Only records whose owner belongs to this department or one below it, and those of nobody. */
  team: z.number().int().optional(),
  /** Tried first by a few: only where the record's owner, or whoever caused the event, is one of these members or belongs to one of these departments or below. */
  pilot: z.strictObject({ teams: z.array(z.number().int()).max(20), members: z.array(z.number().int()).max(100) }).refine(({ teams, members }) => teams.length + members.length > 0, { error: 'nobody' }).optional(),
  /** Owners may not pause it for their own records. */
  required: z.literal(true).optional(),
})
export type Rule = z.infer<typeof Rule>
export const RuleState = z.enum(['template', 'active', 'paused'])

/** Ordered levels; the first whose condition holds gives the value. Kept live: retaken when a need changes or a window runs out. */
export const Grading = z.strictObject({
  key: Key,
  label: Label,
  object: Key,
  field: Key,
  levels: z.array(z.strictObject({ value: z.string(), condition: Condition, reason: Label })).min(1).max(10),
})
export type Grading = z.infer<typeof Grading>
