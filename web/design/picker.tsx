import { useRef, useState, type ReactNode } from 'react'
import { t } from '../i18n/index.ts'
import { cx } from './classes.ts'
import type { ControlProps } from './field.tsx'
import { Icon } from './icons.tsx'
import { OptionList, type Option } from './options.tsx'
import css from './picker.module.css'
import { Popover } from './popover.tsx'

interface Common extends Partial<ControlProps> {
  options: readonly Option[]
  label: string
  placeholder?: string | undefined
  small?: boolean | undefined
  disabled?: boolean | undefined
  onQuery?: ((query: string) => void) | undefined
  busy?: boolean | undefined
  empty?: ReactNode
  /** What the closed control shows; default: the labels of what is chosen. */
  shown?: ReactNode
  onCreate?: ((name: string) => void) | undefined
  /** Opens by itself: the control stands in for text that was pressed. */
  autoOpen?: boolean | undefined
  onClose?: (() => void) | undefined
  look?: 'control' | 'inline' | undefined
}

/** One of many. */
export function Picker({ value, onPick, clearable, ...rest }: Common & { value: string | null; onPick: (value: string | null) => void; clearable?: boolean | undefined }) {
  return <Base {...rest} chosen={value === null || value === '' ? [] : [value]} {...(clearable && value ? { onClear: () => onPick(null) } : {})} onToggle={(picked, close) => { onPick(picked); close() }} />
}

/** Several of many; stays open while choosing. */
export function MultiPicker({ value, onPick, ...rest }: Common & { value: readonly string[]; onPick: (value: string[]) => void }) {
  const toggle = (picked: string) => onPick(value.includes(picked) ? value.filter((each) => each !== picked) : [...value, picked])
  return <Base {...rest} chosen={value} onToggle={toggle} {...(value.length ? { onClear: () => onPick([]) } : {})} />
}

interface BaseProps extends Common { chosen: readonly string[]; onToggle: (value: string, close: () => void) => void; onClear?: () => void }
function Base({ chosen, onToggle, onClear, options, label, placeholder, small, disabled, onQuery, busy, empty, shown, onCreate, autoOpen, onClose, look = 'control', id, ...aria }: BaseProps) {
  const [open, setOpen] = useState(Boolean(autoOpen))
  const anchor = useRef<HTMLButtonElement>(null)
  const close = () => { setOpen(false); onClose?.() }
  const text = shown ?? namesOf(options, chosen)
  return (
    <span className={cx(css.picker, css[look], small && css.small, disabled && css.disabled)}>
      <button ref={anchor} id={id} type="button" disabled={disabled} className={css.trigger} aria-haspopup="listbox" aria-expanded={open} aria-invalid={aria['aria-invalid']} aria-describedby={aria['aria-describedby']} aria-label={id ? undefined : [label, text || placeholder || t('common.choose')].filter((part) => typeof part === 'string').join(' ')} onClick={() => (open ? close() : setOpen(true))}
        onKeyDown={(event) => { if (event.key === 'ArrowDown' && !open) { event.preventDefault(); setOpen(true) } }}>
        <span className={cx(css.text, !text && css.placeholder)}>{text || (placeholder ?? t('common.choose'))}</span>
        {look === 'control' && <Icon name="down" size={14} />}
      </button>
      {onClear && !disabled && look === 'control' && <button type="button" className={css.clear} aria-label={t('common.clearNamed', { name: label })} onClick={onClear}><Icon name="close" size={12} /></button>}
      {open && (
        <Popover anchor={anchor} label={label} matchWidth onClose={close} role="presentation">
          <OptionList options={options} selected={new Set(chosen)} label={label} onPick={(value) => onToggle(value, close)} search={Boolean(onQuery) || Boolean(onCreate) || options.length > 7} {...(onQuery ? { onQuery } : {})} busy={Boolean(busy)} empty={empty} onCreate={onCreate} />
        </Popover>
      )}
    </span>
  )
}

function namesOf(options: readonly Option[], chosen: readonly string[]): string {
  const names = new Map(options.map((option) => [option.value, option]))
  return chosen.map((value) => { const option = names.get(value); return option?.parent ? `${names.get(option.parent)?.label ?? ''} / ${option.label}` : (option?.label ?? value) }).join(t('common.listGap'))
}
