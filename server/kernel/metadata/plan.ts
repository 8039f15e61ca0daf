import { refuse, type Refusal } from '#contract'
import type { DefinitionKind, Field, ObjectDefinition } from '#language/definitions'
import { canonical, hashOf } from './canonical.ts'
import { type Finding, finding, refusalOf, repeated } from './checks/finding.ts'
import { parseBody } from './parse.ts'
import type { DefinitionState, Draft, DraftRefusal, StoredDefinition } from './types.ts'

/** What is known of a key from its history: its highest version and the last body that it had. */
export interface Past { version: number; body: unknown }

/** One definition that this publication touches. `after` null: it is removed. `kept`: nothing differs. */
export interface Planned {
  kind: DefinitionKind
  key: string
  before: StoredDefinition | undefined
  after: StoredDefinition | null
  version: number
  kept: boolean
  /** Object: its table and columns as they exist, retired fields included; null when there is no table yet. */
  shaped: ObjectDefinition | null
}
export type Plan = { ok: true; planned: Planned[] } | { ok: false; refusals: DraftRefusal[] }

export const idOf = (kind: string, key: string): string => `${kind}:${key}`

/** Drafts and what stands today → what would stand. Pure. Refused: bad shape, stale version, changed kinds. */
export function planOf(drafts: readonly Draft[], stored: readonly StoredDefinition[], past: ReadonlyMap<string, Past>): Plan {
  const twice = repeated(drafts.map(({ kind, key }) => idOf(kind, key)))
  if (twice.length > 0) return { ok: false, refusals: drafts.filter(({ kind, key }) => twice.includes(idOf(kind, key))).slice(1).map(({ kind, key }) => ({ kind, key, refusal: refusalOf(finding('', `「${key}」出现多次`, `“${key}” stands more than once`)) })) }
  const standing = new Map(stored.map((each) => [idOf(each.kind, each.key), each]))
  const each = drafts.map((draft) => planDraft(draft, standing.get(idOf(draft.kind, draft.key)), past.get(idOf(draft.kind, draft.key))))
  const refusals = each.flatMap((one) => ('refusals' in one ? one.refusals : []))
  return refusals.length > 0 ? { ok: false, refusals } : { ok: true, planned: each.filter((one) => 'planned' in one).map(({ planned }) => planned) }
}

type One = { planned: Planned } | { refusals: DraftRefusal[] }

function planDraft(draft: Draft, before: StoredDefinition | undefined, past: Past | undefined): One {
  const { kind, key } = draft
  const no = (...refusals: Refusal[]): One => ({ refusals: refusals.map((refusal) => ({ kind, key, refusal })) })
  const current = before?.version ?? 0
  if (draft.expectVersion !== undefined && draft.expectVersion !== current) return no(refuse('DEFINITION_STALE', undefined, { version: current }))
  if (draft.body === null) return before ? { planned: removal(before) } : no(refuse('NOT_FOUND'))
  const parsed = parseBody(kind, key, draft.body)
  if (!parsed.ok) return no(...parsed.found.map(refusalOf))
  const state = stateFor(draft, before)
  if (!state) return no(refusalOf(finding('state', '只有规则才有模板、启用和暂停', 'Only a rule can be a template, active or paused')))
  const shaped = kind === 'object' ? ((before?.body ?? past?.body ?? null) as ObjectDefinition | null) : null
  const found = shaped ? changedKinds(parsed.body as ObjectDefinition, shaped) : []
  if (found.length > 0) return no(...found.map(refusalOf))
  const body = shaped ? withRetired(parsed.body as ObjectDefinition, shaped) : parsed.body
  return { planned: addition(draft, { before, past, state, body, shaped }) }
}

const removal = (before: StoredDefinition): Planned => ({ kind: before.kind, key: before.key, before, after: null, version: before.version + 1, kept: false, shaped: null })

interface Drafted { before: StoredDefinition | undefined; past: Past | undefined; state: DefinitionState; body: StoredDefinition['body']; shaped: ObjectDefinition | null }

function addition({ kind, key, solution, base }: Draft, { before, past, state, body, shaped }: Drafted): Planned {
  const kept = before !== undefined && before.state === state && canonical(before.body) === canonical(body)
  const version = kept ? before.version : (before?.version ?? past?.version ?? 0) + 1
  const installed = solution === undefined ? { solution: before?.solution ?? null, installed: before?.installed ?? null, base: before?.base } : { solution, installed: hashOf(base ?? body), base }
  return { kind, key, before, after: { kind, key, version, state, body, ...installed }, version, kept, shaped }
}

function stateFor({ kind, state }: Draft, before: StoredDefinition | undefined): DefinitionState | undefined {
  if (kind === 'rule') return state ?? before?.state ?? 'template'
  return state === undefined || state === 'active' ? 'active' : undefined
}

function changedKinds(next: ObjectDefinition, shaped: ObjectDefinition): Finding[] {
  const kindOf = new Map(shaped.fields.map(({ key, kind }) => [key, kind]))
  return next.fields.flatMap(({ key, kind }, i) => {
    const was = kindOf.get(key) ?? kind
    return was === kind ? [] : [finding(`fields.${i}.kind`, `字段「${key}」的类型是 ${was}，不能改；请新建一个字段`, `Field “${key}” is of kind ${was}, which never changes; add a new field`)]
  })
}

/** A field left out is retired: its column and what it holds are kept. */
function withRetired(next: ObjectDefinition, shaped: ObjectDefinition): ObjectDefinition {
  const named = new Set(next.fields.map(({ key }) => key))
  const retired = shaped.fields.filter(({ key }) => !named.has(key)).map((field): Field => ({ ...field, retired: true }))
  return retired.length === 0 ? next : { ...next, fields: [...next.fields, ...retired] }
}
