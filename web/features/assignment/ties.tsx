import type { Condition } from '#language/conditions'
import type { AssignmentPolicy } from '#language/definitions'
import { useCatalogue } from '../../api/catalogue.ts'
import { Field, Input, Switch } from '../../design/field.tsx'
import { label, t } from '../../i18n/index.ts'
import { Builder } from '../conditions/builder.tsx'
import css from './assignment.module.css'

type Completeness = NonNullable<AssignmentPolicy['completeness']>
const DAYS = 90

/** Who comes first of equals. `usual`: what the stored policy asks, for switching it off and on again. */
export function Ties({ value, usual, onChange }: { value: AssignmentPolicy; usual: Completeness | undefined; onChange: (policy: AssignmentPolicy) => void }) {
  const object = label(useCatalogue().object(value.object)?.label)
  const { completeness, ...rest } = value
  const filled = (field: string): Condition => ({ field, op: 'notEmpty' })
  const fresh: Completeness = usual ?? { complete: { all: [filled(value.skillField), filled(value.regionField)] }, days: DAYS }
  const put = (next: Partial<Completeness>) => onChange({ ...value, completeness: { ...fresh, ...completeness, ...next } })
  return (
    <section className={css.ties} aria-label={t('assignment.ties')}>
      <header><h3>{t('assignment.ties')}</h3><Switch checked={completeness !== undefined} onCheck={(on) => (on ? put({}) : onChange(rest))}>{t('assignment.byComplete')}</Switch></header>
      <p className="hint">{completeness ? t('assignment.byCompleteHelp', { object, days: completeness.days }) : t('assignment.byWaiting')}</p>
      {completeness && <details className={css.detail}>
        <summary>{t('assignment.complete')}</summary>
        <Builder object={value.object} value={completeness.complete} onChange={(complete) => put({ complete })} />
        <Field label={t('assignment.completeDays')}>{(control) => <Input {...control} small type="number" min={1} max={365} value={completeness.days} onText={(text) => put({ days: Math.max(1, Math.min(365, Math.round(Number(text)) || 1)) })} />}</Field>
        <h4>{t('assignment.premium')}</h4>
        <Builder object={value.object} value={completeness.premium ?? { all: [] }} onChange={(premium) => { const { premium: _, ...others } = completeness; onChange({ ...value, completeness: 'all' in premium && premium.all.length === 0 ? others : { ...others, premium } }) }} />
        <p className="hint">{t('assignment.premiumHelp')}</p>
      </details>}
    </section>
  )
}
