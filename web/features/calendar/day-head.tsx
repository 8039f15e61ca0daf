import { useQuery } from '@tanstack/react-query'
import { cx } from '../../design/classes.ts'
import { today, weekday } from '../../design/format.ts'
import { label, t } from '../../i18n/index.ts'
import css from './calendar.module.css'
import { calendarQuery, type WorkingCalendarShape } from './query.ts'

/** What the working calendar says about a day: a holiday by its name, or worked although it is a weekend. */
export function markOf(calendar: WorkingCalendarShape | undefined, day: string): { off: boolean; text: string } | null {
  for (const year of calendar?.years ?? []) {
    if (year.workdays.includes(day)) return { off: false, text: t('calendar.worked') }
    const holiday = year.holidays.find(({ from, to }) => from <= day && day <= to)
    if (holiday) return { off: true, text: label(holiday.label) }
  }
  return null
}

export function DayMark({ day }: { day: string }) {
  const { data } = useQuery(calendarQuery)
  const mark = markOf(data, day)
  return mark && <span className={mark.off ? css.off : css.worked}>{mark.off ? t('calendar.off') : ''}{mark.text}</span>
}

export const DayHead = ({ day }: { day: string }) => (
  <div className={cx(css.head, day === today() && css.headToday)}><span>{weekday(day)}</span> <b className="num">{Number(day.slice(5, 7))}-{Number(day.slice(8))}</b><DayMark day={day} /></div>
)
