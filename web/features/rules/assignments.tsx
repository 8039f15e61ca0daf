import { use } from 'react'
import type { OnDuty, Value } from '#language/definitions'
import { useCatalogue, type FieldShape } from '../../api/catalogue.ts'
import { Button, IconButton } from '../../design/button.tsx'
import { Input } from '../../design/field.tsx'
import { Picker } from '../../design/picker.tsx'
import { label, t, type WordKey } from '../../i18n/index.ts'
import { LengthInput } from '../conditions/length-input.tsx'
import { fieldOptions } from '../conditions/names.ts'
import { OneValue } from '../conditions/value-input.tsx'
import css from './rules.module.css'
import { dutyKey, dutyOptions } from './duty.ts'
import { Sent } from './sent.ts'
import { SlotText } from './slot-text.tsx'

type Values = Record<string, Value>
/** Field by field, what it becomes. `about`: the record that texts read, where that is not the one that is written. */
export function Assignments({ source, target, about = target, values, onChange }: { source: string; target: string; about?: string; values: Values; onChange: (values: Values) => void }) {
  const catalogue = useCatalogue()
  const object = catalogue.object(target)
  const free = fieldOptions(catalogue, target, { withParents: false }).filter((option) => { const field = object?.field.get(option.value); return field && !(option.value in values) && (!field.base || field.key === 'owner' || field.key === 'next_contact_at') && field.kind !== 'auto' && field.kind !== 'file' && field.kind !== 'tags' })
  const rename = (from: string, to: string) => onChange(Object.fromEntries(Object.entries(values).map(([key, value]) => (key === from ? [to, null] : [key, value]))))
  return (
    <fieldset className={css.box}>
      <legend>{t('rules.becomes')}</legend>
      {Object.entries(values).map(([key, value]) => {
        const field = object?.field.get(key)
        return (
          <div key={key} className={css.assign}>
            <Picker small label={t('conditions.field')} value={key} shown={field ? label(field.label) : key} options={free} onPick={(next) => next && rename(key, next)} />
            {field && <ValueEditor field={field} source={source} target={target} about={about} value={value} onChange={(next) => onChange({ ...values, [key]: next })} />}
            <IconButton small icon="close" label={t('common.remove')} onClick={() => { const { [key]: _, ...rest } = values; onChange(rest) }} />
          </div>
        )
      })}
      <Button small look="quiet" icon="plus" className={css.left!} disabled={free.length === 0} onClick={() => free[0] && onChange({ ...values, [free[0].value]: null })}>{t('rules.addField')}</Button>
    </fieldset>
  )
}

type Kind = 'literal' | 'advance' | 'empty' | 'pushed' | 'add' | 'field' | 'now' | 'earlier' | 'text' | 'record' | 'owner' | 'supervisor' | 'onDuty' | 'role'
function kindOf(value: Value): Kind {
  if (value === null) return 'empty'
  if (typeof value !== 'object') return 'literal'
  return (['add', 'advance', 'pushed', 'text', 'field', 'now', 'earlier', 'record', 'owner', 'supervisor', 'onDuty', 'role'] as const).find((kind) => kind in value) ?? 'literal'
}

/** A fixed value, or one that is worked out when the rule runs. */
function kindsFor(field: FieldShape, { rotas, sent }: { rotas: boolean; sent: boolean }): Kind[] {
  const time = field.kind === 'datetime' || field.kind === 'date'
  const text = field.kind === 'text' || field.kind === 'long'
  const reference = field.kind === 'reference' || field.kind === 'anyReference'
  const number = field.kind === 'integer' || field.kind === 'decimal' || field.kind === 'money' || field.kind === 'percent'
  return [...(reference ? [] : ['literal' as const]), ...(field.kind === 'select' ? ['advance' as const] : []), 'empty', ...(sent && !reference ? ['pushed' as const] : []), ...(number ? ['add' as const] : []), 'field', ...(time ? ['now' as const, 'earlier' as const] : []), ...(text ? ['text' as const] : []), ...(reference ? ['record' as const] : []), ...(field.kind === 'member' ? ['owner' as const, 'supervisor' as const, 'role' as const, ...(rotas ? ['onDuty' as const] : [])] : [])]
}

function begun(kind: Kind, field: FieldShape, { first, sent, duty, role }: { first: string; sent: string; role: string; duty: OnDuty | undefined }): Value {
  switch (kind) {
    case 'literal': return field.kind === 'boolean' ? true : field.kind === 'member' || field.kind === 'team' || field.kind === 'integer' ? 0 : ''
    case 'empty': return null
    case 'pushed': return { pushed: sent }
    case 'add': return { add: 1 }
    case 'advance': return { advance: '' }
    case 'field': return { field: first }
    case 'onDuty': return duty ? { onDuty: duty } : null
    case 'now': return { now: true }
    case 'earlier': return { earlier: { field: field.key, plus: '24h' } }
    case 'text': return { text: '' }
    case 'record': return { record: true }
    case 'owner': return { owner: true }
    case 'supervisor': return { supervisor: true }
    case 'role': return { role }
  }
}

function ValueEditor({ field, source, target, about, value, onChange }: { field: FieldShape; source: string; target: string; about: string; value: Value; onChange: (value: Value) => void }) {
  const catalogue = useCatalogue()
  const sent = use(Sent)
  const kind = kindOf(value)
  const others = fieldOptions(catalogue, source, { withParents: false })
  const times = fieldOptions(catalogue, target, { withParents: false }).filter((option) => catalogue.object(target)?.field.get(option.value)?.kind === field.kind)
  const duties = dutyOptions(catalogue, target)
  const picker = <Picker small label={t('rules.valueKind')} value={kind} options={kindsFor(field, { rotas: duties.length > 0, sent: sent.length > 0 }).map((each) => ({ value: each, label: t(`rules.value_${each}` as WordKey) }))} onPick={(next) => next && onChange(begun(next as Kind, field, { first: others[0]?.value ?? '', sent: sent[0] ?? '', duty: duties[0]?.onDuty, role: catalogue.roles[0]?.key ?? '' }))} />
  return (
    <div className={css.valueEdit}>
      {picker}
      {kind === 'literal' && <OneValue field={field} value={value as string} onChange={(next) => onChange((next ?? '') as Value)} />}
      {value && typeof value === 'object' && 'field' in value && <Picker small label={t('conditions.field')} value={value.field} options={others} onPick={(next) => next && onChange({ ...value, field: next })} />}
      {value && typeof value === 'object' && 'pushed' in value && <Picker small label={t('rules.value_pushed')} value={value.pushed} options={sent.map((name) => ({ value: name, label: name }))} onPick={(next) => next && onChange({ pushed: next })} />}
      {value && typeof value === 'object' && 'onDuty' in value && <Picker small label={t('rules.value_onDuty')} value={dutyKey(value.onDuty)} options={duties} onPick={(next) => { const found = duties.find((each) => each.value === next); if (found) onChange({ onDuty: found.onDuty }) }} />}
      {value && typeof value === 'object' && 'role' in value && <Picker small label={t('rules.value_role')} value={value.role} options={catalogue.roles.map((role) => ({ value: role.key, label: label(role.label) }))} onPick={(next) => next && onChange({ role: next })} />}
      {value && typeof value === 'object' && 'add' in value && <Input small type="number" aria-label={t('rules.addNumber')} value={String(value.add)} onText={(text) => onChange({ add: Number(text) || 0 })} />}
      {value && typeof value === 'object' && 'advance' in value && <OneValue field={field} value={value.advance} onChange={(next) => onChange({ advance: (next as string | undefined) ?? '' })} />}
      {value && typeof value === 'object' && 'text' in value && <SlotText small object={about} name={label(field.label)} value={value.text} onText={(text) => onChange({ text })} />}
      {value && typeof value === 'object' && 'earlier' in value && <><Picker small label={t('conditions.field')} value={value.earlier.field} options={times} onPick={(next) => next && onChange({ earlier: { ...value.earlier, field: next } })} /><LengthInput working value={value.earlier.plus} onChange={(plus) => onChange({ earlier: { ...value.earlier, plus } })} /></>}
      {value && typeof value === 'object' && ('now' in value || 'field' in value) && (field.kind === 'datetime' || field.kind === 'date') && <Later plus={value.plus} onChange={(plus) => { const { plus: _, ...rest } = value as { now: true; plus?: string }; onChange(plus ? { ...rest, plus } : rest) }} />}
    </div>
  )
}

const Later = ({ plus, onChange }: { plus: string | undefined; onChange: (plus: string | undefined) => void }) =>
  plus === undefined ? <Button small look="quiet" onClick={() => onChange('3d')}>{t('rules.addLater')}</Button> : <span className={css.later}><span className="quiet dense">{t('rules.plus')}</span><LengthInput working value={plus} onChange={onChange} /><IconButton small icon="close" label={t('common.remove')} onClick={() => onChange(undefined)} /></span>
