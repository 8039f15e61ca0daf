import { useCatalogue } from '../../api/catalogue.ts'
import { plainLabel } from '../../api/definitions.ts'
import { IconButton } from '../../design/button.tsx'
import { Check, Choice, Input } from '../../design/field.tsx'
import { Picker } from '../../design/picker.tsx'
import { label, t } from '../../i18n/index.ts'
import type { Editing } from './block-editor.tsx'
import { pathsOf } from './insert.tsx'
import css from './prints.module.css'

/** Label and value of fields, in one or two columns. */
export function FieldsEditor({ object, block, onChange }: Editing<'fields'>) {
  const paths = pathsOf(useCatalogue(), object)
  const named = new Map(paths.map((each) => [each.path, each]))
  const set = (fields: typeof block.fields) => onChange({ ...block, fields })
  const put = (at: number, next: (typeof block.fields)[number]) => set(block.fields.map((each, index) => (index === at ? next : each)))
  return (
    <div className={css.rows}>
      <Choice label={t('prints.block_fields')} value={block.columns === 1 ? '1' : '2'} options={[{ value: '1', label: t('prints.columns_1') }, { value: '2', label: t('prints.columns_2') }]} onChoose={(columns) => onChange({ ...block, columns: columns === '1' ? 1 : 2 })} />
      {block.fields.map((each, at) => {
        const { label: own, capital, ...rest } = each
        const fact = named.get(each.field)
        return (
          <div key={`${each.field} ${at}`} className={css.fieldRow}>
            <span className="clip">{fact?.name ?? each.field}</span>
            <Input small aria-label={t('forms.label')} placeholder={fact?.name} value={own ? label(own) : ''} maxLength={40} onText={(text) => put(at, { ...rest, ...(capital && { capital }), ...(text && { label: plainLabel(text) }) })} />
            {fact?.kind === 'money' ? <Check checked={capital === true} onCheck={(on) => put(at, { ...rest, ...(own && { label: own }), ...(on && { capital: true }) })}>{t('prints.capital')}</Check> : <span />}
            <IconButton small icon="close" label={t('common.remove')} disabled={block.fields.length === 1} onClick={() => set(block.fields.filter((_, index) => index !== at))} />
          </div>
        )
      })}
      <Picker small label={t('prints.addField')} placeholder={t('prints.addField')} value={null} options={paths.map(({ path, name }) => ({ value: path, label: name }))} onPick={(field) => field && set([...block.fields, { field }])} />
    </div>
  )
}
