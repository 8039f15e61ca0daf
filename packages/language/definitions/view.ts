import { z } from 'zod'
import { Condition } from '../conditions/ast.ts'
import { Key, Label } from './common.ts'

export const Sort = z.strictObject({ field: Key, direction: z.enum(['asc', 'desc']) })
export type Sort = z.infer<typeof Sort>

/** A saved list of one object. `owner` null: shipped with the solution, for everybody; else private to that member unless shared. */
export const View = z.strictObject({
  key: z.string().regex(/^[a-z0-9][a-z0-9_-]{0,59}$/),
  label: Label,
  object: Key,
  filter: Condition,
  sort: z.array(Sort).max(2),
  columns: z.array(Key).max(40),
  owner: z.number().int().nullable(),
  shared: z.boolean(),
  order: z.number().int(),
})
export type View = z.infer<typeof View>
