import { z } from 'zod'
import type { Condition } from '#language/conditions'
import { AssignmentPolicy, Key } from '#language/definitions'
import { route } from '../route.ts'
import { Id, Instant, Outcome, RecordId, RecordShape, Related, Sentence } from '../shapes.ts'

const Both = z.object({ actual: z.number(), asIf: z.number() })
const { weights, preferLoadBelow, skillFit, regionFit } = AssignmentPolicy.shape
/** Shares 0–1, `waited` in seconds; null: nothing to reckon with. */
const Course = z.object({ fairness: z.number().nullable(), skill: z.number().nullable(), region: z.number().nullable(), waited: z.object({ half: z.number().nullable(), most: z.number().nullable() }), nobody: z.number(), byCompleteness: z.number() })

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

/** Oldest first. `proposed`: whom the policy would choose now, each seeing what those before it leave; null: nobody can take it. */
export const UnassignedAnswer = z.object({
  object: Key, policy: z.object({ key: Key, label: Sentence }).nullable(), alertHours: z.number(), count: z.number(), late: z.number(),
  /** What stands on the board, for those who watch it. */
  filter: z.unknown().describe('Condition') as z.ZodType<Condition, Condition>,
  rows: z.array(z.object({ record: RecordShape, since: Instant, proposed: z.number().nullable(), existing: z.boolean(),
    /** Why nobody could take it when it was decided, and what was done; the next step of the fallback, unless somebody has it by then. */
    tried: Sentence.nullable(), next: z.object({ to: z.enum(['team', 'pool', 'supervisor']), at: Instant }).nullable() })), related: Related,
  /** By week, oldest first: what came in, and what of it had an owner within the hours of the alarm; the rest of a week that is still young is not counted as late. */
  weeks: z.array(z.object({ from: z.string(), came: z.number(), inTime: z.number(), open: z.number() })),
})
export type UnassignedAnswer = z.infer<typeof UnassignedAnswer>

/** In the order in which they came on. */
export const OnDutyAnswer = z.object({ rows: z.array(z.object({ member: z.number(), duty: z.string().nullable(), from: Instant, to: Instant, phone: z.string().nullable() })) })
export type OnDutyAnswer = z.infer<typeof OnDutyAnswer>

export const assignment = {
  unassigned: route('unassigned', { auth: 'member', summary: { zh: '待分配：还没有负责人的记录、等了多久、建议给谁', en: 'Unassigned records: how long they wait, and who would get them' }, params: z.strictObject({ object: Key }), response: UnassignedAnswer }),
  onDutyNow: route('onDutyNow', { auth: 'member', summary: { zh: '现在谁在值班，怎么联系', en: 'Who is on duty now, and how to reach them' }, params: z.strictObject({ object: Key }),
    response: OnDutyAnswer }),
  assignByPolicy: route('assignByPolicy', { auth: 'member', summary: { zh: '按分配方案指派，逐条给结果', en: 'Assign by the policy, with a result for every record' }, body: z.strictObject({ object: Key, ids: z.array(RecordId).min(1).max(200) }), response: Outcome }),
  reweigh: route('reweigh', { auth: 'right:assignment', reads: true, summary: { zh: '换一组权重，把过去的分配重算一遍', en: 'Take past assignments again with other weights' }, params: z.strictObject({ policy: Key }),
    body: z.strictObject({ days: z.number().int().min(1).max(180), weights, preferLoadBelow, skillFit, regionFit, /** Completeness decides between equals, where decisions have kept it. */ completeness: z.boolean(), of: Id.optional() }), response: ReweighAnswer }),
}
