import { createContext, use } from 'react'
import { Input } from '../../design/field.tsx'
import { Picker } from '../../design/picker.tsx'
import { t, type WordKey } from '../../i18n/index.ts'
import css from './builder.module.css'

const UNITS = ['m', 'h', 'd', 'w', 'mo', 'wm', 'wh', 'wd'] as const
/** What a date is counted in. */
const DAYS: ReadonlySet<string> = new Set(['d', 'w', 'mo', 'wd'])
const isWorking = (unit: string): boolean => /^w[mhd]$/.test(unit)
const lengthOf = (digits: string, unit: string): string => `${digits.slice(0, unit === 'mo' ? 3 : 5) || '0'}${unit}`

/** Among related records time is natural. */
export const Among = createContext(false)

/** A length of time: a number and a unit (`72h`, `3d`); `working`: also in working minutes, hours and days (`25wm`, `8wh`, `3wd`), `months`: also in calendar months (`3mo`), counted onwards or `whole`. */
export function LengthInput({ value, onChange, days, working, months, label = t('conditions.length') }: { value: string; onChange: (value: string) => void; days?: boolean; working?: boolean; months?: boolean | 'whole'; label?: string }) {
  const [, amount = '7', unit = 'd'] = /^(\d+)(\w+)$/.exec(value) ?? []
  const among = use(Among)
  const units = UNITS.filter((each) => each === unit || ((!days || DAYS.has(each)) && (!isWorking(each) || (working === true && !among)) && (each !== 'mo' || Boolean(months))))
  return (
    <span className={css.length}>
      <Input small inputMode="numeric" aria-label={label} value={amount} onText={(text) => onChange(lengthOf(text.replace(/\D/g, ''), unit))} />
      <Picker small label={t('conditions.unit')} value={unit} options={units.map((each) => ({ value: each, label: t(months === 'whole' && each === 'mo' ? 'conditions.unit_wholeMonths' : (`conditions.unit_${each}` as WordKey)) }))} onPick={(next) => next && onChange(lengthOf(amount, next))} />
    </span>
  )
}
