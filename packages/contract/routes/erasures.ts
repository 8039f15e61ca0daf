import { z } from 'zod'
import { Key, Label } from '#language/definitions'
import { route } from '../route.ts'
import { Instant, RecordId } from '../shapes.ts'

const OneErasure = z.strictObject({ id: RecordId })
const Ref = z.strictObject({ object: Key, id: RecordId })
const Counts = z.object({ records: z.number(), about: z.number(), changes: z.number(), acts: z.number(), submissions: z.number(), notices: z.number(), files: z.number(), traces: z.number(), mentions: z.number() })
const Reason = z.string().trim().min(1).max(500)
const Named = z.object({ id: z.number(), name: z.string() })
const ErasureShape = z.object({
  id: z.string(), object: z.string(), label: Label, record: z.string(), title: z.string().nullable(), n: z.number(), everywhere: z.boolean(),
  state: z.enum(['waiting', 'agreed', 'refused', 'withdrawn', 'done']), askedBy: Named, askedAt: Instant, ip: z.string().nullable(), reason: z.string().nullable(),
  decidedBy: z.string().nullable(), decidedAt: Instant.nullable(), decision: z.string().nullable(), doneAt: Instant.nullable(), act: z.number().nullable(), counts: Counts.nullable(),
  /** Why it could not be carried out yet. */
  trouble: z.string().nullable(),
  can: z.object({ decide: z.boolean(), withdraw: z.boolean() }),
})

export const erasures = {
  planErasure: route('planErasure', { auth: 'right:personal', reads: true, unrecorded: true, summary: { zh: '删除一个人的个人信息会删掉什么', en: 'What erasing a person would take away' }, params: z.strictObject({ object: Key, id: RecordId }), body: z.strictObject({ records: z.array(Ref).max(500).optional() }),
    response: z.object({ candidates: z.array(z.object({ object: z.string(), label: Label, id: z.string(), title: z.string(), shared: z.array(Label), gone: z.boolean() })), counts: Counts, namesakes: z.number(), open: z.string().nullable() }) }),
  personalCopy: route('personalCopy', { auth: 'right:personal', summary: { zh: '个人信息副本（ZIP：可读页面、数据、附件）', en: 'A copy of what is held on a person (ZIP: page, data, files)' }, params: z.strictObject({ object: Key, id: RecordId }), response: z.unknown() }),
  erasures: route('erasures', { auth: 'member', summary: { zh: '删除个人信息的申请', en: 'Requests to erase people' }, response: z.object({ items: z.array(ErasureShape) }) }),
  erasure: route('erasure', { auth: 'member', summary: { zh: '一份删除申请', en: 'One request to erase a person' }, params: OneErasure, response: ErasureShape.extend({ records: z.array(z.object({ object: z.string(), id: z.string(), label: Label, title: z.string().nullable() })), plan: Counts.nullable() }) }),
  askErasure: route('askErasure', { auth: 'right:personal', summary: { zh: '申请删除一个人的个人信息', en: 'Ask for a person to be erased' }, body: z.strictObject({ object: Key, id: RecordId, records: z.array(Ref).max(500), everywhere: z.boolean(), reason: Reason }), response: z.object({ erasure: ErasureShape }) }),
  decideErasure: route('decideErasure', { auth: 'member', summary: { zh: '同意或拒绝一份删除申请', en: 'Agree to an erasure, or refuse it' }, params: OneErasure, body: z.strictObject({ agree: z.boolean(), reason: Reason }), response: z.object({ erasure: ErasureShape }) }),
  withdrawErasure: route('withdrawErasure', { auth: 'member', summary: { zh: '撤回自己的删除申请', en: 'Withdraw one’s own request' }, params: OneErasure, response: z.object({ erasure: ErasureShape }) }),
}
