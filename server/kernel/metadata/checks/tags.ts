import { checkCondition, deep } from '#language/conditions'
import type { TagDefinition } from '#language/definitions'
import { finding, findings, type Finding } from './finding.ts'
import { exclusion } from './impossible.ts'
import type { Reader } from './reader.ts'

/** A segment can be decided by itself, and can hold. */
export function checkTag({ segment }: TagDefinition, reader: Reader): Finding[] {
  if (!segment) return []
  const { object, condition } = segment
  const found = findings(reader.object('segment.object', object), reader.condition('segment.condition', object, condition, 'filter'))
  if (found.length > 0) return found
  return findings(empty(condition) && finding('segment.condition', '请至少加一个条件，没有条件就是全部记录', 'Add a condition: without one it would be every record'),
    exclusion('segment.condition', object, condition, reader.metadata), readsSegments(segment, reader))
}

const empty = (condition: object): boolean => 'all' in condition && Array.isArray(condition.all) && condition.all.length === 0

/** One that reads another would have to be decided in an order. */
function readsSegments({ object, condition }: NonNullable<TagDefinition['segment']>, { metadata }: Reader): Finding[] {
  const checked = checkCondition(condition, metadata.conditionSchema(object), 'filter')
  if (!checked.ok) return []
  const ids = new Set(deep(checked.checked.root).flatMap((node) => (node.is === 'leaf' && node.field.key === 'tags' ? (node.members ?? []) : [])))
  const read = [...metadata.tags.byKey.values()].find((tag) => tag.segment && ids.has(tag.id))
  return findings(read && finding('segment.condition', `动态标签的条件不能用另一个动态标签【${read.label.zh}】，请直接写它的条件`, `A segment cannot read another one (“${read.label.en}”); write its condition instead`))
}
