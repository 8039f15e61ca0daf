import type { Refusal } from '#contract'
import type { DefinitionKind } from '#language/definitions'
import type { Tx } from '#platform/db'
import { buildMetadata } from './build.ts'
import { checkDefinition } from './checks/index.ts'
import { refusalOf } from './checks/finding.ts'
import { parseBody } from './parse.ts'
import { readStored } from './read.ts'
import type { Metadata, StoredDefinition } from './types.ts'

export interface AsIf { kind: DefinitionKind; key: string; body: unknown }
export type AsIfResult = { ok: true; now: Metadata; asIf: Metadata } | { ok: false; refusals: Refusal[] }

/**
 * Everything configured, and the same with this definition in force. It is checked as its publication would be, but for channels that are not
 * connected yet (those too where it is `strict`); nothing is stored. One statement.
 */
export async function metadataAsIf(tx: Tx, { kind, key, body, strict = false }: AsIf & { strict?: boolean }): Promise<AsIfResult> {
  const parsed = parseBody(kind, key, body)
  if (!parsed.ok) return { ok: false, refusals: parsed.found.map(refusalOf) }
  const stored = await readStored(tx)
  const before = stored.definitions.find((each) => each.kind === kind && each.key === key)
  const draft = { kind, key, version: (before?.version ?? 0) + 1, state: 'active', body: parsed.body, solution: null, installed: null } satisfies StoredDefinition
  const asIf = buildMetadata({ ...stored, definitions: [...stored.definitions.filter((each) => each !== before), draft] })
  const found = checkDefinition(draft, asIf).filter(({ code, path }) => strict || code !== 'RULE_NOT_SUPPORTED' || !path.startsWith('actions'))
  return found.length > 0 ? { ok: false, refusals: found.map(refusalOf) } : { ok: true, now: buildMetadata(stored), asIf }
}
