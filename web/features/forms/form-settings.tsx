import type { Form } from '#language/definitions'
import { useCatalogue } from '../../api/catalogue.ts'
import { plainLabel } from '../../api/definitions.ts'
import { Field, Input, TextArea } from '../../design/field.tsx'
import { label, t } from '../../i18n/index.ts'
import css from './forms.module.css'

interface Props { value: Form; isNew: boolean; onChange: (form: Form) => void }

/** Name, promise about personal data, joining, and from where it may be posted. */
export function FormSettings({ value, isNew, onChange }: Props) {
  const catalogue = useCatalogue()
  const put = (next: Partial<Form>) => onChange({ ...value, ...next })
  const constants = Object.entries(value.constants)
  return (
    <div className={css.grid}>
      <Field label={t('forms.name')} required>{(control) => <Input {...control} value={value.label.zh} maxLength={40} onText={(zh) => put({ label: { zh: zh || ' ', en: value.label.en === value.label.zh ? zh || ' ' : value.label.en } })} />}</Field>
      <Field label={t('forms.key')} help={t('forms.keyHelp')}>{(control) => <Input {...control} disabled={!isNew} value={value.key} maxLength={60} spellCheck={false} onText={(key) => put({ key: key.toLowerCase().replace(/[^a-z0-9-]/g, '') })} />}</Field>
      <div className={css.whole}><Field label={t('forms.intro')}>{(control) => <Input {...control} value={value.intro?.zh ?? ''} maxLength={80} onText={(text) => { const { intro: _, ...rest } = value; onChange(text ? { ...rest, intro: plainLabel(text) } : rest) }} />}</Field></div>
      <Field label={t('forms.joinDays')} help={t('forms.joinHelp')}>{(control) => <Input {...control} inputMode="numeric" value={String(value.joinDays)} after={<span className="hint">{t('conditions.unit_d')}</span>} onText={(text) => put({ joinDays: Math.min(365, Number(text.replace(/\D/g, ''))) })} />}</Field>
      <Field label={t('forms.rate')}>{(control) => <Input {...control} inputMode="numeric" value={String(value.perMinutePerIp)} after={<span className="hint">{t('forms.perMinute')}</span>} onText={(text) => put({ perMinutePerIp: Math.max(1, Number(text.replace(/\D/g, '').slice(0, 5))) })} />}</Field>
      <div className={css.whole}><Field label={t('forms.origins')} help={t('forms.originsHelp')}>{(control) => <Input {...control} value={value.origins.join(', ')} placeholder="https://www.example.com" onText={(text) => put({ origins: text.split(/[,，\s]+/).filter(Boolean) })} />}</Field></div>
      <div className={css.whole}><Field label={t('forms.consent')} required help={t('forms.consentHelp', { version: value.consent.version })}>{(control) => <TextArea {...control} rows={3} value={value.consent.text.zh} maxLength={80} onText={(zh) => put({ consent: { ...value.consent, text: { zh: zh || ' ', en: value.consent.text.en === value.consent.text.zh ? zh || ' ' : value.consent.text.en } } })} />}</Field></div>
      <Field label={t('forms.purpose')}>{(control) => <Input {...control} value={value.consent.purpose} maxLength={200} onText={(purpose) => put({ consent: { ...value.consent, purpose: purpose || ' ' } })} />}</Field>
      <Field label={t('forms.consentVersion')}>{(control) => <Input {...control} value={value.consent.version} maxLength={40} onText={(version) => put({ consent: { ...value.consent, version } })} />}</Field>
      {constants.length > 0 && <fieldset className={css.constants}><legend>{t('forms.constants')}</legend>{constants.map(([key, constant]) => <Field key={key} label={label(catalogue.object(value.object)?.field.get(key)?.label) || key}>{(control) => <Input {...control} value={String(constant)} onText={(text) => put({ constants: { ...value.constants, [key]: typeof constant === 'number' && text !== '' && Number.isFinite(Number(text)) ? Number(text) : text } })} />}</Field>)}</fieldset>}
    </div>
  )
}
