import { isControl, type Control, type Step } from '#language/definitions'
import { useCatalogue } from '../../api/catalogue.ts'
import { Check, Field, Input } from '../../design/field.tsx'
import { Picker } from '../../design/picker.tsx'
import { t } from '../../i18n/index.ts'
import { Builder } from '../conditions/builder.tsx'
import { LengthInput } from '../conditions/length-input.tsx'
import { relationName } from '../conditions/names.ts'
import { relationsOf } from '../conditions/tree.ts'
import { ActionEditor, Recipients } from './action-editor.tsx'
import css from './rules.module.css'
import { SidesEditor } from './sides-editor.tsx'
import { SlotText } from './slot-text.tsx'

interface Props<S> { object: string; value: S; onChange: (step: Step) => void }

export function StepEditor({ object, value, onChange }: Props<Step>) {
  return isControl(value) ? <div className={css.fields}><ControlEditor object={object} value={value} onChange={onChange} /></div> : <ActionEditor object={object} value={value} onChange={onChange} />
}

function ControlEditor({ object, value, onChange }: Props<Control>) {
  switch (value.do) {
    case 'wait': return <Field label={t('rules.waitLong')} help={t('rules.waitHelp')}>{() => <LengthInput working label={t('rules.waitLong')} value={value.for} onChange={(next) => onChange({ ...value, for: next })} />}</Field>
    case 'waitClock': return <>
      <Field label={t('rules.waitTime')} help={t('rules.waitTimeHelp')}>{(control) => <Input {...control} type="time" value={value.at} onText={(at) => { if (/^\d\d:\d\d/.test(at)) onChange({ ...value, at: at.slice(0, 5) }) }} />}</Field>
      <Check checked={value.workingDays === true} onCheck={(on) => { const { workingDays: _, ...rest } = value; onChange(on ? { ...rest, workingDays: true } : rest) }}>{t('rules.onlyWorkingDays')}</Check>
    </>
    case 'waitUntil': return <>
      <fieldset className={css.box}><legend>{t('rules.waitFor')}</legend><Builder object={object} value={value.until} onChange={(until) => onChange({ ...value, until })} empty={t('rules.saysWhat')} /></fieldset>
      <Field label={t('rules.waitAtMost')} help={t('rules.untilHelp')}>{() => <LengthInput working label={t('rules.waitAtMost')} value={value.atMost} onChange={(atMost) => onChange({ ...value, atMost })} />}</Field>
    </>
    case 'approve': return <ApproveEditor object={object} value={value} onChange={onChange} />
    case 'parallel': return <SidesEditor value={value} onChange={onChange} />
    case 'branch': return <fieldset className={css.box}><legend>{t('rules.branchIf')}</legend><Builder object={object} value={value.condition} onChange={(condition) => onChange({ ...value, condition })} empty={t('rules.saysWhat')} /></fieldset>
    case 'forEach': return <Each object={object} value={value} onChange={onChange} />
  }
}

function ApproveEditor({ object, value, onChange }: Props<Extract<Control, { do: 'approve' }>>) {
  return (
    <>
      <Recipients label={t('rules.approvers')} target={object} value={value.to} onChange={(to) => onChange({ ...value, to })} />
      <Field label={t('rules.approveWhat')}>{(control) => <SlotText {...control} object={object} name={t('rules.approveWhat')} value={value.title} maxLength={200} onText={(title) => onChange({ ...value, title })} />}</Field>
      <Field label={t('rules.noticeBody')}>{(control) => <SlotText {...control} object={object} name={t('rules.noticeBody')} rows={2} maxLength={500} value={value.body ?? ''} onText={(text) => { const { body: _, ...rest } = value; onChange(text ? { ...rest, body: text } : rest) }} />}</Field>
      <Field label={t('rules.waitAtMost')} help={t('rules.approveHelp')}>{() => <LengthInput working label={t('rules.waitAtMost')} value={value.atMost} onChange={(atMost) => onChange({ ...value, atMost })} />}</Field>
    </>
  )
}

function Each({ object, value, onChange }: Props<Extract<Control, { do: 'forEach' }>>) {
  const catalogue = useCatalogue()
  const children = relationsOf(catalogue, object, relationName)
  return (
    <>
      <Field label={t('rules.children')} help={t('rules.eachHelp')}>{(control) => <Picker {...control} label={t('rules.children')} value={`${value.object}.${value.childVia}`} options={children.map((child) => ({ value: `${child.object}.${child.via}`, label: child.label }))} onPick={(text) => { const [next, childVia] = (text ?? '').split('.'); if (next && childVia) onChange({ ...value, object: next, childVia, where: { all: [] }, steps: [] }) }} />}</Field>
      <fieldset className={css.box}><legend>{t('rules.whichOnes')}</legend><Builder object={value.object} value={value.where} onChange={(where) => onChange({ ...value, where })} empty={t('rules.everyOne')} /></fieldset>
    </>
  )
}
