import type { Whom } from '#language/definitions'
import type { Metadata } from '#kernel/metadata'
import { Recent } from '#platform/recent'
import { isPersonal, type Looking } from './lasting.ts'
import type { Plan } from './plan.ts'
import { remembered } from './remembered.ts'
import { standing } from './rulings.ts'
import type { MemberFacts } from './types.ts'

/**
 * Members to whom the same is said in the same words, each with facts of their own in it (`Params.add` with a `Fact`): of the same roles, in the same
 * circumstances, named by the same policies, in as many teams and standing in for as many. What is written for one of them serves them all.
 */
export interface Kin { plans: Map<string, Plan>; /** By object: what stands for the lenses of all of them. */ lenses: Map<string, object> }

/** Null: nobody else is spoken to like this one. `circumstance`: its name, see circumstancesIn. */
export function kinOf({ metadata, principal }: Looking, circumstance: string | null): Kin | null {
  if (principal.kind !== 'member' || principal.pool || circumstance === null || isPersonal(metadata)) return null
  const known = remembered(kins, metadata, () => new Recent<string, Kin>(KINS))
  return known.getOrMake(`${circumstance} ${likeness(metadata, principal.member)}`, () => ({ plans: new Map(), lenses: new Map() }))
}

const KINS = 100
const kins = new WeakMap<Metadata, Recent<string, Kin>>()

function likeness(metadata: Metadata, member: MemberFacts): string {
  const { id, roles, teams, teamTree, standsFor } = member
  const named = naming(metadata).map((whom) => (standing(metadata, whom, member).always ? 1 : 0)).join('')
  return JSON.stringify([[...roles].sort(), teams.length, teamTree.length, standsFor.length, new Set([id, ...standsFor]).size, named])
}

/** Where policies name teams or members. */
const naming = (metadata: Metadata): readonly Whom[] =>
  remembered(namings, metadata, () => [...metadata.policies.values()].flatMap(({ who, except }) => [who, except]).filter((whom) => whom !== undefined && (whom.teams ?? []).length + (whom.members ?? []).length > 0) as Whom[])
const namings = new WeakMap<Metadata, readonly Whom[]>()
