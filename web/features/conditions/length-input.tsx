import { Input } from '../../design/field.tsx'
import { Picker } from '../../design/picker.tsx'
import { t, type WordKey } from '../../i18n/index.ts'
import css from './builder.module.css'

const UNITS = ['m', 'h', 'd', 'w'] as const

/** A length of time: a number and a unit (`72h`, `3d`). */
export function LengthInput({ value, onChange, days, label = t('conditions.length') }: { value: string; onChange: (value: string) => void; days?: boolean; label?: string }) {
  const [, amount = '7', unit = 'd'] = /^(\d+)(\w+)$/.exec(value) ?? []
  const units = days ? (['d', 'w'] as const) : UNITS
  return (
    <span className={css.length}>
      <Input small inputMode="numeric" aria-label={label} value={amount} onText={(text) => { const digits = text.replace(/\D/g, '').slice(0, 5); onChange(`${digits || '0'}${unit}`) }} />
      <Picker small label={t('conditions.unit')} value={unit} options={units.map((each) => ({ value: each, label: t(`conditions.unit_${each}` as WordKey) }))} onPick={(next) => next && onChange(`${amount}${next}`)} />
    </span>
  )
}
