import type { Field as FieldDefinition } from '#language/definitions'
import { useState } from 'react'
import { useCatalogue } from '../../api/catalogue.ts'
import { Field, Input } from '../../design/field.tsx'
import { MultiPicker, Picker } from '../../design/picker.tsx'
import { label, t } from '../../i18n/index.ts'
import { NewDictionary } from './dictionaries.tsx'

interface Props { draft: FieldDefinition; isNew: boolean; onChange: (next: Partial<FieldDefinition>) => void }

/** What only this kind asks: the options, the object it points to, the length, the number's shape. */
export function KindOptions({ draft, isNew, onChange }: Props) {
  const catalogue = useCatalogue()
  const [making, setMaking] = useState<string | null>(null)
  const objects = catalogue.objects.map((object) => ({ value: object.key, label: label(object.label) }))
  switch (draft.kind) {
    case 'select': case 'multiselect': return (
      <>
        <Field label={t('definitions.dictionary')} required>{(control) => <Picker {...control} label={t('definitions.dictionary')} value={draft.dictionary ?? null} options={catalogue.dictionaries.map((dictionary) => ({ value: dictionary.key, label: label(dictionary.label), hint: t('definitions.optionCount', { n: dictionary.options.length }) }))} onPick={(dictionary) => onChange({ dictionary: dictionary ?? undefined })} onCreate={setMaking} />}</Field>
        {making !== null && <NewDictionary name={making} onClose={() => setMaking(null)} onMade={(key) => { setMaking(null); onChange({ dictionary: key }) }} />}
      </>
    )
    case 'reference': return <Field label={t('definitions.pointsTo')} required>{(control) => <Picker {...control} disabled={!isNew} label={t('definitions.pointsTo')} value={typeof draft.to === 'string' ? draft.to : null} options={objects} onPick={(to) => onChange({ to: to ?? undefined })} />}</Field>
    case 'anyReference': return <Field label={t('definitions.pointsTo')} required>{(control) => <MultiPicker {...control} label={t('definitions.pointsTo')} value={draft.to === '*' ? ['*'] : [draft.to ?? []].flat()} options={[{ value: '*', label: t('definitions.anyObject') }, ...objects]} onPick={(to) => onChange({ to: to.includes('*') ? '*' : to.length ? to : undefined })} />}</Field>
    case 'text': case 'long': case 'url': case 'email': return <Field label={t('definitions.max')}>{(control) => <Input {...control} inputMode="numeric" value={draft.max === undefined ? '' : String(draft.max)} placeholder={t('definitions.noLimit')} onText={(text) => { const max = Number(text.replace(/\D/g, '')); onChange({ max: max > 0 ? max : undefined }) }} />}</Field>
    case 'auto': return (
      <>
        <Field label={t('definitions.prefix')} help={t('definitions.autoExample', { example: `${draft.auto?.prefix ?? ''}${'1'.padStart(draft.auto?.digits ?? 6, '0')}` })}>{(control) => <Input {...control} value={draft.auto?.prefix ?? ''} maxLength={8} onText={(prefix) => onChange({ auto: { prefix, digits: draft.auto?.digits ?? 6 } })} />}</Field>
        <Field label={t('definitions.digits')}>{(control) => <Input {...control} type="number" min={3} max={12} value={draft.auto?.digits ?? 6} onText={(text) => onChange({ auto: { prefix: draft.auto?.prefix ?? '', digits: Math.max(3, Math.min(12, Number(text) || 6)) } })} />}</Field>
      </>
    )
    default: return null
  }
}
