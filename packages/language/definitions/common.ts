import { z } from 'zod'

/** A word in both languages. 中文 is what screens show first. */
export const Label = z.strictObject({ zh: z.string().min(1).max(80), en: z.string().min(1).max(120) })
export type Label = z.infer<typeof Label>

/** An immutable identifier: it becomes a column or table name, so it is plain ASCII and never renamed. */
export const Key = z.string().regex(/^[a-z][a-z0-9_]{0,39}$/)
export const FormKey = z.string().regex(/^[a-z0-9][a-z0-9-]{0,59}$/)
