import { DEFINITION_KINDS, type DefinitionKind, type ObjectDefinition, type Solution } from '#language/definitions'
import { type DefinitionState, type Draft, hashOf, type StoredDefinition } from '#kernel/metadata'
import type { Tx } from '#platform/db'
import { type Conflict, mergeBodies } from './merge.ts'

/**
 * What a solution would do to one definition. `new`: it is not here yet. `same`: it stands already. `update`: the tenant left it as it was.
 * `merge`: both changed it; what the tenant changed stays. `keep`: it stays as the tenant has it. `removed`: the tenant took it away, it stays away.
 */
export type Verdict = 'new' | 'same' | 'update' | 'merge' | 'keep' | 'removed'
export interface PlanItem { kind: DefinitionKind; key: string; label: { zh: string; en: string }; verdict: Verdict; conflicts: Conflict[]; draft: Draft | null }

export const KINDS = Object.keys(DEFINITION_KINDS) as DefinitionKind[]

export interface PlanOptions {
  /** Only what the tenant does not have; what it has stays as it is, changed or not. */
  onlyMissing?: boolean
}

/** What applying the solution would do, definition by definition, nothing written. One statement. */
export async function planSolution(tx: Tx, solution: Solution, { onlyMissing = false }: PlanOptions = {}): Promise<PlanItem[]> {
  const history = await historyOf(tx)
  return KINDS.flatMap((kind) => solution[kind].map((body): PlanItem => {
    const wish: Wish = { kind, key: body.key, body, solution: solution.key, state: stateOf(kind, body.key, solution) }
    const past = history.get(`${kind}:${body.key}`)
    return { kind, key: body.key, label: body.label, ...judged(wish, past, onlyMissing) }
  }))
}

type Wish = Pick<Draft, 'kind' | 'key' | 'state'> & { body: unknown; solution: string }
type Judged = Pick<PlanItem, 'verdict' | 'conflicts' | 'draft'>

function judged(wish: Wish, past: Past | undefined, onlyMissing: boolean): Judged {
  if (!past) return { verdict: 'new', conflicts: [], draft: wish }
  if (past.body === null) return kept('removed')
  if (onlyMissing) return kept('keep')
  const mine = withoutRetired(past.body)
  if (hashOf(past.body) === past.installed) return { verdict: hashOf(wish.body) === hashOf(mine) ? 'same' : 'update', conflicts: [], draft: again(wish) }
  return past.base === null ? kept('keep') : merged(wish, mine, withoutRetired(past.base))
}

const kept = (verdict: Verdict): Judged => ({ verdict, conflicts: [], draft: null })

/** What is there keeps its state. */
const again = (wish: Wish): Draft => ({ ...wish, state: undefined })

function merged(wish: Wish, mine: unknown, base: unknown): Judged {
  const { body, conflicts } = mergeBodies({ base, mine, theirs: wish.body })
  const verdict = hashOf(body) === hashOf(mine) ? 'keep' : 'merge'
  return { verdict, conflicts, draft: { ...again(wish), body, base: wish.body } }
}

const stateOf = (kind: DefinitionKind, key: string, { activeRules }: Solution) =>
  kind === 'rule' ? (activeRules.includes(key) ? ('active' as const) : ('template' as const)) : undefined

/** A retired field is one that is not there; publishing keeps what it holds. */
export const withoutRetired = (body: unknown): unknown =>
  isObject(body) ? { ...body, fields: body.fields.filter(({ retired }) => !retired) } : body

const isObject = (body: unknown): body is ObjectDefinition => body !== null && typeof body === 'object' && 'fields' in body && 'title' in body

/** `body` null: the tenant removed it. `base`: the body as it was last installed; null when the tenant made it. */
export interface Past { body: unknown; state: DefinitionState | null; solution: string | null; installed: StoredDefinition['installed']; base: unknown }

/** A definition as a solution last brought it, whatever the tenant has made of it since; null: none did, or nobody knows any more. One statement. */
export async function templateOf(tx: Tx, kind: DefinitionKind, key: string): Promise<unknown> {
  const [past] = await tx.query<Pick<Past, 'installed' | 'base'> & { versions: readonly unknown[] | null }>(`select d.installed, d.base,
      (select array_agg(v.body order by v.version desc) from {t}.definition_version v where v.kind = d.kind and v.key = d.key and v.body is not null) as versions
    from {t}.definition d where d.kind = $1 and d.key = $2 and d.installed is not null`, [kind, key])
  return past ? baseOf(past) : null
}

const baseOf = ({ installed, base, versions }: Pick<Past, 'installed' | 'base'> & { versions: readonly unknown[] | null }): unknown => base ?? versions?.find((body) => hashOf(body) === installed) ?? null

export async function historyOf(tx: Tx): Promise<ReadonlyMap<string, Past>> {
  const rows = await tx.query<Past & { id: string; versions: readonly unknown[] | null }>(`select v.kind || ':' || v.key as id, d.body, d.state, d.solution, d.installed, d.base,
      case when d.installed is not null and d.base is null then v.bodies end as versions
    from (select kind, key, array_agg(body order by version desc) filter (where body is not null) as bodies from {t}.definition_version group by kind, key) v
    left join {t}.definition d on d.kind = v.kind and d.key = v.key`)
  return new Map(rows.map(({ id, versions, ...past }) => [id, { ...past, base: baseOf({ ...past, versions }) }]))
}
