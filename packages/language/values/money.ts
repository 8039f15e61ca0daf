import { refuse, type Lang, type Parsed } from './result.ts'
import { halfWidth } from './text.ts'

/** An exact decimal as text in its one canonical form: `-?digits[.digits]`, no leading or trailing zeros, never `-0`. Money is CNY yuan. */
export type Decimal = string

export type DecimalReason = 'empty' | 'not_a_number' | 'too_large'
export type ParsedDecimal = Parsed<{ value: Decimal }, DecimalReason>

/** As much as the `numeric` columns promise to keep. */
const WHOLE_DIGITS = 30
const FRACTION_DIGITS = 10
const PLAIN = /^([+-]?)(\d+)(?:\.(\d*))?$/

/** Any plain decimal text (`0500.10`, `-0`) → canonical; null when it is not one (`1e5`, `NaN`, ``). */
export function canonicalDecimal(text: string): Decimal | null {
  const match = PLAIN.exec(text)
  if (!match) return null
  const whole = match[2]!.replace(/^0+(?=\d)/, '')
  const fraction = (match[3] ?? '').replace(/0+$/, '')
  const size = fraction === '' ? whole : `${whole}.${fraction}`
  return match[1] === '-' && size !== '0' ? `-${size}` : size
}

const UNITS: Record<string, number> = { 百: 2, 千: 3, k: 3, 万: 4, w: 4, 十万: 5, 百万: 6, 千万: 7, 亿: 8, 十亿: 9, 百亿: 10, 千亿: 11, 万亿: 12 }
const AMOUNT = /^(?:约|大约|大概)?(?:人民币|rmb|cny|[¥￥])?([+-]?[\d,]*\.?\d+|[+-]?[\d,]+\.)(万亿|千亿|百亿|十亿|千万|百万|十万|[百千万亿kw])?(?:元|块|人民币|rmb|cny)?(?:整|左右)?$/

/** `1,000.00`, `５０万`, `3.2亿`, `50万元`, `¥500000`, `50w` → an exact decimal. `abc`, `1e400`, `NaN` and `1,2,3` are refused. */
export function parseDecimal(text: string): ParsedDecimal {
  const plain = tidy(text)
  if (plain === '') return refuse('empty')
  const amount = readAmount(plain)
  return amount ? sized(scale(amount.digits, amount.power)) : refuse('not_a_number')
}

const tidy = (text: string): string => halfWidth(text).replace(/\s+/g, '').replaceAll('，', ',').toLowerCase()

interface Amount { digits: string; power: number; unit: boolean }
function readAmount(plain: string): Amount | null {
  const match = AMOUNT.exec(plain)
  if (!match || !wellGrouped(match[1]!)) return null
  return { digits: match[1]!.replaceAll(',', '').replace(/^([+-]?)\./, '$10.'), power: match[2] ? UNITS[match[2]]! : 0, unit: match[2] !== undefined }
}

/** Commas only between groups of three or four digits (`1,0000` is a Chinese habit). */
const wellGrouped = (digits: string): boolean => !digits.includes(',') || /^[+-]?\d{1,4}(?:(?:,\d{3})+|(?:,\d{4})+)(?:\.\d*)?$/.test(digits)

/** digits × 10^power, by moving the point. */
function scale(digits: string, power: number): Decimal {
  const [whole = '0', fraction = ''] = digits.split('.')
  const padded = fraction.padEnd(power, '0')
  return canonicalDecimal(`${whole}${padded.slice(0, power)}.${padded.slice(power)}`)!
}

function sized(value: Decimal): ParsedDecimal {
  const [whole = '', fraction = ''] = value.replace('-', '').split('.')
  return whole.length > WHOLE_DIGITS || fraction.length > FRACTION_DIGITS ? refuse('too_large') : { ok: true, value }
}

/** −1, 0, 1; exact at any length. Both sides plain decimals (scale may differ: `1.0` equals `1`). */
export function compareDecimal(a: string, b: string): number {
  // Decimals of up to 15 digits are told apart by doubles, in order.
  if (a.length <= 15 && b.length <= 15) return Math.sign(Number(a) - Number(b))
  const [x, y] = aligned(a, b)
  return x < y ? -1 : x > y ? 1 : 0
}

export function addDecimal(a: string, b: string): Decimal {
  const [x, y, places] = aligned(a, b)
  return fromUnits(x + y, places)
}

function aligned(a: string, b: string): [bigint, bigint, number] {
  const places = Math.max(placesOf(a), placesOf(b))
  return [toUnits(a, places), toUnits(b, places), places]
}

const placesOf = (text: string): number => (text.includes('.') ? text.length - text.indexOf('.') - 1 : 0)

function toUnits(text: string, places: number): bigint {
  const [whole = '', fraction = ''] = text.split('.')
  return BigInt(whole.replace('+', '') + fraction.padEnd(places, '0'))
}

function fromUnits(units: bigint, places: number): Decimal {
  const sign = units < 0n ? '-' : ''
  const digits = (units < 0n ? -units : units).toString().padStart(places + 1, '0')
  return canonicalDecimal(`${sign}${digits.slice(0, digits.length - places)}.${digits.slice(digits.length - places)}`)!
}

export type ParsedRange = Parsed<{ low: Decimal | null; high: Decimal | null }, DecimalReason>

const BETWEEN = /^(.+?)(?:-+|~+|～|—+|–|到|至)(.+)$/
const AT_LEAST = /^(?:(?:>=?|≥|大于|超过|不低于|至少)(.+)|(.+?)(?:以上|起|\+))$/
const AT_MOST = /^(?:(?:<=?|≤|小于|低于|不超过|至多|最多)(.+)|(.+?)(?:以下|以内|之内|封顶))$/

/**
 * A budget as people write it → its two ends; null is an open end, a single amount is both ends.
 *
 * The unit of the upper end counts for both (`50-100万`), unless the lower number is the larger one (`500000-100万`). Ends written backwards are turned round.
 */
export function parseRange(text: string): ParsedRange {
  const plain = tidy(text)
  if (plain === '') return refuse('empty')
  const open = (AT_LEAST.exec(plain) ?? null)?.slice(1).find(Boolean)
  if (open !== undefined) return oneEnd(open, 'low')
  const capped = (AT_MOST.exec(plain) ?? null)?.slice(1).find(Boolean)
  if (capped !== undefined) return oneEnd(capped, 'high')
  const ends = BETWEEN.exec(plain)
  return ends ? bothEnds(ends[1]!, ends[2]!) : single(plain)
}

function oneEnd(text: string, end: 'low' | 'high'): ParsedRange {
  const parsed = parseDecimal(text)
  return parsed.ok ? { ok: true, low: null, high: null, [end]: parsed.value } : parsed
}

function single(text: string): ParsedRange {
  const parsed = parseDecimal(text)
  return parsed.ok ? { ok: true, low: parsed.value, high: parsed.value } : parsed
}

function bothEnds(lower: string, upper: string): ParsedRange {
  const [a, b] = [readAmount(lower), readAmount(upper)]
  if (!a || !b) return refuse('not_a_number')
  const shared = !a.unit && compareDecimal(a.digits, b.digits) <= 0 ? b.power : a.power
  const [low, high] = [sized(scale(a.digits, shared)), sized(scale(b.digits, b.power))]
  if (!low.ok) return low
  if (!high.ok) return high
  return compareDecimal(low.value, high.value) <= 0 ? { ok: true, low: low.value, high: high.value } : { ok: true, low: high.value, high: low.value }
}

/** `12.8 万`, `3.2 亿`, `¥8,200`; one decimal place, or as many as it takes with `exact` (rules must not be rounded). English: grouped yuan. */
export function formatMoney(value: Decimal, lang: Lang = 'zh', form: 'rounded' | 'exact' = 'rounded'): string {
  const size = value.replace('-', '')
  const sign = value.startsWith('-') ? '-' : ''
  return sign + (lang === 'zh' ? (inUnits(size, form) ?? yuan(size)) : yuan(size))
}

function inUnits(size: Decimal, form: 'rounded' | 'exact'): string | null {
  if (compareDecimal(size, '10000') < 0) return null
  const places = form === 'exact' ? 4 : 1
  const [myriads, hundredMillions] = [round(size, 4, places), round(size, 8, places)]
  const large = compareDecimal(myriads, '10000') >= 0
  const shown = large ? hundredMillions : myriads
  if (form === 'exact' && scale(shown, large ? 8 : 4) !== size) return null
  return `${group(shown)} ${large ? '亿' : '万'}`
}

/** size ÷ 10^power, half up, to so many places. */
function round(size: Decimal, power: number, places: number): Decimal {
  const units = toUnits(size, placesOf(size))
  const divisor = 10n ** BigInt(power - places + placesOf(size))
  return fromUnits((units * 2n + divisor) / (divisor * 2n), places)
}

function yuan(size: Decimal): string {
  const [whole = '0', fraction] = size.split('.')
  return `¥${group(whole)}${fraction === undefined ? '' : `.${fraction.padEnd(2, '0')}`}`
}

/** Thousands separators. */
export const group = (value: Decimal): string => {
  const [whole = '0', fraction] = value.split('.')
  return whole.replace(/\B(?=(\d{3})+$)/g, ',') + (fraction === undefined ? '' : `.${fraction}`)
}
