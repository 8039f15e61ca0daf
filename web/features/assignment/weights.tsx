import type { ReactNode } from 'react'
import type { AssignmentPolicy } from '#language/definitions'
import { Input } from '../../design/field.tsx'
import { Slider } from '../../design/slider.tsx'
import { t } from '../../i18n/index.ts'
import css from './assignment.module.css'
import { balanced, PARTS, percent, total } from './balance.ts'

type Parts = AssignmentPolicy['weights']
const digits = (text: string): number => Math.min(100, Number(text.replace(/\D/g, '').slice(0, 3)))

/** Three shares of one whole: drawn, the others make room; typed, what is missing or too much is said at once. And from which load on somebody comes second. */
export function Weights({ value, below, onChange, onBelow, children }: { value: Parts; below: number; onChange: (weights: Parts) => void; onBelow: (below: number) => void; children: ReactNode }) {
  const sum = total(value)
  return (
    <div className={css.weights}>
      <div className={css.bar} aria-hidden="true">{PARTS.map((part) => <i key={part} data-part={part} style={{ flexGrow: Math.max(percent(value[part]), 0.001) }} />)}</div>
      {PARTS.map((part) => (
        <div key={part} className={css.part}>
          <span className={css.partName}><i data-part={part} className={css.swatch} aria-hidden="true" />{t(`assignment.part_${part}`)}</span>
          <Slider label={t('assignment.slide', { name: t(`assignment.part_${part}`) })} value={percent(value[part])} text={`${percent(value[part])}%`} onSlide={(next) => onChange(balanced(value, part, next))} />
          <Input small inputMode="numeric" aria-label={t(`assignment.part_${part}`)} value={String(percent(value[part]))} after={<span className="hint">%</span>} aria-invalid={sum === 100 ? undefined : true} aria-describedby="weights-sum" onText={(text) => onChange({ ...value, [part]: digits(text) / 100 })} />
        </div>
      ))}
      <p id="weights-sum" className={sum === 100 ? 'hint' : css.wrong} role={sum === 100 ? undefined : 'alert'}>{sum === 100 ? t('assignment.formula') : sum > 100 ? t('assignment.tooMuch', { sum, by: sum - 100 }) : t('assignment.tooLittle', { sum, by: 100 - sum })}</p>
      <div className={css.part} data-apart>
        <span className={css.partName}>{t('assignment.preferBelow')}</span>
        <Slider label={t('assignment.slide', { name: t('assignment.preferBelow') })} value={percent(below)} text={`${percent(below)}%`} onSlide={(next) => onBelow(next / 100)} />
        <Input small inputMode="numeric" aria-label={t('assignment.preferBelow')} aria-describedby="prefer-below" value={String(percent(below))} after={<span className="hint">%</span>} onText={(text) => onBelow(digits(text) / 100)} />
      </div>
      <p id="prefer-below" className="hint">{t('assignment.preferBelowHelp')}</p>
      {children}
    </div>
  )
}
