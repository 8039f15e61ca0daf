import { MASKABLE, READ_STATES, type FieldKind, type ReadState } from '#language/definitions'

/** What a reader gets of a value, as SQL over the stored column and as a function of the stored value: side by side, because both must say the same. */
interface Mask { sql(column: string): string; see(value: string): string }
const MASKS: Readonly<Record<'star' | 'last4', Mask>> = {
  star: { sql: (column) => `(CASE WHEN ${column} IS NOT NULL THEN '***' END)`, see: () => '***' },
  last4: { sql: (column) => `('*******' || right(${column}, 4))`, see: (value) => `*******${[...value].slice(-4).join('')}` },
}

export const maskedSql = (read: ReadState, column: string): string => (read === 'hidden' ? 'NULL' : read === 'full' ? column : MASKS[read].sql(column))

/** The effective value of a stored one; nothing stays nothing. */
export const maskedValue = (read: ReadState, value: unknown): unknown =>
  read === 'full' || value === null || value === undefined ? value : read === 'hidden' || typeof value !== 'string' ? null : MASKS[read].see(value)

/** What cannot be shown in part is not shown. */
export const readable = (read: ReadState, kind: FieldKind | 'tags'): ReadState => (read === 'star' || read === 'last4') && !MASKABLE.has(kind) ? 'hidden' : read

const WIDTH = new Map(READ_STATES.map((state, i) => [state, i]))
export const widerRead = (a: ReadState, b: ReadState): ReadState => (WIDTH.get(a)! < WIDTH.get(b)! ? b : a)
export const narrowerRead = (a: ReadState, b: ReadState): ReadState => (WIDTH.get(a)! < WIDTH.get(b)! ? a : b)
