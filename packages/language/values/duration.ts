import { DAY_MS } from './day.ts'
import { counted } from './instant.ts'
import type { Lang } from './result.ts'

/** `72h`, `25m`, `3d`, `2w`, `30s`; working time `25wm`, `8wh`, `3wd`; calendar months `3mo`. */
export type Duration = string
export type DurationUnit = 's' | 'm' | 'h' | 'd' | 'w' | 'mo' | 'wm' | 'wh' | 'wd'

const SHAPE = /^(\d{1,6})(s|m|h|d|w|mo|wm|wh|wd)$/
const UNIT_MS: Record<string, number> = { s: 1000, m: 60_000, h: 3_600_000, d: DAY_MS, w: 7 * DAY_MS }

export function parseDuration(text: Duration): { amount: number; unit: DurationUnit } | null {
  const match = SHAPE.exec(text)
  return match ? { amount: Number(match[1]), unit: match[2] as DurationUnit } : null
}

/** Working minutes, hours and days need a calendar; natural time does not. */
export const isWorkingTime = (text: Duration): boolean => /w[mhd]$/.test(text)

/** Calendar months are as long as the month is in which they are counted. */
export const isMonths = (text: Duration): boolean => text.endsWith('mo')

/** Length in ms of natural time (a day is 24 h). Throws RangeError on anything else: callers hold checked durations. */
export function durationMs(text: Duration): number {
  const parsed = parseDuration(text)
  const unit = parsed && UNIT_MS[parsed.unit]
  if (!parsed || unit === undefined || unit === null) throw new RangeError(`not a natural duration: ${text}`)
  return parsed.amount * unit
}

/** Whole calendar days of `3d` or `2w`; null for other units. */
export function durationDays(text: Duration): number | null {
  const parsed = parseDuration(text)
  if (!parsed || (parsed.unit !== 'd' && parsed.unit !== 'w')) return null
  return parsed.amount * (parsed.unit === 'w' ? 7 : 1)
}

export const addDuration = (at: Date, text: Duration): Date => new Date(at.getTime() + durationMs(text))

const WORDS: Record<DurationUnit, [zh: string, one: string, many: string]> = {
  s: ['秒', 'second', 'seconds'], m: ['分钟', 'minute', 'minutes'], h: ['小时', 'hour', 'hours'], d: ['天', 'day', 'days'],
  w: ['周', 'week', 'weeks'], mo: ['个月', 'month', 'months'], wm: ['工作分钟', 'working minute', 'working minutes'], wh: ['工作小时', 'working hour', 'working hours'], wd: ['个工作日', 'working day', 'working days'],
}

/** `72h` → 「72 小时」, "72 hours". */
export function formatDuration(text: Duration, lang: Lang = 'zh'): string {
  const parsed = parseDuration(text)
  return parsed ? counted(parsed.amount, lang, ...WORDS[parsed.unit]) : text
}
