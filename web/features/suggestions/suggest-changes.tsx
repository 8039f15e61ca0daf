import type { RecordShape } from '#contract/api'
import { useCatalogue, type ObjectFacts } from '../../api/catalogue.ts'
import { Button } from '../../design/button.tsx'
import { Dialog } from '../../design/dialog.tsx'
import { Field } from '../../design/field.tsx'
import { Failure } from '../../design/pieces.tsx'
import { label, t } from '../../i18n/index.ts'
import { FieldEditor } from '../records/field-editor.tsx'
import { groupName } from '../records/groups.ts'
import { arranged, shownIn } from '../records/layout.ts'
import type { Related } from '../records/value.tsx'
import css from '../records/create-record.module.css'
import { useSuggest } from './use-suggest.ts'

interface Props { object: ObjectFacts; record: RecordShape; related: Related; onClose: () => void }

/** The record as it stands, to be written over: what is different goes to whoever decides. */
export default function SuggestChanges({ object, record, related, onClose }: Props) {
  const form = useSuggest(object, record, onClose)
  const layout = useCatalogue().layout(object.key)
  const fields = shownIn(layout, form.fields, 'create')
  const other = (field: (typeof fields)[number]) => groupName(object, field, t('records.otherFields'))
  const groups = layout && layout.groups.length > 0 ? arranged(layout, fields, other) : [...Map.groupBy(fields, other)]
  return (
    <Dialog look="sheet" width={560} title={t('suggestions.changeNamed', { name: record.title })} hint={t('suggestions.changeHelp')} onClose={onClose} foot={<><Button onClick={onClose}>{t('common.cancel')}</Button><Button look="primary" busy={form.busy} disabled={form.count === 0} onClick={form.submit}>{form.count > 0 ? t('suggestions.sendSome', { n: form.count }) : t('suggestions.send')}</Button></>}>
      <form className={css.form} onSubmit={(event) => { event.preventDefault(); if (form.count > 0) form.submit() }}>
        {form.error && <Failure small error={form.error} />}
        {groups.map(([name, members]) => (
          <fieldset key={name} className={css.group}>
            {name && <legend className={css.legend}>{name}</legend>}
            <div className={css.grid}>{members.map((field) => <Field key={field.key} label={label(field.label)} error={form.problem(field)}>{(control) => <FieldEditor field={field} control={control} value={form.valueOf(field)} related={related} onChange={(value) => form.put(field, value)} />}</Field>)}</div>
          </fieldset>
        ))}
        <button type="submit" hidden />
      </form>
    </Dialog>
  )
}
