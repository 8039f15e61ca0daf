import type { Random } from './random.ts'

/** The sample company lives in China: one zone, no summer time. */
const OFFSET = 8 * 3_600_000
export const MINUTE = 60_000
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR

/** Midnight in China before or at the instant. */
export const dayStart = (at: number): number => Math.floor((at + OFFSET) / DAY) * DAY - OFFSET
export const hourOf = (at: number): number => (at - dayStart(at)) / HOUR
/** 1 Monday … 7 Sunday. */
export const weekday = (at: number): number => ((Math.floor((at + OFFSET) / DAY) + 3) % 7) + 1
export const isWorkday = (at: number): boolean => weekday(at) <= 5
/** `YYYY-MM-DD` in China. */
export const dayText = (at: number): string => new Date(at + OFFSET).toISOString().slice(0, 10)
export const iso = (at: number): string => new Date(at).toISOString()

/** The instant itself when somebody is at work then, else early in the next working time. */
export function atWork(at: number, random: Random): number {
  const start = dayStart(at)
  const hour = hourOf(at)
  if (isWorkday(at) && hour >= 9 && hour < 18.5) return Math.floor(at)
  const next = isWorkday(at) && hour < 9 ? start : nextWorkday(start)
  return Math.floor(next + 9 * HOUR + random.between(5, 100) * MINUTE)
}

export function nextWorkday(start: number): number {
  let day = start + DAY
  while (!isWorkday(day)) day += DAY
  return day
}

/** A working hour about `days` from now, on a full or half hour as people agree on it. */
export function appointment(at: number, days: number, random: Random): number {
  let day = dayStart(at + days * DAY)
  while (!isWorkday(day)) day += DAY
  return Math.max(day + random.pick([9.5, 10, 10.5, 11, 13.5, 14, 14.5, 15, 15.5, 16, 16.5, 17]) * HOUR, Math.floor(at / (30 * MINUTE)) * 30 * MINUTE + HOUR)
}
