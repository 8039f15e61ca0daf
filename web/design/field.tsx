import { useId, type InputHTMLAttributes, type ReactNode, type Ref, type TextareaHTMLAttributes } from 'react'
import { t } from '../i18n/index.ts'
import { cx } from './classes.ts'
import css from './field.module.css'

export interface ControlProps { id: string; 'aria-describedby': string | undefined; 'aria-invalid': true | undefined; 'aria-required': true | undefined }
interface FieldProps {
  label: ReactNode
  required?: boolean | undefined
  help?: ReactNode
  error?: string | null | undefined
  /** Label before the control instead of above it. */
  beside?: boolean
  children: (control: ControlProps) => ReactNode
}

/** A control with its name, its help and what is wrong with it, tied together for every reader. */
export function Field({ label, required, help, error, beside, children }: FieldProps) {
  const id = useId()
  const note = error || help ? `${id}-note` : undefined
  return (
    <div className={cx(css.field, beside && css.beside)}>
      <label htmlFor={id} className={css.label}>{label}{required && <span className={css.must} aria-hidden="true" title={t('common.required')}>*</span>}</label>
      <div className={css.control}>
        {children({ id, 'aria-describedby': note, 'aria-invalid': error ? true : undefined, 'aria-required': required ? true : undefined })}
        {note && <p id={note} className={error ? css.error : css.help} role={error ? 'alert' : undefined}>{error || help}</p>}
      </div>
    </div>
  )
}

type InputProps = Omit<InputHTMLAttributes<HTMLInputElement>, 'onChange'> & { onText?: (text: string) => void; ref?: Ref<HTMLInputElement>; before?: ReactNode; after?: ReactNode; small?: boolean }
export function Input({ onText, before, after, small, className, ...rest }: InputProps) {
  return (
    <span className={cx(css.input, small && css.small, className)}>
      {before}
      <input autoComplete="off" {...rest} onChange={(event) => onText?.(event.target.value)} />
      {after}
    </span>
  )
}

type AreaProps = Omit<TextareaHTMLAttributes<HTMLTextAreaElement>, 'onChange'> & { onText?: (text: string) => void; ref?: Ref<HTMLTextAreaElement> }
export const TextArea = ({ onText, className, rows = 3, ...rest }: AreaProps) => (
  <textarea rows={rows} {...rest} className={cx(css.area, className)} onChange={(event) => onText?.(event.target.value)} />
)

interface CheckProps { checked: boolean; onCheck: (checked: boolean) => void; children?: ReactNode; disabled?: boolean | undefined; 'aria-label'?: string; id?: string; mixed?: boolean; tabIndex?: number }
export const Check = ({ checked, onCheck, children, mixed, ...rest }: CheckProps) => (
  <label className={css.check}>
    <input type="checkbox" checked={checked} ref={(node) => { if (node) node.indeterminate = Boolean(mixed) }} onChange={(event) => onCheck(event.target.checked)} {...rest} />
    {children !== undefined && <span>{children}</span>}
  </label>
)

/** A setting that takes effect at once. */
export const Switch = ({ checked, onCheck, children, disabled, ...rest }: CheckProps) => (
  <label className={css.switch}>
    <input type="checkbox" role="switch" checked={checked} disabled={disabled} onChange={(event) => onCheck(event.target.checked)} {...rest} />
    {children !== undefined && <span>{children}</span>}
  </label>
)

interface ChoiceProps<V extends string> { value: V | null; options: readonly { value: V; label: string; hint?: string }[]; onChoose: (value: V) => void; label: string; name?: string; look?: 'chips' | 'segments' }
/** A few alternatives, all visible: one press instead of a list to open. */
export function Choice<V extends string>({ value, options, onChoose, label, look = 'segments' }: ChoiceProps<V>) {
  const name = useId()
  return (
    <div role="radiogroup" aria-label={label} className={look === 'chips' ? css.chips : css.segments}>
      {options.map((option) => (
        <label key={option.value} className={css.choice}>
          <input type="radio" name={name} checked={option.value === value} onChange={() => onChoose(option.value)} onKeyDown={(event) => { if (event.key === 'Enter') { event.preventDefault(); onChoose(option.value) } }} />
          <span>{option.label}{option.hint && <small className="hint"> {option.hint}</small>}</span>
        </label>
      ))}
    </div>
  )
}
