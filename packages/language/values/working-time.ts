import { addMonths, dayAt, dayNumber, dayOf, DAY_MS, startOfDay, type Day } from './day.ts'
import { durationMs, isMonths, isWorkingTime, parseDuration, type Duration } from './duration.ts'
import { isWorkingDay, missingYears, type WorkingCalendar } from './working-calendar.ts'
import { wallClock } from './zone.ts'

const HOUR_MS = 3_600_000
const MINUTE_MS = 60_000
/** Where and when a company works. */
export interface Workplace { zone: string; calendar: WorkingCalendar }
type Step = 1 | -1

/** The instant (ms) that lies `length` after `ms`. A working day ends at the same time of day, on the next day that is worked; a month at the same time of day, on the same day of the month or on its last. */
export const after = (ms: number, length: Duration, place: Workplace): number => moved(ms, length, place, 1)

/** The latest instant (ms) from which `length` has passed at `ms`. Throws RangeError for months: they are counted onwards alone. */
export const before = (ms: number, length: Duration, place: Workplace): number => moved(ms, length, place, -1)

/** Years on the way of a working length that are not announced: what was counted there are weekdays. Natural time needs no calendar. */
export function assumedYears(from: number, to: number, length: Duration, { zone, calendar }: Workplace): number[] {
  return isWorkingTime(length) ? missingYears(dayOf(Math.min(from, to), zone), dayOf(Math.max(from, to), zone), calendar) : []
}

/** Working time (ms) between two instants, `from` before `to`. */
export function workedBetween(from: number, to: number, { zone, calendar }: Workplace): number {
  const [a, b] = [wallClock(from, zone), wallClock(to, zone)]
  let sum = 0
  for (let day = Math.floor(a / DAY_MS); day * DAY_MS < b; day++) sum += Math.max(0, Math.min(b, day * DAY_MS + calendar.closes) - Math.max(a, day * DAY_MS + calendar.opens)) * Number(isWorkingDay(dayAt(day), calendar))
  return sum
}

function moved(ms: number, length: Duration, { zone, calendar }: Workplace, step: Step): number {
  if (isMonths(length) && step === 1) return monthsOn(ms, parseDuration(length)!.amount, zone)
  if (!isWorkingTime(length)) return ms + step * durationMs(length)
  const { amount, unit } = parseDuration(length)!
  if (amount === 0) return ms
  const wall = wallClock(ms, zone)
  return instantAt(unit !== 'wd' ? hoursOn(wall, amount * (unit === 'wm' ? MINUTE_MS : HOUR_MS), calendar, step) : step === 1 ? daysOn(wall, amount, calendar) : daysBack(wall, amount, calendar), zone)
}

function monthsOn(ms: number, months: number, zone: string): number {
  const wall = wallClock(ms, zone)
  const day = Math.floor(wall / DAY_MS)
  return instantAt(dayNumber(addMonths(dayAt(day), months)) * DAY_MS + (wall - day * DAY_MS), zone)
}

/** Counted on the wall clock, day by day. */
function hoursOn(wall: number, length: number, calendar: WorkingCalendar, step: Step): number {
  let left = length
  for (let day = Math.floor(wall / DAY_MS); ; day += step) {
    const [opens, closes] = [day * DAY_MS + calendar.opens, day * DAY_MS + calendar.closes]
    const [from, to] = step === 1 ? [Math.max(wall, opens), closes] : [opens, Math.min(wall, closes)]
    const room = isWorkingDay(dayAt(day), calendar) ? Math.max(0, to - from) : 0
    if (left <= room && room > 0) return step === 1 ? from + left : to - left
    left -= room
  }
}

/** What begins on a day that is not worked has begun with the last moment of the working day before it: later beginnings never end earlier. */
function daysOn(wall: number, days: number, calendar: WorkingCalendar): number {
  let day = Math.floor(wall / DAY_MS)
  const time = isWorkingDay(dayAt(day), calendar) ? wall - day * DAY_MS : DAY_MS - 1
  for (let left = days; left > 0; ) {
    day += 1
    if (isWorkingDay(dayAt(day), calendar)) left--
  }
  return day * DAY_MS + time
}

function daysBack(wall: number, days: number, calendar: WorkingCalendar): number {
  let day = Math.floor(wall / DAY_MS)
  const time = isWorkingDay(dayAt(day), calendar) ? wall - day * DAY_MS : DAY_MS - 1
  for (let left = days; ; day--) if (isWorkingDay(dayAt(day), calendar) && --left === 0) break
  // A working day that is wholly over takes the days without work after it along.
  if (time === DAY_MS - 1) return day * DAY_MS - 1
  do day--
  while (!isWorkingDay(dayAt(day), calendar))
  return day * DAY_MS + time
}

/** The instant at which the clocks of `zone` show a wall time. */
export function instantAt(wall: number, zone: string): number {
  const day: Day = dayAt(Math.floor(wall / DAY_MS))
  const guess = startOfDay(day, zone) + (wall - Math.floor(wall / DAY_MS) * DAY_MS)
  return guess + (wall - wallClock(guess, zone))
}
