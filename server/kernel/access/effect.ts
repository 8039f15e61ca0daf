import { OBJECT_ACTIONS, READ_STATES, type Policy } from '#language/definitions'
import { canonical, type Metadata } from '#kernel/metadata'
import { eyesOn, withPolicy } from './eyes.ts'
import type { Plan } from './plan.ts'
import type { Reckoning } from './preview.ts'
import { memberRows } from './principal.ts'
import type { Context } from './types.ts'

/** What a change of policies gives to members and takes from them. `some`: the same fields or actions, of other records than before. */
export interface PolicyEffect { gains: Changed; losses: Changed }
export interface Changed { read: Reckoning; write: Reckoning; reach: Reckoning }
type What = keyof Changed
const WHATS: readonly What[] = ['read', 'write', 'reach']

/** What publishing this policy (null: removing it) changes for every active member. Nothing is written. */
export async function effectOfPolicy(ctx: Context, key: string, policy: Policy | null): Promise<PolicyEffect> {
  const after = withPolicy(ctx.metadata, key, policy)
  const objects = new Set([policy?.object, ctx.metadata.policies.get(key)?.object].filter((object) => object !== undefined))
  const rows = [...(await memberRows(ctx.tx)).values()]
  const [gains, losses] = [tally(), tally()]
  for (const object of objects) {
    const [was, is] = [thingsBy(ctx.metadata, object, rows), thingsBy(after, object, rows)]
    for (const [member, things] of is) {
      note(gains, things, was.get(member)!)
      note(losses, was.get(member)!, things)
    }
  }
  return { gains: told(gains), losses: told(losses) }
}

type Tally = Record<What, { members: number; things: Set<string> }>
const tally = (): Tally => ({ read: { members: 0, things: new Set() }, write: { members: 0, things: new Set() }, reach: { members: 0, things: new Set() } })
const told = (noted: Tally): Changed => Object.fromEntries(WHATS.map((what) => [what, { members: noted[what].members, things: noted[what].things.size }])) as unknown as Changed

/** How much of a thing somebody has: `most` in the best of records, `least` in all of them. */
interface Span { most: number; least: number; where: string }
type Things = Record<What, Map<string, Span>>
const NOTHING: Span = { most: 0, least: 0, where: '' }

function note(noted: Tally, these: Things, those: Things): void {
  for (const what of WHATS) {
    const more = [...these[what]].filter(([thing, span]) => exceeds(span, those[what].get(thing) ?? NOTHING)).map(([thing]) => thing)
    if (more.length > 0) noted[what].members += 1
    for (const thing of more) noted[what].things.add(thing)
  }
}

/** More in the best case or in the worst; where both are alike and the records are others, somebody gains some and loses some. */
const exceeds = (a: Span, b: Span): boolean => a.most > b.most || a.least > b.least || (a.most === b.most && a.least === b.least && a.most > a.least && a.where !== b.where)

function thingsBy(metadata: Metadata, object: string, rows: Parameters<typeof eyesOn>[2]): Map<number, Things> {
  return new Map(eyesOn(metadata, object, rows).flatMap(({ members, plan }) => { const things = thingsOf(metadata, plan); return members.map(({ id }) => [id, things] as const) }))
}

const WIDTH = { none: 0, own: 1, team: 2, teamTree: 3, all: 4 } as const
const rank = (state: (typeof READ_STATES)[number]): number => READ_STATES.indexOf(state)

function thingsOf(metadata: Metadata, plan: Plan): Things {
  const things: Things = { read: new Map(), write: new Map(), reach: new Map() }
  for (const { key, read } of plan.readable.filter((field) => metadata.objects.get(plan.object)?.field.has(field.key))) {
    const [varied, writes] = [plan.varied.get(key), plan.writable.has(key) && (plan.scope.edit !== 'none' || plan.scope.create !== 'none')]
    const span = (most: number, least: number, where: unknown): Span => ({ most, least, where: canonical(where) })
    const states = varied ? [varied.base, ...varied.allows.map(({ state }) => state)] : [read as (typeof READ_STATES)[number]]
    const most = Math.max(...states.map(rank))
    things.read.set(`${plan.object} ${key}`, varied ? span(most, Math.min(rank(varied.base), ...varied.limits.map(({ state }) => rank(state))), [varied.allows, varied.limits]) : span(most, most, null))
    if (writes) things.write.set(`${plan.object} ${key}`, span(2, varied && (!varied.writes.base || varied.writes.limits.length > 0 || varied.limits.length > 0) ? 1 : 2, varied ? [varied.writes, varied.limits] : null))
  }
  for (const action of OBJECT_ACTIONS) {
    const rules = plan.rules[action]
    if (plan.scope[action] !== 'none') things.reach.set(`${plan.object} ${action}`, { most: rules?.allows.length ? WIDTH.all : WIDTH[plan.scope[action]], least: rules?.limits.length ? 0 : WIDTH[plan.open[action]], where: canonical([rules?.allows ?? [], rules?.limits ?? [], plan.some]) })
  }
  return things
}
