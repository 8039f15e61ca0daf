import { daysFrom } from '#language/values'
import { cx } from '../../design/classes.ts'
import { dayInWords, timeOfDay, today } from '../../design/format.ts'
import { t } from '../../i18n/index.ts'
import css from './calendar.module.css'
import { DayMark } from './day-head.tsx'
import { dayStart, gathered, type Slot } from './events.ts'
import { weekdayName } from './weekdays.ts'

const SHOWN = 3
interface Props { from: string; to: string; month: string; slots: readonly Slot[]; onOpen: (slot: Slot) => void; onDay: (day: string) => void }

/** A month at a glance; a day is opened by its number. */
export function MonthGrid({ from, to, month, slots, onOpen, onDay }: Props) {
  const events = gathered(slots)
  return (
    <div className={css.month}>
      {[1, 2, 3, 4, 5, 6, 7].map((day) => <div key={day} className={css.monthHead}>{weekdayName(day)}</div>)}
      {daysFrom(from, to).map((day) => {
        const here = events.filter((slot) => slot.from < dayStart(day) + 86_400_000 && slot.to > dayStart(day))
        return (
          <section key={day} aria-label={dayInWords(day)} className={cx(css.cell, day.slice(0, 7) !== month && css.other)}>
            <header><button type="button" className={cx(css.number, day === today() && css.numberToday)} aria-label={t('calendar.openDay', { day: dayInWords(day) })} onClick={() => onDay(day)}>{Number(day.slice(8))}</button><DayMark day={day} /></header>
            <ul>{here.slice(0, SHOWN).map((slot) => <li key={slot.key}><button type="button" className={css.line} disabled={!slot.id} onClick={() => onOpen(slot)}><span className="num">{timeOfDay(new Date(slot.from).toISOString())}</span> <span className="clip">{slot.title ?? t('calendar.busy')}</span></button></li>)}</ul>
            {here.length > SHOWN && <button type="button" className={css.more} onClick={() => onDay(day)}>{t('calendar.more', { n: here.length - SHOWN })}</button>}
          </section>
        )
      })}
    </div>
  )
}
