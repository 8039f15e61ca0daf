import type { Operand } from '#language/conditions'
import type { ReactNode } from 'react'
import { Picker } from '../../design/picker.tsx'
import { t } from '../../i18n/index.ts'
import css from './builder.module.css'
import { LengthInput } from './length-input.tsx'

type Base = 'today' | 'now' | 'date'
interface Moment { base: Base; away: 'none' | 'plus' | 'minus'; by: string }

function momentOf(value: Operand | undefined, day: boolean): Moment {
  if (typeof value !== 'object' || Array.isArray(value) || !value || (!('today' in value) && !('now' in value))) return { base: typeof value === 'string' ? 'date' : day ? 'today' : 'now', away: 'none', by: '1d' }
  const base = 'today' in value ? 'today' : 'now'
  return value.plus ? { base, away: 'plus', by: value.plus } : value.minus ? { base, away: 'minus', by: value.minus } : { base, away: 'none', by: '1d' }
}
const operandOf = ({ base, away, by }: Moment): Operand => ({ [base === 'today' ? 'today' : 'now']: true, ...(away === 'none' ? {} : { [away]: by }) }) as Operand

/** A day on the calendar, or one counted from today. */
export function MomentInput({ day, value, onChange, absolute }: { day: boolean; value: Operand | undefined; onChange: (value: Operand | undefined) => void; absolute: ReactNode }) {
  const moment = momentOf(value, day)
  const bases: Base[] = day ? ['today', 'date'] : ['now', 'today', 'date']
  const pickBase = (base: Base) => onChange(base === 'date' ? '' : operandOf({ ...moment, base, by: base === 'today' ? '1d' : moment.by }))
  return (
    <span className={css.moment}>
      <Picker small label={t('conditions.from')} value={moment.base} options={bases.map((base) => ({ value: base, label: t(`conditions.base_${base}`) }))} onPick={(base) => base && pickBase(base as Base)} />
      {moment.base === 'date' ? absolute : <Picker small label={t('conditions.away')} value={moment.away} options={(['none', 'plus', 'minus'] as const).map((away) => ({ value: away, label: t(`conditions.away_${away}`) }))} onPick={(away) => away && onChange(operandOf({ ...moment, away: away as Moment['away'] }))} />}
      {moment.base !== 'date' && moment.away !== 'none' && <LengthInput days={moment.base === 'today'} value={moment.by} onChange={(by) => onChange(operandOf({ ...moment, by }))} />}
    </span>
  )
}
