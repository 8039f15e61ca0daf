import type { Span, Stretch } from '../definitions/index.ts'
import { addDays, dayNumber, type Day } from '../values/index.ts'

/** From a day to a day, both of them in it. */
export interface Days { first: Day; last: Day }

/** The first day of the stretch that a day lies in; weeks begin on Monday. */
export function stretchFrom(by: Stretch, day: Day): Day {
  switch (by) {
    case 'day': return day
    case 'week': return addDays(day, -weekdayOf(day))
    case 'month': return `${day.slice(0, 7)}-01`
    case 'quarter': return `${day.slice(0, 5)}${two(Math.floor((monthOf(day) - 1) / 3) * 3 + 1)}-01`
    case 'year': return `${day.slice(0, 4)}-01-01`
  }
}

/** The first day of the stretch that comes `by` stretches after the one that begins on `first`. */
export function aboveDays(by: Stretch, first: Day, steps: number): Day {
  if (by === 'day' || by === 'week') return addDays(first, steps * (by === 'week' ? 7 : 1))
  const months = Number(first.slice(0, 4)) * 12 + monthOf(first) - 1 + steps * MONTHS[by]
  return `${String(Math.floor(months / 12)).padStart(4, '0')}-${two((months % 12) + 1)}-01`
}
const MONTHS = { month: 1, quarter: 3, year: 12 } as const

export const stretchLast = (by: Stretch, first: Day): Day => addDays(aboveDays(by, first, 1), -1)

/** Every stretch from the one of `first` to that of `last`, at most `most`, the latest of them. */
export function stretchesOf(by: Stretch, { first, last }: Days, most = 400): Day[] {
  const [found, until]: [Day[], Day] = [[], stretchFrom(by, last)]
  for (let at = stretchFrom(by, first); at <= until; at = aboveDays(by, at, 1)) found.push(at)
  return found.slice(-most)
}

/** The days that a span means today. */
export function spanDays(span: Span, today: Day): Days {
  const made = SPAN_DAYS[span]
  return made(today)
}

const whole = (by: Stretch, steps: number) => (today: Day): Days => {
  const first = aboveDays(by, stretchFrom(by, today), steps)
  return { first, last: stretchLast(by, first) }
}
const SPAN_DAYS: Readonly<Record<Span, (today: Day) => Days>> = {
  today: whole('day', 0), yesterday: whole('day', -1), thisWeek: whole('week', 0), lastWeek: whole('week', -1), thisMonth: whole('month', 0), lastMonth: whole('month', -1),
  thisQuarter: whole('quarter', 0), lastQuarter: whole('quarter', -1), thisYear: whole('year', 0), lastYear: whole('year', -1),
  last7: (today) => ({ first: addDays(today, -6), last: today }), last30: (today) => ({ first: addDays(today, -29), last: today }), last90: (today) => ({ first: addDays(today, -89), last: today }),
  weeks12: (today) => ({ first: addDays(stretchFrom('week', today), -77), last: stretchLast('week', stretchFrom('week', today)) }),
  months12: (today) => ({ first: aboveDays('month', stretchFrom('month', today), -11), last: stretchLast('month', stretchFrom('month', today)) }),
  next7: (today) => ({ first: today, last: addDays(today, 6) }), next30: (today) => ({ first: today, last: addDays(today, 29) }),
}

const STRETCH_OF: Partial<Record<Span, Stretch>> = { today: 'day', yesterday: 'day', thisWeek: 'week', lastWeek: 'week', thisMonth: 'month', lastMonth: 'month', thisQuarter: 'quarter', lastQuarter: 'quarter', thisYear: 'year', lastYear: 'year' }

/** The span before: the stretch before, or as many days. `sameDays`: only as many days of it as have passed of this one up to today. */
export function previousDays(span: Span, today: Day, how: 'whole' | 'sameDays'): Days {
  const days = spanDays(span, today)
  const by = STRETCH_OF[span]
  const length = dayNumber(days.last) - dayNumber(days.first) + 1
  const before: Days = by ? { first: aboveDays(by, days.first, -1), last: addDays(days.first, -1) } : { first: addDays(days.first, -length), last: addDays(days.first, -1) }
  if (how === 'whole' || today >= days.last || today < days.first) return before
  const passed = addDays(before.first, dayNumber(today) - dayNumber(days.first))
  return { first: before.first, last: passed < before.last ? passed : before.last }
}

const weekdayOf = (day: Day): number => (((dayNumber(day) + 3) % 7) + 7) % 7
const monthOf = (day: Day): number => Number(day.slice(5, 7))
const two = (n: number): string => String(n).padStart(2, '0')
