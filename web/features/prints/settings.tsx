import type { PrintTemplate } from '#language/definitions'
import { useCatalogue } from '../../api/catalogue.ts'
import { Check, Field, Input } from '../../design/field.tsx'
import { Picker } from '../../design/picker.tsx'
import { label, t } from '../../i18n/index.ts'
import { Insert } from './insert.tsx'
import css from './prints.module.css'

/** Name, object, file name, footer, and who may print. */
export function Settings({ value, isNew, onChange }: { value: PrintTemplate; isNew: boolean; onChange: (template: PrintTemplate) => void }) {
  const catalogue = useCatalogue()
  const put = (next: Partial<PrintTemplate>) => onChange({ ...value, ...next })
  const chooseObject = (object: string) => { const title = catalogue.object(object)?.title ?? 'id'; put({ object, title: `${label(value.label)} {{${title}}}`, blocks: [{ kind: 'company' }, { kind: 'heading', level: 1, text: label(value.label) }, { kind: 'fields', columns: 2, fields: [{ field: title }] }] }) }
  const footer = (text: string) => { const { footer: _, ...rest } = value; onChange(text ? { ...rest, footer: text } : rest) }
  const roles = (chosen: readonly string[] | null) => { const { roles: _, ...rest } = value; onChange(chosen ? { ...rest, roles: [...chosen] } : rest) }
  return (
    <div className={css.grid}>
      <Field label={t('prints.name')} required>{(control) => <Input {...control} value={value.label.zh} maxLength={40} onText={(zh) => put({ label: { zh: zh || ' ', en: value.label.en === value.label.zh ? zh || ' ' : value.label.en } })} />}</Field>
      <Field label={t('prints.object')} help={t('prints.objectHelp')}>{(control) => <Picker {...control} disabled={!isNew} label={t('prints.object')} value={value.object} options={catalogue.objects.filter((object) => !object.hidden).map((object) => ({ value: object.key, label: label(object.label) }))} onPick={(object) => object && chooseObject(object)} />}</Field>
      <Field label={t('prints.fileName')} help={t('prints.fileNameHelp')}>{(control) => <span className={css.with}><Input {...control} value={value.title} maxLength={120} onText={(title) => put({ title: title || ' ' })} /><Insert object={value.object} onInsert={(text) => put({ title: value.title + text })} /></span>}</Field>
      <Field label={t('prints.footer')} help={t('prints.footerHelp')}>{(control) => <span className={css.with}><Input {...control} value={value.footer ?? ''} maxLength={200} onText={footer} /><Insert object={value.object} onInsert={(text) => footer((value.footer ?? '') + text)} /></span>}</Field>
      <fieldset className={css.roles}><legend>{t('prints.roles')}</legend>
        <Check checked={value.roles === undefined} onCheck={(on) => roles(on ? null : [])}>{t('prints.everyone')}</Check>
        {value.roles !== undefined && catalogue.roles.map((role) => <Check key={role.key} checked={value.roles!.includes(role.key)} onCheck={(on) => roles(on ? [...value.roles!, role.key] : value.roles!.filter((each) => each !== role.key))}>{label(role.label)}</Check>)}
      </fieldset>
    </div>
  )
}
