import { dayOf, formatInstant, formatRemaining, wallClock } from '#language/values'
import { now, zone } from '../../api/clock.ts'
import { lang } from '../../i18n/index.ts'

/** The few formats of the first screen. design/format.ts has them all, and the table of regions with them, which the first screen does not need. */
export const ago = (at: string): string => formatInstant(at, now(), lang(), zone())
export const remaining = (due: string): string => formatRemaining(due, now(), lang())
/** Hour on the tenant's wall clock, 0–23. */
export const hourNow = (): number => new Date(wallClock(now().getTime(), zone())).getUTCHours()

const WEEKDAYS = { zh: ['周日', '周一', '周二', '周三', '周四', '周五', '周六'], en: ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'] }
/** 「11 月 22 日 周日」 */
export function todayInWords(): string {
  const day = dayOf(now().getTime(), zone())
  const weekday = WEEKDAYS[lang()][new Date(`${day}T00:00:00Z`).getUTCDay()]!
  const [, month, date] = day.split('-').map(Number)
  return lang() === 'zh' ? `${month} 月 ${date} 日 ${weekday}` : `${weekday} ${day}`
}
