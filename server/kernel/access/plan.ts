import { hash } from 'node:crypto'
import { BASE_FIELDS, OBJECT_ACTIONS, Scope, type Field, type FieldKind, type ObjectAccess, type ObjectAction, type Pooling, type ReadState } from '#language/definitions'
import type { Condition } from '#language/conditions'
import { isDerived } from '#language/formulas'
import type { Metadata, ObjectMetadata } from '#kernel/metadata'
import { hasInitials } from '#platform/db'
import { accessTo } from './part.ts'
import { frozen, ruledRights, ruledScope, rowRules, type FieldRights, type Reaches, type RowRules } from './ruled.ts'
import type { Ruling } from './rulings.ts'
import type { Varied } from './varied.ts'
import { maskedSql, maskedValue, narrowestRead, readable as shownAs, widerRead } from './masks.ts'
import type { LensField } from './types.ts'

/** What a set of roles may do with one object: the part of a lens that does not depend on the member. */
export interface Plan {
  object: string
  /** How far each action reaches at most. */
  scope: Reaches
  /** How far it reaches whatever the record is like: less than `scope` where a role has only some records. */
  open: Reaches
  /** What roles that have only some records add to that. */
  some: readonly SomeRows[]
  fields: ReadonlyMap<string, LensField>
  readable: readonly LensField[]
  writable: ReadonlySet<string>
  enterable: ReadonlySet<string>
  /** What policies say about actions, record by record. */
  rules: RowRules
  /** What they say about fields. */
  varied: ReadonlyMap<string, Varied>
  /** Changes when it decides otherwise which rows can be looked at. */
  reachKey: string
  /** Changes when anything above does, and only then. */
  digest: string
}

export type { Reaches } from './ruled.ts'
export interface SomeRows { rows: Condition; scope: Reaches }

const WIDTH = new Map(Scope.options.map((scope, i) => [scope, i]))
const NOTHING: Reaches = { read: 'none', create: 'none', edit: 'none', delete: 'none', export: 'none', transfer: 'none', unlock: 'none', import: 'none' }
const EVERYTHING: Reaches = { read: 'all', create: 'all', edit: 'all', delete: 'all', export: 'all', transfer: 'all', unlock: 'all', import: 'all' }
const NO_FIELDS = { fields: new Map(), readable: [], writable: new Set<string>(), enterable: new Set<string>(), rules: {}, varied: new Map(), reachKey: 'closed' }

/** The plan of an object that is not there, or not there for these roles. */
export const closedPlan = (object: string): Plan => ({ object, scope: NOTHING, open: NOTHING, some: [], ...NO_FIELDS, digest: 'closed' })

/** Several roles add up: the widest scope of each action, and a field that any role able to reach it opens. Policies give and take away on top. */
export function rolePlan(metadata: Metadata, object: ObjectMetadata, roles: readonly string[], rulings: readonly Ruling[] = []): Plan {
  const granted = metadata.rolesDecide ? roles.map((key) => accessTo(metadata, metadata.roles.get(key), object)).filter((access) => access !== undefined) : []
  const some = granted.flatMap((access) => (access.rows ? [{ rows: access.rows, scope: frozen(object, scopesOf([access])) }] : []))
  const open = frozen(object, scopesOf(granted.filter(({ rows }) => !rows)))
  const reach = { scope: ruledScope(object, scopesOf(granted), rulings), open, some, rulings }
  return reach.scope.read === 'none' ? closedPlan(object.key) : assemble(object, reach, (key) => baseOpened(rulings, key, reach.scope) ?? withOpen(object, granted, key, rights(granted, key, reach.scope)))
}

/** Base fields of what policies alone open. */
function baseOpened(rulings: readonly Ruling[], key: string, scope: Reaches): FieldRights | undefined {
  if (!Object.hasOwn(BASE_FIELDS, key) || !rulings.some(({ policy }) => policy.effect === 'allow' && policy.actions.includes('read'))) return undefined
  return { read: 'full', write: scope[key === 'owner' ? 'transfer' : key === 'locked' ? 'unlock' : 'edit'] !== 'none' }
}

/** What these roles see of a record that waits in a pool: what the pool shows of it, as far as they may read the field at all. Nothing can be done with it but claiming. */
export function pooledPlan(metadata: Metadata, object: ObjectMetadata, { roles, rulings }: { roles: readonly string[]; rulings: readonly Ruling[] }, { visible, masks = {} }: Pooling): Plan {
  const granted = metadata.rolesDecide ? roles.map((key) => metadata.roles.get(key)?.objects[object.key]).filter((access) => access !== undefined) : []
  if (scopesOf(granted).read === 'none') return closedPlan(object.key)
  const scope: Reaches = { ...NOTHING, read: 'all' }
  const shown = (key: string): ReadState => (visible.includes(key) ? (masks[key] ?? 'full') : 'hidden')
  return assemble(object, { ...whole(scope), rulings: rulings.filter(({ policy }) => policy.effect === 'limit') }, (key) => ({ read: narrowestRead([rights(granted, key, scope).read, shown(key)]), write: false }))
}

/** The kernel's own plan: every row and field; fields of an append-only object are still not edited. Policies hold rules back from writing, not from reading. */
export const kernelPlan = (object: ObjectMetadata, rulings: readonly Ruling[] = []): Plan =>
  assemble(object, { ...whole(frozen(object, EVERYTHING)), rulings: rulings.map(withoutReading) }, () => ({ read: 'full', write: true }), KERNEL_WRITES)

function withoutReading({ policy, ...ruling }: Ruling): Ruling {
  const fields = Object.fromEntries(Object.entries(policy.fields).map(([key, { write }]) => [key, write === undefined ? {} : { write }]))
  return { ...ruling, policy: { ...policy, fields, actions: policy.actions.filter((action) => action !== 'read' && action !== 'export') } }
}
const whole = (scope: Reaches): Reach => ({ scope, open: scope, some: [], rulings: [] })
type Reach = Pick<Plan, 'scope' | 'open' | 'some'> & { rulings: readonly Ruling[] }

/** Base columns that rules and intake may set beside the object's own fields. */
const KERNEL_WRITES: readonly string[] = ['owner', 'tags', 'locked', 'last_activity_at', 'next_contact_at', 'attachments']
const MEMBER_WRITES: readonly string[] = ['owner', 'tags', 'locked', 'attachments']

function scopesOf(granted: readonly ObjectAccess[]): Reaches {
  const widest = (action: ObjectAction) => granted.map((access) => access[action] ?? 'none').reduce(wider, 'none')
  return Object.fromEntries(OBJECT_ACTIONS.map((action) => [action, widest(action)])) as Reaches
}

export const wider = (a: Scope, b: Scope): Scope => (WIDTH.get(a)! < WIDTH.get(b)! ? b : a)

function rights(granted: readonly ObjectAccess[], key: string, scope: Reaches): FieldRights {
  const read = granted.map((access): ReadState => (reaches(access, 'read') ? (access.fields?.[key]?.read ?? 'full') : 'hidden')).reduce(widerRead, 'hidden')
  const writers = granted.filter((access) => reaches(access, 'edit') || reaches(access, 'create'))
  const open = writers.some(({ fields }) => fields?.[key]?.write !== false && fields?.[key]?.read !== 'hidden')
  return { read, write: read !== 'hidden' && (key === 'owner' ? scope.transfer !== 'none' : key === 'locked' ? scope.unlock !== 'none' : open) }
}

/** An open field is written by whoever reads it in full, unless their role says that they may not. */
function withOpen(object: ObjectMetadata, granted: readonly ObjectAccess[], key: string, { read, write }: FieldRights): FieldRights {
  const opens = !object.immutable && object.field.get(key)?.open === true && read === 'full'
  return { read, write: write || (opens && granted.some((access) => reaches(access, 'read') && access.fields?.[key]?.write !== false)) }
}

const reaches = (access: ObjectAccess, action: ObjectAction): boolean => (access[action] ?? 'none') !== 'none'

function assemble(object: ObjectMetadata, { rulings, ...reach }: Reach, rightsOf: (key: string) => FieldRights, baseWrites: readonly string[] = MEMBER_WRITES): Plan {
  const settable = (field: Field) => !isDerived(field) && (baseWrites === KERNEL_WRITES || !(field.readOnly || field.kind === 'auto'))
  // Whoever may know the owner may know with whom a record is shared.
  const base = Object.entries(BASE_FIELDS).map(([key, { kind }]) => baseField(key, kind, rightsOf(key === 'collaborators' ? 'owner' : key), baseWrites.includes(key)))
  const ruled = [...object.field.values()].map((field) => ({ field, ...ruledRights(rightsOf(field.key), field, rulings) }))
  const own = ruled.map(({ field, varied, ...given }) => (varied ? { ...ownField(field, { ...given, read: 'hidden' }, settable(field)), read: varied.allows.length + varied.limits.length > 0 ? ('varies' as const) : given.read, write: given.write && settable(field) } : ownField(field, given, settable(field))))
  const varied = new Map(ruled.flatMap(({ field, varied: each }) => (each ? [[field.key, each] as const] : [])))
  const fields = new Map([...base, ...own].map((field) => [field.key, field]))
  const readable = [...fields.values()].filter(({ read }) => read !== 'hidden')
  const enterable = new Set(readable.filter(({ write }) => write).map(({ key }) => key))
  const writable = new Set(readable.filter(({ write, read }) => write && (read === 'full' || read === 'varies')).map(({ key }) => key))
  const rules = rowRules(rulings)
  const said = rulings.length > 0 ? [rulings] : []
  const reachKey = JSON.stringify([object.key, reach.scope.read, reach.scope.export, ...(reach.some.length > 0 || rules.read || rules.export ? [reach.open.read, reach.open.export, reach.some, rules.read, rules.export] : [])])
  const digest = hash('sha256', JSON.stringify([reach.scope, ...(reach.some.length > 0 ? [reach.open, reach.some] : []), readable.map(({ key, kind, read }) => (read === 'full' ? [key, kind] : [key, kind, read])), [...enterable], ...said]), 'base64url').slice(0, 16)
  return { object: object.key, ...reach, fields, readable, writable, enterable, rules, varied, reachKey, digest }
}

/** A base column is read or it is not. */
function baseField(key: string, kind: FieldKind | 'tags', { read: wanted, write }: FieldRights, settable: boolean): LensField {
  const read = wanted === 'full' || key === 'id' ? 'full' : 'hidden'
  return { key, kind, read, write: write && settable, column: (alias) => maskedSql(read, `${alias}.${key}`), see: (value) => maskedValue(read, value) }
}

function ownField({ key, kind, searchable }: Field, { read: wanted, write }: FieldRights, settable: boolean): LensField {
  const read = shownAs(wanted, kind)
  return {
    key, kind, read, write: write && settable,
    column: (alias) => maskedSql(read, `${alias}."f_${key}"`), see: (value) => maskedValue(read, value),
    ...(kind === 'anyReference' && { objectColumn: (alias: string) => maskedSql(read, `${alias}."f_${key}__object"`) }),
    ...(hasInitials({ kind, searchable }) && { initials: (alias: string) => (read === 'full' ? `${alias}."f_${key}__initials"` : 'NULL') }),
  }
}
