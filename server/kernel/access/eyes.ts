import type { Metadata } from '#kernel/metadata'
import { closedPlan, rolePlan, type Plan } from './plan.ts'
import { factsOf, type MemberRow } from './principal.ts'
import { rulingsOn, type Circumstances, type Ruling } from './rulings.ts'
import type { MemberFacts } from './types.ts'

/** Members who hold the same roles and are concerned by the same policies: what one of them may do, all of them may. */
export interface Eyes { members: readonly MemberFacts[]; plan: Plan; rulings: readonly Ruling[] }

/** Everybody active, by what they may do with an object at a screen in working time. Pure. */
export function eyesOn(metadata: Metadata, object: string, rows: Iterable<MemberRow>): Eyes[] {
  const definition = metadata.objects.get(object)
  const members = [...rows].filter(({ active }) => active).map((row) => factsOf(row, metadata, []))
  const seen = members.map((member) => ({ member, rulings: rulingsOn(metadata, object, () => atScreen(member)) }))
  const groups = Map.groupBy(seen, ({ member, rulings }) => JSON.stringify([[...member.roles].sort(), rulings.map(({ policy, relations, spared }) => [policy.key, relations, spared])]))
  return [...groups.values()].map((group) => {
    const [{ member, rulings }] = group as [(typeof seen)[number]]
    return { members: group.map((each) => each.member), rulings, plan: definition ? rolePlan(metadata, definition, member.roles, rulings) : closedPlan(object) }
  })
}

const atScreen = (member: MemberFacts): Circumstances => ({ member, scenario: 'screen', working: true, ip: null })

/** The definitions as they would stand with this policy, or without the one of that key. */
export function withPolicy(metadata: Metadata, key: string, policy: Metadata['policies'] extends ReadonlyMap<string, infer P> ? P | null : never): Metadata {
  const policies = new Map([...metadata.policies].filter(([each]) => each !== key))
  if (policy) policies.set(key, policy)
  return { ...metadata, policies, policiesOf: (object) => [...policies.values()].filter((each) => !each.off && each.object === object) }
}
