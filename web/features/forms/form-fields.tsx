import type { Form } from '#language/definitions'
import { useCatalogue } from '../../api/catalogue.ts'
import { IconButton } from '../../design/button.tsx'
import { Check, Input } from '../../design/field.tsx'
import { Picker } from '../../design/picker.tsx'
import { MenuButton } from '../../design/popover.tsx'
import { label, t } from '../../i18n/index.ts'
import { isEditable } from '../records/field-editor.tsx'
import css from './forms.module.css'

type Asked = Form['fields'][number]

/** What is asked, in order; each answer goes into one field. */
export function FormFields({ value, onChange }: { value: Form; onChange: (form: Form) => void }) {
  const catalogue = useCatalogue()
  const object = catalogue.object(value.object)
  const used = new Set(value.fields.map((asked) => asked.field))
  const free = (object?.fields ?? []).filter((field) => !field.base && isEditable(field) && field.kind !== 'file' && !used.has(field.key) && field.kind !== 'reference' && field.kind !== 'anyReference' && field.kind !== 'member' && field.kind !== 'team')
  const put = (at: number, next: Partial<Asked>) => onChange({ ...value, fields: value.fields.map((asked, index) => (index === at ? (Object.fromEntries(Object.entries({ ...asked, ...next }).filter(([, each]) => each !== undefined)) as Asked) : asked)) })
  const move = (at: number, by: number) => { const fields = [...value.fields]; const [asked] = fields.splice(at, 1); fields.splice(at + by, 0, asked!); onChange({ ...value, fields }) }
  const amounts = (object?.fields ?? []).filter((field) => field.kind === 'money' || field.kind === 'decimal')
  return (
    <>
      <ol>{value.fields.map((asked, at) => {
        const field = object?.field.get(asked.field)
        const identity = asked.field === value.identity.field
        return (
          <li key={asked.field} className={css.asked}>
            <Input small aria-label={t('forms.label')} value={asked.label.zh} maxLength={40} onText={(zh) => put(at, { label: { zh: zh || ' ', en: asked.label.en === asked.label.zh ? zh || ' ' : asked.label.en } })} />
            <span className="hint clip">{t('forms.goesTo', { field: label(field?.label) || asked.field })}{identity && ` · ${t('forms.identity')}`}</span>
            {field && (field.kind === 'money' || field.kind === 'decimal') ? <Picker small clearable label={t('forms.upper')} placeholder={t('forms.upper')} value={asked.upper ?? null} options={amounts.filter((each) => each.key !== asked.field).map((each) => ({ value: each.key, label: label(each.label) }))} onPick={(upper) => put(at, { upper: upper ?? undefined })} /> : <span />}
            <Check checked={Boolean(asked.required)} onCheck={(on) => put(at, { required: on || undefined })}>{t('common.required')}</Check>
            <span className={css.acts}><IconButton small icon="up" label={t('rules.up')} disabled={at === 0} onClick={() => move(at, -1)} /><IconButton small icon="down" label={t('rules.down')} disabled={at === value.fields.length - 1} onClick={() => move(at, 1)} /><IconButton small icon="close" label={t('common.remove')} disabled={identity} onClick={() => onChange({ ...value, fields: value.fields.filter((each) => each !== asked) })} /></span>
          </li>
        )
      })}</ol>
      <div className={css.add}><MenuButton small icon="plus" side="below" label={t('forms.addField')} entries={free.map((field) => ({ key: field.key, label: label(field.label), onPick: () => onChange({ ...value, fields: [...value.fields, { name: field.key, field: field.key, label: field.label }] }) }))}>{t('forms.addField')}</MenuButton></div>
    </>
  )
}
