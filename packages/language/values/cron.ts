import type { Lang } from './result.ts'
import { addDays, DAY_MS, dayNumber, dayOf, type Day } from './day.ts'
import { isWorkingDay, weekdayOf, type WorkingCalendar } from './working-calendar.ts'
import { instantAt } from './working-time.ts'
import { wallClock } from './zone.ts'

/** `minute hour day month weekday`, as in cron: numbers, `*`, lists, ranges, steps; 0 and 7 are Sunday. Day and weekday given: either fits. */
export interface Cron { minutes: ReadonlySet<number>; hours: ReadonlySet<number>; days: ReadonlySet<number>; months: ReadonlySet<number>; weekdays: ReadonlySet<number>; anyDay: boolean; anyWeekday: boolean }

const RANGES = [[0, 59], [0, 23], [1, 31], [1, 12], [0, 7]] as const

/** Null: not a schedule. */
export function parseCron(text: string): Cron | null {
  const parts = text.trim().split(/\s+/)
  if (parts.length !== 5) return null
  const sets = parts.map((part, i) => setOf(part, RANGES[i]![0], RANGES[i]![1]))
  if (sets.includes(null)) return null
  const [minutes, hours, days, months, weekdays] = sets as [Set<number>, Set<number>, Set<number>, Set<number>, Set<number>]
  return { minutes, hours, days, months, weekdays: new Set([...weekdays].map((day) => (day === 0 ? 7 : day))), anyDay: parts[2] === '*', anyWeekday: parts[4] === '*' }
}

function setOf(text: string, least: number, most: number): Set<number> | null {
  const found = new Set<number>()
  for (const part of text.split(',')) {
    const match = /^(\*|\d{1,2})(?:-(\d{1,2}))?(?:\/(\d{1,2}))?$/.exec(part)
    if (!match || (match[1] === '*' && match[2] !== undefined)) return null
    const from = match[1] === '*' ? least : Number(match[1])
    const to = match[2] !== undefined ? Number(match[2]) : match[1] === '*' || match[3] !== undefined ? most : from
    const step = match[3] === undefined ? 1 : Number(match[3])
    if (from < least || to > most || from > to || step === 0) return null
    for (let n = from; n <= to; n += step) found.add(n)
  }
  return found
}

/** Further ahead than this there is nothing to wait for: 30 February. */
const DAYS_AHEAD = 366 * 5

/**
 * The first instant (ms) after `ms` at which the wall clock of `zone` shows a time of the schedule; null when it never does within five years. A time that the
 * clock shows twice counts once, one that it jumps over comes as much later as it jumps. `calendar`: on working days only.
 */
export function nextCron(cron: Cron, ms: number, zone: string, calendar?: WorkingCalendar): number | null {
  let day: Day = dayOf(ms, zone)
  for (let ahead = 0; ahead < DAYS_AHEAD; ahead++, day = addDays(day, 1)) {
    if (!comesOn(cron, day) || (calendar && !isWorkingDay(day, calendar))) continue
    for (const hour of [...cron.hours].sort((a, b) => a - b)) {
      for (const minute of [...cron.minutes].sort((a, b) => a - b)) {
        const at = shownAt(dayNumber(day) * DAY_MS + (hour * 60 + minute) * 60_000, zone)
        if (at > ms) return at
      }
    }
  }
  return null
}

/** A wall time that the clocks jump over comes as much later as they jump. */
function shownAt(wall: number, zone: string): number {
  const at = instantAt(wall, zone)
  return at + Math.max(0, wall - wallClock(at, zone))
}

function comesOn({ days, months, weekdays, anyDay, anyWeekday }: Cron, day: Day): boolean {
  if (!months.has(Number(day.slice(5, 7)))) return false
  const [byDay, byWeekday] = [days.has(Number(day.slice(8, 10))), weekdays.has(weekdayOf(day))]
  if (anyDay || anyWeekday) return byDay && byWeekday
  return byDay || byWeekday
}

const WEEKDAYS = { zh: ['周一', '周二', '周三', '周四', '周五', '周六', '周日'], en: ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'] } as const

/** One of the usual schedules; `weekday` 1–7 from Monday. */
export type UsualSchedule = { every: 'hour'; minute: number } | { every: 'day'; time: string } | { every: 'week'; weekday: number; time: string } | { every: 'month'; day: number; time: string }

/** Null: none of the usual ones. */
export function usualSchedule(cron: string): UsualSchedule | null {
  const [, minute, hour, day, weekday] = /^(\d{1,2}) (\*|\d{1,2}) (\*|\d{1,2}) \* (\*|[0-7])$/.exec(cron.trim()) ?? []
  if (minute === undefined || parseCron(cron) === null) return null
  if (hour === '*') return day === '*' && weekday === '*' ? { every: 'hour', minute: Number(minute) } : null
  const time = `${hour!.padStart(2, '0')}:${minute.padStart(2, '0')}`
  if (day !== '*') return weekday === '*' ? { every: 'month', day: Number(day), time } : null
  return weekday === '*' ? { every: 'day', time } : { every: 'week', weekday: Number(weekday) || 7, time }
}

/** As it is written in a definition. */
export function cronOf(usual: UsualSchedule): string {
  if (usual.every === 'hour') return `${usual.minute} * * * *`
  const [hour, minute] = usual.time.split(':').map(Number)
  return `${minute} ${hour} ${usual.every === 'month' ? usual.day : '*'} * ${usual.every === 'week' ? usual.weekday : '*'}`
}

/** The usual schedules in words, any other as it is written. */
export function formatSchedule(cron: string, lang: Lang): string {
  const usual = usualSchedule(cron)
  const zh = lang === 'zh'
  switch (usual?.every) {
    case 'hour': return usual.minute === 0 ? (zh ? '每小时' : 'every hour') : (zh ? `每小时第 ${usual.minute} 分` : `every hour at minute ${usual.minute}`)
    case 'day': return zh ? `每天 ${usual.time}` : `every day at ${usual.time}`
    case 'week': return zh ? `每${WEEKDAYS.zh[usual.weekday - 1]} ${usual.time}` : `every ${WEEKDAYS.en[usual.weekday - 1]} at ${usual.time}`
    case 'month': return zh ? `每月 ${usual.day} 日 ${usual.time}` : `on day ${usual.day} of each month at ${usual.time}`
    default: return cron
  }
}
