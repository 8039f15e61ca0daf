import { z } from 'zod'
import { AssignmentPolicy, Key } from '#language/definitions'
import { route } from '../route.ts'
import { Id, Instant, RecordId } from '../shapes.ts'

const Both = z.object({ actual: z.number(), asIf: z.number() })
const { weights, preferLoadBelow, skillFit, regionFit } = AssignmentPolicy.shape
/** Shares 0–1, `waited` in seconds; null: nothing to reckon with. */
const Course = z.object({ fairness: z.number().nullable(), skill: z.number().nullable(), region: z.number().nullable(), waited: z.object({ half: z.number().nullable(), most: z.number().nullable() }), nobody: z.number() })

/** `actual`: as it went; `asIf`: with these weights, on the same decisions. */
export const ReweighAnswer = z.object({
  from: Instant, to: Instant, ms: z.number(), decisions: z.number(), competed: z.number(), moved: z.number(), cut: z.boolean(),
  actual: Course, asIf: Course,
  members: z.array(z.object({ member: z.number(), received: Both, gained: z.number(), lost: z.number(), peak: z.object({ actual: z.number().nullable(), asIf: z.number().nullable() }) })).readonly(),
  /** Decisions that would have come out otherwise, the newest of them; `of`: only those that concern this member. Without a title where the reader may not see the record. */
  rows: z.array(z.object({ no: z.number(), object: Key, record: RecordId, title: z.string().nullable(), at: Instant, was: z.number().nullable(), becomes: z.number().nullable(),
    /** Both of them as they would have been weighed; null: not in the table, or out. */
    score: z.object({ was: z.number().nullable(), becomes: z.number().nullable() }) })),
})
export type ReweighAnswer = z.infer<typeof ReweighAnswer>

export const assignment = {
  reweigh: route('reweigh', { auth: 'right:assignment', reads: true, summary: { zh: '换一组权重，把过去的分配重算一遍', en: 'Take past assignments again with other weights' }, params: z.strictObject({ policy: Key }),
    body: z.strictObject({ days: z.number().int().min(1).max(180), weights, preferLoadBelow, skillFit, regionFit, of: Id.optional() }), response: ReweighAnswer }),
}
