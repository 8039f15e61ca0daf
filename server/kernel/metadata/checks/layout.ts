import { BASE_FIELDS, type Layout } from '#language/definitions'
import { type Finding, finding, findings, repeated } from './finding.ts'
import type { Reader } from './reader.ts'

/** Fields that were retired may stand in it: a layout is no reason to keep one, and it comes back to its place. */
export function checkLayout({ object, roles, groups, hidden, hints }: Layout, reader: Reader): Finding[] {
  const known = new Set([...(reader.objectOf(object)?.fields.map(({ key }) => key) ?? []), ...Object.keys(BASE_FIELDS)])
  const fields = (path: string, keys: readonly string[]) => (reader.objectOf(object) ? keys.flatMap((key, i) => (known.has(key) ? [] : [finding(`${path}.${i}`, `「${object}」没有字段「${key}」`, `“${object}” has no field “${key}”`)])) : [])
  return findings(
    reader.object('object', object),
    roles.flatMap((role, i) => reader.role(`roles.${i}`, role)),
    groups.flatMap((group, i) => fields(`groups.${i}.fields`, group.fields)),
    repeated(groups.flatMap((group) => group.fields)).map((key) => finding('groups', `「${key}」出现多次`, `“${key}” stands more than once`)),
    fields('hidden.page', hidden.page),
    fields('hidden.create', hidden.create),
    hints.flatMap(({ field, value }, i) => findings(reader.field(`hints.${i}.field`, object, field, 'select'), reader.option(`hints.${i}.value`, object, field, value))),
  )
}
