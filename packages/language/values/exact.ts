import { canonicalDecimal, type Decimal } from './money.ts'

/** An exact decimal to reckon with: units ÷ 10^places. */
export interface Exact { units: bigint; places: number }

export function exact(value: Decimal | number): Exact {
  const [whole = '', fraction = ''] = String(value).split('.')
  return { units: BigInt(whole + fraction), places: fraction.length }
}

export const plus = (a: Exact, b: Exact): Exact => aligned(a, b, (x, y) => x + y)
export const minus = (a: Exact, b: Exact): Exact => aligned(a, b, (x, y) => x - y)
export const times = (a: Exact, b: Exact): Exact => ({ units: a.units * b.units, places: a.places + b.places })

/** Places that a quotient is kept to. */
export const QUOTIENT_PLACES = 10

/** a ÷ b, half up in the tenth place; null where b is zero. */
export function dividedBy(a: Exact, b: Exact): Exact | null {
  if (b.units === 0n) return null
  const places = Math.max(a.places, b.places)
  const [x, y] = [at(abs(a), places), at(abs(b), places)]
  const size = (x * 2n * 10n ** BigInt(QUOTIENT_PLACES) + y) / (2n * y)
  return { units: (a.units < 0n) === (b.units < 0n) ? size : -size, places: QUOTIENT_PLACES }
}

/** Half up, away from zero. */
export function rounded(a: Exact, places: number): Exact {
  if (a.places <= places) return a
  const divisor = 10n ** BigInt(a.places - places)
  const size = (abs(a).units * 2n + divisor) / (divisor * 2n)
  return { units: a.units < 0n ? -size : size, places }
}

export const abs = (a: Exact): Exact => (a.units < 0n ? { ...a, units: -a.units } : a)

/** −1, 0, 1. */
export function compareExact(a: Exact, b: Exact): number {
  const { units } = minus(a, b)
  return units < 0n ? -1 : units > 0n ? 1 : 0
}

export function decimalOf({ units, places }: Exact): Decimal {
  const digits = (units < 0n ? -units : units).toString().padStart(places + 1, '0')
  return canonicalDecimal(`${units < 0n ? '-' : ''}${digits.slice(0, digits.length - places)}.${digits.slice(digits.length - places)}`)!
}

const at = ({ units, places }: Exact, to: number): bigint => units * 10n ** BigInt(to - places)

function aligned(a: Exact, b: Exact, by: (x: bigint, y: bigint) => bigint): Exact {
  const places = Math.max(a.places, b.places)
  return { units: by(at(a, places), at(b, places)), places }
}
