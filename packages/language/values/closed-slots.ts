import { dayAt, DAY_MS } from './day.ts'
import { instantAt } from './working-time.ts'
import { wallClock } from './zone.ts'

/** Hours of the week in which nothing is sent: days (1 Monday … 7 Sunday) and `HH:MM` on the wall; `to` null: until the day ends. */
export interface ClosedSlot { days: readonly number[]; from: string; to: string | null }

const WEEK = 7
const msOf = (hour: string): number => (Number(hour.slice(0, 2)) * 60 + Number(hour.slice(3, 5))) * 60_000

/** The first instant (ms), `ms` or later, that no slot closes; null: none within a week, they close all of it. */
export function opensAt(ms: number, slots: readonly ClosedSlot[], zone: string): number | null {
  const wall = wallClock(ms, zone)
  let at = wall
  for (let end; (end = endOf(at, slots)) !== null; at = end) if (at - wall > WEEK * DAY_MS) return null
  return at === wall ? ms : instantAt(at, zone)
}

/** The end of a slot that closes this moment of the wall clock; null: it is open. */
function endOf(wall: number, slots: readonly ClosedSlot[]): number | null {
  const midnight = Math.floor(wall / DAY_MS) * DAY_MS
  const [day, time] = [weekdayOf(midnight / DAY_MS), wall - midnight]
  const ends = slots.flatMap(({ days, from, to }) => (days.includes(day) && time >= msOf(from) && time < (to === null ? DAY_MS : msOf(to)) ? [midnight + (to === null ? DAY_MS : msOf(to))] : []))
  return ends.length === 0 ? null : Math.max(...ends)
}

const weekdayOf = (day: number): number => new Date(`${dayAt(day)}T00:00:00Z`).getUTCDay() || WEEK
