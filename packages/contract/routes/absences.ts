import { z } from 'zod'
import { ABSENCE_KINDS } from '#language/values'
import { route } from '../route.ts'
import { Id, Instant, Sentence } from '../shapes.ts'

const At = z.iso.datetime({ offset: true })
const Draft = z.strictObject({ member: Id.optional().describe('oneself without it'), kind: z.enum(ABSENCE_KINDS), from: At, to: At, standIns: z.array(Id).max(5) })
const AbsenceShape = z.object({
  id: z.number(), member: z.number(), from: Instant, to: Instant, state: z.enum(['planned', 'running', 'over', 'cancelled']),
  /** Null: not the reader's to know. */
  kind: z.enum(ABSENCE_KINDS).nullable(),
  /** As named; empty: whoever is above. */
  standIns: z.array(z.number()),
  /** The reader may end it or call it off. */
  mine: z.boolean(),
})
export type AbsenceShape = z.infer<typeof AbsenceShape>

export const absences = {
  absences: route('absences', { auth: 'member', summary: { zh: '现在和将来的请假：自己的、由自己代理的、下级的', en: 'Present and coming absences: one’s own, those one stands in for, those of the people below' },
    /** `members`: for whom the reader may enter one. */
    response: z.object({ items: z.array(AbsenceShape), members: z.array(z.number()) }) }),
  previewAbsence: route('previewAbsence', { auth: 'member', unrecorded: true, summary: { zh: '登记前看一看：多少工作日、交给谁、要注意什么', en: 'Before it is entered: working hours, what is stood in for, what to mind' }, body: Draft,
    response: z.object({ hours: z.number(), objects: z.array(z.object({ object: z.string(), count: z.number() })), warnings: z.array(Sentence), above: z.number().nullable() }) }),
  enterAbsence: route('enterAbsence', { auth: 'member', status: 201, summary: { zh: '登记请假和代理人', en: 'Enter an absence and who stands in' }, body: Draft, response: AbsenceShape }),
  endAbsence: route('endAbsence', { auth: 'member', summary: { zh: '取消请假，或提前结束', en: 'Call an absence off, or end it early' }, params: z.strictObject({ id: Id }), response: AbsenceShape }),
}
