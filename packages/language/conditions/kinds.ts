import type { Operator } from './ast.ts'
import type { ConditionKind } from './schema.ts'

/** Kinds that compare alike. */
export type Family = 'text' | 'phone' | 'number' | 'decimal' | 'boolean' | 'day' | 'instant' | 'option' | 'options' | 'tags' | 'region' | 'record' | 'anyRecord' | 'member' | 'members' | 'team' | 'files'

const PRESENCE = ['empty', 'notEmpty'] as const
const EQUALITY = ['eq', 'ne', 'in', 'notIn'] as const
const ORDER = ['gt', 'ge', 'lt', 'le', 'between', 'notBetween'] as const
const SUBSTRING = ['contains', 'notContains', 'startsWith', 'notStartsWith'] as const
const CLOCK = ['olderThan', 'notOlderThan', 'withinLast', 'notWithinLast', 'withinNext', 'notWithinNext'] as const
const MEMBERSHIP = ['has', 'hasNot', 'hasAny', 'hasNone'] as const
const TREE = ['under', 'notUnder'] as const

/** PostgreSQL type of the column, and the operators that make sense on it. Text has no order here: ordering is done only in SQL, by one named collation. */
export const FAMILIES: Readonly<Record<Family, { pg: string; operators: readonly Operator[] }>> = {
  text: { pg: 'text', operators: [...EQUALITY, ...SUBSTRING, ...PRESENCE] },
  phone: { pg: 'text', operators: [...EQUALITY, ...SUBSTRING, ...PRESENCE] },
  number: { pg: 'int8', operators: [...EQUALITY, ...ORDER, ...PRESENCE] },
  decimal: { pg: 'numeric', operators: [...EQUALITY, ...ORDER, ...PRESENCE] },
  boolean: { pg: 'boolean', operators: ['eq', 'ne', ...PRESENCE] },
  day: { pg: 'date', operators: ['eq', 'ne', ...ORDER, ...CLOCK, ...PRESENCE] },
  instant: { pg: 'timestamptz', operators: ['eq', 'ne', ...ORDER, ...CLOCK, ...PRESENCE] },
  option: { pg: 'text', operators: [...EQUALITY, ...TREE, ...PRESENCE] },
  options: { pg: 'text[]', operators: [...MEMBERSHIP, ...PRESENCE] },
  tags: { pg: 'int4[]', operators: [...MEMBERSHIP, ...PRESENCE] },
  region: { pg: 'text', operators: [...EQUALITY, ...TREE, ...PRESENCE] },
  record: { pg: 'uuid', operators: [...EQUALITY, ...PRESENCE] },
  anyRecord: { pg: 'uuid', operators: [...EQUALITY, ...TREE, ...PRESENCE] },
  member: { pg: 'int4', operators: [...EQUALITY, ...PRESENCE] },
  members: { pg: 'int4[]', operators: [...MEMBERSHIP, ...PRESENCE] },
  team: { pg: 'int4', operators: [...EQUALITY, ...PRESENCE] },
  files: { pg: 'uuid[]', operators: PRESENCE },
}

export const FAMILY_OF: Readonly<Record<ConditionKind, Family>> = {
  text: 'text', long: 'text', email: 'text', url: 'text', auto: 'text', phone: 'phone', integer: 'number',
  decimal: 'decimal', money: 'decimal', percent: 'decimal', boolean: 'boolean', date: 'day', datetime: 'instant',
  select: 'option', multiselect: 'options', tags: 'tags', region: 'region', reference: 'record', anyReference: 'anyRecord',
  member: 'member', members: 'members', team: 'team', file: 'files',
}

export const familyOf = ({ kind }: { kind: ConditionKind }): Family => FAMILY_OF[kind]
export const isSet = (family: Family): boolean => family === 'options' || family === 'tags' || family === 'members' || family === 'files'
export const isTime = (family: Family): boolean => family === 'day' || family === 'instant'
export const isNumeric = (family: Family): boolean => family === 'number' || family === 'decimal'
/** The column type of a field of this kind; anyReference is two columns, its id and the object it names. */
export const pgTypeOf = (field: { kind: ConditionKind; part?: 'id' | 'object' | undefined }): string => (field.part === 'object' ? 'text' : FAMILIES[FAMILY_OF[field.kind]].pg)
