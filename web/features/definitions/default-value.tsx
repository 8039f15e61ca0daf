import type { Field as FieldDefinition } from '#language/definitions'
import { useCatalogue } from '../../api/catalogue.ts'
import { Field, Input } from '../../design/field.tsx'
import { plain } from '../../design/format.ts'
import { Picker } from '../../design/picker.tsx'
import { t } from '../../i18n/index.ts'
import { dictionaryOptions, regionOptions } from '../conditions/choices.ts'

interface Props { draft: FieldDefinition; onChange: (next: Partial<FieldDefinition>) => void }

/** Filled in when a record is made without it. */
export function DefaultValue({ draft, onChange }: Props) {
  const catalogue = useCatalogue()
  const name = t('definitions.default')
  const put = (value: FieldDefinition['default']) => onChange({ default: value })
  const pick = (value: string | null, options: { value: string; label: string; parent?: string | undefined }[], read: (key: string) => FieldDefinition['default']) => <Field label={name}>{(control) => <Picker {...control} clearable label={name} placeholder={t('common.none')} value={value} options={options} onPick={(key) => put(key === null ? undefined : read(key))} />}</Field>
  const text = typeof draft.default === 'string' ? draft.default : null
  switch (draft.kind) {
    case 'select': return pick(text, dictionaryOptions(catalogue, draft.dictionary), (key) => key)
    case 'region': return pick(text, regionOptions(), (key) => key)
    case 'boolean': return pick(typeof draft.default === 'boolean' ? String(draft.default) : null, [{ value: 'true', label: t('common.yes') }, { value: 'false', label: t('common.no') }], (key) => key === 'true')
    case 'date': case 'datetime': return pick(typeof draft.default === 'object' ? 'now' : null, [{ value: 'now', label: t('definitions.whenMade') }], () => ({ now: true }))
    case 'member': return pick(typeof draft.default === 'object' ? 'me' : null, [{ value: 'me', label: t('definitions.whoMade') }], () => ({ me: true }))
    case 'text': case 'long': case 'integer': case 'decimal': case 'money': case 'percent': return <Field label={name}>{(control) => <Input {...control} value={plain(draft.default)} placeholder={t('common.none')} onText={(next) => put(next === '' ? undefined : draft.kind === 'integer' && /^-?\d+$/.test(next) ? Number(next) : next)} />}</Field>
    default: return null
  }
}
