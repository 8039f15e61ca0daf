import { hash } from 'node:crypto'
import { refused } from '#contract'
import type { ObjectAction, Scope } from '#language/definitions'
import { derivedSql } from '#language/formulas'
import { dayOf } from '#language/values'
import type { Metadata } from '#kernel/metadata'
import { closedPlan, kernelPlan, pooledPlan, rolePlan, type Plan } from './plan.ts'
import { reachOf, waysOf } from './part.ts'
import { plansBehind, type Viewer } from './scope.ts'
import { remembered } from './remembered.ts'
import type { Context, Lens, LensField, Params, PoolSight, Principal, RowAction } from './types.ts'

/** The principal's lens on an object. For an object that does not exist or is not theirs: a lens that lets nothing through. */
export function lensOf(ctx: Context, object: string): Lens {
  const bound = lensesOf(ctx)
  // The kernel's lenses live as long as the metadata; those with a field of today, for the day.
  const name = ctx.metadata.derivations().movingIn(object).length > 0 ? `${object} ${dayOf(ctx.now.getTime(), ctx.tenant.zone)}` : object
  const known = bound.get(name)
  if (known) return known
  const lens = bind(ctx, object)
  bound.set(name, lens)
  return lens
}

/** As lensOf; refused NOT_FOUND when nothing of the object may be read. */
export function readableLens(ctx: Context, object: string): Lens {
  const lens = lensOf(ctx, object)
  return lens.can('read') ? lens : refused('NOT_FOUND')
}

/** How far an action reaches, before any row is looked at. */
export const planScope = ({ metadata, principal }: Context, object: string, action: ObjectAction): Scope => planOf(metadata, principal, object).scope[action]

/** Does an action reach every record of the object? */
export const reachesAll = ({ metadata, principal }: Context, object: string, action: ObjectAction): boolean => planOf(metadata, principal, object).open[action] === 'all'

/** A principal is used for one request or one batch, so lenses bound to it live as long as it does; the kernel's last as long as the metadata. */
const boundLenses = new WeakMap<Metadata, WeakMap<Principal, Map<string, Lens>>>()
function lensesOf({ metadata, principal }: Context): Map<string, Lens> {
  const byPrincipal = remembered(boundLenses, metadata, () => new WeakMap<Principal, Map<string, Lens>>())
  return remembered(byPrincipal, principal, () => new Map<string, Lens>())
}

function bind(ctx: Context, object: string): Lens {
  const { metadata, principal } = ctx
  const moving = movingFields(ctx, object)
  const member = principal.kind === 'member' ? principal.member : null
  const at = { me: member?.id ?? null, myTeams: member?.teams ?? [], now: ctx.now, zone: ctx.tenant.zone }
  const viewer: Viewer = { member, metadata, at, planOf: (key) => planOf(metadata, principal, key) }
  const pool = principal.kind === 'member' && principal.pool?.pooling.object === object ? principal.pool : undefined
  if (pool && metadata.objects.has(object)) return pooledLens(ctx, object, pool)
  const plan = viewer.planOf(object)
  return {
    object,
    version: versionOf([plan, ...plansBehind(viewer, plan)], principal),
    can: (action) => plan.scope[action] !== 'none',
    rows: (action, alias, params) => `${alias}.gone_act IS NULL AND ${reachOf(viewer, plan, { action, alias, params })}`,
    ways: (alias, params, byCreation) => waysOf(viewer, plan, { action: 'read', alias, params, byCreation }).map((way) => `${alias}.gone_act IS NULL AND ${way}`),
    reach: (action, alias, params) => reachOf(viewer, plan, { action, alias, params }),
    birth: (alias, params) => (plan.some.length > 0 && plan.open.create !== plan.scope.create ? reachOf(viewer, plan, { action: 'create', alias, params }) : null),
    field: (key) => { const field = moving.get(key) ?? plan.fields.get(key); return field && field.read !== 'hidden' ? field : undefined },
    readable: moving.size === 0 ? plan.readable : plan.readable.map((field) => moving.get(field.key) ?? field),
    writable: plan.writable,
    enterable: plan.enterable,
  }
}

/** The lens of somebody who looks into a pool; on every other object they look as ever. */
function pooledLens({ metadata, principal }: Context, object: string, { id, pooling }: PoolSight): Lens {
  const roles = principal.kind === 'member' ? principal.member.roles : []
  const plan = pooledPlan(metadata, metadata.objects.get(object)!, roles, pooling)
  const waiting = (alias: string, params: Params) => (plan.scope.read === 'none' ? 'FALSE' : `${alias}.owner IS NULL AND ${alias}."f_${pooling.field}" = ${params.add(id, 'uuid')}`)
  const rows = (action: RowAction, alias: string, params: Params) => (action === 'read' ? waiting(alias, params) : 'FALSE')
  return {
    object,
    version: `${versionOf([plan], principal)}~${id}`,
    can: (action) => plan.scope[action] !== 'none',
    rows: (action, alias, params) => `${alias}.gone_act IS NULL AND ${rows(action, alias, params)}`,
    ways: (alias, params) => [`${alias}.gone_act IS NULL AND ${rows('read', alias, params)}`],
    reach: rows, birth: () => null,
    field: (key) => { const field = plan.fields.get(key); return field && field.read !== 'hidden' ? field : undefined },
    readable: plan.readable, writable: plan.writable, enterable: plan.enterable,
  }
}

const NONE_MOVE: ReadonlyMap<string, LensField> = new Map()

/** Fields that the clock changes have no stored value: whoever reads them works them out. */
function movingFields({ metadata, principal, now, tenant }: Context, object: string): ReadonlyMap<string, LensField> {
  const derivations = metadata.derivations()
  if (derivations.movingIn(object).length === 0) return NONE_MOVE
  const { fields } = planOf(metadata, principal, object)
  return new Map(derivations.movingIn(object).flatMap((each) => {
    const field = fields.get(each.key)
    const column = (alias: string) => `(${derivedSql(each, derivations, alias, { now, zone: tenant.zone })})`
    return field ? [[each.key, { ...field, moves: true as const, column: field.read === 'full' ? column : field.column }] as const] : []
  }))
}

/** Compiled once per epoch, object and set of roles. */
function planOf(metadata: Metadata, principal: Principal, object: string): Plan {
  const plans = remembered(compiled, metadata, () => new Map<string, Plan>())
  const roles = principal.kind === 'member' ? [...principal.member.roles].sort() : null
  const key = `${object} ${roles?.join(' ') ?? '*'}`
  const known = plans.get(key)
  if (known) return known
  const definition = metadata.objects.get(object)
  const plan = !definition ? closedPlan(object) : roles ? rolePlan(metadata, definition, roles) : kernelPlan(definition)
  plans.set(key, plan)
  return plan
}

const compiled = new WeakMap<Metadata, Map<string, Plan>>()

/** What a record hangs on decides with it; of those only how far they reach. */
function versionOf([{ digest }, ...behind]: readonly [Plan, ...Plan[]], principal: Principal): string {
  if (principal.kind === 'kernel') return `*${digest}`
  const { id, teams, teamTree, standsFor } = principal.member
  return hash('sha256', JSON.stringify([digest, behind.map(({ object, scope, open, some }) => [object, scope.read, scope.export, ...(some.length > 0 ? [open.read, open.export, some] : [])]), id, teams, teamTree, ...(standsFor.length > 0 ? [standsFor] : [])]), 'base64url').slice(0, 16)
}
