import { DEFINITION_KINDS, type DefinitionBody, type DefinitionKind } from '#language/definitions'
import type { Tx } from '#platform/db'
import type { DefinitionVersion, StoredDefinition } from './types.ts'

const COLUMNS = 'kind, key, version, state, body, solution, installed'

/** All definitions of one kind as stored, by key, bodies in the property order of their schema. */
export async function definitionsOf<K extends DefinitionKind>(tx: Tx, kind: K): Promise<StoredDefinition<K>[]> {
  const rows = await tx.query<StoredDefinition<K>>(`select ${COLUMNS} from {t}.definition where kind = $1 order by key`, [kind])
  return rows.map(inOrder)
}

export async function definitionOf<K extends DefinitionKind>(tx: Tx, kind: K, key: string): Promise<StoredDefinition<K> | undefined> {
  const rows = await tx.query<StoredDefinition<K>>(`select ${COLUMNS} from {t}.definition where kind = $1 and key = $2`, [kind, key])
  return rows.map(inOrder)[0]
}

/** Every version ever published of one definition, newest first; empty when there never was one. */
export const versionsOf = (tx: Tx, kind: DefinitionKind, key: string): Promise<DefinitionVersion[]> =>
  tx.query<DefinitionVersion>(`select v.version, v.state, v.body, v.act, v.at, json_build_object('kind', a.actor_kind, 'ref', a.actor_ref) as actor
    from {t}.definition_version v left join {t}.act a on a.id = v.act where v.kind = $1 and v.key = $2 order by v.version desc`, [kind, key])

/** jsonb forgets the order of properties; the schema knows it. A body that an older version stored stays as it is. */
export function inOrder<K extends DefinitionKind>(stored: StoredDefinition<K>): StoredDefinition<K> {
  const parsed = DEFINITION_KINDS[stored.kind].safeParse(stored.body)
  return parsed.success ? { ...stored, body: parsed.data as DefinitionBody<K> } : stored
}
