import type { RecordShape } from '#contract/api'
import type { ObjectFacts } from '../../api/catalogue.ts'
import { Button } from '../../design/button.tsx'
import { Field } from '../../design/field.tsx'
import { Failure } from '../../design/pieces.tsx'
import { useSuggest } from '../../features/suggestions/use-suggest.ts'
import { label, t } from '../../i18n/index.ts'
import { Sheet } from '../frame/sheet.tsx'
import { FieldInput } from './field-input.tsx'
import css from './form.module.css'
import type { Related } from './text.ts'

/** The record as it stands, to be written over: what is different goes to whoever decides. */
export default function SuggestSheet({ object, record, related, onClose }: { object: ObjectFacts; record: RecordShape; related: Related; onClose: () => void }) {
  const form = useSuggest(object, record, onClose)
  const title = t('suggestions.change')
  return (
    <Sheet tall label={title} title={title} hint={t('suggestions.changeHelp')} onClose={onClose} foot={<Button look="primary" busy={form.busy} disabled={form.count === 0} onClick={form.submit}>{form.count > 0 ? t('suggestions.sendSome', { n: form.count }) : t('suggestions.send')}</Button>}>
      <form className={css.form} onSubmit={(event) => { event.preventDefault(); if (form.count > 0) form.submit() }}>
        {form.error && <Failure small error={form.error} />}
        {form.fields.map((field) => <Field key={field.key} label={label(field.label)} error={form.problem(field)}>{(control) => <FieldInput field={field} control={control} value={form.valueOf(field)} related={related} onChange={(value) => form.put(field, value)} />}</Field>)}
        <button type="submit" hidden />
      </form>
    </Sheet>
  )
}
