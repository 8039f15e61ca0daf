import type { BoundValue, Condition, Operator, Relation } from '../ast.ts'
import type { BindContext } from '../bind.ts'
import { isWorkingDay, wallClock } from '../../values/index.ts'
import { kindOf, type Stored } from './world.ts'

/**
 * The meaning of conditions written down a second time, as plainly as possible and without the compiler's parts: straight from the JSON, over rows in memory.
 *
 * null is unknown. Slow on purpose; everything else is compared with it.
 */
export type Truth = boolean | null
export interface Universe { rows: readonly Stored[]; at: BindContext }

export function truth(condition: Condition, row: Stored, universe: Universe): Truth {
  if ('all' in condition) return and(condition.all.map((each) => truth(each, row, universe)))
  if ('any' in condition) return not(and(condition.any.map((each) => not(truth(each, row, universe)))))
  if ('not' in condition) return not(truth(condition.not, row, universe))
  if ('parent' in condition) return parent(condition, row, universe)
  if ('some' in condition) return some(condition.some, condition.where, row, universe)
  if ('none' in condition) return not(some(condition.none, condition.where, row, universe))
  if ('count' in condition) return count(condition, row, universe)
  if ('sum' in condition) return sum(condition, row, universe)
  if ('latest' in condition) return latest(condition, row, universe)
  if ('recent' in condition) return recent(condition, row, universe)
  if ('trend' in condition) return trend(condition, row, universe)
  if ('field' in condition) return asksNothing(condition, universe.at) ? false : row.hidden.includes(condition.field) ? null : leaf(kindOf(row.object, condition.field), row.cells[condition.field], condition.op, condition.value, universe)
  throw new Error('no before and after here')
}

const not = (t: Truth): Truth => (t === null ? null : !t)
const and = (ts: Truth[]): Truth => (ts.includes(false) ? false : ts.includes(null) ? null : true)
const ALL: Condition = { all: [] }

function parent({ parent: key, where }: { parent: string; where: Condition }, row: Stored, universe: Universe): Truth {
  if (row.hidden.includes(key)) return null
  const found = universe.rows.find((each) => each.id === row.cells[key] && each.object === 'maker' && !each.gone)
  return found === undefined ? false : truth(where, found, universe)
}

function children({ object, via }: Relation, row: Stored, { rows }: Universe): Stored[] {
  const points = (cell: unknown): boolean => (typeof cell === 'object' && cell !== null ? (cell as { id: string; object: string }).id === row.id && (cell as { object: string }).object === row.object : cell === row.id)
  return rows.filter((each) => each.object === object && !each.gone && !each.hidden.includes(via) && points(each.cells[via]))
}

function some(relation: Relation, where: Condition = ALL, row: Stored, universe: Universe): Truth {
  return not(and(children(relation, row, universe).map((child) => not(truth(where, child, universe)))))
}

type Windowed = { where?: Condition | undefined; within?: string | undefined; at?: string | undefined }
/** Children with their verdict; the window is one more condition on them. */
function judged(relation: Relation, { where = ALL, within, at = 'created_at' }: Windowed, row: Stored, universe: Universe): { child: Stored; met: Truth }[] {
  const window: Condition = within === undefined ? ALL : { field: at, op: 'withinLast', value: within }
  return children(relation, row, universe).map((child) => ({ child, met: and([truth(window, child, universe), truth(where, child, universe)]) }))
}

const SIGNS: Record<string, (sign: number) => boolean> = { eq: (s) => s === 0, ne: (s) => s !== 0, gt: (s) => s > 0, ge: (s) => s >= 0, lt: (s) => s < 0, le: (s) => s <= 0 }

function count(condition: Extract<Condition, { count: Relation }>, row: Stored, universe: Universe): Truth {
  const all = judged(condition.count, condition, row, universe)
  if (all.some(({ met }) => met === null)) return null
  return SIGNS[condition.op]!(all.filter(({ met }) => met).length - condition.value)
}

function sum(condition: Extract<Condition, { sum: Relation }>, row: Stored, universe: Universe): Truth {
  const all = judged(condition.sum, condition, row, universe)
  const counted = all.filter(({ met }) => met).map(({ child }) => child)
  if (all.some(({ met }) => met === null) || counted.some(({ hidden }) => hidden.includes(condition.of))) return null
  const total = counted.reduce((all, { cells }) => all + units(cells[condition.of] ?? '0'), 0n)
  return SIGNS[condition.op]!(sign(total, units(condition.value)))
}

/** A cell of a child that meets the rest decides, whichever the newest are. */
function recent({ recent: relation, last, where, at = 'created_at', that }: Extract<Condition, { recent: Relation }>, row: Stored, universe: Universe): Truth {
  const all = judged(relation, { where }, row, universe)
  const counted = all.filter(({ met }) => met).map(({ child }) => child)
  if (all.some(({ met }) => met === null) || counted.some((child) => child.hidden.includes(at) || truth(that, child, universe) === null)) return null
  const timed = counted.filter(({ cells }) => cells[at] != null).sort((a, b) => compareTimes(b.cells[at], a.cells[at]) || (a.id < b.id ? 1 : -1)).slice(0, last)
  return timed.length === last && timed.every((child) => truth(that, child, universe))
}

/** Span after span, each over its own children. */
function trend({ trend: relation, of, where = ALL, at = 'created_at', per, periods, move, percent }: Extract<Condition, { trend: Relation }>, row: Stored, universe: Universe): Truth {
  const inSpans = (child: Stored, first: number, last: number): Truth => inSpan({ at, per, first, last }, child, universe)
  const all = children(relation, row, universe).map((child) => ({ child, met: and([inSpans(child, 0, periods + 1), truth(where, child, universe)]) }))
  const counted = all.filter(({ met }) => met).map(({ child }) => child)
  if (all.some(({ met }) => met === null) || (of !== undefined && counted.some(({ hidden }) => hidden.includes(of)))) return null
  const numbers = Array.from({ length: periods + 1 }, (_, back) => counted.filter((child) => inSpans(child, back, back + 1)).reduce((sum, { cells }) => sum + (of === undefined ? units('1') : units(cells[of] ?? '0')), 0n))
  return numbers.slice(0, periods).every((number, i) => {
    const before = numbers[i + 1]!
    return before > 0n && (move === 'down' ? number * 100n < before * BigInt(100 - percent) : number * 100n > before * BigInt(100 + percent))
  })
}

/** More than `first` and at most `last` times `per` ago. Of months, those on the wall calendar that are over: the last one is one ago. */
function inSpan({ at, per, first, last }: { at: string; per: string; first: number; last: number }, child: Stored, universe: Universe): Truth {
  const [amount, unit] = [Number.parseInt(per, 10), per.replace(/^\d+/, '')]
  if (unit !== 'mo') return truth({ all: [{ field: at, op: 'withinLast', value: `${amount * last}${unit}` }, ...(first === 0 ? [] : [{ field: at, op: 'olderThan' as const, value: `${amount * first}${unit}` }])] }, child, universe)
  if (child.hidden.includes(at)) return null
  const [cell, { now, zone }] = [child.cells[at] as string | null | undefined, universe.at]
  if (cell == null) return false
  const months = (day: string): number => Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7))
  const ago = months(localDay(BigInt(now.getTime()) * 1000n, zone)) - months(kindOf(child.object, at) === 'date' ? cell : localDay(micros(cell), zone))
  return ago > amount * first && ago <= amount * last
}

function latest(condition: Extract<Condition, { latest: Relation }>, row: Stored, universe: Universe): Truth {
  if (asksNothing(condition, universe.at)) return false
  const { at = 'created_at', of } = condition
  const all = judged(condition.latest, { where: condition.where }, row, universe)
  const counted = all.filter(({ met }) => met).map(({ child }) => child)
  if (all.some(({ met }) => met === null) || counted.some(({ hidden }) => hidden.includes(at) || hidden.includes(of))) return null
  const timed = counted.filter(({ cells }) => cells[at] != null).sort((a, b) => compareTimes(b.cells[at], a.cells[at]) || (a.id < b.id ? 1 : -1))
  return leaf(kindOf(condition.latest.object, of), timed[0]?.cells[of], condition.op, condition.value, universe)
}

const compareTimes = (a: unknown, b: unknown): number => (String(a).length === 10 ? (String(a) < String(b) ? -1 : String(a) > String(b) ? 1 : 0) : sign(micros(String(a)), micros(String(b))))
const sign = (a: bigint, b: bigint): number => (a < b ? -1 : a > b ? 1 : 0)
/** More decimals than any generated value has. */
function units(value: unknown): bigint {
  const [, minus, whole, fraction = ''] = /^(-?)(\d+)(?:\.(\d*))?$/.exec(String(value))!
  const size = BigInt(whole!) * 10n ** 20n + BigInt(fraction.padEnd(20, '0'))
  return minus ? -size : size
}
function micros(text: string): bigint {
  const [, head, fraction = '', zone] = /^(.{19})(?:\.(\d+))?(.+)$/.exec(text)!
  return BigInt(Date.parse(head! + zone!)) * 1000n + BigInt(fraction.padEnd(6, '0').slice(0, 6))
}

const NEGATIVES: Partial<Record<Operator, Operator>> = {
  ne: 'eq', notIn: 'in', notContains: 'contains', notStartsWith: 'startsWith', le: 'gt', lt: 'ge', notBetween: 'between', notUnder: 'under', hasNot: 'has', hasNone: 'hasAny',
  notOlderThan: 'olderThan', notWithinLast: 'withinLast', notWithinNext: 'withinNext',
}

/** Rule C4: a comparison with nobody, or with none of nothing, is false whatever the cell, seen or not. */
function asksNothing({ op, value }: { op: Operator; value?: unknown }, at: BindContext): boolean {
  return value !== undefined && resolve(value, at).length === 0 && (op === 'in' || op === 'hasAny' || (!Array.isArray(value) && op !== 'notIn'))
}

/** Rule C1 in three lines. */
function leaf(kind: string, cell: unknown, op: Operator, value: unknown, universe: Universe): boolean {
  const empty = cell === null || cell === undefined || (Array.isArray(cell) && cell.length === 0)
  if (op === 'empty' || op === 'notEmpty') return empty === (op === 'empty')
  if (empty) return false
  const known = resolve(value, universe.at)
  const positive = NEGATIVES[op]
  return positive ? !holds(kind, cell, positive, known, universe) : holds(kind, cell, op, known, universe)
}

function resolve(value: unknown, at: BindContext): unknown[] {
  return [value].flat().flatMap((each) => {
    if (typeof each !== 'object' || each === null) return [each]
    const bound = each as BoundValue
    if ('me' in bound) return at.me === null ? [] : [at.me]
    return 'myTeams' in bound ? [...at.myTeams] : [bound]
  })
}

function holds(kind: string, cell: unknown, op: Operator, values: unknown[], { at }: Universe): boolean {
  const [value] = values
  if (kind === 'date' || kind === 'datetime') return timeHolds(kind, String(cell), op, values, at)
  if (kind === 'tags') return setHolds(cell as unknown[], op, values.map((key) => ({ hot: 1, 大客户: 2, "o'clock": 3 })[key as string]))
  if (kind === 'multiselect' || kind === 'members') return setHolds(cell as unknown[], op, values)
  if (kind === 'anyReference') return values.some((each) => (op === 'under' ? (cell as { object: string }).object === each : `${(cell as { object: string }).object}:${(cell as { id: string }).id}` === each))
  if (['integer', 'decimal', 'money', 'percent'].includes(kind)) return numberHolds(units(cell), op, values.map(units))
  const text = (each: unknown): unknown => (typeof each === 'string' ? plain(each) : each)
  switch (op) {
    case 'eq': return cell === text(value)
    case 'in': return values.map(text).includes(cell)
    case 'contains': return fold(String(cell)).includes(fold(plain(String(value))))
    case 'startsWith': return fold(String(cell)).startsWith(fold(plain(String(value))))
    case 'under': return values.some((each) => (kind === 'region' ? inRegion(String(cell), String(each)) : below(String(cell), String(each))))
    default: throw new Error(op)
  }
}

/** Literals are stored as the write path stores text. */
const plain = (text: string): string => text.normalize('NFC').trim()
const fold = (text: string): string => [...text].map((c) => (c >= 'A' && c <= 'Z' ? c.toLowerCase() : c)).join('')

const setHolds = (cell: unknown[], op: Operator, values: unknown[]): boolean => (op === 'has' ? cell.includes(values[0]) : values.some((each) => cell.includes(each)))

function numberHolds(cell: bigint, op: Operator, values: bigint[]): boolean {
  if (op === 'in') return values.includes(cell)
  if (op === 'between') return cell >= values[0]! && cell <= values[1]!
  return SIGNS[op]!(sign(cell, values[0]!))
}

const PARENTS: Record<string, string> = { dark_red: 'red', wine: 'dark_red' }
const below = (cell: string, value: string): boolean => cell === value || (PARENTS[cell] !== undefined && below(PARENTS[cell], value))
const EAST = ['31', '32', '33', '34', '35', '36', '37']
function inRegion(code: string, value: string): boolean {
  if (value === 'east') return EAST.includes(code.slice(0, 2))
  if (value.endsWith('0000')) return code.slice(0, 2) === value.slice(0, 2)
  return value.endsWith('00') ? code.slice(0, 4) === value.slice(0, 4) : code === value
}

const localDay = (microseconds: bigint, zone: string): string => {
  const ms = Number(microseconds / 1000n) - (microseconds < 0n && microseconds % 1000n !== 0n ? 1 : 0)
  return new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(new Date(ms))
}
const dayNo = (day: string): number => Date.parse(`${day}T00:00:00Z`) / 86_400_000
const UNIT: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 }
const seconds = (text: string): number => Number(text.slice(0, -1)) * UNIT[text.at(-1)!]!

/** Days are compared as days on the wall calendar, instants as instants. */
function timeHolds(kind: string, cell: string, op: Operator, values: unknown[], at: BindContext): boolean {
  const now = BigInt(at.now.getTime()) * 1000n
  const today = dayNo(localDay(now, at.zone))
  if (typeof values[0] === 'string' && /^\d+w[mhd]$/.test(values[0]) && ['olderThan', 'withinLast', 'withinNext'].includes(op)) return workedHolds(kind, cell, op, String(values[0]), at)
  if (kind === 'date' && ['olderThan', 'withinLast', 'withinNext'].includes(op)) {
    const [day, away] = [dayNo(cell), seconds(String(values[0])) / 86_400]
    if (op === 'olderThan') return day <= today - away
    return op === 'withinLast' ? day > today - away && day <= today : day >= today && day <= today + away
  }
  if (['olderThan', 'withinLast', 'withinNext'].includes(op)) {
    const [value, away] = [micros(cell), BigInt(seconds(String(values[0]))) * 1_000_000n]
    if (op === 'olderThan') return value <= now - away
    return op === 'withinLast' ? value > now - away && value <= now : value >= now && value <= now + away
  }
  const compared = values.map((value) => against(kind, cell, value, now, today, at.zone))
  return op === 'between' ? compared[0]! >= 0 && compared[1]! <= 0 : SIGNS[op]!(compared[0]!)
}

/** Counted day by day on the wall clock of the zone, as one would with a calendar on the wall; a stored instant counts from its next full millisecond. */
function workedHolds(kind: string, cell: string, op: Operator, length: string, { now, zone, calendar }: BindContext): boolean {
  const amount = Number(length.slice(0, -2))
  const unit = { wm: 60_000, wh: 3_600_000, wd: null }[length.slice(-2) as 'wm' | 'wh' | 'wd']
  const works = (day: number): boolean => isWorkingDay(new Date(day * DAY).toISOString().slice(0, 10), calendar)
  const given = kind === 'date' ? null : micros(cell)
  const wall = (ms: number): [day: number, time: number] => { const on = wallClock(ms, zone); return [Math.floor(on / DAY), on - Math.floor(on / DAY) * DAY] }
  const today: [number, number] = kind === 'date' ? [wall(now.getTime())[0], 0] : wall(now.getTime())
  const there: [number, number] = given === null ? [dayNo(cell), 0] : wall(Number(given / 1000n) + (given % 1000n > 0n ? 1 : 0))
  const past = given === null ? there[0] <= today[0] : given <= BigInt(now.getTime()) * 1000n
  const [from, to] = op === 'withinNext' ? [today, there] : [there, today]
  // Working days that begin after `from` and up to `to`, or the hours between them; no further than is asked about.
  const counted = (inHours: boolean): number => {
    let sum = 0
    const step = op === 'withinNext' ? 1 : -1
    for (let day = step === 1 ? from[0] : to[0]; day >= from[0] && day <= to[0] && sum <= amount * (inHours ? unit! : 1); day += step) {
      if (!works(day)) continue
      sum += inHours ? Math.max(0, (day === to[0] ? Math.min(to[1], calendar.closes) : calendar.closes) - (day === from[0] ? Math.max(from[1], calendar.opens) : calendar.opens)) : Number(day > from[0])
    }
    return sum
  }
  if (op === 'withinNext') {
    const coming = given === null ? there[0] >= today[0] : given >= BigInt(now.getTime()) * 1000n
    if (!coming || (there[0] === today[0] && there[1] === today[1])) return coming
    if (unit !== null) return amount > 0 && (to[1] -= 1, counted(true) < amount * unit)
    const days = counted(false)
    return days < amount || (days === amount && amount > 0 && works(there[0]) && there[1] <= today[1])
  }
  // What began on a day off began with the last moment of the working day before it; a day is over when it is.
  const [begun, reached] = [works(from[0]) ? from[1] : DAY - 1, kind === 'date' ? DAY - 1 : to[1]]
  const days = (): number => counted(false) - Number(works(to[0]) && to[0] > from[0] && reached < begun)
  const older = past && (amount === 0 || (unit !== null ? counted(true) >= amount * unit : days() >= amount))
  return op === 'olderThan' ? older : past && !older
}
const DAY = 86_400_000

/** The sign of cell − value; a datetime stands anywhere within a day that it is compared with. */
function against(kind: string, cell: string, value: unknown, now: bigint, today: number, zone: string): number {
  const moment = value as { today?: true; plus?: string; minus?: string }
  const away = typeof value === 'object' ? (moment.plus ? seconds(moment.plus) : 0) - (moment.minus ? seconds(moment.minus) : 0) : 0
  const text = typeof value === 'string' ? value : ''
  const isDay = kind === 'date' || moment.today === true || text.length === 10
  if (!isDay) return sign(micros(cell), typeof value === 'object' ? now + BigInt(away) * 1_000_000n : micros(text))
  const day = typeof value === 'object' ? today + away / 86_400 : dayNo(text)
  return dayNo(kind === 'date' ? cell : localDay(micros(cell), zone)) - day
}
