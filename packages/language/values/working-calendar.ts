import { addDays, dayNumber, type Day } from './day.ts'
import { PUBLIC_HOLIDAYS } from './public-holidays.ts'

export interface Holiday { label: { zh: string; en: string }; from: Day; to: Day }
/** One year as announced: days off (both ends included), and the weekend days that are worked for them (调休). */
export interface HolidayYear { year: number; source: string; holidays: readonly Holiday[]; workdays: readonly Day[] }
/** When a company works. `weekdays`: 1 Monday … 7 Sunday. `opens`, `closes`: `HH:MM` on the tenant's wall clock. */
export interface WorkingWeek { weekdays: readonly number[]; opens: string; closes: string; years: readonly HolidayYear[] }

/** A working week made ready to be asked; hours in ms after midnight. */
export interface WorkingCalendar {
  week: WorkingWeek
  opens: number
  closes: number
  /** The company's own years stand before the published ones. */
  years: ReadonlyMap<number, HolidayYear>
  days: ReadonlyMap<Day, DayMark>
}
/** What is announced about a day: off, or worked although it is a weekend. `label`: the holiday. */
export interface DayMark { worked: boolean; label: { zh: string; en: string } | null }

export const STANDARD_WEEK: WorkingWeek = { weekdays: [1, 2, 3, 4, 5], opens: '09:00', closes: '18:00', years: [] }

export function workingCalendar(week: WorkingWeek = STANDARD_WEEK): WorkingCalendar {
  const years = new Map([...PUBLIC_HOLIDAYS, ...week.years].map((each) => [each.year, each]))
  return { week, opens: hourMs(week.opens), closes: hourMs(week.closes), years, days: new Map([...years.values()].flatMap(marksOf)) }
}

const hourMs = (text: string): number => (Number(text.slice(0, 2)) * 60 + Number(text.slice(3, 5))) * 60_000

function marksOf({ holidays, workdays }: HolidayYear): [Day, DayMark][] {
  const off = holidays.flatMap(({ label, from, to }) => daysFrom(from, to).map((day): [Day, DayMark] => [day, { worked: false, label }]))
  return [...off, ...workdays.map((day): [Day, DayMark] => [day, { worked: true, label: null }])]
}

/** From one day to another, both included. */
export function daysFrom(from: Day, to: Day): Day[] {
  return Array.from({ length: Math.max(0, dayNumber(to) - dayNumber(from) + 1) }, (_, i) => addDays(from, i))
}

const THURSDAY = 3
/** 1 Monday … 7 Sunday. */
export const weekdayOf = (day: Day): number => ((((dayNumber(day) + THURSDAY) % 7) + 7) % 7) + 1

/** Announced holidays and shifted workdays first, then the days of the week; a year that is not announced has weekdays only. */
export const isWorkingDay = (day: Day, calendar: WorkingCalendar): boolean => calendar.days.get(day)?.worked ?? calendar.week.weekdays.includes(weekdayOf(day))

/** The first day after `day` that is worked. */
export function nextWorkingDay(day: Day, calendar: WorkingCalendar): Day {
  let next = addDays(day, 1)
  while (!isWorkingDay(next, calendar)) next = addDays(next, 1)
  return next
}

/** Years from one day to another that nobody has announced: there the weekdays alone count. */
export function missingYears(from: Day, to: Day, calendar: WorkingCalendar): number[] {
  const [first, last] = [Number(from.slice(0, 4)), Number(to.slice(0, 4))]
  return Array.from({ length: last - first + 1 }, (_, i) => first + i).filter((year) => !calendar.years.has(year))
}

export const STANDARD_CALENDAR: WorkingCalendar = workingCalendar()
