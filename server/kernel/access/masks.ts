import { MASKED_KINDS, READ_STATES, type FieldKind, type MaskState, type ReadState } from '#language/definitions'

/** What a reader gets of a value, as SQL over the stored column and as a function of the stored value: side by side, because both must say the same. */
interface Mask { sql(column: string): string; see(value: string): string }
const present = (word: string): Mask => ({ sql: (column) => `(CASE WHEN ${column} IS NOT NULL THEN '${word}' END)`, see: () => word })
const MASKS: Readonly<Record<MaskState, Mask>> = {
  constant: present('******'),
  star: present('***'),
  last4: { sql: (column) => `('*******' || right(${column}, 4))`, see: (value) => `*******${[...value].slice(-4).join('')}` },
  domain: { sql: (column) => `('***' || CASE WHEN strpos(${column}, '@') > 0 THEN substr(${column}, strpos(${column}, '@')) ELSE left(${column}, 0) END)`, see: (value) => `***${value.includes('@') ? value.slice(value.indexOf('@')) : ''}` },
  year: { sql: (column) => `date_trunc('year', ${column}::timestamp)::date`, see: (value) => value.replace(/-\d\d-\d\d$/, '-01-01') },
  leading: { sql: (column) => `trunc(${column}, 1 - length(trunc(abs(${column}))::text))`, see: leadingDigit },
}

/** 126000.5 → 100000, -42 → -40, 0.7 → 0. */
function leadingDigit(value: string): string {
  const [, sign = '', first = '0', more = ''] = /^(-?)(\d)(\d*)/.exec(value) ?? []
  return first === '0' ? '0' : `${sign}${first}${more.replace(/\d/g, '0')}`
}

export const maskedSql = (read: ReadState, column: string): string => (read === 'hidden' ? 'NULL' : read === 'full' ? column : MASKS[read].sql(column))

/** The effective value of a stored one; nothing stays nothing. */
export function maskedValue(read: ReadState, value: unknown): unknown {
  if (read === 'full' || value === null || value === undefined) return value
  if (read === 'hidden') return null
  return typeof value === 'string' ? MASKS[read].see(value) : null
}

/** What cannot be shown in part is not shown. */
export const readable = (read: ReadState, kind: FieldKind | 'tags'): ReadState => (read === 'full' || read === 'hidden' || MASKED_KINDS[read].includes(kind) ? read : 'hidden')

const WIDTH = new Map(READ_STATES.map((state, i) => [state, i]))
export const widerRead = (a: ReadState, b: ReadState): ReadState => (WIDTH.get(a)! < WIDTH.get(b)! ? b : a)

/** Masks that tell more than that there is a value tell different things: what both of them allow is nothing. */
export const TELLING: readonly ReadState[] = ['last4', 'domain', 'year', 'leading']
/** The least of what several limits leave, whatever their order. */
export function narrowestRead(states: readonly ReadState[]): ReadState {
  const telling = new Set(states.filter((state) => TELLING.includes(state)))
  return telling.size > 1 ? 'hidden' : states.reduce((a, b) => (WIDTH.get(a)! < WIDTH.get(b)! ? a : b), 'full')
}
