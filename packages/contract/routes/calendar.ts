import { z } from 'zod'
import { HolidayYearDefinition, Key } from '#language/definitions'
import { route, Words } from '../route.ts'
import { Done, Instant } from '../shapes.ts'

const At = z.iso.datetime({ offset: true })

export const calendar = {
  busy: route('busy', { auth: 'member', summary: { zh: '同事的忙闲：看得到的日程带标题，看不到的只有起止时间', en: 'When colleagues are busy; titles only of what the reader may see' },
    query: z.strictObject({ object: Key, from: At, to: At, members: Words }),
    response: z.object({ items: z.array(z.object({ member: z.number(), from: Instant, to: Instant, id: z.string().nullable(), title: z.string().nullable() })) }) }),
  calendarFeed: route('calendarFeed', { auth: 'member', summary: { zh: '我的日历订阅地址：何时生成、何时被读取', en: 'My calendar address: made and last read when' }, response: z.object({ feed: z.object({ madeAt: Instant, readAt: Instant.nullable() }).nullable() }) }),
  makeCalendarFeed: route('makeCalendarFeed', { auth: 'member', status: 201, unrecorded: true, summary: { zh: '生成日历订阅地址，只显示一次；原来的地址随即失效', en: 'Make a calendar address; shown once, and the earlier one ends' }, response: z.object({ url: z.string() }) }),
  endCalendarFeed: route('endCalendarFeed', { auth: 'member', summary: { zh: '停用日历订阅地址', en: 'End the calendar address' }, response: Done }),
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
