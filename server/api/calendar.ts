import type { Context } from '#kernel/access'
import { addDays, dayOf, missingYears } from '#language/values'
import type { Some } from './types.ts'

/** The year to come is announced in November; whoever plans needs it some weeks ahead. */
const AHEAD_DAYS = 60

export const calendar: Some<'workingCalendar'> = {
  workingCalendar: async (ctx) => workingCalendar(ctx),
}

async function workingCalendar({ metadata: { calendar: { week, years }, calendar: known, calendarVersion }, now, tenant: { zone } }: Context) {
  const own = new Set(week.years.map(({ year }) => year))
  const today = dayOf(now.getTime(), zone)
  return {
    weekdays: [...week.weekdays], opens: week.opens, closes: week.closes, version: calendarVersion,
    years: [...years.values()].toSorted((a, b) => b.year - a.year).map((each) => ({ ...each, holidays: [...each.holidays], workdays: [...each.workdays], own: own.has(each.year) })),
    missing: missingYears(today, addDays(today, AHEAD_DAYS), known),
  }
}
