import { parseDecimal } from '#language/values'
import { lazy, Suspense, useState } from 'react'
import { useCatalogue, type FieldShape } from '../../api/catalogue.ts'
import { DayField, InstantField } from '../../design/date-field.tsx'
import { Choice, Input, TextArea, type ControlProps } from '../../design/field.tsx'
import { money, number, phone, plain } from '../../design/format.ts'
import { MultiPicker, Picker } from '../../design/picker.tsx'
import { label, t } from '../../i18n/index.ts'
import { dictionaryOptions, regionOptions } from '../conditions/choices.ts'
import { memberOptions, settableTags, teamOptions } from './choices.tsx'
import { RecordPicker } from './record-picker.tsx'
import type { Related } from './value.tsx'

const FilesInput = lazy(() => import('../files/files-input.tsx'))

export interface EditorProps { field: FieldShape; value: unknown; onChange: (value: unknown) => void; related?: Related; control?: ControlProps; autoFocus?: boolean; onClose?: () => void }
const NO_RELATED: Related = {}

/** The control that fits the field's kind. Gives null for nothing. Text that is not yet a number stays text: the server says what is wrong with it. */
export function FieldEditor({ field, value, onChange, related = NO_RELATED, control, autoFocus = false, onClose }: EditorProps) {
  const catalogue = useCatalogue()
  const name = label(field.label)
  const common = { ...control, label: name, clearable: !field.required, autoOpen: autoFocus, ...(onClose ? { onClose } : {}) }
  const text = typeof value === 'string' ? value : ''
  const put = (next: string) => onChange(next === '' ? null : next)
  switch (field.kind) {
    case 'long': return <TextArea {...control} aria-label={control ? undefined : name} value={text} autoFocus={autoFocus} onText={put} />
    case 'integer': case 'decimal': case 'money': case 'percent': return <NumberEditor field={field} value={value} onChange={onChange} control={control} autoFocus={autoFocus} />
    case 'boolean': return <Choice label={name} value={value === true ? 'yes' : value === false ? 'no' : null} options={[{ value: 'yes', label: t('common.yes') }, { value: 'no', label: t('common.no') }]} onChoose={(next) => onChange(next === 'yes')} />
    case 'date': return <DayField {...common} value={text || null} onPick={onChange} />
    case 'datetime': return <InstantField {...common} value={text || null} onPick={onChange} />
    case 'select': return <Picker {...common} options={dictionaryOptions(catalogue, field.dictionary)} value={text || null} onPick={onChange} />
    case 'multiselect': return <MultiPicker {...common} options={dictionaryOptions(catalogue, field.dictionary)} value={(value as string[] | null) ?? []} onPick={onChange} />
    case 'tags': return <MultiPicker {...common} options={settableTags(catalogue)} value={(value as string[] | null) ?? []} onPick={onChange} />
    case 'region': return <Picker {...common} options={regionOptions()} value={text || null} onPick={onChange} />
    case 'member': return <Picker {...common} options={memberOptions(catalogue)} value={plain(value) || null} onPick={(id) => onChange(id === null ? null : Number(id))} />
    case 'members': return <MultiPicker {...common} options={memberOptions(catalogue)} value={((value as number[] | null) ?? []).map(String)} onPick={(ids) => onChange(ids.map(Number))} />
    case 'team': return <Picker {...common} options={teamOptions(catalogue)} value={plain(value) || null} onPick={(id) => onChange(id === null ? null : Number(id))} />
    case 'reference': return <RecordPicker {...common} object={typeof field.to === 'string' ? field.to : '*'} known={related} value={text || null} onPick={(record) => onChange(record?.id ?? null)} />
    case 'anyReference': return <RecordPicker {...common} object={(field.to as string[] | '*' | undefined) ?? '*'} known={related} value={(value as { id: string } | null)?.id ?? null} onPick={(record) => onChange(record && { object: record.object, id: record.id })} />
    case 'file': return <Suspense fallback={<span className="hint">{t('common.loading')}</span>}><FilesInput label={name} value={(value as string[] | null) ?? []} onChange={(ids) => onChange(ids.length === 0 ? null : ids)} /></Suspense>
    case 'phone': return <Input {...control} aria-label={control ? undefined : name} type="tel" inputMode="tel" autoFocus={autoFocus} placeholder="138 0013 8000" value={text.startsWith('+86') ? phone(text) : text} onText={put} />
    case 'email': return <Input {...control} aria-label={control ? undefined : name} type="email" inputMode="email" autoFocus={autoFocus} value={text} onText={put} />
    default: return <Input {...control} aria-label={control ? undefined : name} autoFocus={autoFocus} maxLength={field.max ?? 2000} value={text} onText={put} />
  }
}

/** 「50万」 is shown as it is typed and sent as 500000. */
function NumberEditor({ field, value, onChange, control, autoFocus }: { field: FieldShape; value: unknown; onChange: (value: unknown) => void; control: ControlProps | undefined; autoFocus: boolean }) {
  const [text, setText] = useState(plain(value))
  const put = (next: string) => {
    setText(next)
    const parsed = parseDecimal(next)
    onChange(next.trim() === '' ? null : !parsed.ok ? next : field.kind === 'integer' && !parsed.value.includes('.') ? Number(parsed.value) : parsed.value)
  }
  const parsed = parseDecimal(text)
  const read = parsed.ok && parsed.value.length > 4 ? (field.kind === 'money' ? money(parsed.value, 'exact') : number(parsed.value)) : null
  return <Input {...control} aria-label={control ? undefined : label(field.label)} inputMode="decimal" autoFocus={autoFocus} value={text} onText={put} before={field.kind === 'money' ? <span className="hint">¥</span> : undefined} after={<span className="hint">{read}{field.kind === 'percent' ? '%' : ''}</span>} />
}

/** Kinds that can be written by hand on screen. */
/** `anew`: on a record that is being made, also what is masked afterwards. */
export const isEditable = (field: FieldShape, anew = false): boolean => (field.write || (anew && field.enter === true)) && !field.readOnly && !field.retired && field.kind !== 'auto'
