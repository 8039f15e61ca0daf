import { foldAscii, cleanLine, parsePhone } from '#language/values'
import type { Lens, LensField, Params, Place } from '#kernel/access'
import { bigramQuery } from '#platform/db'
import type { FieldPlan, ObjectPlan } from './plan.ts'

/**
 * Rows whose searchable fields contain the words: an OR of leaves through the lens, each answered by its own index.
 * Two characters and more are found through bigrams; phone numbers by all or the last four digits and more. Null: nothing to search by.
 */
export function searchSql(plan: ObjectPlan, lens: Lens, words: string, { alias, params }: { alias: string; params: Params }): string | null {
  const wanted = foldAscii(cleanLine(words)).slice(0, 100)
  if (wanted === '') return null
  const leaves = [...plan.fields.values()].filter(({ definition }) => definition.searchable).flatMap((field) => fieldSql(field, lens.field(field.key), wanted, { alias, params }))
  return leaves.length === 0 ? 'FALSE' : `(${leaves.join(' OR ')})`
}

/** What is not read in full is not searched, nor are the records where it is not. */
function fieldSql(field: FieldPlan, seen: LensField | undefined, wanted: string, place: Place): string[] {
  if (!seen || (seen.read !== 'full' && seen.read !== 'varies')) return []
  const { alias, params } = place
  const column = seen.varies ? seen.varies.raw(alias) : seen.column(alias, params)
  const leaves = [...leafSql(field, column, wanted, params), ...initialsSql(seen.initials?.(alias), wanted, params)]
  // A statement may not collect a parameter that it then does not use.
  if (leaves.length === 0) return leaves
  const whole = seen.varies?.whole(place) ?? 'TRUE'
  return whole === 'TRUE' ? leaves : leaves.map((leaf) => `(${whole} AND ${leaf})`)
}

function leafSql({ kind }: FieldPlan, column: string, wanted: string, params: Params): string[] {
  if (kind === 'phone') return phoneSql(column, wanted, params)
  const like = `lower(${column} COLLATE "C") LIKE ${params.add(`%${escaped(wanted)}%`, 'text')}`
  const pairs = bigramQuery(wanted)
  return [pairs === null ? like : `(nextmove.bigrams(${column}) @@ ${params.add(pairs, 'tsquery')} AND ${like})`]
}

/** «wnkj» finds 王娜科技: letters are also looked for among the initials of readings. */
function initialsSql(column: string | undefined, wanted: string, params: Params): string[] {
  if (column === undefined || !/^(?=.*[a-z])[a-z0-9]{2,}$/.test(wanted)) return []
  return [`(nextmove.bigrams(${column}) @@ ${params.add(bigramQuery(wanted)!, 'tsquery')} AND ${column} LIKE ${params.add(`%${wanted}%`, 'text')})`]
}

function phoneSql(column: string, wanted: string, params: Params): string[] {
  const digits = wanted.replaceAll(/[\s()+-]/g, '')
  if (!/^\d{4,}$/.test(digits)) return []
  const whole = parsePhone(wanted)
  if (whole.ok) return [`${column} = ${params.add(whole.e164, 'text')}`]
  const pairs = bigramQuery(digits)!
  return [`(nextmove.bigrams(${column}) @@ ${params.add(pairs, 'tsquery')} AND ${column} LIKE ${params.add(`%${digits}`, 'text')})`]
}

const escaped = (text: string): string => text.replaceAll(/[\\%_]/g, (sign) => `\\${sign}`)
