import { NOTHING_SEEN, toPredicate, UNASKED, type BindContext, type Image } from '../conditions/index.ts'
import { abs, compareExact, dayNumber, dayOf, decimalOf, dividedBy, exact, minus, plus, rounded, times, type Exact } from '../values/index.ts'
import type { CheckedFormula, Typed } from './ast.ts'

/** When a formula is worked out, and in whose calendar. */
export interface FormulaMoment { now: Date; zone: string }

/** A formula as a closure: own fields of a record in, the value of the field out (null: nothing), as it is stored. */
export type Formula = (image: Image, at: FormulaMoment) => unknown

/** Inside, a number is exact and a percentage its share; the rest is as it travels in JSON. */
type Part = (image: Image, at: BindContext) => unknown

export function toValue({ kind, root }: CheckedFormula): Formula {
  const part = compile(root)
  return (image, { now, zone }) => stored(kind, part(image, { me: null, myTeams: [], now, zone, calendar: UNASKED }))
}

function compile(node: Typed): Part {
  switch (node.is) {
    case 'number': { const value = exact(node.value); return () => value }
    case 'words': case 'flag': return () => node.value
    case 'today': return (_, { now, zone }) => dayOf(now.getTime(), zone)
    case 'field': return READ[node.kind] ? (image, at) => { const raw = image[node.key]; return raw === null || raw === undefined ? null : READ[node.kind]!(raw as never, at) } : (image) => image[node.key] ?? null
    case 'binary': return binary(node)
    case 'if': return choice(node)
    case 'call': return call(node)
  }
}

const SHARE = exact('0.01')
const READ: Readonly<Record<string, (raw: never, at: BindContext) => unknown>> = {
  integer: (raw: number) => exact(raw), decimal: (raw: string) => exact(raw), money: (raw: string) => exact(raw),
  percent: (raw: string) => times(exact(raw), SHARE),
  datetime: (raw: string, { zone }) => dayOf(Date.parse(raw), zone),
}

const REPORT = { '+': plus, '-': minus, '*': times, '/': dividedBy } as const
function binary({ op, left, right }: Extract<Typed, { is: 'binary' }>): Part {
  const [a, b, by] = [compile(left), compile(right), REPORT[op]]
  return (image, at) => {
    const [x, y] = [a(image, at) as Exact | null, b(image, at) as Exact | null]
    return x === null || y === null ? null : by(x, y)
  }
}

function choice({ test, yes, else: otherwise }: Extract<Typed, { is: 'if' }>): Part {
  const [holds, first, last] = [toPredicate(test), compile(yes), otherwise ? compile(otherwise) : () => null]
  return (image, at) => (holds(image, NOTHING_SEEN, at) ? first : last)(image, at)
}

function call({ name, args, places }: Extract<Typed, { is: 'call' }>): Part {
  const parts = args.map(compile)
  const given = (image: Image, at: BindContext) => parts.map((part) => part(image, at))
  const filled = (image: Image, at: BindContext) => given(image, at).filter((each) => each !== null)
  const first = parts[0]!
  switch (name) {
    case 'sum': return (image, at) => filled(image, at).reduce((sum: unknown, each) => (sum === null ? each : plus(sum as Exact, each as Exact)), null)
    case 'min': return (image, at) => filled(image, at).reduce((best: unknown, each) => (best === null || order(each, best) < 0 ? each : best), null)
    case 'max': return (image, at) => filled(image, at).reduce((best: unknown, each) => (best === null || order(each, best) > 0 ? each : best), null)
    case 'round': return (image, at) => { const value = first(image, at) as Exact | null; return value && rounded(value, places) }
    case 'abs': return (image, at) => { const value = first(image, at) as Exact | null; return value && abs(value) }
    case 'ifempty': return (image, at) => first(image, at) ?? parts[1]!(image, at)
    case 'days': return (image, at) => { const [from, until] = given(image, at) as (string | null)[]; return from && until ? exact(dayNumber(until) - dayNumber(from)) : null }
    case 'text': return (image, at) => filled(image, at).map((each) => (typeof each === 'object' ? decimalOf(each as Exact) : (each as string))).join('') || null
  }
}

const order = (a: unknown, b: unknown): number => (typeof a === 'string' ? (a === b ? 0 : a < (b as string) ? -1 : 1) : compareExact(a as Exact, b as Exact))

/** Whole digits that a column promises to keep; beyond them there is no value. */
const LARGEST = exact(`1${'0'.repeat(30)}`)
const LARGEST_INTEGER = exact('9007199254740991')

function stored(kind: CheckedFormula['kind'], value: unknown): unknown {
  if (value === null) return null
  switch (kind) {
    case 'money': return kept(rounded(value as Exact, 2))
    case 'decimal': return kept(rounded(value as Exact, 10))
    case 'percent': return kept(rounded(times(value as Exact, exact('100')), 10))
    case 'integer': { const whole = rounded(value as Exact, 0); return compareExact(abs(whole), LARGEST_INTEGER) > 0 ? null : Number(decimalOf(whole)) }
    case 'text': return [...(value as string)].slice(0, 2000).join('')
    default: return value
  }
}

const kept = (value: Exact): string | null => (compareExact(abs(value), LARGEST) >= 0 ? null : decimalOf(value))
