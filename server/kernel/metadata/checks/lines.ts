import type { Field, ObjectDefinition } from '#language/definitions'
import { type Finding, finding, findings } from './finding.ts'
import type { Reader } from './reader.ts'

/** Tables inside a record: their object exists, points here, and has the columns. */
export const checkLines = ({ key, lines = [] }: ObjectDefinition, reader: Reader): Finding[] =>
  lines.flatMap(({ object, via, columns, order }, i) => findings(
    reader.object(`lines.${i}.object`, object),
    reader.referenceTo(`lines.${i}.via`, object, via, key),
    reader.objectOf(object) && !reader.objectOf(object)!.part && finding(`lines.${i}.object`, `「${object}」不是明细对象`, `“${object}” is not an object of rows`),
    order !== undefined && reader.field(`lines.${i}.order`, object, order, 'integer'),
    columns.flatMap((column, at) => reader.field(`lines.${i}.columns.${at}`, object, column)),
  ))

/** What belongs to another record names it by one required reference. */
export function checkPart({ part, scopeVia, key }: ObjectDefinition, { metadata }: Reader): Finding[] {
  if (!part) return []
  const field = metadata.objects.get(key)?.field.get(scopeVia ?? '')
  if (field?.kind !== 'reference') return [finding('scopeVia', '明细需要指明属于哪条记录', 'Rows need the reference to the record they belong to')]
  return metadata.objects.get(field.to as string)?.part ? [finding('scopeVia', '明细不能再有明细', 'Rows cannot belong to rows')] : []
}

const ALIKE: readonly (readonly string[])[] = [['text', 'long'], ['integer', 'decimal', 'money', 'percent']]

/** What is taken over fits into the field that takes it. */
export function checkCopy({ copy, kind, dictionary }: Field, { key }: ObjectDefinition, { metadata }: Reader): Finding[] {
  if (!copy) return []
  const via = metadata.objects.get(key)?.field.get(copy.via)
  if (via?.kind !== 'reference') return [finding('copy.via', `「${copy.via}」不是关联字段`, `“${copy.via}” is not a reference`)]
  const source = metadata.objects.get(via.to as string)?.field.get(copy.field)
  if (!source) return [finding('copy.field', `「${String(via.to)}」没有字段「${copy.field}」`, `“${String(via.to)}” has no field “${copy.field}”`)]
  const fits = (source.kind === kind && source.dictionary === dictionary) || ALIKE.some((kinds) => kinds.includes(kind) && kinds.includes(source.kind) && (kind !== 'integer' || source.kind === 'integer') && (kind === 'percent') === (source.kind === 'percent'))
  return fits ? [] : [finding('copy.field', `${source.kind} 类字段的值放不进 ${kind} 类字段`, `A ${kind} field cannot take over a ${source.kind} value`)]
}
