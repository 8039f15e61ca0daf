import { dayAt, dayNumber, DAY_MS, FIRST_YEAR, LAST_YEAR } from './day.ts'
import { refuse, type Lang, type Parsed } from './result.ts'
import { DEFAULT_ZONE, wallClock } from './zone.ts'

export type InstantReason = 'not_an_instant' | 'no_such_time' | 'no_zone' | 'out_of_range'
const SHAPE = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(Z|[+-]\d{2}(?::?\d{2})?)?$/i

/** ISO 8601 with a zone → UTC ISO at millisecond precision. `2026-02-30T…` and a time without a zone are refused; years 1900–2200. */
export function parseInstant(text: string): Parsed<{ instant: string }, InstantReason> {
  const match = SHAPE.exec(text)
  if (!match) return refuse('not_an_instant')
  const [, day = '', hour, minute, second = '0', , zone] = match
  if (zone === undefined) return refuse('no_zone')
  if (dayAt(dayNumber(day)) !== day || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return refuse('no_such_time')
  const instant = new Date(Math.floor(toMicros(text) / 1000))
  const year = instant.getUTCFullYear()
  return year < FIRST_YEAR || year > LAST_YEAR ? refuse('out_of_range') : { ok: true, instant: instant.toISOString() }
}

/**
 * Microseconds since 1970: PostgreSQL's own precision, exact in a double between 1900 and 2200. NaN when the text is no instant.
 */
export function toMicros(at: string | Date): number {
  if (typeof at !== 'string') return at.getTime() * 1000
  if (at.length === 24 && at.endsWith('Z')) return Date.parse(at) * 1000
  const match = SHAPE.exec(at)
  if (!match) return NaN
  const [, day = '', hour, minute, second = '0', fraction = '', zone = 'Z'] = match
  const seconds = dayNumber(day) * 86_400 + Number(hour) * 3600 + Number(minute) * 60 + Number(second) - zoneSeconds(zone)
  return seconds * 1_000_000 + Number(fraction.padEnd(6, '0').slice(0, 6))
}

function zoneSeconds(zone: string): number {
  if (zone === 'Z' || zone === 'z') return 0
  const digits = zone.replaceAll(/\D/g, '').padEnd(4, '0')
  return (zone.startsWith('-') ? -1 : 1) * (Number(digits.slice(0, 2)) * 3600 + Number(digits.slice(2)) * 60)
}

/** UTC ISO text with six decimals, as PostgreSQL takes it. */
export function fromMicros(micros: number): string {
  const ms = Math.floor(micros / 1000)
  return new Date(ms).toISOString().replace('Z', `${String(micros - ms * 1000).padStart(3, '0')}Z`)
}

const MINUTE = 60_000
const HOUR = 60 * MINUTE

/** 「2 小时前」 within a day of `now` (either side), else `11-22 14:05` on the wall clock of `zone`, with the year when it is another one. */
export function formatInstant(at: string | Date, now: Date, lang: Lang = 'zh', zone: string = DEFAULT_ZONE): string {
  const ms = toMicros(at) / 1000
  const away = now.getTime() - ms
  return Math.abs(away) < DAY_MS ? nearby(away, lang) : onTheClock(ms, now, zone)
}

function nearby(away: number, lang: Lang): string {
  if (Math.abs(away) < MINUTE) return lang === 'zh' ? '刚刚' : 'just now'
  const span = roughly(Math.abs(away), lang)
  if (lang === 'zh') return away > 0 ? `${span}前` : `${span}后`
  return away > 0 ? `${span} ago` : `in ${span}`
}

function onTheClock(ms: number, now: Date, zone: string): string {
  const wall = new Date(wallClock(ms, zone)).toISOString()
  const thisYear = new Date(wallClock(now.getTime(), zone)).toISOString().slice(0, 4)
  return `${wall.slice(0, 4) === thisYear ? wall.slice(5, 10) : wall.slice(0, 10)} ${wall.slice(11, 16)}`
}

/** `11-22 14:05` on the wall clock of `zone`, with the year when it is another one: for words that stay while time goes on. */
export const formatClock = (at: string | Date, now: Date, zone: string = DEFAULT_ZONE): string => onTheClock(toMicros(at) / 1000, now, zone)

/** 「剩 18 分钟」 before a deadline, hours of it below four days and a begun minute in full: a fresh 72 hours are 72; 「晚了 15 小时」 after it. */
export function formatRemaining(deadline: string | Date, now: Date, lang: Lang = 'zh'): string {
  const left = toMicros(deadline) / 1000 - now.getTime()
  const span = left >= 0 ? roughly(left + MINUTE - 1, lang, 4 * DAY_MS) : roughly(-left, lang)
  if (lang === 'zh') return left >= 0 ? `剩 ${span}` : `晚了 ${span}`
  return left >= 0 ? `${span} left` : `${span} late`
}

/** Whole units, rounded down: minutes below an hour, hours below two days (or `days`), then days. */
export function roughly(ms: number, lang: Lang, days: number = 2 * DAY_MS): string {
  if (ms < HOUR) return counted(Math.floor(ms / MINUTE), lang, '分钟', 'min', 'min')
  if (ms < days) return counted(Math.floor(ms / HOUR), lang, '小时', 'hour', 'hours')
  return counted(Math.floor(ms / DAY_MS), lang, '天', 'day', 'days')
}

/** 「2 分 10 秒」: to the second, in the two units that tell it; hours are the largest. */
export function formatSeconds(seconds: number, lang: Lang = 'zh'): string {
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
  const [h, m, s] = lang === 'zh' ? ['小时', '分', '秒'] : ['h', 'min', 's']
  const parts = hours > 0 ? [[hours, h], [minutes, m]] : [[minutes, m], [rest, s]]
  const told = parts.filter(([n]) => n !== 0)
  return told.length > 0 ? told.flat().join(' ') : `0 ${s}`
}

export const counted = (n: number, lang: Lang, zh: string, one: string, many: string): string => (lang === 'zh' ? `${n} ${zh}` : `${n} ${n === 1 ? one : many}`)
