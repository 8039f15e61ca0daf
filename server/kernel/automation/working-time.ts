import { addDays, DAY_MS, dayNumber, dayOf, durationMs, isWorkingTime, parseDuration, startOfDay, type Day, type Duration } from '#language/values'

const HOUR_MS = 3_600_000
/** Monday to Friday, nine to six, in the tenant's zone; holidays come with the working calendar. */
const OPENS = 9 * HOUR_MS
const CLOSES = 18 * HOUR_MS
const EPOCH_WEEKDAY = 4

const isWorkingDay = (day: Day): boolean => { const weekday = (dayNumber(day) + EPOCH_WEEKDAY) % 7; return weekday !== 0 && weekday !== 6 }

/** The instant that lies `length` after `ms`. Working hours run from nine to six; a working day ends at the same time of day, on the next day that is worked. */
export function after(ms: number, length: Duration, zone: string): number {
  if (!isWorkingTime(length)) return ms + durationMs(length)
  const { amount, unit } = parseDuration(length)!
  return unit === 'wh' ? afterHours(ms, amount * HOUR_MS, zone) : afterDays(ms, amount, zone)
}

function afterHours(ms: number, length: number, zone: string): number {
  let left = length
  for (let day = dayOf(ms, zone); ; day = addDays(day, 1)) {
    const from = Math.max(ms, startOfDay(day, zone) + OPENS)
    const room = isWorkingDay(day) ? Math.max(0, startOfDay(day, zone) + CLOSES - from) : 0
    if (left <= room && room > 0) return from + left
    left -= room
  }
}

function afterDays(ms: number, days: number, zone: string): number {
  const [timeOfDay] = [(ms - startOfDay(dayOf(ms, zone), zone)) % DAY_MS]
  let day = dayOf(ms, zone)
  for (let left = days; left > 0; ) {
    day = addDays(day, 1)
    if (isWorkingDay(day)) left--
  }
  return startOfDay(day, zone) + timeOfDay
}
