import type { Layout } from '#language/definitions'
import { useState } from 'react'
import { useCatalogue } from '../../api/catalogue.ts'
import { Field, Input } from '../../design/field.tsx'
import { Panel } from '../../design/pieces.tsx'
import { Picker } from '../../design/picker.tsx'
import { label, t } from '../../i18n/index.ts'
import { hinted, type LaidField } from './layout-draft.ts'
import css from './layout.module.css'

/** A sentence for each value of a choice: what to do while a record stands there. */
export function LayoutHints({ layout, fields, onChange }: { layout: Layout; fields: readonly LaidField[]; onChange: (layout: Layout) => void }) {
  const catalogue = useCatalogue()
  const choices = fields.filter(({ kind }) => kind === 'select')
  const [field, setField] = useState<string | null>(() => layout.hints[0]?.field ?? choices.find(({ key }) => key === 'status' || key === 'stage')?.key ?? choices[0]?.key ?? null)
  const options = catalogue.options(choices.find(({ key }) => key === field)?.dictionary).filter((option) => !option.off)
  if (choices.length === 0) return null
  return (
    <Panel title={t('layouts.hints')} hint={t('layouts.hintsHelp')} acts={<Picker small label={t('layouts.hintField')} value={field} options={choices.map(({ key, label: name }) => ({ value: key, label: label(name) }))} onPick={setField} />}>
      <div className={css.hints}>{field && options.map((option) => <Field key={option.key} label={label(option.label)}>{(control) => <Input {...control} maxLength={200} placeholder={t('layouts.noHint')} value={layout.hints.find((hint) => hint.field === field && hint.value === option.key)?.text.zh ?? ''} onText={(zh) => onChange(hinted(layout, field, option.key, zh))} />}</Field>)}</div>
    </Panel>
  )
}
