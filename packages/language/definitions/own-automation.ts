import { z } from 'zod'
import { Key } from './common.ts'

const Hour = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/)

/** Hours of the week in which a member wants nothing sent by rules; `to` null: until the day ends. */
export const Slot = z.strictObject({ days: z.array(z.number().int().min(1).max(7)).min(1).max(7), from: Hour, to: Hour.nullable() })
  .refine(({ from, to }) => to === null || from < to, { message: 'a slot ends after it begins', path: ['to'] })

/** What a member has settled about rules for the records that are theirs: rules that leave them alone, and hours in which nothing is sent. */
export const OwnAutomation = z.strictObject({ paused: z.array(Key).max(200), slots: z.array(Slot).max(20) })
export type OwnAutomation = z.infer<typeof OwnAutomation>

export const NOTHING_SETTLED: OwnAutomation = { paused: [], slots: [] }
