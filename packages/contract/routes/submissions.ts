import { z } from 'zod'
import { Key, Label } from '#language/definitions'
import { route, Whole } from '../route.ts'
import { Done, Instant, RecordId, Sentence } from '../shapes.ts'

const Answer = z.union([z.string().max(20_000), z.number(), z.boolean()])
const OneSubmission = z.strictObject({ id: RecordId })
const SubmissionStatus = z.enum(['accepted', 'quarantined', 'refused', 'corrected', 'dismissed'])

export const SubmissionShape = z.object({
  id: z.string(), form: z.object({ key: z.string(), label: Label.nullable() }), object: z.string(),
  at: Instant, status: SubmissionStatus,
  /** Why it waits, or what was set aside. */
  reason: Sentence.nullable(),
  /** What was asked and what was answered, in the order of the form. */
  answers: z.array(z.object({ name: z.string(), label: Label, required: z.boolean(), value: z.string(), wrong: z.boolean() })),
  /** The body exactly as it came. */
  raw: z.string(), contentType: z.string().nullable(), ip: z.string().nullable(), agent: z.string().nullable(),
  record: z.object({ object: z.string(), id: z.string(), title: z.string() }).nullable(),
  /** Who settled it and with which words; null while it waits. */
  settled: z.object({ by: z.string(), at: Instant, reason: z.string().nullable() }).nullable(),
})
export type SubmissionShape = z.infer<typeof SubmissionShape>

export const submissions = {
  submissions: route('submissions', { auth: 'right:intake', summary: { zh: '待处理数据：没有成为记录的提交', en: 'Submissions that did not become records' }, query: z.strictObject({ status: SubmissionStatus.default('quarantined'), limit: Whole(1, 100).default(50), cursor: z.string().max(200).optional() }), response: z.object({ items: z.array(SubmissionShape), next: z.string().nullable(), waiting: z.number() }) }),
  recordSubmissions: route('recordSubmissions', { auth: 'right:intake', summary: { zh: '一条记录的原始提交', en: 'The submissions behind a record' }, params: z.strictObject({ object: Key, id: RecordId }), response: z.object({ items: z.array(SubmissionShape) }) }),
  correctSubmission: route('correctSubmission', { auth: 'right:intake', summary: { zh: '更正后重新提交', en: 'Correct and submit again' }, params: OneSubmission, body: z.strictObject({ answers: z.record(z.string().max(80), Answer) }), response: z.object({ object: z.string(), id: z.string(), status: z.enum(['created', 'joined']) }) }),
  dismissSubmission: route('dismissSubmission', { auth: 'right:intake', summary: { zh: '忽略，附理由', en: 'Dismiss, with a reason' }, params: OneSubmission, body: z.strictObject({ reason: z.string().trim().min(1).max(200) }), response: Done }),
  reopenSubmission: route('reopenSubmission', { auth: 'right:intake', summary: { zh: '放回待处理', en: 'Put back' }, params: OneSubmission, response: Done }),
}
