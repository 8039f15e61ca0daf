import type { Layout } from '#language/definitions'
import type { FieldShape } from '../../api/catalogue.ts'
import { label } from '../../i18n/index.ts'

type Arranged = Pick<FieldShape, 'key' | 'required'>

/** What the layout leaves in; what must be filled is never hidden where it is asked for. */
export const shownIn = <F extends Arranged>(layout: Layout | undefined, fields: readonly F[], place: 'page' | 'create'): F[] =>
  fields.filter((field) => !layout?.hidden[place].includes(field.key) || (place === 'create' && field.required === true))

/** Fields in the groups and the order of the layout; those that it does not place follow where `otherwise` puts them. */
export function arranged<F extends Arranged>(layout: Layout | undefined, fields: readonly F[], otherwise: (field: F) => string): [string, F[]][] {
  const byKey = new Map(fields.map((field) => [field.key, field]))
  const groups = new Map<string, F[]>()
  const put = (name: string, field: F) => { groups.set(name, [...(groups.get(name) ?? []), field]); byKey.delete(field.key) }
  for (const group of layout?.groups ?? []) for (const key of group.fields) { const field = byKey.get(key); if (field) put(label(group.label), field) }
  for (const field of [...byKey.values()]) put(otherwise(field), field)
  return [...groups]
}

/** What to do now, by what the record says. */
export const hintsFor = (layout: Layout | undefined, values: Record<string, unknown>): Layout['hints'] => (layout?.hints ?? []).filter(({ field, value }) => values[field] === value)
