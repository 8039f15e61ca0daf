import type { DefinitionKind } from '#language/definitions'
import type { Author, DefinitionState, Draft, PublishAllResult, PublishOptions, PublishResult } from './types.ts'

/** Publish one definition; `body` null removes it. */
export async function publish(author: Author, kind: DefinitionKind, key: string, body: unknown, options: PublishOptions = {}): Promise<PublishResult> {
  const result = await publishAll(author, [{ kind, key, body, ...options }])
  if (!result.ok) return { ok: false, refusals: result.refusals.map(({ refusal }) => refusal) }
  const { version, changed } = result.published[0]!
  return { ok: true, version, changed }
}

export async function publishAll(author: Author, drafts: readonly Draft[]): Promise<PublishAllResult> {
  throw new Error(`not yet ${String(author)} ${drafts.length}`)
}

export async function revert(author: Author, kind: DefinitionKind, key: string, version: number, options: PublishOptions = {}): Promise<PublishResult> {
  throw new Error(`not yet ${String([author, kind, key, version, options])}`)
}

export async function setRuleState(author: Author, key: string, state: DefinitionState, expectVersion?: number): Promise<PublishResult> {
  throw new Error(`not yet ${String([author, key, state, expectVersion])}`)
}
