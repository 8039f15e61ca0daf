import { avatarText, dayOf, formatClock, formatInstant, formatMoney, formatPhone, formatRegion, formatRemaining, formatSeconds, group, startOfDay, wallClock } from '#language/values'
import { now, zone } from '../api/clock.ts'
import { lang } from '../i18n/index.ts'

/** How values look everywhere: 12.8 万, 138 0013 8000, 2 小时前, else 11-22 14:05. */
export const money = (value: string, form: 'rounded' | 'exact' = 'rounded'): string => formatMoney(value, lang(), form)
/** To the cent, as it stands on papers: ¥277,434.00 is written ¥277,434. */
export const yuan = (value: string): string => `${value.startsWith('-') ? '-' : ''}¥${group(value.replace('-', '').replace(/\.0+$/, ''))}`
export const length = (seconds: number): string => formatSeconds(seconds, lang())
export const number = (value: string | number): string => group(String(value))
/** A plain value as text; nothing for what is not plain. */
export const plain = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '')
export const phone = formatPhone
export const region = (code: string): string => formatRegion(code, lang())
export const ago = (at: string): string => formatInstant(at, now(), lang(), zone())
/** `11-25 18:00`, with the year where it is another one. */
export const onTheClock = (at: string): string => formatClock(at, now(), zone())
export const remaining = (due: string): string => formatRemaining(due, now(), lang())
export const avatar = avatarText
export const today = (): string => dayOf(now().getTime(), zone())
export const dayAtZone = (at: string): string => dayOf(Date.parse(at), zone())

const two = (n: number) => String(n).padStart(2, '0')
const wall = (at: string | Date): Date => new Date(wallClock(new Date(at).getTime(), zone()))

/** `2026-11-22 14:05` on the tenant's wall clock; seconds where an auditor reads. */
export function clockTime(at: string, seconds = false): string {
  const local = wall(at).toISOString()
  return `${local.slice(0, 10)} ${local.slice(11, seconds ? 19 : 16)}`
}
export const timeOfDay = (at: string): string => wall(at).toISOString().slice(11, 16)

/** A day and a time on the tenant's wall clock → the instant. */
export function instantAt(day: string, time: string): string {
  const [hour = 0, minute = 0] = time.split(':').map(Number)
  return new Date(startOfDay(day, zone()) + (hour * 60 + minute) * 60_000).toISOString()
}

const WEEKDAYS = { zh: ['周日', '周一', '周二', '周三', '周四', '周五', '周六'], en: ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'] }
export const weekday = (day: string): string => WEEKDAYS[lang()][new Date(`${day}T00:00:00Z`).getUTCDay()]!

/** 「11 月 22 日 周日」 */
export function dayInWords(day: string): string {
  const [year, month, date] = day.split('-').map(Number) as [number, number, number]
  const sameYear = String(year) === today().slice(0, 4)
  if (lang() === 'zh') return `${sameYear ? '' : `${year} 年 `}${month} 月 ${date} 日 ${weekday(day)}`
  return `${weekday(day)} ${year}-${two(month)}-${two(date)}`
}

/** Hour on the tenant's wall clock, 0–23. */
export const hourNow = (): number => wall(now()).getUTCHours()
