import { useId, type ReactNode } from 'react'
import css from './chips.module.css'

interface Chip<V extends string> { value: V; label: string; hint?: string | undefined; colour?: string | undefined }
/** One press, one answer: alternatives large enough for a thumb. */
export function Chips<V extends string>({ value, options, onPick, label, big, two, stacked, scroll, after }: { value: V | null; options: readonly Chip<V>[]; onPick: (value: V) => void; label: string; big?: boolean; two?: boolean; stacked?: boolean; scroll?: boolean; after?: ReactNode }) {
  const name = useId()
  return (
    <div role="radiogroup" aria-label={label} className={css.chips} data-big={big} data-two={two} data-stacked={stacked} data-scroll={scroll}>
      {options.map((option) => (
        <label key={option.value} className={css.chip}>
          <input type="radio" name={name} checked={option.value === value} onChange={() => onPick(option.value)} />
          <span>{option.colour && <i data-colour={option.colour} aria-hidden="true" />}<span>{option.label}</span>{option.hint && <small>{option.hint}</small>}</span>
        </label>
      ))}
      {after}
    </div>
  )
}
