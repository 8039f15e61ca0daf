import { z } from 'zod'
import { Key } from '#language/definitions'
import { route } from '../route.ts'
import { Undoable } from '../shapes.ts'

const Span = z.strictObject({ member: z.number().int().optional(), rule: Key.optional(), from: z.iso.datetime({ offset: true }), to: z.iso.datetime({ offset: true }), along: z.boolean() })
  .refine(({ member, rule }) => (member === undefined) !== (rule === undefined), { message: 'member | rule' })
const Kept = z.array(z.object({ object: z.string(), id: z.string(), title: z.string(), fields: z.array(z.string()), message: z.string() }))
const Sent = z.array(z.object({ channel: z.string(), n: z.number() }))

export const undoing = {
  planUndo: route('planUndo', { auth: 'right:audit', unrecorded: true, summary: { zh: '撤销一位成员或一条规则在一段时间里做的：会改回多少、什么收不回来', en: 'What undoing a member’s or a rule’s work of some time would take back, and what it cannot' }, body: Span,
    response: z.object({ acts: z.number(), changes: z.number(), answers: z.number(), records: z.array(z.object({ object: z.string(), n: z.number() })), sent: Sent, back: z.number(), kept: Kept.describe('The first fifty of what would stay as it is'), left: z.number() }) }),
  undoSpan: route('undoSpan', { auth: 'right:audit', summary: { zh: '撤销一位成员或一条规则在一段时间里做的，别人之后的修改保留', en: 'Undo a member’s or a rule’s work of some time; what others changed since stays' }, body: Span,
    response: z.object({ changed: z.number(), kept: Kept, sent: Sent, ...Undoable }) }),
}
