import { hash } from 'node:crypto'
import { BASE_FIELDS, OBJECT_ACTIONS, Scope, type Field, type FieldKind, type ObjectAccess, type ObjectAction } from '#language/definitions'
import { isDerived } from '#language/formulas'
import type { Metadata, ObjectMetadata } from '#kernel/metadata'
import { hasInitials } from '#platform/db'
import { accessTo } from './part.ts'
import type { LensField } from './types.ts'

/** What a set of roles may do with one object: the part of a lens that does not depend on the member. */
export interface Plan {
  object: string
  scope: Record<ObjectAction, Scope>
  fields: ReadonlyMap<string, LensField>
  readable: readonly LensField[]
  writable: ReadonlySet<string>
  /** Changes when anything above does, and only then. */
  digest: string
}

const WIDTH = new Map(Scope.options.map((scope, i) => [scope, i]))
const NOTHING: Record<ObjectAction, Scope> = { read: 'none', create: 'none', edit: 'none', delete: 'none', export: 'none', transfer: 'none', unlock: 'none' }
const EVERYTHING: Record<ObjectAction, Scope> = { read: 'all', create: 'all', edit: 'all', delete: 'all', export: 'all', transfer: 'all', unlock: 'all' }
const NO_FIELDS = { fields: new Map(), readable: [], writable: new Set<string>() }

/** The plan of an object that is not there, or not there for these roles. */
export const closedPlan = (object: string): Plan => ({ object, scope: NOTHING, ...NO_FIELDS, digest: 'closed' })

/** Several roles add up: the widest scope of each action, and a field that any role able to reach it opens. */
export function rolePlan(metadata: Metadata, object: ObjectMetadata, roles: readonly string[]): Plan {
  const granted = roles.map((key) => accessTo(metadata, metadata.roles.get(key), object)).filter((access) => access !== undefined)
  const scope = frozen(object, scopesOf(granted))
  return scope.read === 'none' ? closedPlan(object.key) : assemble(object, scope, (key) => rights(granted, key, scope))
}

/** The kernel's own plan: every row and field; fields of an append-only object are still not edited. */
export const kernelPlan = (object: ObjectMetadata): Plan => assemble(object, frozen(object, EVERYTHING), () => ({ read: true, write: true }), KERNEL_WRITES)

/** Base columns that rules and intake may set beside the object's own fields. */
const KERNEL_WRITES: readonly string[] = ['owner', 'tags', 'locked', 'last_activity_at', 'next_contact_at', 'attachments']
const MEMBER_WRITES: readonly string[] = ['owner', 'tags', 'locked', 'attachments']

function scopesOf(granted: readonly ObjectAccess[]): Record<ObjectAction, Scope> {
  const widest = (action: ObjectAction) => granted.map((access) => access[action] ?? 'none').reduce(wider, 'none')
  return Object.fromEntries(OBJECT_ACTIONS.map((action) => [action, widest(action)])) as Record<ObjectAction, Scope>
}

export const wider = (a: Scope, b: Scope): Scope => (WIDTH.get(a)! < WIDTH.get(b)! ? b : a)

const frozen = (object: ObjectMetadata, scope: Record<ObjectAction, Scope>): Record<ObjectAction, Scope> =>
  object.immutable ? { ...scope, edit: 'none', delete: 'none', transfer: 'none', unlock: 'none' } : scope

interface FieldRights { read: boolean; write: boolean }

function rights(granted: readonly ObjectAccess[], key: string, scope: Record<ObjectAction, Scope>): FieldRights {
  const read = granted.some((access) => reaches(access, 'read') && access.fields?.[key]?.read !== 'hidden')
  const writers = granted.filter((access) => reaches(access, 'edit') || reaches(access, 'create'))
  const open = writers.some(({ fields }) => fields?.[key]?.write !== false && fields?.[key]?.read !== 'hidden')
  return { read, write: read && (key === 'owner' ? scope.transfer !== 'none' : key === 'locked' ? scope.unlock !== 'none' : open) }
}

const reaches = (access: ObjectAccess, action: ObjectAction): boolean => (access[action] ?? 'none') !== 'none'

function assemble(object: ObjectMetadata, scope: Record<ObjectAction, Scope>, rightsOf: (key: string) => FieldRights, baseWrites: readonly string[] = MEMBER_WRITES): Plan {
  const base = Object.entries(BASE_FIELDS).map(([key, { kind }]) => baseField(key, kind, rightsOf(key), baseWrites.includes(key)))
  const own = [...object.field.values()].map((field) => ownField(field, rightsOf(field.key), !isDerived(field) && (baseWrites === KERNEL_WRITES || !(field.readOnly || field.kind === 'auto'))))
  const fields = new Map([...base, ...own].map((field) => [field.key, field]))
  const readable = [...fields.values()].filter(({ read }) => read === 'full')
  const writable = new Set(readable.filter(({ write }) => write).map(({ key }) => key))
  const digest = hash('sha256', JSON.stringify([scope, readable.map(({ key, kind }) => [key, kind]), [...writable]]), 'base64url').slice(0, 16)
  return { object: object.key, scope, fields, readable, writable, digest }
}

const baseField = (key: string, kind: FieldKind | 'tags', { read, write }: FieldRights, settable: boolean): LensField => ({
  key, kind, read: read || key === 'id' ? 'full' : 'hidden', write: write && settable,
  column: (alias) => (read || key === 'id' ? `${alias}.${key}` : 'NULL'),
})

const ownField = ({ key, kind, searchable }: Field, { read, write }: FieldRights, settable: boolean): LensField => ({
  key, kind, read: read ? 'full' : 'hidden', write: write && settable,
  column: (alias) => (read ? `${alias}."f_${key}"` : 'NULL'),
  ...(kind === 'anyReference' && { objectColumn: (alias: string) => (read ? `${alias}."f_${key}__object"` : 'NULL') }),
  ...(hasInitials({ kind, searchable }) && { initials: (alias: string) => (read ? `${alias}."f_${key}__initials"` : 'NULL') }),
})
