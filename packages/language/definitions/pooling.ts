import { z } from 'zod'
import { Condition } from '../conditions/ast.ts'
import { Key, Label } from './common.ts'

/** Natural time: pools know no working hours. */
const Length = z.string().regex(/^\d{1,6}[smhdw]$/)
const Literal = z.union([z.string().max(2000), z.number(), z.boolean(), z.null()])

/**
 * How records of one object wait in pools while nobody owns them: what is seen of them, who may claim how many, when they return.
 *
 * A pool is a record of `pools.object`; a record waits in it while `field` names it and it has no owner.
 */
export const Pooling = z.strictObject({
  key: Key,
  label: Label,
  object: Key,
  /** Reference of the object to its pool; emptied when somebody becomes the owner. */
  field: Key,
  /** Which fields of a pool say whose it is (a team and those below it; members by name; neither: everybody's) and its limits. */
  pools: z.strictObject({ object: Key, team: Key, members: Key, daily: Key, holding: Key, protectHours: Key }),
  /** Records go, in this order, to the pool by this name whose condition holds; then to the pool of their team or the nearest above it; then to one of everybody's. */
  places: z.array(z.strictObject({ when: Condition, pool: z.string().max(200) })).max(50),
  /** What is seen of a record that waits, as far as a role may read it at all, and which of it in part. */
  visible: z.array(Key).min(1).max(60),
  masks: z.record(Key, z.enum(['star', 'last4'])).optional(),
  /** Written when a record enters a pool, and when it is claimed. */
  enter: z.record(Key, Literal),
  claim: z.record(Key, Literal),
  /** How long whoever gave a record up, or lost it, cannot claim it. */
  coolOff: Length,
  /** Records without a follow-up for so long return to their pool; their owner is told so long before. */
  recycle: z.strictObject({ active: z.boolean(), after: Length, notice: Length, when: Condition }),
})
export type Pooling = z.infer<typeof Pooling>
