import type { RouteAnswer, Routes } from '#contract/api'
import { queries, call } from '../../api/client.ts'

export type WorkingCalendarShape = RouteAnswer<Routes['workingCalendar']>
export const calendarKey = ['working-calendar'] as const
/** When the company works: days off and shifted workdays, the same for everybody. */
export const calendarQuery = { queryKey: calendarKey, queryFn: () => call('workingCalendar', {}), staleTime: 600_000 } as const
export const forgetCalendar = () => queries.invalidateQueries({ queryKey: calendarKey })
