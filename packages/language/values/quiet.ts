import { dayAt, DAY_MS } from './day.ts'
import { isWorkingDay } from './working-calendar.ts'
import { instantAt, type Workplace } from './working-time.ts'
import { wallClock } from './zone.ts'

/** Hours (`HH:MM` on the wall) in which nobody is to be disturbed; `from` after `to` reaches over midnight. `restDays`: nor on days that are not worked. */
export interface Quiet { on: boolean; from: string; to: string; restDays: boolean }

const MINUTE = 60_000
const msOf = (hour: string): number => (Number(hour.slice(0, 2)) * 60 + Number(hour.slice(3, 5))) * MINUTE
/** A year of rest days would be a calendar that works on no day. */
const FAR = 400

/** The first instant (ms), `ms` or later, that is not quiet. After rest days the first working day begins when it opens. */
export function afterQuiet(ms: number, quiet: Quiet, place: Workplace): number {
  if (!quiet.on) return ms
  const wall = wallClock(ms, place.zone)
  const out = outOfHours(wall, quiet)
  const found = quiet.restDays ? outOfHours(outOfRest(out, place), quiet) : out
  return found === wall ? ms : instantAt(found, place.zone)
}

function outOfHours(wall: number, quiet: Quiet): number {
  const [from, to, midnight] = [msOf(quiet.from), msOf(quiet.to), Math.floor(wall / DAY_MS) * DAY_MS]
  const time = wall - midnight
  if (from > to && time >= from) return midnight + DAY_MS + to
  return (from > to || time >= from) && time < to ? midnight + to : wall
}

function outOfRest(wall: number, { calendar }: Workplace): number {
  const today = Math.floor(wall / DAY_MS)
  let day = today
  while (day - today < FAR && !isWorkingDay(dayAt(day), calendar)) day++
  return day === today ? wall : day * DAY_MS + calendar.opens
}

/** The next daily hour `at` (ms) after `ms`, out of quiet hours; on a rest day that is quiet it waits for the next working day. `lastDue` is when the last one was due: none on its day again, however late it left. */
export function nextDaily(ms: number, at: string, { quiet, place, lastDue }: { quiet: Quiet; place: Workplace; lastDue?: number }): number {
  const dayIn = (instant: number): number => Math.floor(wallClock(instant, place.zone) / DAY_MS)
  const today = dayIn(ms)
  for (let day = today; ; day++) {
    const instant = instantAt(day * DAY_MS + msOf(at), place.zone)
    const rests = quiet.on && quiet.restDays && day - today < FAR && !isWorkingDay(dayAt(day), place.calendar)
    if (instant <= ms || rests) continue
    const free = afterQuiet(instant, quiet, place)
    if (lastDue === undefined || dayIn(free) > dayIn(lastDue)) return free
  }
}

