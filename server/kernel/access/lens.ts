import { hash } from 'node:crypto'
import { refused } from '#contract'
import type { ObjectAction, Scope } from '#language/definitions'
import { derivedSql } from '#language/formulas'
import type { Metadata } from '#kernel/metadata'
import type { Tx } from '#platform/db'
import { Recent } from '#platform/recent'
import { closedPlan, kernelPlan, pooledPlan, rolePlan, type Plan } from './plan.ts'
import { type Kin, kinOf } from './kin.ts'
import { circumstancesIn, type Looking } from './lasting.ts'
import { reachOf, waysOf } from './part.ts'
import { remembered } from './remembered.ts'
import { circumstancesOf, rulingsOn, type Looker } from './rulings.ts'
import { plansBehind, ruledSql, type Viewer } from './scope.ts'
import { variedField } from './varied.ts'
import type { Context, Lens, LensField, Params, PoolSight, Principal, RowAction } from './types.ts'

/** The principal's lens on an object. For an object that does not exist or is not theirs: a lens that lets nothing through. */
export function lensOf(ctx: Context, object: string): Lens {
  const bound = lensesOf(ctx, object)
  const known = bound.get(object)
  if (known) return known
  const { tx: _, ...looking } = ctx
  const lens = bind(looking, object, kinOf(looking, isErrand(ctx, object) ? null : circumstanceOf(ctx)))
  bound.set(object, lens)
  return lens
}

/** A principal's lenses in the circumstances of this context: kept as long as the epoch, or for the transaction where an instant may decide otherwise. */
function lensesOf(ctx: Context, object: string): Map<string, Lens> {
  const { tx, metadata, principal } = ctx
  const name = isErrand(ctx, object) ? null : circumstanceOf(ctx)
  if (name === null) return remembered(remembered(passing, tx, () => new WeakMap<Principal, Map<string, Lens>>()), principal, () => new Map<string, Lens>())
  const byName = remembered(remembered(lasting, metadata, () => new WeakMap<Principal, Recent<string, Map<string, Lens>>>()), principal, () => new Recent<string, Map<string, Lens>>(CIRCUMSTANCES))
  return byName.getOrMake(name, () => new Map<string, Lens>())
}

/** Of the circumstances that somebody has been in, the last few. */
const CIRCUMSTANCES = 8
const lasting = new WeakMap<Metadata, WeakMap<Principal, Recent<string, Map<string, Lens>>>>()
const passing = new WeakMap<Tx, WeakMap<Principal, Map<string, Lens>>>()

/** Asked for with every field of a condition: worked out once for a request. */
function circumstanceOf(ctx: Context): string | null {
  const { tx, principal, request, now } = ctx
  const byPrincipal = remembered(circumstances, tx, () => new WeakMap<Principal, Circumstance>())
  const known = byPrincipal.get(principal)
  if (known && known.request === request && known.now === now) return known.name
  const name = circumstancesIn(ctx)
  byPrincipal.set(principal, { request, now, name })
  return name
}
interface Circumstance extends Pick<Context, 'request' | 'now'> { name: string | null }
const circumstances = new WeakMap<Tx, WeakMap<Principal, Circumstance>>()

/** Policies hold a rule back from writing, which they do not do to the kernel itself; what they say may depend on the hour. */
const isErrand = ({ principal, actor, metadata }: Context, object: string): boolean => principal.kind === 'kernel' && actor.kind === 'rule' && metadata.policiesOf(object).length > 0

/** As lensOf; refused NOT_FOUND when nothing of the object may be read. */
export function readableLens(ctx: Context, object: string): Lens {
  const lens = lensOf(ctx, object)
  return lens.can('read') ? lens : refused('NOT_FOUND')
}

/** How far an action reaches at most, before any row is looked at. */
export const planScope = (ctx: Context, object: string, action: ObjectAction): Scope => planOf(ctx, object).scope[action]

/** Does an action reach every record of the object? */
export function reachesAll(ctx: Context, object: string, action: ObjectAction): boolean {
  const { open, rules } = planOf(ctx, object)
  return open[action] === 'all' && !rules[action]?.limits.length
}

/** Does whoever sees a record see all of this object that hangs on it by `via`? */
export function reachesThrough(ctx: Context, object: string, via: string): boolean {
  const { scope, some, rules } = planOf(ctx, object)
  return ctx.metadata.objects.get(object)?.scopeVia === via && scope.read !== 'none' && some.length === 0 && !rules.read?.limits.length
}

function bind(ctx: Looking, object: string, kin: Kin | null): Lens {
  const { metadata, principal } = ctx
  const viewer: Viewer = { ...lookerOf(ctx), planOf: (key) => planAmong(kin, ctx, key) }
  const pool = principal.kind === 'member' && principal.pool?.pooling.object === object ? principal.pool : undefined
  if (pool && metadata.objects.has(object)) return pooledLens(ctx, object, pool)
  const plan = viewer.planOf(object)
  const asksMore = plan.rules.create !== undefined || (plan.some.length > 0 && plan.open.create !== plan.scope.create)
  const fields = fieldsOf(ctx, plan)
  return {
    object,
    kin: kin && lensAmong(kin, object),
    version: versionOf([plan, ...plansBehind(viewer, plan)], principal),
    can: (action) => plan.scope[action] !== 'none',
    rows: (action, alias, params) => `${alias}.gone_act IS NULL AND ${reachOf(viewer, plan, { action, alias, params })}`,
    ways: (alias, params, byCreation) => waysOf(viewer, plan, { action: 'read', alias, params, byCreation }).map((way) => `${alias}.gone_act IS NULL AND ${way}`),
    reach: (action, alias, params) => reachOf(viewer, plan, { action, alias, params }),
    birth: (alias, params) => (asksMore ? reachOf(viewer, plan, { action: 'create', alias, params }) : null),
    field: fields.field, get readable() { return fields.readable() }, get varying() { return fields.varying() },
    writable: plan.writable, enterable: plan.enterable,
  }
}

const lookerOf = ({ metadata, principal, now, tenant }: Looking): Looker => {
  const member = principal.kind === 'member' ? principal.member : null
  return { member, metadata, at: { me: member?.id ?? null, myTeams: member?.teams ?? [], now, zone: tenant.zone, calendar: metadata.calendar } }
}

/** The fields of a plan as this principal has them now: those that policies decide by record, and those that the clock changes, are made for them when one is asked for. */
function fieldsOf(ctx: Looking, plan: Plan): { field: Lens['field']; readable: () => Lens['readable']; varying: () => Lens['varying'] } {
  const moving = movingIn(ctx, plan)
  let known: ReadonlyMap<string, LensField> | undefined
  const made = () => (known ??= madeFields(ctx, plan))
  const isMade = (key: string): boolean => plan.varied.has(key) || moving.has(key)
  let readable: Lens['readable'] | undefined
  return {
    field: (key) => { const field = (isMade(key) ? made().get(key) : undefined) ?? plan.fields.get(key); return field && field.read !== 'hidden' ? field : undefined },
    readable: () => (readable ??= made().size === 0 ? plan.readable : plan.readable.map((field) => made().get(field.key) ?? field)),
    varying: () => (plan.varied.size === 0 ? NONE_VARY : plan.readable.flatMap(({ key }) => (plan.varied.has(key) ? [made().get(key)!] : []))),
  }
}

/** By field: the clock changes it. Of an object at one epoch. */
const movingIn = ({ metadata }: Looking, { object }: Plan): ReadonlySet<string> =>
  remembered(remembered(moved, metadata, () => new Map<string, ReadonlySet<string>>()), object, () => new Set(metadata.derivations().movingIn(object).map(({ key }) => key)))
const moved = new WeakMap<Metadata, Map<string, ReadonlySet<string>>>()

const NONE_VARY: readonly LensField[] = []
const NONE_MADE: ReadonlyMap<string, LensField> = new Map()

/** Fields that the clock changes have no stored value: whoever reads them works them out. */
function madeFields(ctx: Looking, plan: Plan): ReadonlyMap<string, LensField> {
  const { metadata, now, tenant } = ctx
  const derivations = metadata.derivations()
  const moving = new Map(derivations.movingIn(plan.object).map((each) => [each.key, (alias: string) => `(${derivedSql(each, derivations, alias, { now, zone: tenant.zone })})`]))
  const keys = new Set([...plan.varied.keys(), ...moving.keys()])
  if (keys.size === 0) return NONE_MADE
  const looker = lookerOf(ctx)
  return new Map([...keys].flatMap((key) => {
    const [field, varied, worked] = [plan.fields.get(key), plan.varied.get(key), moving.get(key)]
    const raw = worked ?? ((alias: string) => `${alias}."f_${key}"`)
    const moves = worked ? { moves: true as const } : {}
    if (!field) return []
    return [[key, varied ? { ...variedField(field, varied, { looker, raw }), ...moves } : { ...field, ...moves, column: field.read === 'full' ? raw : field.column }] as const]
  }))
}

/** The lens of somebody who looks into a pool; on every other object they look as ever. */
function pooledLens(ctx: Looking, object: string, { id, pooling }: PoolSight): Lens {
  const { metadata, principal } = ctx
  const roles = principal.kind === 'member' ? principal.member.roles : []
  const plan = pooledPlan(metadata, metadata.objects.get(object)!, { roles, rulings: rulingsOn(metadata, object, () => circumstancesOf(ctx)) }, pooling)
  const viewer: Viewer = { ...lookerOf(ctx), planOf: () => plan }
  const waiting = (alias: string, params: Params) => (plan.scope.read === 'none' ? 'FALSE' : ruledSql(viewer, plan, { action: 'read', alias, params }, () => `${alias}.owner IS NULL AND ${alias}."f_${pooling.field}" = ${params.add(id, 'uuid')}`))
  const rows = (action: RowAction, alias: string, params: Params) => (action === 'read' ? waiting(alias, params) : 'FALSE')
  const fields = fieldsOf(ctx, plan)
  return {
    object, kin: null,
    version: `${versionOf([plan], principal)}~${id}`,
    can: (action) => plan.scope[action] !== 'none',
    rows: (action, alias, params) => `${alias}.gone_act IS NULL AND ${rows(action, alias, params)}`,
    ways: (alias, params) => [`${alias}.gone_act IS NULL AND ${rows('read', alias, params)}`],
    reach: rows, birth: () => null,
    field: fields.field, get readable() { return fields.readable() }, get varying() { return fields.varying() },
    writable: plan.writable, enterable: plan.enterable,
  }
}

const planAmong = (kin: Kin | null, ctx: Looking, object: string): Plan => (kin ? remembered(kin.plans, object, () => planOf(ctx, object)) : planOf(ctx, object))
const lensAmong = ({ lenses }: Kin, object: string): object => remembered(lenses, object, () => ({}))

/** Compiled once per epoch, object, set of roles and of policies that say something here and now. */
function planOf(ctx: Looking, object: string): Plan {
  const { metadata, principal } = ctx
  const plans = remembered(compiled, metadata, () => new Map<string, Plan>())
  const roles = principal.kind === 'member' ? [...principal.member.roles].sort() : null
  const rulings = rulingsOn(metadata, object, () => circumstancesOf(ctx))
  const key = `${object} ${roles?.join(' ') ?? '*'}${rulings.map(({ policy, relations, spared }) => ` ${policy.key}:${relations.join('+')}-${spared.join('+')}`).join('')}`
  const known = plans.get(key)
  if (known) return known
  const definition = metadata.objects.get(object)
  const plan = !definition ? closedPlan(object) : roles ? rolePlan(metadata, definition, roles, rulings) : kernelPlan(definition, rulings)
  plans.set(key, plan)
  return plan
}

const compiled = new WeakMap<Metadata, Map<string, Plan>>()

/** What a record hangs on decides with it; of those only how far they reach. */
function versionOf([{ digest }, ...behind]: readonly [Plan, ...Plan[]], principal: Principal): string {
  if (principal.kind === 'kernel') return `*${digest}`
  const { id, teams, teamTree, standsFor } = principal.member
  return hash('sha256', JSON.stringify([digest, behind.map(({ reachKey }) => reachKey), id, teams, teamTree, ...(standsFor.length > 0 ? [standsFor] : [])]), 'base64url').slice(0, 16)
}
