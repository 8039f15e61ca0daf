import { createHash } from 'node:crypto'
import type { DefinitionKind } from '#language/definitions'
import type { Author } from './types.ts'

export interface LoggedChange { kind: DefinitionKind; key: string; version: number; fields: Record<string, [before: unknown, after: unknown]> }

/** The id under which a definition stands in the change log (object `definition:<kind>`): the same in every tenant, made from its key. */
export function definitionRecord(kind: DefinitionKind, key: string): string {
  const hex = createHash('sha256').update(`definition:${kind}:${key}`).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

/**
 * One act and a change per definition, sealed like any other. Written here and not through #kernel/changes: that room
 * stands above this one (it reads Metadata), and a definition has no timeline and wakes no rule. Returns the act.
 */
export async function logDefinitions({ tx, actor, request, reason }: Author, changes: readonly LoggedChange[]): Promise<number> {
  const rows = changes.map(({ kind, key, version, fields }) => ({ o: `definition:${kind}`, r: definitionRecord(kind, key), v: version, f: fields }))
  const [act] = await tx.query<{ id: number }>(LOG, [actor.kind, refOf(actor), request?.ip ?? null, request?.agent ?? null, request?.id ?? null, tx.now, JSON.stringify(rows), reason ?? null], { name: 'log definitions' })
  return act!.id
}

function refOf(actor: Author['actor']): string {
  switch (actor.kind) {
    case 'member': return String(actor.id)
    case 'rule': return actor.key
    case 'source': return actor.form
    case 'system': return actor.reason
  }
}

const LOG = `with a as (
    insert into {t}.act (actor_kind, actor_ref, cause, ip, agent, request, at, reason) values ($1, $2, '{"kind":"definition"}', $3, $4, $5, $6, $8) returning id
  ), u as (
    insert into {t}.unsealed (act) select id from a
  ), c as (
    insert into {t}.change (act, object, record, record_version, fields)
    select a.id, x.o, x.r, x.v, x.f from a, json_to_recordset($7) as x(o text, r uuid, v int, f jsonb)
  ) select id from a`
