import { refuse, type Parsed } from './result.ts'
import { wallClock } from './zone.ts'

/** A calendar day `YYYY-MM-DD`, without zone. Days compare as text. */
export type Day = string
export const DAY_MS = 86_400_000
export const FIRST_YEAR = 1900
export const LAST_YEAR = 2200

export type DayReason = 'not_a_day' | 'no_such_day' | 'out_of_range'
const SHAPE = /^(\d{4})-(\d{2})-(\d{2})$/

/** Strict: `2026-02-30` is refused, years 1900–2200. */
export function parseDay(text: string): Parsed<{ day: Day }, DayReason> {
  const match = SHAPE.exec(text)
  if (!match) return refuse('not_a_day')
  if (dayAt(dayNumber(text)) !== text) return refuse('no_such_day')
  const year = Number(match[1])
  return year < FIRST_YEAR || year > LAST_YEAR ? refuse('out_of_range') : { ok: true, day: text }
}

/** Days since 1970-01-01. */
export const dayNumber = (day: Day): number => Math.round(Date.UTC(Number(day.slice(0, 4)), Number(day.slice(5, 7)) - 1, Number(day.slice(8, 10))) / DAY_MS)
export const dayAt = (number: number): Day => new Date(number * DAY_MS).toISOString().slice(0, 10)
export const addDays = (day: Day, days: number): Day => dayAt(dayNumber(day) + days)

/** So many months later, on the same day of the month; on its last day where there is none. */
export function addMonths(day: Day, months: number): Day {
  const [year, month] = [Number(day.slice(0, 4)), Number(day.slice(5, 7)) - 1 + months]
  const last = new Date(Date.UTC(year, month + 1, 0)).getUTCDate()
  return new Date(Date.UTC(year, month, Math.min(Number(day.slice(8, 10)), last))).toISOString().slice(0, 10)
}

/** The day on the wall calendar of `zone` at an instant (ms). */
export const dayOf = (ms: number, zone: string): Day => dayAt(Math.floor(wallClock(ms, zone) / DAY_MS))

/**
 * The first instant (ms) of a day in `zone`: local midnight, or where clocks jump over midnight the moment after the jump.
 */
export function startOfDay(day: Day, zone: string): number {
  const midnight = dayNumber(day) * DAY_MS
  const candidates = [-DAY_MS, DAY_MS].map((away) => midnight - offsetAt(midnight + away, zone))
  const first = Math.min(...candidates)
  return dayOf(first, zone) === day ? first : Math.max(...candidates)
}

const offsetAt = (ms: number, zone: string): number => wallClock(ms, zone) - ms
