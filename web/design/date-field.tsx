import { useRef, useState } from 'react'
import { t } from '../i18n/index.ts'
import { Button } from './button.tsx'
import { Calendar } from './calendar.tsx'
import css from './calendar.module.css'
import { cx } from './classes.ts'
import type { ControlProps } from './field.tsx'
import { clockTime, dayAtZone, instantAt, timeOfDay, today } from './format.ts'
import { Icon } from './icons.tsx'
import { Popover } from './popover.tsx'

interface Props extends Partial<ControlProps> { value: string | null; onPick: (value: string | null) => void; label: string; placeholder?: string; clearable?: boolean; small?: boolean; disabled?: boolean; autoOpen?: boolean; onClose?: () => void }

/** A calendar day, `YYYY-MM-DD`. */
export function DayField({ value, onPick, ...rest }: Props) {
  return <Base {...rest} text={value} onClear={() => onPick(null)} panel={(close) => <><Calendar value={value} onPick={(day) => { onPick(day); close() }} /><div className={css.foot}><Button small look="quiet" onClick={() => { onPick(today()); close() }}>{t('common.today')}</Button></div></>} />
}

/** An instant, chosen on the tenant's wall clock; travels as ISO in UTC. */
export function InstantField({ value, onPick, ...rest }: Props) {
  const day = value ? dayAtZone(value) : null
  const time = value ? timeOfDay(value) : '09:00'
  return (
    <Base {...rest} text={value && clockTime(value)} onClear={() => onPick(null)} panel={(close) => (
      <>
        <Calendar value={day} onPick={(picked) => onPick(instantAt(picked, time))} />
        <div className={css.time}>
          <label htmlFor="instant-time" className="dense quiet">{t('common.time')}</label>
          <input id="instant-time" type="time" step={300} value={time} onChange={(event) => event.target.value && onPick(instantAt(day ?? today(), event.target.value))} />
          <span className="grow" />
          <Button small look="primary" onClick={close}>{t('common.done')}</Button>
        </div>
      </>
    )} />
  )
}

interface BaseProps extends Omit<Props, 'value' | 'onPick'> { text: string | null; onClear: () => void; panel: (close: () => void) => React.ReactNode }
function Base({ text, panel, label, placeholder = t('common.chooseDate'), clearable, onClear, small, disabled, autoOpen, onClose, id, ...aria }: BaseProps) {
  const [open, setOpen] = useState(Boolean(autoOpen))
  const anchor = useRef<HTMLButtonElement>(null)
  const close = () => { setOpen(false); onClose?.() }
  return (
    <>
      <button ref={anchor} id={id} type="button" disabled={disabled} className={cx(css.trigger, small && css.small)} aria-haspopup="dialog" aria-expanded={open} aria-label={id ? undefined : `${label} ${text ?? placeholder}`} {...pick(aria)} onClick={() => (open ? close() : setOpen(true))}>
        <span className={cx('grow clip', !text && css.placeholder)}>{text ?? placeholder}</span>
        <Icon name="calendar" />
      </button>
      {open && (
        <Popover anchor={anchor} label={label} onClose={close}>
          {panel(close)}
          {clearable && text && <div className={css.foot}><Button small look="quiet" onClick={() => { onClear(); close() }}>{t('common.clear')}</Button></div>}
        </Popover>
      )}
    </>
  )
}

const pick = (aria: Partial<ControlProps>) => ({ 'aria-invalid': aria['aria-invalid'], 'aria-describedby': aria['aria-describedby'] })
