import type { Context } from '#kernel/access'
import type { Values } from '#kernel/records'
import { after, dayOf, startOfDay, type Workplace } from '#language/values'
import type { Plan } from './plan.ts'
import type { Deadline, Program } from './program.ts'
import type { Event, TimerDraft } from './types.ts'
import { workplaceOf } from './working-time.ts'

/** When the deadline comes; null: its field, or the one with its minutes, is empty. A day comes when it begins in the tenant's zone. */
export function dueAt({ field, after: length, before, orMade }: Deadline, values: Values, place: Workplace): Date | null {
  const value = (values[field] ?? (orMade ? values['created_at'] : null)) as string | null | undefined
  const minutes = before === undefined ? 0 : (values[before] as number | null | undefined)
  if (value === null || value === undefined || minutes === null || minutes === undefined) return null
  const isDay = value.length === 10
  const ms = isDay ? startOfDay(value, place.zone) : Date.parse(value)
  const due = length === undefined ? ms : after(ms, length, place)
  // Days and months are counted from day to day, also from one that is not worked.
  return new Date((isDay && length !== undefined && /(wd|mo)$/.test(length) ? startOfDay(dayOf(due, place.zone), place.zone) : due) - minutes * 60_000)
}

/** The fields that say when it comes. */
const readBy = ({ field, before, orMade }: Deadline): string[] => [field, ...(before === undefined ? [] : [before]), ...(orMade ? ['created_at'] : [])]

/** Marks the records whose deadlines an event may have set, moved or lifted. They are locked, so that the last writer's deadline stands. */
export function armAfter(plan: Plan, event: Event): void {
  const deadlines = plan.program.deadlines(event.object)
  if (event.timer || deadlines.length === 0) return
  if (event.kind === 'changed' && !deadlines.some((deadline) => readBy(deadline).some((field) => event.fields[field] !== undefined))) return
  const row = plan.row(event.object, event.record)
  if (!row) return
  plan.hold(row)
  plan.armed.add(row)
}

/** A record as it now stands. `before`: what it was when the batch began; undefined: its deadlines are set whatever they were. */
export interface Standing { object: string; id: string; values: Values; gone: boolean; before: Values | undefined }
export interface Timers { set: TimerDraft[]; lift: string[] }

/** Timers of the deadlines that are new or have moved: one per record and deadline, under a key that a later one replaces. */
export function timersFor(program: Program, ctx: Context, rows: Iterable<Standing>): Timers {
  const place = workplaceOf(ctx)
  const timers: Timers = { set: [], lift: [] }
  for (const { object, id, values, gone, before } of rows) {
    for (const deadline of program.deadlines(object)) {
      if (before && readBy(deadline).every((field) => (before[field] ?? null) === (values[field] ?? null))) continue
      const name = deadline.rule.rule.key
      const [key, due] = [`deadline:${name}:${id}`, gone ? null : dueAt(deadline, values, place)]
      if (due === null) timers.lift.push(key)
      else timers.set.push({ key, dueAt: due, kind: 'deadline', payload: { object, record: id, name } })
    }
  }
  return timers
}
