import { z } from 'zod'
import { Key, Label } from '#language/definitions'
import { route } from '../route.ts'
import { Instant } from '../shapes.ts'

const Changed = z.object({
  /** Which key signs now; when it was made (null: with the company) and until when the one before it is good. */
  number: z.number(), since: Instant.nullable(), previousUntil: Instant.nullable(),
})

export const webhooks = {
  webhooks: route('webhooks', { auth: 'right:settings', summary: { zh: '推送到哪些网址，用哪把密钥签名', en: 'Where rules post to, and the key that signs' },
    response: z.object({ key: Changed, destinations: z.array(z.object({ url: z.string(), rules: z.array(z.object({ key: Key, label: Label, on: z.boolean() })), waiting: z.number() })) }) }),
  showSigningKey: route('showSigningKey', { auth: 'right:settings', unrecorded: true, summary: { zh: '查看签名密钥（会记入审计）', en: 'Show the signing key (kept in the audit)' }, response: z.object({ key: z.string(), previous: z.string().nullable() }) }),
  changeSigningKey: route('changeSigningKey', { auth: 'right:settings', summary: { zh: '更换签名密钥：旧的再用 24 小时', en: 'Change the signing key; the old one stays good for 24 hours' }, response: Changed }),
}
