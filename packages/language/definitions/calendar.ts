import { z } from 'zod'
import { parseDay } from '../values/day.ts'
import { Key, Label } from './common.ts'

const Hour = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/)
const DayText = z.string().refine((text) => parseDay(text).ok, { message: 'no such day' })

export const HolidayYearDefinition = z.strictObject({
  year: z.number().int().min(2000).max(2199),
  /** The notice it comes from. */
  source: z.string().min(1).max(200),
  holidays: z.array(z.strictObject({ label: Label, from: DayText, to: DayText })).max(60),
  /** Weekend days that are worked (调休). */
  workdays: z.array(DayText).max(60),
})

/** The working calendar of a tenant; there is one, `working`. Years that it does not list are taken from the published ones of the product. */
export const Calendar = z.strictObject({
  key: Key,
  label: Label,
  /** 1 Monday … 7 Sunday. */
  weekdays: z.array(z.number().int().min(1).max(7)).min(1).max(7),
  opens: Hour,
  closes: Hour,
  years: z.array(HolidayYearDefinition).max(60),
})
export type Calendar = z.infer<typeof Calendar>
export const WORKING_CALENDAR = 'working'
