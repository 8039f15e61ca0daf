import { z } from 'zod'
import { Label } from '#language/definitions'
import { route } from '../route.ts'
import { Instant, RecordId, RecordShape, Related } from '../shapes.ts'

const Limit = { records: z.number().int().min(1).max(1000), minutes: z.number().int().min(1).max(1440) }
const OneDeletion = z.strictObject({ id: RecordId })
const DeletionShape = z.object({
  id: z.string(), object: z.string(), label: Label, n: z.number(), earlier: z.number(),
  askedBy: z.object({ id: z.number(), name: z.string() }), askedAt: Instant, ip: z.string().nullable(),
  state: z.enum(['waiting', 'agreed', 'refused', 'withdrawn']), decidedBy: z.string().nullable(), decidedAt: Instant.nullable(), reason: z.string().nullable(),
  /** What the reader may do with it. */
  can: z.object({ decide: z.boolean(), withdraw: z.boolean() }),
  /** Brings everything back that went; null: nothing is gone, or it is not theirs to bring back. */
  undo: z.string().nullable(),
})

export const deletions = {
  deletions: route('deletions', { auth: 'member', summary: { zh: '等待复核的批量删除：自己提出的和可以复核的', en: 'Deletions of many that wait for a second person: one’s own and those one may decide' }, response: z.object({ items: z.array(DeletionShape), may: z.boolean() }) }),
  deletion: route('deletion', { auth: 'member', summary: { zh: '一次批量删除和它的证据', en: 'One deletion of many, with its evidence' }, params: OneDeletion,
    response: DeletionShape.extend({ records: z.array(RecordShape), unseen: z.number(), related: Related }) }),
  decideDeletion: route('decideDeletion', { auth: 'member', summary: { zh: '同意或拒绝一次批量删除', en: 'Agree to a deletion of many, or refuse it' }, params: OneDeletion, body: z.strictObject({ agree: z.boolean(), reason: z.string().trim().min(1).max(500) }), response: z.object({ changed: z.number(), left: z.number(), deletion: DeletionShape }) }),
  withdrawDeletion: route('withdrawDeletion', { auth: 'member', summary: { zh: '撤回自己提出的批量删除', en: 'Withdraw one’s own deletion of many' }, params: OneDeletion, response: z.object({ deletion: DeletionShape }) }),
  deletionLimit: route('deletionLimit', { auth: 'member', summary: { zh: '批量删除的上限', en: 'How many deletions need a second person' }, response: z.object(Limit) }),
  setDeletionLimit: route('setDeletionLimit', { auth: 'right:settings', summary: { zh: '修改批量删除的上限', en: 'Change how many deletions need a second person' }, body: z.strictObject(Limit), response: z.object(Limit) }),
}
