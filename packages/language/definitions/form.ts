import { z } from 'zod'
import { FormKey, Key, Label } from './common.ts'

/** A public form: what it asks, where the answers go, and what it promises about personal data. */
export const Form = z.strictObject({
  key: FormKey,
  label: Label,
  /** The object that a submission becomes. */
  object: Key,
  /** Sentence above the fields of the hosted page. */
  intro: Label.optional(),
  /** Submitted name → field. Unknown names are kept in the raw payload only. `range` splits 「50-100万」 into two fields. */
  fields: z.array(z.strictObject({
    name: z.string().regex(/^[A-Za-z\u4e00-\u9fff][\w\u4e00-\u9fff]{0,39}$/),
    field: Key,
    /** range: the upper end goes here. */
    upper: Key.optional(),
    label: Label,
    required: z.boolean().optional(),
  })).min(1).max(40),
  /** Field that holds the identity (phone) by which submissions are joined. */
  identity: z.strictObject({ field: Key, kind: z.enum(['phone', 'email']) }),
  /** Days in which the same identity joins its open record. */
  joinDays: z.number().int().min(0).max(365),
  /** Objects whose records, found by the same identity, give the submission to their owner: object → reference field to fill. */
  existing: z.array(z.strictObject({ object: Key, field: Key, into: Key })).max(4),
  /** What was sent names a record: the one whose `field` says what `from` says is put `into` the submission (a campaign by its UTM name). */
  lookups: z.array(z.strictObject({ from: Key, object: Key, field: Key, into: Key })).max(4).optional(),
  /** Values written on every submission (source of the form, channel …). */
  constants: z.record(Key, z.union([z.string(), z.number(), z.boolean()])),
  /** Where page URL, referrer, UTM and IP region are written, when the object has such fields. */
  context: z.strictObject({ pageUrl: Key.optional(), referrer: Key.optional(), utmSource: Key.optional(), utmMedium: Key.optional(), utmCampaign: Key.optional(), utmContent: Key.optional(), utmTerm: Key.optional(), ipRegion: Key.optional(), consent: Key.optional(), consentAt: Key.optional() }),
  /** What happens to a record in one of these states when its person comes back: it is reopened with `set`. */
  reopen: z.strictObject({ field: Key, from: z.array(z.string()), to: z.string() }).optional(),
  /** Open states: a record in one of them is joined, not copied. */
  open: z.strictObject({ field: Key, closed: z.array(z.string()) }).optional(),
  /** Object that records page views, dwell, returns and downloads of visitors: fields it needs are named here. */
  behaviour: z.strictObject({ object: Key, subject: Key, kind: Key, page: Key, seconds: Key, material: Key, at: Key, visitor: Key }).optional(),
  consent: z.strictObject({ version: z.string().max(40), purpose: z.string().max(200), text: z.strictObject({ zh: z.string().min(1).max(4000), en: z.string().min(1).max(4000) }) }),
  /** Origins that may post from a browser; `*` allows any. */
  origins: z.array(z.string().max(200)).max(50),
  /** Downloads offered on the hosted page. */
  materials: z.array(z.strictObject({ key: Key, label: Label, file: z.string().max(200) })).max(10).optional(),
  /** Name of the hidden field that only machines fill. */
  honeypot: z.string().max(40),
  perMinutePerIp: z.number().int().min(1).max(10_000_000),
  active: z.boolean(),
})
export type Form = z.infer<typeof Form>

