import { masksOf, OBJECT_ACTIONS, type Policy, type ReadState } from '#language/definitions'
import { useCatalogue, type FieldShape } from '../../api/catalogue.ts'
import { IconButton } from '../../design/button.tsx'
import { Check, Field } from '../../design/field.tsx'
import { MultiPicker } from '../../design/picker.tsx'
import { label, t } from '../../i18n/index.ts'
import css from './policies.module.css'

type Said = Policy['fields'][string]

/** The fields that a policy speaks of, how much of each is read and whether it is written, and the actions. */
export function PolicyFields({ policy, onChange }: { policy: Policy; onChange: (policy: Policy) => void }) {
  const object = useCatalogue().object(policy.object)
  const fields = (object?.fields ?? []).filter((field) => !field.base && !field.retired)
  const named = Object.keys(policy.fields)
  const start: Said = policy.effect === 'limit' ? { read: 'hidden' } : { read: 'full' }
  const choose = (keys: readonly string[]) => onChange({ ...policy, fields: Object.fromEntries(keys.map((key) => [key, policy.fields[key] ?? start])) })
  const put = (key: string, said: Said) => onChange({ ...policy, fields: { ...policy.fields, [key]: said } })
  return (
    <div className={css.whats}>
      <Field label={t('policies.fields')}>{(control) => <MultiPicker {...control} label={t('policies.fields')} placeholder={t('policies.noFields')} value={named} options={[{ value: '*', label: t('policies.allFields') }, ...fields.map((field) => ({ value: field.key, label: label(field.label) }))]} onPick={choose} />}</Field>
      {named.length > 0 && <ul className={css.fields}>{named.map((key) => (
        <li key={key}><FieldLine policy={policy} fieldKey={key} field={fields.find((each) => each.key === key)} onPut={(said) => put(key, said)} onRemove={() => choose(named.filter((each) => each !== key))} /></li>
      ))}</ul>}
      {policy.effect === 'limit' && Object.values(policy.fields).some(({ read }) => read === 'hidden') && <div><Check checked={policy.stealth ?? false} onCheck={(on) => { const { stealth: _, ...rest } = policy; onChange(on ? { ...rest, stealth: true } : rest) }}>{t('policies.stealth')}</Check><p className="hint">{t('policies.stealthHelp')}</p></div>}
      <fieldset className={css.actions}><legend>{t(policy.effect === 'limit' ? 'policies.takes' : 'policies.gives')}</legend>{OBJECT_ACTIONS.map((action) => <Check key={action} checked={policy.actions.includes(action)} onCheck={(on) => onChange({ ...policy, actions: OBJECT_ACTIONS.filter((each) => (each === action ? on : policy.actions.includes(each))) })}>{t(`roles.do_${action}`)}</Check>)}</fieldset>
    </div>
  )
}

interface LineProps { policy: Policy; fieldKey: string; field: FieldShape | undefined; onPut: (said: Said) => void; onRemove: () => void }
function FieldLine({ policy, fieldKey, field, onPut, onRemove }: LineProps) {
  const { read = policy.effect === 'limit' ? 'full' : 'hidden', write } = policy.fields[fieldKey]!
  const name = fieldKey === '*' ? t('policies.allFields') : label(field?.label) || fieldKey
  const states: readonly ReadState[] = ['full', ...(field ? masksOf(field.kind) : (['star'] as const)), 'hidden']
  const marks = policy.effect === 'limit' ? write === false : write === true
  const said = (state: ReadState, marked: boolean): Said => ({ ...(state !== (policy.effect === 'limit' ? 'full' : 'hidden') && { read: state }), ...(marked && { write: policy.effect === 'allow' }) })
  return (
    <div className={css.fieldLine}>
      <span className="grow clip">{name}</span>
      <select className={css.state} aria-label={t('policies.stateOf', { name })} value={read} onChange={(event) => onPut(said(event.target.value as ReadState, marks))}>{states.map((state) => <option key={state} value={state}>{t(`policies.state_${state}`)}</option>)}</select>
      <Check checked={marks} onCheck={(on) => onPut(said(read, on))}>{t(policy.effect === 'limit' ? 'policies.lock' : 'policies.unlock')}</Check>
      <IconButton small icon="close" label={t('common.removeNamed', { name })} onClick={onRemove} />
    </div>
  )
}
