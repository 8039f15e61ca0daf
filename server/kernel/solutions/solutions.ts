import { DEFINITION_KINDS, type DefinitionKind, type ObjectDefinition, type Solution } from '#language/definitions'
import { type Author, definitionsOf, type Draft, type DraftRefusal, hashOf, type Published, publishAll, type StoredDefinition } from '#kernel/metadata'
import type { Tx } from '#platform/db'

export interface ApplyOptions {
  /** Only what the tenant does not have; what it has stays as it is, changed or not. */
  onlyMissing?: boolean
}
/** `kept`: definitions that the tenant has made, changed or removed itself; they were left alone. */
export type Applied = { ok: true; published: Published[]; kept: { kind: DefinitionKind; key: string }[]; building: string[] } | { ok: false; refusals: DraftRefusal[] }

const KINDS = Object.keys(DEFINITION_KINDS) as DefinitionKind[]

/**
 * Installs a solution, or brings an installed one up to this version, in the caller's transaction: everything or
 * nothing. Rules named in `activeRules` start active, the others as templates; a rule that is there keeps its state.
 * Repeating it changes nothing. Refused as publishAll refuses.
 */
export async function applySolution(author: Author, solution: Solution, { onlyMissing = false }: ApplyOptions = {}): Promise<Applied> {
  const history = await historyOf(author.tx)
  const wishes = KINDS.flatMap((kind) => solution[kind].map((body) => ({ kind, key: body.key, body, solution: solution.key, state: stateOf(kind, body.key, solution) })))
  const verdicts = wishes.map((wish) => ({ wish, past: history.get(`${wish.kind}:${wish.key}`) }))
  const [mine, theirs] = [verdicts.filter(({ past }) => isOurs(past, onlyMissing)), verdicts.filter(({ past }) => !isOurs(past, onlyMissing))]
  const result = await publishAll(author, mine.map(({ wish, past }): Draft => (past ? { ...wish, state: undefined } : wish)))
  return result.ok ? { ...result, kept: theirs.map(({ wish: { kind, key } }) => ({ kind, key })) } : result
}

const stateOf = (kind: DefinitionKind, key: string, { activeRules }: Solution) =>
  kind === 'rule' ? (activeRules.includes(key) ? ('active' as const) : ('template' as const)) : undefined

/** `body` null: the tenant removed it. */
type Past = Pick<StoredDefinition, 'installed'> & { body: unknown }

function isOurs(past: Past | undefined, onlyMissing: boolean): boolean {
  if (!past) return true
  return !onlyMissing && past.body !== null && hashOf(past.body) === past.installed
}

async function historyOf(tx: Tx): Promise<ReadonlyMap<string, Past>> {
  const rows = await tx.query<Past & { id: string }>(`select v.kind || ':' || v.key as id, d.body, d.installed
    from (select distinct kind, key from {t}.definition_version) v left join {t}.definition d on d.kind = v.kind and d.key = v.key`)
  return new Map(rows.map(({ id, body, installed }) => [id, { body, installed }]))
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

const isShared = ({ kind, body }: StoredDefinition): boolean => kind !== 'view' || (body as StoredDefinition<'view'>['body']).owner === null

function portable({ kind, body }: StoredDefinition): StoredDefinition['body'] {
  if (kind !== 'object') return body
  const object = body as ObjectDefinition
  return { ...object, fields: object.fields.filter(({ retired }) => !retired) }
}
