import { parseDay } from './day.ts'
import type { HolidayYear } from './working-calendar.ts'

/**
 * Reads the State Council's notice as it is published (「一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。」).
 * Null when no year and no holiday can be found in it. English names stay the Chinese ones: the notice has none.
 */
export function readNotice(text: string): HolidayYear | null {
  const plain = text.replace(/[（(][^）)]*[）)]/g, '').replace(/\s+/g, '')
  const year = Number(/(\d{4})年部分节假日/.exec(plain)?.[1])
  const parts = [...plain.matchAll(/[一二三四五六七八九十]+、([^：:。]{2,12})[：:](.*?)(?=[一二三四五六七八九十]+、[^：:。]{2,12}[：:]|鼓励|节假日期间|$)/g)]
  const holidays = parts.flatMap(([, name = '', rest = '']) => spanOf(rest, year).map((span) => ({ label: { zh: name, en: name }, ...span })))
  const workdays = parts.flatMap(([, , rest = '']) => [...rest.matchAll(/((?:(?:\d{4}年)?\d+月\d+日[、和]?)+)上班/g)].flatMap(([, days = '']) => daysIn(days, year)))
  const all = [...holidays.flatMap(({ from, to }) => [from, to]), ...workdays]
  if (holidays.length === 0 || !all.every((day) => parseDay(day).ok)) return null
  return { year, source: `国务院办公厅关于${year}年部分节假日安排的通知`, holidays, workdays }
}

const dayText = (year: number | string, month: string, day: string): string => `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`

function spanOf(rest: string, year: number): { from: string; to: string }[] {
  const match = /^(?:(\d{4})年)?(\d+)月(\d+)日(?:至(?:(\d{4})年)?(?:(\d+)月)?(\d+)日)?放假/.exec(rest)
  if (!match) return []
  const [, y1, m1 = '', d1 = '', y2, m2, d2] = match
  return [{ from: dayText(y1 ?? year, m1, d1), to: dayText(y2 ?? year, m2 ?? m1, d2 ?? d1) }]
}

const daysIn = (text: string, year: number): string[] => [...text.matchAll(/(?:(\d{4})年)?(\d+)月(\d+)日/g)].map(([, y, month = '', day = '']) => dayText(y ?? year, month, day))
