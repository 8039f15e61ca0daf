import type { Action } from '#language/definitions'
import { useCatalogue } from '../../api/catalogue.ts'
import { Field } from '../../design/field.tsx'
import { Picker } from '../../design/picker.tsx'
import { label, t } from '../../i18n/index.ts'

/** The triggering record, or one that it points to. */
export function TargetPicker({ object, value, onChange }: { object: string; value: Action; onChange: (action: Action) => void }) {
  const catalogue = useCatalogue()
  const own = catalogue.object(object)
  const references = own?.fields.filter((field) => field.kind === 'reference' || field.kind === 'anyReference') ?? []
  const options = [{ value: '', label: t('rules.thisRecord', { object: label(own?.label) }) }, ...references.flatMap((field) => {
    const targets = field.to === '*' ? catalogue.objects.filter((each) => !each.immutable).map((each) => each.key) : [field.to ?? []].flat()
    return field.kind === 'reference' ? [{ value: field.key, label: t('rules.itsRecord', { field: label(field.label) }) }] : targets.map((target) => ({ value: `${field.key}.${target}`, label: t('rules.itsRecordOf', { field: label(field.label), object: label(catalogue.object(target)?.label) }) }))
  })]
  if (options.length === 1) return null
  const pick = (text: string | null) => {
    const { via: _, viaObject: __, ...rest } = value
    const [via, viaObject] = (text ?? '').split('.')
    onChange((via ? { ...rest, via, ...(viaObject ? { viaObject } : {}) } : rest) as Action)
  }
  return <Field label={t('rules.worksOn')}>{(control) => <Picker {...control} label={t('rules.worksOn')} value={[value.via, value.viaObject].filter(Boolean).join('.')} shown={options.find((option) => option.value === [value.via, value.viaObject].filter(Boolean).join('.'))?.label} options={options} onPick={pick} />}</Field>
}
