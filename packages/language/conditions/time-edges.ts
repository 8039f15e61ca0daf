import type { BoundValue, Operand } from './ast.ts'
import type { CheckedLeaf, MonthStart, Span } from './tree.ts'
import { addMonths, DAY_MS, dayAt, dayNumber, dayOf, startOfDay } from '../values/day.ts'
import { durationDays, durationMs, isWorkingTime, type Duration } from '../values/duration.ts'
import { toMicros } from '../values/instant.ts'
import { after as later, before as earlier, type Workplace } from '../values/working-time.ts'
import type { BindContext } from './bind.ts'
import { familyOf } from './kinds.ts'

/**
 * A point in time that a leaf compares with: fixed, or moving with the clock. `plus` is in microseconds, or in days when the point is a day.
 *
 * `worked` is a working length from the clock, back or on: where it lies is only known when the condition is bound.
 *
 * `month`: the first day of the month so many from today's, and nothing is added to it.
 *
 * A day on a datetime field is its first instant in the tenant's zone. `after` is the next point of the field's own grain: a microsecond, or a day.
 */
export interface Edge { at: 'instant' | 'day' | 'now' | 'today'; plus: number; worked?: { length: Duration; step: 1 | -1 } | undefined; month?: number | undefined }
export interface Edges { from: Edge | null; until: Edge | null; negated: boolean }

const NEGATED: Record<string, string> = { ne: 'eq', notBetween: 'between', notOlderThan: 'olderThan', notWithinLast: 'withinLast', notWithinNext: 'withinNext' }

/** Every comparison of times is one half-open span, or the outside of one. */
export function edgesOf(leaf: CheckedLeaf): Edges {
  const grain = familyOf(leaf.field) as 'day' | 'instant'
  const positive = NEGATED[leaf.op]
  return { ...spanOf(positive ?? leaf.op, leaf.value!, grain), negated: positive !== undefined }
}

function spanOf(op: string, value: Operand | MonthStart, grain: 'day' | 'instant'): Span<never> | { from: Edge | null; until: Edge | null } {
  if (typeof value === 'string' && op in CLOCK_SPANS) return CLOCK_SPANS[op]!(clock(grain), (step) => away(value, grain, step))
  const [a, b = a] = (Array.isArray(value) ? value : [value]).map((each) => edgeAt(each as string | BoundValue | MonthStart, grain))
  return SPANS[op]!(a!, b!)
}

type EdgeSpan = { from: Edge | null; until: Edge | null }
const SPANS: Record<string, (a: Edge, b: Edge) => EdgeSpan> = {
  eq: (a) => ({ from: a, until: after(a) }),
  gt: (a) => ({ from: after(a), until: null }),
  ge: (a) => ({ from: a, until: null }),
  lt: (a) => ({ from: null, until: a }),
  le: (a) => ({ from: null, until: after(a) }),
  between: (a, b) => ({ from: a, until: after(b) }),
}
const CLOCK_SPANS: Record<string, (now: Edge, away: (step: 1 | -1) => Edge) => EdgeSpan> = {
  olderThan: (_, away) => ({ from: null, until: after(away(-1)) }),
  withinLast: (now, away) => ({ from: after(away(-1)), until: after(now) }),
  withinNext: (now, away) => ({ from: now, until: after(away(1)) }),
}

const clock = (grain: 'day' | 'instant'): Edge => ({ at: grain === 'day' ? 'today' : 'now', plus: 0 })
const shift = (edge: Edge, by: number): Edge => ({ ...edge, plus: edge.plus + by })
const after = (edge: Edge): Edge => shift(edge, 1)
const away = (length: Duration, grain: 'day' | 'instant', step: 1 | -1): Edge => (isWorkingTime(length) ? { ...clock(grain), worked: { length, step } } : shift(clock(grain), step * lengthOf(length, grain)))
const lengthOf = (text: string, grain: 'day' | 'instant'): number => (grain === 'day' ? durationDays(text)! : durationMs(text) * 1000)

function edgeAt(value: string | BoundValue | MonthStart, grain: 'day' | 'instant'): Edge {
  if (typeof value === 'string') return value.length === 10 ? { at: 'day', plus: dayNumber(value) } : { at: 'instant', plus: toMicros(value) }
  if ('month' in value) return { at: 'today', plus: 0, month: value.month }
  const unit = 'today' in value ? 'day' : grain
  const { plus, minus } = value as { plus?: string; minus?: string }
  return shift(clock(unit), (plus ? lengthOf(plus, unit) : 0) - (minus ? lengthOf(minus, unit) : 0))
}

/** Stored times lie between 1900 and 2200; edges beyond are pulled in so that they stay exact and writable. */
const FIRST_DAY = dayNumber('1899-12-31')
const LAST_DAY = dayNumber('2201-01-02')
const clamp = (n: number, low: number, high: number): number => Math.min(Math.max(n, low), high)
const DAY_MICROS = 86_400_000_000

/** Where an edge stands at an instant: microseconds for a datetime field, a day's text for a date field. */
export function standing(edge: Edge, grain: 'day' | 'instant', at: BindContext): number | string {
  if (edge.at === 'instant' || edge.at === 'now') return clamp(edge.plus + (edge.at === 'now' ? clockAt(edge, at.now.getTime(), at) * 1000 : 0), FIRST_DAY * DAY_MICROS, LAST_DAY * DAY_MICROS)
  const day = dayAt(clamp(edge.plus + (edge.at === 'today' ? dayNumber(todayAt(edge, at)) : 0), FIRST_DAY, LAST_DAY))
  return grain === 'day' ? day : startOfDay(day, at.zone) * 1000
}

const clockAt = ({ worked }: Edge, ms: number, place: Workplace): number => (worked === undefined ? ms : worked.step === 1 ? later(ms, worked.length, place) : earlier(ms, worked.length, place))

/**
 * A day stands for the whole of it: working days are counted back from the end of today and on from its beginning, so that days off, which have
 * begun with the working day before them, go with it.
 */
function todayAt(edge: Edge, at: BindContext): string {
  const today = dayOf(at.now.getTime(), at.zone)
  if (edge.month !== undefined) return monthStart(today, edge.month)
  if (edge.worked === undefined) return today
  const from = edge.worked.step === 1 ? startOfDay(today, at.zone) : startOfDay(dayAt(dayNumber(today) + 1), at.zone) - 1
  return dayOf(clockAt(edge, from, at), at.zone)
}

/** The first day of the month so many from a day's. */
export const monthStart = (day: string, months: number): string => addMonths(`${day.slice(0, 7)}-01`, months)

const within = (micros: number): number | null => (micros < FIRST_DAY * DAY_MICROS || micros > LAST_DAY * DAY_MICROS ? null : micros)

/** The first instant (µs) at which a moving edge stands after `value`; null for a fixed edge, or one that does not pass it between 1900 and 2200. It moves one way, so it passes a value once. */
export function passes(edge: Edge | null, value: number | string, at: BindContext): number | null {
  if (edge === null || edge.at === 'instant' || edge.at === 'day') return null
  if (edge.worked !== undefined) return worksPast(edge, value, at)
  if (edge.at === 'now') return within((value as number) - edge.plus + 1)
  const day = typeof value === 'string' ? value : dayOf(value / 1000, at.zone)
  const passed = edge.month === undefined ? dayNumber(day) + 1 - edge.plus : dayNumber(monthStart(day, 1 - edge.month))
  return passed < FIRST_DAY || passed > LAST_DAY ? null : startOfDay(dayAt(passed), at.zone) * 1000
}

/**
 * The same for a working length, to the millisecond; one that lies behind the clock is told as the clock. Found by halves: the way on from a day
 * that is not worked does not go back to it, so that no counting forward gives the instant.
 */
function worksPast(edge: Edge, value: number | string, at: BindContext): number | null {
  const grain = typeof value === 'number' ? 'instant' : 'day'
  const passed = (ms: number): boolean => standing(edge, grain, { ...at, now: new Date(ms) }) > value
  let [low, high] = [at.now.getTime(), at.now.getTime()]
  for (let step = DAY_MS; !passed(high); step *= 2) {
    if (high > LAST_DAY * DAY_MS) return null
    low = high
    high += step
  }
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (passed(middle)) high = middle
    else low = middle
  }
  return high * 1000
}
