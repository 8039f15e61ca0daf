import type { Catalogue, FieldShape, ObjectFacts } from '../../api/catalogue.ts'
import type { Option } from '../../design/options.tsx'
import { label, t } from '../../i18n/index.ts'
import { groupName } from '../records/groups.ts'
import { pathText, targetOf } from './tree.ts'

/** 「跟进记录」; with the field's name where an object points here twice. */
export const relationName = (object: ObjectFacts, field: FieldShape): string => {
  const twice = object.fields.filter(({ kind, to }) => (kind === 'reference' || kind === 'anyReference') && to === field.to).length > 1
  return twice ? `${label(object.label)}（${label(field.label)}）` : label(object.label)
}

/** Own fields first, then what every record has, then what the records it points to have. */
export function fieldOptions(catalogue: Catalogue, object: string, { withParents = true } = {}): Option[] {
  const own = catalogue.object(object)
  if (!own) return []
  const usable = own.fields.filter((field) => !field.retired)
  const choice = (field: FieldShape, group: string, via: string | null): Option => ({ value: pathText({ via, field: field.key }), label: label(field.label), group, ...(via ? { hint: label(own.field.get(via)?.label) } : {}) })
  const plain = usable.map((field) => choice(field, groupName(own, field, label(own.label)), null))
  if (!withParents) return plain
  const parents = usable.flatMap((reference) => {
    const target = catalogue.object(targetOf(reference) ?? '')
    return target ? target.fields.filter((field) => !field.retired && !field.base).map((field) => choice(field, t('conditions.fieldsOf', { name: label(reference.label) }), reference.key)) : []
  })
  return [...plain, ...parents]
}
