import type { AssignmentPolicy } from '#language/definitions'
import { Input } from '../../design/field.tsx'
import { t } from '../../i18n/index.ts'
import css from './assignment.module.css'

type Parts = AssignmentPolicy['weights']
const PARTS = ['skill', 'region', 'load'] as const
const percent = (share: number): number => Math.round(share * 100)
export const total = (weights: Parts): number => PARTS.reduce((sum, part) => sum + percent(weights[part]), 0)

/** Three shares of one whole; what is missing or too much is said at once. */
export function Weights({ value, onChange }: { value: Parts; onChange: (weights: Parts) => void }) {
  const sum = total(value)
  return (
    <div className={css.weights}>
      <div className={css.bar} aria-hidden="true">{PARTS.map((part) => <i key={part} data-part={part} style={{ flexGrow: Math.max(percent(value[part]), 0.001) }} />)}</div>
      <div className={css.parts}>
        {PARTS.map((part) => (
          <label key={part} className={css.part}>
            <span><i data-part={part} className={css.swatch} aria-hidden="true" />{t(`assignment.part_${part}`)}</span>
            <Input inputMode="numeric" value={String(percent(value[part]))} after={<span className="hint">%</span>} aria-invalid={sum === 100 ? undefined : true} aria-describedby="weights-sum" onText={(text) => onChange({ ...value, [part]: Math.min(100, Number(text.replace(/\D/g, '').slice(0, 3))) / 100 })} />
          </label>
        ))}
      </div>
      <p id="weights-sum" className={sum === 100 ? 'hint' : css.wrong} role={sum === 100 ? undefined : 'alert'}>{sum === 100 ? t('assignment.formula') : sum > 100 ? t('assignment.tooMuch', { sum, by: sum - 100 }) : t('assignment.tooLittle', { sum, by: 100 - sum })}</p>
    </div>
  )
}
