import { useRef } from 'react'
import { useCatalogue, type Catalogue } from '../../api/catalogue.ts'
import { Input, TextArea, type ControlProps } from '../../design/field.tsx'
import { Picker } from '../../design/picker.tsx'
import { label, t } from '../../i18n/index.ts'
import { fieldOptions } from '../conditions/names.ts'
import css from './rules.module.css'

interface Props extends Partial<ControlProps> {
  /** Whose fields stand in the text. */
  object: string
  name: string
  value: string
  onText: (text: string) => void
  maxLength?: number
  rows?: number
  small?: boolean
}

/** A text in which fields stand under their names; they are put in by choice, and nobody has to know a key. */
export function SlotText({ object, name, value, onText, rows, small, ...control }: Props) {
  const catalogue = useCatalogue()
  const box = useRef<HTMLInputElement & HTMLTextAreaElement>(null)
  const shown = withNames(catalogue, object, value)
  const put = (text: string) => onText(withKeys(catalogue, object, text))
  const insert = (key: string) => {
    const [from, to] = [box.current?.selectionStart ?? shown.length, box.current?.selectionEnd ?? shown.length]
    put(shown.slice(0, from) + slot(nameOf(catalogue, object, key)) + shown.slice(to))
  }
  const props = { ...control, 'aria-label': control.id ? undefined : name, ref: box, value: shown, onText: put }
  return (
    <div className={css.slotText}>
      {rows ? <TextArea {...props} rows={rows} /> : <Input {...props} small={small ?? false} />}
      <Picker look="inline" label={name} value={null} shown={t('rules.insertField')} options={fieldOptions(catalogue, object, { withParents: false })} onPick={(key) => key && insert(key)} />
    </div>
  )
}

const slot = (name: string): string => t('rules.slot', { name })
const nameOf = (catalogue: Catalogue, object: string, key: string): string => label(catalogue.object(object)?.field.get(key)?.label) || key

/** `{{name}}` as 〔姓名〕. What another system sends keeps its own name, and so does a field that shares its label with one before it. */
export const withNames = (catalogue: Catalogue, object: string, text: string): string =>
  text.replace(/\{\{(\w+)\}\}/g, (whole, key: string) => (keyOf(catalogue, object, nameOf(catalogue, object, key)) === key ? slot(nameOf(catalogue, object, key)) : whole))

export function withKeys(catalogue: Catalogue, object: string, text: string): string {
  const [open = '', close = ''] = slot('\u0000').split('\u0000')
  return text.split(open).map((part, at) => {
    const end = part.indexOf(close)
    const key = at === 0 || end < 0 ? undefined : keyOf(catalogue, object, part.slice(0, end))
    return key === undefined ? (at === 0 ? part : open + part) : `{{${key}}}${part.slice(end + close.length)}`
  }).join('')
}

const keyOf = (catalogue: Catalogue, object: string, name: string): string | undefined => catalogue.object(object)?.fields.find((field) => !field.retired && label(field.label) === name)?.key
