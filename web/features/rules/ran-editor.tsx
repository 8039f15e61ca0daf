import { isControl, stepsIn, type Rule, type Trigger } from '#language/definitions'
import { useDefinitions } from '../../api/definitions.ts'
import { Choice, Field } from '../../design/field.tsx'
import { Picker } from '../../design/picker.tsx'
import { label, t } from '../../i18n/index.ts'

type Ran = Extract<Trigger, { on: 'ran' }>
interface Props { value: Ran; self: string | undefined; onChange: (trigger: Trigger) => void }

const goesTwoWays = (rule: Rule | undefined): boolean => stepsIn(rule?.actions ?? []).some(({ step, each }) => each === null && isControl(step) && (step.do === 'branch' || step.do === 'waitUntil' || step.do === 'approve'))

/** Which other rule about the same records, and which end of it. */
export function RanEditor({ value, self, onChange }: Props) {
  const { data } = useDefinitions('rule')
  const others = (data ?? []).filter(({ key, body }) => key !== self && body.trigger.object === value.object)
  const chosen = others.find(({ key }) => key === value.rule)?.body
  const outcomes: Ran['outcome'][] = goesTwoWays(chosen) ? ['finished', 'yes', 'no', 'failed'] : ['finished', 'failed']
  return (
    <>
      <Field label={t('rules.whichRule')} help={t('rules.whichRuleHelp')}>{(control) => <Picker {...control} label={t('rules.whichRule')} placeholder={t('rules.whichRule')} value={value.rule || null} options={others.map(({ key, body, state }) => ({ value: key, label: label(body.label), ...(state !== 'active' && { hint: t(state === 'paused' ? 'rules.state_paused' : 'rules.state_template') }) }))} onPick={(rule) => rule && onChange({ ...value, rule, outcome: 'finished' })} />}</Field>
      <Choice<Ran['outcome']> label={t('rules.whichEnd')} value={value.outcome} options={outcomes.map((outcome) => ({ value: outcome, label: t(`rules.end_${outcome}`) }))} onChoose={(outcome) => onChange({ ...value, outcome })} />
    </>
  )
}
