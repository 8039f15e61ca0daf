import { z } from 'zod'
import { Key } from './common.ts'

/** Its records say who is on duty from when until when, and for what where there is more than one duty. */
export const Shift = z.strictObject({ member: Key, from: Key, to: Key, duty: Key.optional() })
export type Shift = z.infer<typeof Shift>

/** Those whom the shifts of `object` name: at the instant in the field `at` of the record – now, without one – and only of this duty, where one is said. */
export const OnDuty = z.strictObject({ object: Key, duty: z.string().max(60).optional(), at: Key.optional() })
export type OnDuty = z.infer<typeof OnDuty>
