import { z } from 'zod'
import { Key, Label } from '#language/definitions'
import { route } from '../route.ts'
import { Drafted } from './records.ts'
import { AnyValues, Instant, RecordId, Related } from '../shapes.ts'

const SuggestionShape = z.object({
  id: z.string(), object: z.string(), label: Label, record: z.string().nullable(), title: z.string(),
  by: z.object({ id: z.number(), name: z.string() }), at: Instant, state: z.enum(['open', 'taken', 'declined']),
  /** As the reader sees them; `before`: what stands in the record now. */
  fields: z.array(z.object({ field: z.string(), before: z.unknown(), value: z.unknown(), taken: z.boolean() })),
  made: z.string().nullable(), decidedBy: z.string().nullable(), decidedAt: Instant.nullable(), reason: z.string().nullable(),
  can: z.object({ decide: z.boolean() }),
})

export const suggestions = {
  suggest: route('suggest', { auth: 'member', status: 201, summary: { zh: '提交建议：不能直接写入的账号新建或修改的内容，等待审核', en: 'Suggest a new record or other values: for those who may not write' },
    body: z.strictObject({ object: Key, record: RecordId.optional(), values: AnyValues, drafted: Drafted, about: RecordId.optional() }), response: z.object({ id: z.string() }) }),
  suggestions: route('suggestions', { auth: 'member', summary: { zh: '建议单：自己提交的，和可以审核的', en: 'Suggestions: one’s own, and those one may decide' }, response: z.object({ items: z.array(SuggestionShape), related: Related }) }),
  decideSuggestion: route('decideSuggestion', { auth: 'right:intake', summary: { zh: '审核建议：采纳选中的字段，或不采纳', en: 'Take some fields of a suggestion, or none' }, params: z.strictObject({ id: RecordId }),
    body: z.strictObject({ take: z.array(Key).max(200), reason: z.string().trim().max(500).optional() }), response: z.object({ state: z.enum(['open', 'taken', 'declined']), made: z.string().nullable(), undo: z.string().nullable() }) }),
}
