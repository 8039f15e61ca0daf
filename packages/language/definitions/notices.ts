import { z } from 'zod'
import { NOTICE_KINDS, type NoticeKind } from '../values/notice-kinds.ts'
import { isZone } from '../values/zone.ts'

const KEYS = NOTICE_KINDS.map(({ key }) => key) as [NoticeKind, ...NoticeKind[]]
export const NoticeKindKey = z.enum(KEYS)

const Hour = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/)

/** How a member wants to be told; null for a member who never said: STANDARD_NOTICES. Hours by the wall clock of `zone`; null: the company's. */
export const NoticeSettings = z.strictObject({
  kinds: z.record(NoticeKindKey, z.strictObject({ inside: z.boolean(), mail: z.boolean() })),
  /** Mail waits for its end. `restDays`: it also waits on days that are not worked. */
  quiet: z.strictObject({ on: z.boolean(), from: Hour, to: Hour, restDays: z.boolean() }),
  digest: z.strictObject({ on: z.boolean(), at: Hour }),
  zone: z.string().max(60).refine(isZone, { message: 'no such zone' }).nullable(),
})
export type NoticeSettings = z.infer<typeof NoticeSettings>

/** Everything inside the product, nothing by mail until a member asks for it. */
export const STANDARD_NOTICES: NoticeSettings = {
  kinds: Object.fromEntries(KEYS.map((key) => [key, { inside: true, mail: false }])) as NoticeSettings['kinds'],
  quiet: { on: true, from: '20:00', to: '08:00', restDays: true },
  digest: { on: false, at: '08:30' },
  zone: null,
}
