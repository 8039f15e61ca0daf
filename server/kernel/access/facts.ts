import { once } from './grounds.ts'
import type { Fact, MemberFacts, Place } from './types.ts'

/** What statements say of whoever reads. A parameter that depends on the reader is one of these: the words around it are shared by many. */
export const ME: Fact = ({ id }) => id
export const TEAM_TREE: Fact = ({ teamTree }) => teamTree
const FOR: Fact[] = []
/** The nth of those for whom they stand in. */
const awayAt = (n: number): Fact => (FOR[n] ??= ({ standsFor }) => standsFor[n])

/** Records of those for whom a member stands in. */
export const awayOwners = ({ standsFor }: MemberFacts, { alias, params }: Pick<Place, 'alias' | 'params'>): string[] =>
  standsFor.map((each, n) => `${alias}.owner = ${once(params, `for ${each}`, () => params.add(each, 'int', awayAt(n)))}`)
