import { addDays, startOfDay, weekdayOf } from '#language/values'

/** One stretch of duty, in ms. */
export interface Stretch { id: string; member: number | null; duty: string | null; from: number; to: number }
/** A time of the day, `HH:MM`. */
export interface Hours { opens: string; closes: string }
/** Nobody on duty, on a day, from … to. */
export interface Gap { day: string; duty: string | null; from: number; to: number }

export const mondayOf = (day: string): string => addDays(day, 1 - weekdayOf(day))
export const instantOn = (day: string, time: string, zone: string): number => { const [hour = 0, minute = 0] = time.split(':').map(Number); return startOfDay(day, zone) + (hour * 60 + minute) * 60_000 }

/** Where nobody is on duty during the hours of the days that are worked, duty by duty. */
export function gapsIn(stretches: readonly Stretch[], { days, duties, hours, zone }: { days: readonly string[]; duties: readonly (string | null)[]; hours: Hours; zone: string }): Gap[] {
  return days.flatMap((day) => duties.flatMap((duty) => {
    const [opens, closes] = [instantOn(day, hours.opens, zone), instantOn(day, hours.closes, zone)]
    const on = stretches.filter((each) => each.duty === duty && each.from < closes && each.to > opens).sort((a, b) => a.from - b.from)
    const gaps: Gap[] = []
    let covered = opens
    for (const { from, to } of on) {
      if (from > covered) gaps.push({ day, duty, from: covered, to: from })
      covered = Math.max(covered, to)
    }
    return covered < closes ? [...gaps, { day, duty, from: covered, to: closes }] : gaps
  }))
}

/** A week's stretches, so many days later on the same clock; those that stand there already are left out. */
export function copiedTo(stretches: readonly Stretch[], { days, there, zone }: { days: number; there: readonly Stretch[]; zone: string }): Omit<Stretch, 'id'>[] {
  const moved = (at: number) => { const day = dayIn(at, zone); return startOfDay(addDays(day, days), zone) + (at - startOfDay(day, zone)) }
  const same = (a: Omit<Stretch, 'id'>, b: Omit<Stretch, 'id'>) => a.member === b.member && a.duty === b.duty && a.from === b.from && a.to === b.to
  return stretches.map(({ member, duty, from, to }) => ({ member, duty, from: moved(from), to: moved(to) })).filter((copy) => !there.some((each) => same(each, copy)))
}

const dayIn = (at: number, timeZone: string): string => new Intl.DateTimeFormat('sv-SE', { timeZone }).format(at)
