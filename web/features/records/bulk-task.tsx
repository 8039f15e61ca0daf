import { useState } from 'react'
import { useCatalogue } from '../../api/catalogue.ts'
import { Button } from '../../design/button.tsx'
import { Dialog } from '../../design/dialog.tsx'
import { Field } from '../../design/field.tsx'
import { label, t } from '../../i18n/index.ts'
import { FieldEditor, isEditable } from './field-editor.tsx'
import { isBlank } from './value.tsx'
import css from './create-record.module.css'

interface Props { object: string; via: string; n: number; onClose: () => void; onMake: (values: Record<string, unknown>) => void }

/** One task for each marked record: what must be filled in, once. */
export function BulkTask({ object: key, via, n, onClose, onMake }: Props) {
  const catalogue = useCatalogue()
  const object = catalogue.object(key)!
  const fields = object.fields.filter((field) => isEditable(field) && !field.base && field.key !== via && (field.required || field.kind === 'select'))
  const [values, setValues] = useState<Record<string, unknown>>(() => Object.fromEntries(fields.flatMap((field) => (typeof field.default === 'string' ? [[field.key, field.default]] : []))))
  const [tried, setTried] = useState(false)
  const missing = fields.filter((field) => field.required && isBlank(values[field.key]))
  const submit = () => { setTried(true); if (missing.length === 0) onMake(Object.fromEntries(Object.entries(values).filter(([, value]) => !isBlank(value)))) }
  return (
    <Dialog title={t('records.addTask')} hint={t('records.bulkTaskHint', { n })} onClose={onClose} foot={<><Button onClick={onClose}>{t('common.cancel')}</Button><Button look="primary" onClick={submit}>{t('common.save')}</Button></>}>
      <form className={css.form} onSubmit={(event) => { event.preventDefault(); submit() }}>
        {fields.map((field) => <Field key={field.key} label={label(field.label)} required={field.required} error={tried && missing.includes(field) ? t('records.mustFill') : null}>{(control) => <FieldEditor field={field} control={control} value={values[field.key] ?? null} onChange={(value) => setValues((before) => ({ ...before, [field.key]: value }))} />}</Field>)}
        <button type="submit" hidden />
      </form>
    </Dialog>
  )
}
