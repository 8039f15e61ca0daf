/** How a cell's number is meant: a moment, a part of a hundred, or as it stands. */
export type NumberLook = 'plain' | 'moment' | 'percent'

const MOMENTS: readonly (readonly [from: number, to: number])[] = [[14, 22], [27, 36], [45, 47], [50, 58]]
const PERCENTS = new Set([9, 10])

/** By the number of a built-in format, or by the letters of one's own. */
export function lookOf(id: number, code: string | undefined): NumberLook {
  if (code === undefined) return PERCENTS.has(id) ? 'percent' : MOMENTS.some(([from, to]) => id >= from && id <= to) ? 'moment' : 'plain'
  const letters = code.split(';')[0]!.replace(/"[^"]*"|\\.|_.|\*./g, '').replace(/\[(?!h|m|s)[^\]]*\]/gi, '')
  if (/general/i.test(letters)) return 'plain'
  return letters.includes('%') ? 'percent' : /[ymdhs年月日时分秒]/i.test(letters) ? 'moment' : 'plain'
}

const DAY_S = 86_400

/** A spreadsheet's number of days → `2026-11-22`, `2026-11-22 14:05:00`, or `14:05:00` for a part of a day; null beyond the calendar. */
export function momentOf(serial: number, from1904: boolean): string | null {
  if (!(serial >= 0 && serial < 2_958_466)) return null
  const seconds = Math.round(serial * DAY_S)
  const [days, rest] = [Math.floor(seconds / DAY_S), seconds % DAY_S]
  const time = new Date(rest * 1000).toISOString().slice(11, 19)
  if (days === 0 && !from1904) return time
  // 1900 had no 29 February, but the first spreadsheets believed so.
  const epoch = from1904 ? Date.UTC(1904, 0, 1) : Date.UTC(1899, 11, days < 60 ? 31 : 30)
  const day = new Date(epoch + days * DAY_S * 1000).toISOString().slice(0, 10)
  return rest === 0 ? day : `${day} ${time}`
}

/** A number as it was meant, without the noise of doubles (`0.1`, not `0.1000000000000000055`) and without an exponent. */
export function plainNumber(raw: string): string {
  // Spreadsheets keep fifteen digits; what follows is noise.
  const value = Number(Number(raw).toPrecision(15))
  if (!Number.isFinite(value)) return raw
  const text = String(value)
  if (!/e/i.test(text)) return text
  return Math.abs(value) >= 1 ? BigInt(Math.round(value)).toString() : value.toFixed(12).replace(/0+$/, '')
}

/** A part of a hundred as a person writes it: `0.5` → `50%`. */
export const percentOf = (raw: string): string => `${plainNumber((Number(raw) * 100).toPrecision(15))}%`
