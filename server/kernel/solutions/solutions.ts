import type { DefinitionKind, ObjectDefinition, Solution } from '#language/definitions'
import { type Author, definitionsOf, type DraftRefusal, metadataOf, type Published, publishAll, type StoredDefinition } from '#kernel/metadata'
import { recountLoads } from '#kernel/records'
import type { Tx } from '#platform/db'
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

/** Everything configured, as a solution that can be applied elsewhere. Private views and retired fields stay behind. */
export async function exportSolution(tx: Tx, facts: Pick<Solution, 'key' | 'label' | 'version'>): Promise<Solution> {
  const all = await Promise.all(KINDS.map(async (kind) => [kind, await definitionsOf(tx, kind)] as const))
  const rules = (all.find(([kind]) => kind === 'rule')?.[1] ?? []) as StoredDefinition<'rule'>[]
  return {
    ...facts,
    activeRules: rules.filter(({ state }) => state === 'active').map(({ key }) => key),
    ...(Object.fromEntries(all.map(([kind, definitions]) => [kind, definitions.filter(isShared).map(portable)])) as unknown as Pick<Solution, DefinitionKind>),
  }
}

const isShared = ({ kind, body }: StoredDefinition): boolean => (kind !== 'view' && kind !== 'dashboard') || (body as StoredDefinition<'view' | 'dashboard'>['body']).owner === null

const portable = ({ kind, body }: StoredDefinition): StoredDefinition['body'] => (kind === 'object' ? (withoutRetired(body) as ObjectDefinition) : body)
