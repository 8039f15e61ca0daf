import { familyOf, type BoundValue, type Operand } from '#language/conditions'
import { parseDecimal } from '#language/values'
import { useState } from 'react'
import { useCatalogue, type FieldShape } from '../../api/catalogue.ts'
import { DayField, InstantField } from '../../design/date-field.tsx'
import { Input } from '../../design/field.tsx'
import { money, number, plain } from '../../design/format.ts'
import { MultiPicker, Picker } from '../../design/picker.tsx'
import { label, t } from '../../i18n/index.ts'
import { RecordPicker } from '../records/record-picker.tsx'
import css from './builder.module.css'
import { LengthInput } from './length-input.tsx'
import { MomentInput } from './moment-input.tsx'
import { choicesFor } from './choices.ts'
import { kindOf, shapeOf, type LeafNode } from './tree.ts'

/** The right-hand side, in the form that this operator compares with. */
export function ValueInput({ field, leaf, onChange }: { field: FieldShape; leaf: LeafNode; onChange: (leaf: LeafNode) => void }) {
  const put = (value: Operand | undefined) => onChange(value === undefined ? { field: leaf.field, op: leaf.op } : { ...leaf, value })
  switch (shapeOf(leaf.op)) {
    case 'none': return null
    case 'length': return <LengthInput value={typeof leaf.value === 'string' ? leaf.value : '7d'} days={field.kind === 'date'} working onChange={put} />
    case 'two': return <Two field={field} value={leaf.value} onChange={put} />
    case 'many': return <ManyValues field={field} value={leaf.value} onChange={put} />
    default: return leaf.op === 'under' && field.kind === 'anyReference' ? <ObjectValue field={field} value={leaf.value} onChange={put} /> : <OneValue field={field} value={leaf.value} onChange={put} />
  }
}

function Two({ field, value, onChange }: { field: FieldShape; value: Operand | undefined; onChange: (value: Operand | undefined) => void }) {
  const pair = Array.isArray(value) ? value : []
  const put = (at: 0 | 1, next: Operand | undefined) => onChange((at === 0 ? [next ?? '', pair[1] ?? ''] : [pair[0] ?? '', next ?? '']) as Operand)
  return <span className={css.two}><OneValue field={field} value={pair[0]} onChange={(next) => put(0, next)} /><span className="quiet">{t('conditions.to')}</span><OneValue field={field} value={pair[1]} onChange={(next) => put(1, next)} /></span>
}

type OneProps = { field: FieldShape; value: Operand | undefined; onChange: (value: Operand | undefined) => void }

/** Several: chosen from a list where there is one, else written with commas. */
function ManyValues({ field, value, onChange }: OneProps) {
  const catalogue = useCatalogue()
  const choices = choicesFor(catalogue, field)
  const list = Array.isArray(value) ? value : value === undefined ? [] : [value]
  if (choices) return <MultiPicker small label={label(field.label)} options={choices.options} value={list.map((each) => choices.write(each as BoundValue))} onPick={(keys) => onChange(field.kind === 'team' && keys.includes('myTeams') ? { myTeams: true } : keys.map(choices.read) as Operand)} />
  return <Words value={list.map(String)} onChange={(words) => onChange(field.kind === 'integer' ? words.map(Number) : words)} />
}

function Words({ value, onChange }: { value: string[]; onChange: (words: string[]) => void }) {
  const [text, setText] = useState(value.join('、'))
  return <Input small value={text} placeholder={t('conditions.several')} aria-label={t('conditions.value')} onText={(next) => { setText(next); onChange(next.split(/[、,，;；\n]/).map((word) => word.trim()).filter(Boolean)) }} />
}

/** One value of the field's kind, or me, now, today. */
export function OneValue({ field, value, onChange }: OneProps) {
  const catalogue = useCatalogue()
  const name = label(field.label)
  const family = familyOf({ kind: kindOf(field) })
  const choices = choicesFor(catalogue, field)
  if (family === 'day' || family === 'instant') return <MomentInput day={family === 'day'} value={value} onChange={onChange} absolute={family === 'day' ? <DayField small label={name} value={typeof value === 'string' ? value : null} onPick={(day) => onChange(day ?? undefined)} /> : <InstantField small label={name} value={typeof value === 'string' ? value : null} onPick={(at) => onChange(at ?? undefined)} />} />
  if (choices) return <Picker small label={name} options={choices.options} value={value === undefined ? null : choices.write(value as BoundValue)} onPick={(key) => onChange(key === null ? undefined : (choices.read(key) as Operand))} />
  if (family === 'number' || family === 'decimal') return <NumberInput field={field} value={value} onChange={onChange} />
  if (family === 'record') return <RecordPicker small label={name} object={typeof field.to === 'string' ? field.to : '*'} value={typeof value === 'string' ? value : null} onPick={(record) => onChange(record?.id)} />
  if (family === 'anyRecord') return <RecordPicker small label={name} object={(field.to as string[] | '*' | undefined) ?? '*'} value={typeof value === 'string' ? (value.split(':')[1] ?? null) : null} onPick={(record) => onChange(record ? `${record.object}:${record.id}` : undefined)} />
  return <Input small value={typeof value === 'string' ? value : ''} aria-label={name} placeholder={t('conditions.value')} onText={(text) => onChange(text === '' ? undefined : text)} />
}

/** Which object the record belongs to. */
function ObjectValue({ field, value, onChange }: OneProps) {
  const catalogue = useCatalogue()
  const allowed = field.to === '*' ? catalogue.objects.map((object) => object.key) : [field.to ?? []].flat()
  return <Picker small label={label(field.label)} value={typeof value === 'string' ? value : null} options={allowed.map((key) => ({ value: key, label: label(catalogue.object(key)?.label) || key }))} onPick={(key) => onChange(key ?? undefined)} />
}

/** 「50万」 and 「500000」 are the same number. */
function NumberInput({ field, value, onChange }: OneProps) {
  const [text, setText] = useState(plain(value))
  const put = (next: string) => {
    setText(next)
    const parsed = parseDecimal(next)
    onChange(parsed.ok ? (field.kind === 'integer' ? Number(parsed.value) : parsed.value) : undefined)
  }
  const shown = value === undefined || plain(value) === text && text.length < 5 ? null : field.kind === 'money' ? money(plain(value), 'exact') : number(plain(value))
  return <Input small inputMode="decimal" value={text} aria-label={label(field.label)} placeholder={field.kind === 'money' ? t('conditions.moneyHint') : t('conditions.value')} onText={put} after={shown && <span className="hint">{field.kind === 'percent' ? '%' : shown}</span>} />
}
