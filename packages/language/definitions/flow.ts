import { z } from 'zod'
import { Condition, DurationText } from '../conditions/ast.ts'
import { Key } from './common.ts'
import type { Action, Recipient } from './rule.ts'

/** Lists of steps may stand so deep in each other (what is deeper than `READ_DEPTH` is not even read), and a rule has at most so many steps in all. */
export const MAX_FLOW_DEPTH = 3
const READ_DEPTH = 5
export const MAX_STEPS = 60

/** `for`: so long from the moment at which the run comes to it. */
export interface Wait { do: 'wait'; for: string }
/** Until the wall clock of the tenant next shows `at`; `workingDays`: on a day that is worked. */
export interface WaitClock { do: 'waitClock'; at: string; workingDays?: true | undefined }
/** Until the condition holds of the run's own record, then `yes`; when `atMost` has passed before that, `no`. */
export interface WaitUntil { do: 'waitUntil'; until: Condition; atMost: string; yes: Step[]; no: Step[] }
/** Asked of the run's own record as it stands when the run comes to it. */
export interface Branch { do: 'branch'; condition: Condition; yes: Step[]; no: Step[] }
/** `steps` on each child that meets `where` (≤ 50, the oldest first); what they call the record is the child. */
export interface ForEach { do: 'forEach'; object: string; childVia: string; where: Condition; steps: Step[] }
/** Somebody is asked for their word, and the run waits for it: `yes`, `no`, or `late` when `atMost` has passed without one, or nobody is there to ask. */
export interface Approve { do: 'approve'; to: Recipient[]; title: string; body?: string | undefined; atMost: string; yes: Step[]; no: Step[]; late: Step[] }
/** Each of `branches` (2 to 5) goes its own way, on the run's own record; the run goes on when all have come to their end (`all`), or one of them has (`any`: the others are called off). */
export interface Parallel { do: 'parallel'; join: 'all' | 'any'; branches: Step[][] }
/** What steers a run through its actions. */
export type Control = Wait | WaitClock | WaitUntil | Approve | Branch | ForEach | Parallel
export type Step = Action | Control

/** The lanes of a step that goes one way or another, the one of a step that repeats, and those that go side by side. */
export type Lane = 'yes' | 'no' | 'late' | 'steps' | `b${number}`
export const [LEAST_BRANCHES, MOST_BRANCHES] = [2, 5]

/** An action, or what steers a run through actions; as deep as is allowed. */
export function stepOf(action: z.ZodType<Action>, recipient: z.ZodType<Recipient>, depth = READ_DEPTH): z.ZodType<Step> {
  if (depth === 0) return z.discriminatedUnion('do', [action as never, Wait, WaitClock]) as z.ZodType<Step>
  const list = z.array(stepOf(action, recipient, depth - 1)).max(20)
  return z.discriminatedUnion('do', [
    action as never, Wait, WaitClock,
    z.strictObject({ do: z.literal('waitUntil'), until: Condition, atMost: DurationText, yes: list, no: list }),
    z.strictObject({ do: z.literal('approve'), to: z.array(recipient).min(1).max(10), title: z.string().min(1).max(200), body: z.string().max(500).optional(), atMost: DurationText, yes: list, no: list, late: list }),
    z.strictObject({ do: z.literal('branch'), condition: Condition, yes: list, no: list }),
    z.strictObject({ do: z.literal('forEach'), object: Key, childVia: Key, where: Condition, steps: list.min(1) }),
    z.strictObject({ do: z.literal('parallel'), join: z.enum(['all', 'any']), branches: z.array(list).min(LEAST_BRANCHES).max(MOST_BRANCHES) }),
  ]) as z.ZodType<Step>
}

const Wait = z.strictObject({ do: z.literal('wait'), for: DurationText })
const WaitClock = z.strictObject({ do: z.literal('waitClock'), at: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/), workingDays: z.literal(true).optional() })
