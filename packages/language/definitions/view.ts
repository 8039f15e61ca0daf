import { z } from 'zod'
import { Condition } from '../conditions/ast.ts'
import { Key, Label } from './common.ts'

export const Sort = z.strictObject({ field: Key, direction: z.enum(['asc', 'desc']) })
export type Sort = z.infer<typeof Sort>

/** A saved list of one object. `owner` null: shipped with the solution, for everybody; else private to that member unless shared, with everybody or with departments. */
export const View = z.strictObject({
  key: z.string().regex(/^[a-z0-9][a-z0-9_-]{0,59}$/),
  label: Label,
  object: Key,
  filter: Condition,
  sort: z.array(Sort).max(2),
  columns: z.array(Key).max(40),
  owner: z.number().int().nullable(),
  /** Everybody sees it. */
  shared: z.boolean(),
  /** Shared with those who work in one of these departments. */
  teams: z.array(z.number().int()).max(50).optional(),
  /** What opens first for these roles when no list is asked for. */
  firstFor: z.array(Key).max(20).optional(),
  /** Among the lists of its object; between two stands half-way. */
  order: z.number(),
})
export type View = z.infer<typeof View>
