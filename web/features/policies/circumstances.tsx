import { useState } from 'react'
import { SCENARIOS, type Policy, type Scenario } from '#language/definitions'
import { Button } from '../../design/button.tsx'
import { Check, Choice, Field, TextArea } from '../../design/field.tsx'
import { t } from '../../i18n/index.ts'
import css from './policies.module.css'

/** Where, when and how: scenario, working time, network. Shut until it is wanted. */
export function Circumstances({ policy, onChange }: { policy: Policy; onChange: (policy: Policy) => void }) {
  const { scenarios, time, network } = policy
  const [open, setOpen] = useState(Boolean(scenarios ?? time ?? network))
  const without = (key: 'scenarios' | 'time' | 'network'): Policy => { const { [key]: _, ...rest } = policy; return rest as Policy }
  const turn = (scenario: Scenario, on: boolean) => {
    const next = SCENARIOS.filter((each) => (each === scenario ? on : scenarios?.includes(each)))
    onChange(next.length > 0 ? { ...policy, scenarios: next } : without('scenarios'))
  }
  if (!open) return <Button small look="quiet" icon="plus" className={css.left!} onClick={() => setOpen(true)}>{t('policies.addCircumstances')}</Button>
  return (
    <section className={css.part}>
      <h3>{t('policies.circumstances')}</h3>
      <fieldset className={css.actions}><legend>{t('policies.scenario')}</legend>{SCENARIOS.map((scenario) => <Check key={scenario} checked={scenarios?.includes(scenario) ?? false} onCheck={(on) => turn(scenario, on)}>{t(`policies.scenario_${scenario}`)}</Check>)}</fieldset>
      <Choice label={t('policies.time')} value={time ?? 'any'} options={(['any', 'working', 'off'] as const).map((value) => ({ value, label: t(`policies.time_${value}`) }))} onChoose={(value) => onChange(value === 'any' ? without('time') : { ...policy, time: value })} />
      <Choice label={t('policies.network')} value={network ? (network.inside ? 'inside' : 'outside') : 'any'} options={(['any', 'inside', 'outside'] as const).map((value) => ({ value, label: t(`policies.network_${value}`) }))} onChoose={(value) => onChange(value === 'any' ? without('network') : { ...policy, network: { ranges: network?.ranges ?? ['10.0.0.0/8'], inside: value === 'inside' } })} />
      {network && <Field label={t('policies.ranges')} help={t('policies.rangesHelp')}>{(control) => <TextArea {...control} rows={2} value={network.ranges.join('\n')} onText={(text) => onChange({ ...policy, network: { ...network, ranges: text.split(/\s+/).filter(Boolean) } })} />}</Field>}
    </section>
  )
}
