import { checkCondition, needsOf, toPredicate, type Condition, type Predicate } from '#language/conditions'
import type { Dictionary, Field, FieldKind, ObjectDefinition, Pooling } from '#language/definitions'
import { targetsOf } from '#kernel/access'
import type { Metadata, ObjectMetadata } from '#kernel/metadata'
import { columnsOf } from '#platform/db'
import { parseValue, TEXT_LIMIT } from './values.ts'

export interface FieldPlan {
  key: string
  kind: FieldKind
  definition: Field
  max: number
  /** select, multiselect. */
  options: ReadonlyMap<string, Dictionary['options'][number]> | undefined
  /** reference, anyReference: the objects it may point to. */
  targets: readonly string[]
}

/** A stored cell and how it becomes JSON (`read` absent: as it comes). `any`: an anyReference, with a second column `…__object`; `initials`: kept beside it, written with it, never read as a value. */
export interface Cell { key: string; name: string; type: string; any?: true; initials?: string; read?: (value: never) => unknown }

/** What the write path knows of one object before any record is looked at. Compiled once per epoch. */
export interface ObjectPlan {
  object: ObjectMetadata
  fields: ReadonlyMap<string, FieldPlan>
  /** Base columns that hold values, then the fields. */
  cells: readonly Cell[]
  cell: ReadonlyMap<string, Cell>
  /** `r."id", r."version", …` for rows under the alias r. */
  select: string
  defaults: readonly { key: string; value: unknown }[]
  autos: readonly FieldPlan[]
  /** Fields that take over what a chosen record says. */
  copies: readonly FieldPlan[]
  required: readonly FieldPlan[]
  uniques: readonly FieldPlan[]
  people: readonly FieldPlan[]
  /** Fields of which an option is switched off. */
  selects: readonly FieldPlan[]
  references: readonly FieldPlan[]
  /** Keys of what holds files: attachments and the fields of that kind. */
  files: readonly string[]
  checks: readonly { key: string; message: { zh: string; en: string }; holds: Predicate }[]
  load: { kind: string; holds: Predicate; needs: ReadonlySet<string> } | null
  /** A policy in force hands out its records. */
  isHandedOut: boolean
  /** How its records wait in pools; null: they do not. */
  pooling: Pooling | null
}

const plans = new WeakMap<Metadata, Map<string, ObjectPlan>>()

/** Undefined when there is no such object. */
export function planOf(metadata: Metadata, object: string): ObjectPlan | undefined {
  const known = plans.get(metadata) ?? new Map<string, ObjectPlan>()
  plans.set(metadata, known)
  const definition = metadata.objects.get(object)
  if (known.has(object) || !definition) return known.get(object)
  const plan = compilePlan(metadata, definition)
  known.set(object, plan)
  return plan
}

export function compilePlan(metadata: Metadata, object: ObjectMetadata): ObjectPlan {
  const all = [...object.field.values()].map((field) => fieldPlan(metadata, field))
  const cells = [...BASE_CELLS, ...all.map(cellOf)]
  const having = (test: (field: FieldPlan) => unknown) => all.filter(test)
  return {
    object, cells,
    fields: new Map(all.map((field) => [field.key, field])),
    cell: new Map(cells.map((cell) => [cell.key, cell])),
    select: ['id', 'version', ...cells.flatMap(namesOf), 'gone_act'].map((name) => `r."${name}"`).join(', '),
    defaults: all.flatMap(defaultOf),
    autos: having(({ kind, definition }) => kind === 'auto' && definition.auto),
    copies: having(({ definition }) => definition.copy),
    required: having(({ definition }) => definition.required),
    uniques: having(({ definition }) => definition.unique),
    people: having(({ kind }) => kind === 'member' || kind === 'members' || kind === 'team'),
    selects: having(({ options }) => options?.values().some(({ off }) => off)),
    references: having(({ kind }) => kind === 'reference' || kind === 'anyReference'),
    files: ['attachments', ...having(({ kind }) => kind === 'file').map(({ key }) => key)],
    checks: all.flatMap(({ key, definition: { check } }) => (check ? [{ key, message: check.message, holds: predicate(metadata, object, check.condition) }] : [])),
    load: object.load ? loadOf(metadata, object, object.load) : null,
    isHandedOut: metadata.isHandedOut(object.key),
    pooling: metadata.pooling(object.key) ?? null,
  }
}

function fieldPlan(metadata: Metadata, definition: Field): FieldPlan {
  const { key, kind, dictionary, to, max } = definition
  const limit = TEXT_LIMIT[kind] ?? 0
  return {
    key, kind, definition, max: max === undefined ? limit : Math.min(max, limit),
    options: dictionary === undefined ? undefined : metadata.dictionaries.get(dictionary)?.byKey,
    targets: targetsOf(to, metadata),
  }
}

/** Literal defaults are parsed once; one that does not parse is no default. */
function defaultOf(field: FieldPlan): { key: string; value: unknown }[] {
  const { default: given } = field.definition
  if (given === undefined) return []
  if (typeof given === 'object') return [{ key: field.key, value: given }]
  const parsed = parseValue(given, field)
  return parsed.ok && parsed.value !== null ? [{ key: field.key, value: parsed.value }] : []
}

function predicate(metadata: Metadata, object: ObjectMetadata, condition: Condition): Predicate {
  return toPredicate(checked(metadata, object, condition))
}

function checked(metadata: Metadata, object: ObjectMetadata, condition: Condition) {
  const result = checkCondition(condition, metadata.conditionSchema(object.key), 'field-check')
  if (!result.ok) throw new Error(`The condition of ${object.key} was published though it is not valid: ${result.problems[0]!.en}`)
  return result.checked
}

function loadOf(metadata: Metadata, object: ObjectMetadata, load: NonNullable<ObjectDefinition['load']>): ObjectPlan['load'] {
  const condition = checked(metadata, object, load.while)
  return { kind: load.kind, holds: toPredicate(condition), needs: needsOf(condition).own }
}

const iso = (at: Date | string): string => (typeof at === 'string' ? at : at.toISOString())

/** Base columns beside id, version and gone_act, in the order in which they are written. */
const BASE_CELLS: readonly Cell[] = [
  { key: 'owner', name: 'owner', type: 'integer' },
  { key: 'owner_team', name: 'owner_team', type: 'integer' },
  { key: 'collaborators', name: 'collaborators', type: 'integer[]', read: listed },
  { key: 'co_editors', name: 'co_editors', type: 'integer[]', read: listed },
  { key: 'tags', name: 'tags', type: 'integer[]', read: listed },
  { key: 'locked', name: 'locked', type: 'boolean' },
  { key: 'origin', name: 'origin', type: 'text' },
  { key: 'created_at', name: 'created_at', type: 'timestamptz', read: iso },
  { key: 'created_by', name: 'created_by', type: 'integer' },
  { key: 'updated_at', name: 'updated_at', type: 'timestamptz', read: iso },
  { key: 'updated_by', name: 'updated_by', type: 'integer' },
  { key: 'last_activity_at', name: 'last_activity_at', type: 'timestamptz', read: iso },
  { key: 'next_contact_at', name: 'next_contact_at', type: 'timestamptz', read: iso },
  { key: 'attachments', name: 'attachments', type: 'uuid[]' },
] as Cell[]

function listed(list: readonly number[]): readonly number[] | null { return list.length === 0 ? null : list }

function cellOf({ key, kind, definition }: FieldPlan): Cell {
  const [column, beside] = columnsOf(definition)
  return { key, name: column!.name, type: column!.type, ...(kind === 'text' && beside && { initials: beside.name }), ...(kind === 'datetime' && { read: iso }), ...(kind === 'anyReference' && { any: true as const }) }
}

export const namesOf = ({ name, any }: Cell): string[] => (any ? [name, `${name}__object`] : [name])
/** All columns that are written with a cell. */
export const storedIn = (cell: Cell): string[] => [...namesOf(cell), ...(cell.initials ? [cell.initials] : [])]
