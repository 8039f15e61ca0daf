import type { Field, FieldKind } from '#language/definitions'

export interface Column { name: string; type: string }

const TEXT = 'text collate "C"'

/** What each kind of field is in PostgreSQL. The only place that says so. */
export const COLUMN_TYPE: Readonly<Record<FieldKind, string>> = {
  text: TEXT, long: TEXT, email: TEXT, url: TEXT, phone: TEXT, region: TEXT, select: TEXT, auto: TEXT,
  multiselect: 'text[] collate "C"',
  integer: 'bigint', decimal: 'numeric', money: 'numeric', percent: 'numeric',
  boolean: 'boolean', date: 'date', datetime: 'timestamptz',
  reference: 'uuid', anyReference: 'uuid', file: 'uuid[]',
  member: 'integer', members: 'integer[]', team: 'integer',
}

/** Columns that every object table has before its fields; `definition` is the whole column definition. */
export const BASE_COLUMNS: readonly (Column & { definition: string })[] = [
  ['id', 'uuid', 'primary key'],
  ['version', 'integer', 'not null'],
  ['created_at', 'timestamptz', 'not null'],
  ['created_by', 'integer', ''],
  ['updated_at', 'timestamptz', 'not null'],
  ['updated_by', 'integer', ''],
  ['owner', 'integer', ''],
  ['owner_team', 'integer', ''],
  ['collaborators', 'integer[]', `not null default '{}'`],
  // Those of the collaborators who may also change the record.
  ['co_editors', 'integer[]', `not null default '{}'`],
  ['tags', 'integer[]', `not null default '{}'`],
  ['labels', 'bigint', 'not null default 0'],
  ['last_activity_at', 'timestamptz', ''],
  ['next_contact_at', 'timestamptz', ''],
  ['origin', TEXT, ''],
  ['attachments', 'uuid[]', ''],
  ['locked', 'boolean', ''],
  ['gone_act', 'bigint', ''],
].map(([name, type, rest]) => ({ name: name!, type: plain(type!), definition: `"${name}" ${type} ${rest}`.trim() }))

type Shaping = Pick<Field, 'key' | 'kind'> & { searchable?: boolean | undefined }

/** The columns of one field: one; for anyReference the id and `…__object`; for text that is searched `…__initials` beside it. `type` is usable in casts and record lists. */
export function columnsOf(field: Shaping): Column[] {
  const value = { name: `f_${field.key}`, type: plain(COLUMN_TYPE[field.kind]) }
  if (field.kind === 'anyReference') return [value, { name: `${value.name}__object`, type: 'text' }]
  return hasInitials(field) ? [value, { name: `${value.name}__initials`, type: 'text' }] : [value]
}

/** Is it found by the initials of its pinyin? */
export const hasInitials = ({ kind, searchable }: Pick<Shaping, 'kind' | 'searchable'>): boolean => kind === 'text' && searchable === true

export const columnDefinitions = (field: Shaping): string[] =>
  columnsOf(field).map(({ name, type }) => `"${name}" ${type.startsWith('text') ? `${type} collate "C"` : type}`)

function plain(type: string): string {
  return type.replace(' collate "C"', '')
}

/** Name of an object’s table, as it stands in pg_class. */
export const tableName = (object: string): string => `o_${object}`
