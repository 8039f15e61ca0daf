import type { Field } from '#language/definitions'
import type { ObjectMetadata } from '#kernel/metadata'
import { isDerived } from '#language/formulas'

/** Stands where a word about an erased person stood, and as the name of a record that was theirs. */
export const ERASED = '【已删除】'

const WORDS: ReadonlySet<string> = new Set(['text', 'long', 'url', 'email', 'phone', 'file'])

/** Fields of a record about an erased person that are emptied: what is marked personal, and everything in which free words can stand. Retired ones too. */
export const wipedFields = ({ fields }: ObjectMetadata): Field[] => fields.filter((field) => !isDerived(field) && (field.personal || WORDS.has(field.kind)))

/** What stands there afterwards: nothing, but a record keeps something to be called. */
export const wipedValue = ({ title }: ObjectMetadata, { key, kind, unique }: Field): string | null => (key === title && (kind === 'text' || kind === 'long') && !unique ? ERASED : null)

/** The same for what a change says: [before, after] of every such field; what was empty stays so. */
export function wipedChange(object: ObjectMetadata, fields: Readonly<Record<string, readonly [unknown, unknown]>>): Record<string, readonly [unknown, unknown]> {
  const wiped = new Map<string, Field | null>([...wipedFields(object).map((field) => [field.key, field] as const), ['attachments', null]])
  const gone = (field: Field | null, value: unknown) => (value === null || value === undefined || !field ? null : wipedValue(object, field))
  return Object.fromEntries(Object.entries(fields).map(([key, [before, after]]) => { const field = wiped.get(key); return [key, field === undefined ? [before, after] : [gone(field, before), gone(field, after)]] as const }))
}
