import { checkCondition, passedFields, type BindContext } from '#language/conditions'
import type { TagDefinition } from '#language/definitions'
import type { Metadata, ObjectMetadata } from './types.ts'

/** Indexes that segments may ask for, of one object (decision 16). */
const MOST = 12
const DAY_MS = 86_400_000

/** Objects as their indexes should be: a time that a moving edge of a segment passes is found without looking at every record. */
export function wantedObjects(metadata: Metadata): ObjectMetadata[] {
  const passed = timesPassed(metadata)
  return [...metadata.objects.values()].map((object) => {
    const mine = new Set(object.fields.filter(({ key, retired }) => !retired && passed.has(`${object.key} ${key}`)).slice(0, MOST).map(({ key }) => key))
    return mine.size === 0 ? object : { ...object, fields: object.fields.map((field) => (mine.has(field.key) ? { ...field, sortable: true } : field)) }
  })
}

/** `object field`: whatever some edge passes within a month, the longest there is: one begins in it. */
function timesPassed(metadata: Metadata): Set<string> {
  const at = (now: number): BindContext => ({ me: null, myTeams: [], now: new Date(now), zone: 'UTC', calendar: metadata.calendar })
  const passage = { last: at(Date.now()), now: at(Date.now() + 31 * DAY_MS) }
  return new Set([...metadata.tags.byKey.values()].flatMap(({ segment }) => {
    const result = segment && checkCondition(segment.condition, metadata.conditionSchema(segment.object), 'filter')
    return result?.ok ? passedFields(result.checked, passage).map(({ object, key }) => `${object} ${key}`) : []
  }))
}

/** A segment is new or says something else: what it asks for may be missing. */
export const asksForIndexes = ({ kind, kept, after }: { kind: string; kept: boolean; after: { body: unknown } | null }): boolean => kind === 'tag' && !kept && (after?.body as TagDefinition | undefined)?.segment !== undefined
