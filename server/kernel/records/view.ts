import { refuse, Refused } from '#contract'
import type { ReadState } from '#language/definitions'
import type { Context, Lens, Params } from '#kernel/access'
import { tagKeys, valuesOf, type Row } from './image.ts'
import type { TenantKeys } from './keys.ts'
import type { Cell, ObjectPlan } from './plan.ts'
import { namesOf } from './plan.ts'
import { rightsOf, rightsSql } from './rights.ts'
import type { RecordView, Values } from './types.ts'
import { versionOf } from './version.ts'

/** What is read of each record: the cells, and the fields the reader asked for (null: all that may be read). */
export interface Shape { cells: readonly Cell[]; shown: ReadonlySet<string> | null }

/** Refused FIELD_NOT_AVAILABLE for a field that is unknown or hidden. Title and tags are always read along where they may be. */
export function shapeOf(plan: ObjectPlan, lens: Lens, fields: readonly string[] | undefined): Shape {
  const readable = plan.cells.filter(({ key }) => lens.field(key))
  if (!fields) return { cells: readable, shown: null }
  for (const field of fields) if (!lens.field(field)) throw new Refused(refuse('FIELD_NOT_AVAILABLE', 'fields', { field }))
  const shown = new Set([...fields, 'tags'])
  return { cells: readable.filter(({ key }) => shown.has(key) || key === plan.object.title), shown }
}

/** Columns through the lens, and what the reader may do with each row. */
export function selectSql(lens: Lens, { cells }: Shape, params: Params): string {
  const columns = cells.flatMap((cell) => namesOf(cell).map((name, i) => `${i === 0 ? lens.field(cell.key)!.column('r', params) : lens.field(cell.key)!.objectColumn!('r', params)} AS "${name}"`))
  const held = lens.varying.flatMap(({ key, varies }) => (cells.some((cell) => cell.key === key) ? [`${varies!.state({ alias: 'r', params })} AS "$s:${key}"`, `${varies!.writable({ alias: 'r', params })} AS "$w:${key}"`] : []))
  const shared = lens.field('owner') ? [`nullif(r.collaborators, '{}') AS "$collaborators"`, `nullif(r.co_editors, '{}') AS "$co_editors"`] : []
  return ['r.id', 'r.locked AS "$locked"', ...columns, ...held, ...shared, rightsSql(lens, params)].join(', ')
}

export interface Viewing { ctx: Context; plan: ObjectPlan; lens: Lens; shape: Shape; keys: TenantKeys }

export function viewOf({ ctx, plan, lens, shape, keys }: Viewing, row: Row): RecordView {
  const read = valuesOf(shape, row)
  return {
    id: row['id'] as string, object: plan.object.key,
    version: versionOf(keys, lens, read, shape.shown),
    title: titleOf(plan, read[plan.object.title], ctx.request?.lang ?? 'zh'),
    values: shownOf(shape, read),
    tags: tagKeys(ctx.metadata, read['tags']),
    ...collaboratorsOf(row),
    ...heldIn(lens, row),
    can: rightsOn(lens, row),
  }
}

/** What policies keep of this record from this reader: how much less of a field is read, and that it is not changed. */
function heldIn(lens: Lens, row: Row): Pick<RecordView, 'held'> {
  const held: NonNullable<RecordView['held']> = {}
  for (const { key } of lens.varying) {
    const [read, write] = [row[`$s:${key}`] as ReadState | undefined, row[`$w:${key}`] === true]
    if (read !== undefined && (read !== 'full' || (!write && lens.writable.has(key)))) held[key] = { read, write }
  }
  return Object.keys(held).length > 0 ? { held } : {}
}

function collaboratorsOf(row: Row): Pick<RecordView, 'collaborators'> {
  const members = row['$collaborators'] as readonly number[] | null | undefined
  if (!members) return members === null ? { collaborators: [] } : {}
  const editors = new Set(row['$co_editors'] as readonly number[] | null)
  return { collaborators: members.map((member) => ({ member, write: editors.has(member) })) }
}

function rightsOn(lens: Lens, row: Row): RecordView['can'] {
  const reach = rightsOf(row)
  const unlock = reach.unlock && lens.can('unlock')
  const open = row['$locked'] !== true || unlock
  return { edit: open && reach.edit && lens.can('edit'), delete: open && reach.delete && lens.can('delete'), transfer: open && reach.transfer && lens.can('transfer'), share: open && reach.share && lens.can('edit') && lens.field('owner') !== undefined, unlock }
}

/** What was asked for; the id and the tags have places of their own. */
function shownOf({ cells, shown }: Shape, read: Values): Values {
  const values: Values = {}
  for (const { key } of cells) {
    const value = read[key]
    if (value !== undefined && key !== 'tags' && (shown === null || shown.has(key))) values[key] = value
  }
  return values
}

/** The name of a record in a line; empty when its field is empty or hidden. */
export function titleOf(plan: ObjectPlan, value: unknown, lang: 'zh' | 'en'): string {
  if (value === null || value === undefined) return ''
  const field = plan.fields.get(plan.object.title)
  if (field?.options && typeof value === 'string') return field.options.get(value)?.label[lang] ?? value
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}
