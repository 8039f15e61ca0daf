import { needsOf } from '#language/conditions'
import { derivedSql } from '#language/formulas'
import { dayOf } from '#language/values'
import type { Metadata } from '#kernel/metadata'
import { checkedOf, type Guard } from './guard.ts'
import { remembered } from './remembered.ts'
import { circumstancesOf, isWithin } from './rulings.ts'
import type { Context } from './types.ts'

/** What a lens is made from, without the transaction that asks for it. */
export type Looking = Pick<Context, 'tenant' | 'metadata' | 'principal' | 'actor' | 'request' | 'now'>

/**
 * The circumstances on which what a member sees depends, as a name: in the same ones they see the same until the epoch changes.
 * Null where the clock decides from one instant to the next: what was worked out holds for its transaction only.
 */
export function circumstancesIn(ctx: Looking): string | null {
  const { instants, days, scenarios, hours, networks } = clockOf(ctx.metadata)
  const kernel = ctx.principal.kind === 'kernel'
  if (instants && !kernel) return null
  const day = days ? dayOf(ctx.now.getTime(), ctx.tenant.zone) : ''
  const here = !kernel && (scenarios || hours || networks.length > 0) ? circumstancesOf(ctx) : null
  if (!here) return day
  return [day, scenarios && here.scenario, hours && here.working, ...networks.map((ranges) => isWithin(here.ip, ranges))].join(' ')
}

/** Does a condition that decides about access ask who looks? */
export const isPersonal = (metadata: Metadata): boolean => clockOf(metadata).personal

/** By what policies, roles and derived fields let the moment and the place decide. */
interface Clock { personal: boolean; instants: boolean; days: boolean; scenarios: boolean; hours: boolean; networks: readonly (readonly string[])[] }
const clocks = new WeakMap<Metadata, Clock>()

const clockOf = (metadata: Metadata): Clock => remembered(clocks, metadata, () => {
  const policies = [...metadata.policies.values()].filter(({ off }) => !off)
  const moving = metadata.derivations().order.filter(({ moves }) => moves)
  const guards = guardsOf(metadata).map((guard) => checkedOf(metadata, guard)).filter((checked) => checked !== false).map(needsOf)
  return {
    personal: guards.some(({ readsMember }) => readsMember),
    instants: guards.some(({ reach }) => reach === 'over-time') || moving.some((each) => derivedSql(each, metadata.derivations(), 'r', NOON) !== derivedSql(each, metadata.derivations(), 'r', LATER)),
    days: moving.length > 0,
    scenarios: policies.some((policy) => policy.scenarios), hours: policies.some(({ time }) => time), networks: policies.flatMap(({ network }) => (network ? [network.ranges] : [])),
  }
})

/** Two instants of one day, wherever: what is written differently for them depends on more than the day. */
const [NOON, LATER] = [{ now: new Date('2026-11-22T12:00:00Z'), zone: 'UTC' }, { now: new Date('2026-11-22T13:01:01Z'), zone: 'UTC' }]

/** Every condition that decides about access. */
function guardsOf({ policies, roles }: Metadata): Guard[] {
  const said = [...policies.values()].flatMap(({ object, when }) => (when ? [{ object, condition: when }] : []))
  const some = [...roles.values()].flatMap(({ objects }) => Object.entries(objects).flatMap(([object, { rows }]) => (rows ? [{ object, condition: rows }] : [])))
  return [...said, ...some]
}
