import { addDays } from '#language/values'
import { weekday } from '../../design/format.ts'

const A_MONDAY = '2026-11-23'
/** 1 Monday … 7 Sunday. */
export const weekdayName = (day: number): string => weekday(addDays(A_MONDAY, day - 1))
