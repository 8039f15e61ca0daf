import { BASE_FIELDS, type Field, type Layout, type ObjectDefinition } from '#language/definitions'
import { freshKey, plainLabel } from '../../api/definitions.ts'
import { t } from '../../i18n/index.ts'

/** Stand in the headline or in a panel of their own. */
const ELSEWHERE: ReadonlySet<string> = new Set(['id', 'owner', 'collaborators', 'tags', 'attachments'])
export type LaidField = Pick<Field, 'key' | 'label' | 'required' | 'kind' | 'dictionary'> & { /** Nobody fills it in: it is in no create form. */ fixed?: boolean }

/** Everything that a page of this object can show. */
export const laidFields = (object: ObjectDefinition): LaidField[] => [
  ...object.fields.filter((field) => !field.retired).map((field) => ({ ...field, fixed: Boolean(field.readOnly ?? field.formula ?? field.rollup) || field.kind === 'auto' })),
  ...Object.entries(BASE_FIELDS).filter(([key]) => !ELSEWHERE.has(key)).map(([key, { label }]) => ({ key, label, kind: 'text' as const, fixed: true })),
]

/** As things stand without a layout: the groups of the definition. */
export function firstLayout(object: ObjectDefinition, order: number): Layout {
  const own = object.fields.filter((field) => !field.retired)
  const groups = [...Map.groupBy(own, (field) => field.group ?? t('records.fields'))].map(([name, fields]) => ({ label: plainLabel(name), fields: fields.map(({ key }) => key) }))
  return { key: freshKey('layout'), label: plainLabel(t('layouts.everybody')), object: object.key, roles: [], order, groups, hidden: { page: [], create: [] }, hints: [] }
}

/** Every field in some group: those that the layout does not place stand in one more at the end. */
export function completed(layout: Layout, fields: readonly LaidField[]): Layout {
  const placed = new Set(layout.groups.flatMap((group) => group.fields))
  const rest = fields.filter(({ key }) => !placed.has(key)).map(({ key }) => key)
  const known = new Set(fields.map(({ key }) => key))
  const groups = layout.groups.map((group) => ({ ...group, fields: group.fields.filter((key) => known.has(key)) }))
  if (rest.length === 0) return { ...layout, groups }
  const at = groups.findIndex(({ label }) => label.zh === t('conditions.baseFields'))
  return { ...layout, groups: at < 0 ? [...groups, { label: plainLabel(t('conditions.baseFields')), fields: rest }] : groups.map((group, i) => (i === at ? { ...group, fields: [...group.fields, ...rest] } : group)) }
}

/** `key` before `before` in group `to`; null: at its end. */
export function moved(layout: Layout, key: string, { to, before }: { to: number; before: string | null }): Layout {
  if (key === before) return layout
  const groups = layout.groups.map((group) => ({ ...group, fields: group.fields.filter((each) => each !== key) }))
  const fields = groups[to]?.fields
  if (!fields) return layout
  const at = before === null ? fields.length : fields.indexOf(before)
  fields.splice(at < 0 ? fields.length : at, 0, key)
  return { ...layout, groups }
}

/** One place up or down, over the edge into the neighbouring group. */
export function stepped(layout: Layout, key: string, by: -1 | 1): Layout {
  const from = layout.groups.findIndex((group) => group.fields.includes(key))
  const fields = layout.groups[from]?.fields ?? []
  const at = fields.indexOf(key)
  if (by < 0) return at > 0 ? moved(layout, key, { to: from, before: fields[at - 1]! }) : moved(layout, key, { to: from - 1, before: null })
  if (at < fields.length - 1) return moved(layout, key, { to: from, before: fields[at + 2] ?? null })
  return moved(layout, key, { to: from + 1, before: layout.groups[from + 1]?.fields[0] ?? null })
}

export const toggled = (layout: Layout, place: 'page' | 'create', key: string): Layout =>
  ({ ...layout, hidden: { ...layout.hidden, [place]: layout.hidden[place].includes(key) ? layout.hidden[place].filter((each) => each !== key) : [...layout.hidden[place], key] } })

export function hinted(layout: Layout, field: string, value: string, zh: string): Layout {
  const rest = layout.hints.filter((hint) => hint.field !== field || hint.value !== value)
  const before = layout.hints.find((hint) => hint.field === field && hint.value === value)
  // An English sentence of its own stays until the Chinese one is gone.
  const en = before && before.text.en !== before.text.zh ? before.text.en : zh
  return { ...layout, hints: zh ? [...rest, { field, value, text: { zh, en } }] : rest }
}
