import { z } from 'zod'
import { Key, Label } from '#language/definitions'
import { route } from '../route.ts'
import { Instant, RecordId } from '../shapes.ts'

const OneApproval = z.strictObject({ id: RecordId })
const ApprovalShape = z.object({
  id: z.string(), rule: z.object({ key: Key, label: Label }), title: z.string(), body: z.string(), askedAt: Instant, due: Instant,
  asked: z.array(z.string()).describe('names of those who are asked'), instead: z.string().nullable().describe('for whom the reader stands in'),
  /** Null: the reader may not see it, and cannot decide. */
  record: z.object({ object: Key, id: RecordId, title: z.string() }).nullable(),
  state: z.enum(['waiting', 'approved', 'refused', 'late']), decidedBy: z.string().nullable(), decidedAt: Instant.nullable(), reason: z.string().nullable(), can: z.boolean(),
})

export const approvals = {
  approvals: route('approvals', { auth: 'member', summary: { zh: '请我审批的：等待中的在前', en: 'What waits for my word, and what I was asked for before' }, response: z.object({ items: z.array(ApprovalShape) }) }),
  approvalsWaiting: route('approvalsWaiting', { auth: 'member', summary: { zh: '有几件事在等我审批', en: 'How many things wait for my word' }, response: z.object({ waiting: z.number().int() }) }),
  approval: route('approval', { auth: 'member', summary: { zh: '一次审批', en: 'One approval' }, params: OneApproval, response: ApprovalShape }),
  decideApproval: route('decideApproval', { auth: 'member', summary: { zh: '同意或不同意：规则按它接着走', en: 'Approve or refuse; the rule goes on by it' }, params: OneApproval, body: z.strictObject({ agree: z.boolean(), reason: z.string().trim().max(500) }), response: ApprovalShape }),
}
