import { z } from 'zod'
import { Key, Label } from './common.ts'

const Hint = z.strictObject({ zh: z.string().min(1).max(200), en: z.string().min(1).max(300) })

/**
 * How records of one object are laid out for some roles, on the record page and in the create form. It arranges what
 * its reader may see anyway: hiding here is tidiness, rights are the roles' affair.
 */
export const Layout = z.strictObject({
  key: Key,
  label: Label,
  object: Key,
  /** Whom it is for; none: everybody for whom no other is meant. The first by `order` that fits a member is theirs. */
  roles: z.array(Key).max(20),
  order: z.number().int(),
  /** Fields in their order; those that stand in no group follow in the groups of the object. */
  groups: z.array(z.strictObject({ label: Label, fields: z.array(Key).max(200) })).max(20),
  hidden: z.strictObject({ page: z.array(Key).max(200), create: z.array(Key).max(200) }),
  /** What to do next, said on the record page while a choice has this value. */
  hints: z.array(z.strictObject({ field: Key, value: z.string().min(1).max(64), text: Hint })).max(60),
})
export type Layout = z.infer<typeof Layout>
