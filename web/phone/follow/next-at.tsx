import { addDays } from '#language/values'
import { useRef } from 'react'
import { now } from '../../api/clock.ts'
import { clockTime, hourNow, instantAt, today, weekday } from '../../design/format.ts'
import { t } from '../../i18n/index.ts'
import { Chips } from '../frame/chips.tsx'
import { p } from '../words/index.ts'
import css from './follow.module.css'

const MORNING = '10:00'
/** After three there is hardly an afternoon left to promise. */
const LAST_AFTERNOON_HOUR = 15

function nextMonday(from: string): string {
  const day = new Date(`${from}T00:00:00Z`).getUTCDay()
  return addDays(from, ((8 - day) % 7) || 7)
}

const hintOf = (at: string, today: string): string => { const [day, time] = clockTime(at).split(' ') as [string, string]; return day === today ? time : `${weekday(day)} ${time}` }

/** The common answers, one press each; any other moment by the phone's own wheel. */
export function NextAt({ value, onPick }: { value: string | null; onPick: (at: string) => void }) {
  const input = useRef<HTMLInputElement>(null)
  const day = today()
  const quick = [
    ...(hourNow() < LAST_AFTERNOON_HOUR ? [{ value: instantAt(day, hourNow() < 13 ? '15:00' : '17:00'), label: p('afternoon') }] : []),
    { value: instantAt(addDays(day, 1), MORNING), label: p('tomorrow') },
    { value: instantAt(addDays(day, 2), MORNING), label: p('afterTomorrow') },
    { value: instantAt(nextMonday(day), MORNING), label: p('monday') },
  ].filter((each, at, all) => all.findIndex((other) => other.value === each.value) === at)
  const custom = value !== null && !quick.some((each) => each.value === value)
  const local = (at: string | Date) => clockTime(typeof at === 'string' ? at : at.toISOString()).replace(' ', 'T')
  const own = (
    <label className={css.custom} data-on={custom} onClick={() => { try { input.current?.showPicker() } catch { /* the field takes the focus instead */ } }}>
      <span>{p('custom')}</span>{custom && <small className="num">{clockTime(value).slice(5)}</small>}
      <input ref={input} type="datetime-local" aria-label={p('custom')} min={local(now())} value={custom ? local(value) : ''} onChange={(event) => { const [on, time] = event.target.value.split('T'); if (on && time) onPick(instantAt(on, time)) }} />
    </label>
  )
  return (
    <Chips label={t('followup.nextAt')} value={value} options={quick.map((each) => ({ ...each, hint: hintOf(each.value, day) }))} onPick={onPick} stacked after={own} />
  )
}
