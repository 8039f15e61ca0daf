import { stretchLast } from '#language/dashboards'
import { isMeasured, type Grouping, type Measure, type Span, type Stretch, type Tile } from '#language/definitions'
import { formatMoney } from '#language/values'
import type { Catalogue } from '../../api/catalogue.ts'
import { clockTime, money, number } from '../../design/format.ts'
import { label, lang } from '../../i18n/index.ts'
import { textOf, type Related } from '../records/value.tsx'
import { d } from './words.ts'

export type Key = string | number | boolean | null
export type Unit = 'count' | 'money' | 'percent' | 'number' | 'time' | 'day'

export function unitOf(catalogue: Catalogue, object: string, measure: Measure): Unit {
  if (measure.of === 'count' || measure.of === 'distinct') return 'count'
  const kind = catalogue.object(object)?.field.get(measure.field)?.kind
  return kind === 'money' || kind === 'percent' ? kind : kind === 'date' ? 'day' : kind === 'datetime' ? 'time' : kind && isMeasured(kind) ? 'number' : 'count'
}

/** 12.8 万, ¥3,200, 1,204, 62%. */
export function figureText(unit: Unit, value: string | number | null, form: 'rounded' | 'exact' = 'rounded'): string {
  if (value === null) return '—'
  const text = String(value)
  switch (unit) {
    case 'money': return money(text, form)
    case 'percent': return `${number(text)}%`
    case 'day': return text
    case 'time': return clockTime(text)
    default: return form === 'rounded' ? rounded(text) : number(text)
  }
}

/** Large numbers in 万 and 亿; fractions to two places. */
function rounded(text: string): string {
  const value = Number(text)
  if (lang() === 'zh' && Math.abs(value) >= 100_000) return formatMoney(String(Math.round(value)), 'zh')
  return number(Number.isInteger(value) ? text : String(Math.round(value * 100) / 100))
}

/** As short as an axis wants it. */
export const tickText = (unit: Unit) => (value: number): string => {
  const zh = lang() === 'zh'
  const [size, sign] = [Math.abs(value), unit === 'percent' ? '%' : '']
  if (zh && size >= 100_000_000) return `${trimmed(value / 100_000_000)} 亿`
  if (zh && size >= 10_000) return `${trimmed(value / 10_000)} 万`
  if (!zh && size >= 1_000_000) return `${trimmed(value / 1_000_000)}M`
  return `${trimmed(value)}${sign}`
}
const trimmed = (value: number): string => number(String(Math.round(value * 100) / 100))

/** Numbers for drawing only; what is said is exact. Days and instants are not drawn. */
export const sizeOf = (value: string | number | null): number | null => (value === null || Number.isNaN(Number(value)) ? null : Number(value))

export function measureName(catalogue: Catalogue, object: string, measure: Measure): string {
  const of = catalogue.object(object)
  return d(`of_${measure.of}`, { object: label(of?.label), field: 'field' in measure ? label(of?.field.get(measure.field)?.label) : '' })
}
export const spanName = (span: Span): string => d(`span_${span}`)
/** How the period before is called: 上月. */
export const beforeName = (span: Span): string => (span in BEFORE ? d(`before_${span as 'today'}`) : d('before_other'))
const BEFORE: Partial<Record<Span, true>> = { today: true, yesterday: true, thisWeek: true, lastWeek: true, thisMonth: true, lastMonth: true, thisQuarter: true, lastQuarter: true, thisYear: true, lastYear: true }

export const isTimed = (catalogue: Catalogue, object: string, { field }: Grouping): boolean => { const kind = catalogue.object(object)?.field.get(field)?.kind; return kind === 'date' || kind === 'datetime' }

export function keyName(catalogue: Catalogue, { object }: Pick<Tile, 'object'>, grouping: Grouping, key: Key, related: Related): string {
  const field = catalogue.object(object)?.field.get(grouping.field)
  if (key === null || !field) return d('empty')
  switch (field.kind) {
    case 'date': case 'datetime': return stretchName(grouping.by ?? 'day', key as string)
    case 'tags': case 'multiselect': case 'members': return textOf(catalogue, field, [key], related)
    case 'anyReference': { const [of, id] = String(key).split(':'); return textOf(catalogue, field, { object: of, id }, related) }
    default: return textOf(catalogue, field, key, related)
  }
}

export function stretchName(by: Stretch, first: string): string {
  const [year, month, day] = first.split('-').map(Number) as [number, number, number]
  const quarter = Math.floor((month - 1) / 3) + 1
  switch (by) {
    case 'day': return d('day', { month, day })
    case 'week': return d('week', { from: first.slice(5), to: stretchLast('week', first).slice(5) })
    default: return d(by, { year, month, quarter })
  }
}
export function stretchBrief(by: Stretch, first: string): string {
  const [year, month] = first.split('-').map(Number) as [number, number]
  switch (by) {
    case 'day': case 'week': return first.slice(5)
    case 'month': return d('briefMonth', { year, month })
    case 'quarter': return d('briefQuarter', { quarter: Math.floor((month - 1) / 3) + 1 })
    case 'year': return String(year)
  }
}
