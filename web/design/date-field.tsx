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
          <TimeInput key={time} value={time} onTime={(next) => onPick(instantAt(day ?? today(), next))} />
          <span className="grow" />
          <Button small look="primary" onClick={close}>{t('common.done')}</Button>
        </div>
      </>
    )} />
  )
}

/** 24 hours whatever the browser speaks; `930` is half past nine, arrows move by half an hour. */
function TimeInput({ value, onTime }: { value: string; onTime: (time: string) => void }) {
  const [text, setText] = useState(value)
  const commit = (typed: string) => { const time = timeOf(typed); if (time) onTime(time); else setText(value) }
  const onKeyDown = (event: React.KeyboardEvent) => {
    const step = { ArrowUp: 30, ArrowDown: -30 }[event.key]
    if (step) { event.preventDefault(); onTime(clock((minutes(value) + step + 1440) % 1440)) }
    if (event.key === 'Enter') { event.preventDefault(); commit(text) }
  }
  return <label className={css.clock}><span className="dense quiet">{t('common.time')}</span><input inputMode="numeric" maxLength={5} value={text} onChange={(event) => setText(event.target.value)} onBlur={() => commit(text)} onKeyDown={onKeyDown} /></label>
}

const minutes = (time: string): number => { const [hour = 0, minute = 0] = time.split(':').map(Number); return hour * 60 + minute }
const clock = (total: number): string => `${String(Math.floor(total / 60)).padStart(2, '0')}:${String(total % 60).padStart(2, '0')}`
function timeOf(text: string): string | null {
  const [, hour = '', minute = '00'] = /^(\d{1,2})[:：.时]?(\d{2})?$/.exec(text.trim()) ?? []
  return hour !== '' && Number(hour) < 24 && Number(minute) < 60 ? clock(Number(hour) * 60 + Number(minute)) : null
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
