import type { Dashboard, DefinitionKind, ObjectDefinition, Rule, Solution, View } from '#language/definitions'
import { type Author, definitionsOf, type DraftRefusal, metadataOf, type Published, publishAll, type StoredDefinition } from '#kernel/metadata'
import { recountLoads } from '#kernel/records'
import type { Tx } from '#platform/db'
import { isCarried, isMembersOwn } from './carried.ts'
import { factsOf, type FieldFacts, type Rename, renamed } from './places.ts'
import { KINDS, type PlanItem, type PlanOptions, planSolution, withoutRetired } from './plan.ts'

/**
 * `kept`: definitions that the tenant has made, changed or removed itself and that stand as they were.
 * `merged`: those in which the solution's changes were put beside the tenant's; both carry the conflicts that the tenant won.
 */
export type Applied =
  | { ok: true; published: Published[]; kept: PlanItem[]; merged: PlanItem[]; building: string[] }
  | { ok: false; refusals: DraftRefusal[] }

/**
 * Installs a solution, or brings an installed one up to this version, in the caller's transaction: everything or
 * nothing, as planSolution tells beforehand. Rules named in `activeRules` start active, the others as templates; a rule
 * that is there keeps its state. Repeating it changes nothing. Refused as publishAll refuses.
 */
export async function applySolution(author: Author, solution: Solution, options: PlanOptions = {}): Promise<Applied> {
  const [before, plan] = [await metadataOf(author.tx), await planSolution(author.tx, solution, options)]
  const result = await publishAll(author, plan.flatMap(({ draft }) => draft ?? []))
  if (result.ok) await recountLoads(author, before)
  const having = (...verdicts: PlanItem['verdict'][]) => plan.filter(({ verdict }) => verdicts.includes(verdict))
  return result.ok ? { ...result, kept: having('keep', 'removed'), merged: having('merge') } : result
}

/** Everything configured, as a solution that can be applied elsewhere. Retired fields stay behind, and what is one member's own affair; what they share with everybody is nobody's there, if it names nobody. */
export async function exportSolution(tx: Tx, facts: Pick<Solution, 'key' | 'label' | 'version'>): Promise<Solution> {
  const all = await Promise.all(KINDS.map(async (kind) => [kind, await definitionsOf(tx, kind)] as const))
  const rules = (all.find(([kind]) => kind === 'rule')?.[1] ?? []) as StoredDefinition<'rule'>[]
  const fieldOf = factsOf(((all.find(([kind]) => kind === 'object')?.[1] ?? []) as StoredDefinition<'object'>[]).map(({ body }) => body))
  return {
    ...facts,
    activeRules: rules.filter(({ state }) => state === 'active').map(({ key }) => key),
    ...(Object.fromEntries(all.map(([kind, definitions]) => [kind, definitions.filter((each) => isCarried(each) && (!isMembersOwn(each) || isForAll(each, fieldOf))).map(portable)])) as unknown as Pick<Solution, DefinitionKind>),
  }
}

/** A member's own that everybody sees, and that means the same elsewhere: no member, team or record is named in it. */
function isForAll({ kind, body }: StoredDefinition, fieldOf: FieldFacts): boolean {
  let named = false
  const note: Rename = (_, id) => { named = true; return id }
  renamed({ kind, body: { ...body, owner: null, teams: [] }, fieldOf }, note)
  return !named && (body as StoredDefinition<'view' | 'dashboard'>['body']).shared
}

/** Who tries a rule first is nobody elsewhere, nor is whose a shared view is. */
function portable(each: StoredDefinition): StoredDefinition['body'] {
  const { kind, body } = each
  if (isMembersOwn(each)) { const { teams: _, ...shared } = body as View | Dashboard; return { ...shared, owner: null } }
  if (kind === 'object') return withoutRetired(body) as ObjectDefinition
  if (kind !== 'rule') return body
  const { pilot: _, ...rule } = body as Rule
  return rule
}
