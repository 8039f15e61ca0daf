import { alertHoursOf, fallbackSteps, type AssignmentPolicy, type FallbackStep } from '#language/definitions'
import { useCatalogue } from '../../api/catalogue.ts'
import { Button, IconButton } from '../../design/button.tsx'
import { Check, Field, Input } from '../../design/field.tsx'
import { Picker } from '../../design/picker.tsx'
import { label, t } from '../../i18n/index.ts'
import { Builder } from '../conditions/builder.tsx'
import { LengthInput } from '../conditions/length-input.tsx'
import css from './assignment.module.css'

const MOST = 6
const KINDS = ['team', 'pool', 'supervisor'] as const
const swapped = <T,>(list: readonly T[], at: number): T[] => list.map((each, n) => (n === at ? list[at + 1]! : n === at + 1 ? list[at]! : each))

/** What is done with a record that nobody can take, in which order; and from when on it is late. */
export function Fallback({ value, onChange }: { value: AssignmentPolicy; onChange: (policy: AssignmentPolicy) => void }) {
  const catalogue = useCatalogue()
  const steps = fallbackSteps(value)
  const fall = (next: Partial<AssignmentPolicy['fallback']>) => onChange({ ...value, fallback: { ...value.fallback, ...next } })
  const put = (next: FallbackStep[]) => fall({ steps: next })
  const roles = catalogue.roles.map((role) => ({ value: role.key, label: label(role.label) }))
  return (
    <div className={css.exclusions}>
      <ol className={css.steps}>
        {steps.map((step, n) => (
          <li key={n} className={css.exclusion}>
            <Step step={step} object={value.object} onChange={(next) => put(steps.map((each, i) => (i === n ? next : each)))} />
            <span className={css.stepActs}>
              <IconButton small icon="up" label={t('assignment.stepUp', { n: n + 1 })} disabled={n === 0} onClick={() => put(swapped(steps, n - 1))} />
              <IconButton small icon="down" label={t('assignment.stepDown', { n: n + 1 })} disabled={n === steps.length - 1} onClick={() => put(swapped(steps, n))} />
              <IconButton small icon="close" label={t('assignment.stepRemove', { n: n + 1 })} disabled={steps.length === 1} onClick={() => put(steps.filter((_, i) => i !== n))} />
            </span>
          </li>
        ))}
      </ol>
      <Button small look="quiet" icon="plus" className={css.left!} disabled={steps.length >= MOST} onClick={() => put([...steps, { to: 'team' }])}>{t('assignment.addStep')}</Button>
      <div className={css.pair}>
        <Field label={t('assignment.alertRole')}>{(control) => <Picker {...control} label={t('assignment.alertRole')} value={value.fallback.alertRole} options={roles} onPick={(alertRole) => alertRole && fall({ alertRole })} />}</Field>
        <Field label={t('assignment.alertHours')} help={t('assignment.alertHoursHelp')}>{(control) => <Input {...control} type="number" min={1} max={720} value={alertHoursOf(value)} after={<span className="hint">{t('assignment.hours')}</span>} onText={(text) => fall({ alertHours: Math.max(1, Math.min(720, Math.round(Number(text)) || 1)) })} />}</Field>
      </div>
    </div>
  )
}

function Step({ step, object, onChange }: { step: FallbackStep; object: string; onChange: (step: FallbackStep) => void }) {
  const { teams } = useCatalogue()
  const { team: _team, when: _when, after: _after, ...bare } = step
  const { when, ...unasked } = step
  const { after, ...atOnce } = step
  return (
    <>
      <div className={css.stepHead}>
        <Picker small label={t('assignment.step')} value={step.to} options={KINDS.map((to) => ({ value: to, label: t(`assignment.to_${to}`) }))} onPick={(to) => to && onChange({ ...bare, ...(when && { when }), ...(after && { after }), to: to as FallbackStep['to'] })} />
        {step.to === 'team' && <Picker small clearable label={t('assignment.stepTeam')} placeholder={t('assignment.sameArea')} value={step.team === undefined ? null : String(step.team)} options={teams.map(({ id, name }) => ({ value: String(id), label: name }))} onPick={(id) => { const { team: _, ...rest } = step; onChange(id ? { ...rest, team: Number(id) } : rest) }} />}
      </div>
      <div className={css.stepAsks}>
        <Check checked={after !== undefined} onCheck={(on) => onChange(on ? { ...step, after: '4h' } : atOnce)}>{t('assignment.stepAfter')}</Check>
        {after !== undefined && <LengthInput working label={t('assignment.stepAfter')} value={after} onChange={(next) => onChange({ ...step, after: next.startsWith('0') ? `1${next.slice(1)}` : next })} />}
        <Check checked={when !== undefined} onCheck={(on) => onChange(on ? { ...step, when: { all: [] } } : unasked)}>{t('assignment.stepWhen')}</Check>
      </div>
      {when !== undefined && <Builder object={object} value={when} onChange={(next) => onChange({ ...step, when: next })} />}
    </>
  )
}
