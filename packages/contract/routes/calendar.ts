import { z } from 'zod'
import { HolidayYearDefinition } from '#language/definitions'
import { route } from '../route.ts'

export const calendar = {
  workingCalendar: route('workingCalendar', { auth: 'member', summary: { zh: '工作日历：工作时间、节假日与调休', en: 'Working calendar: hours, holidays, shifted workdays' },
    response: z.object({
      weekdays: z.array(z.number()), opens: z.string(), closes: z.string(),
      /** `own`: set by this company; else as published. */
      years: z.array(HolidayYearDefinition.extend({ own: z.boolean() })),
      /** Years of the coming weeks that are not announced: weekdays count there. */
      missing: z.array(z.number()),
      version: z.number(),
    }) }),
}
