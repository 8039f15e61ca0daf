import { useState } from 'react'
import { useMutation, useQuery } from '@tanstack/react-query'
import type { DefinitionBody, DefinitionKind } from '#language/definitions'
import type { Routes } from '#contract/api'
import type { RouteAnswer } from '#contract/api'
import { say } from '../design/toast.tsx'
import { t } from '../i18n/index.ts'
import { forgetDefinitions } from './catalogue.ts'
import { call } from './client.ts'
import { keys } from './keys.ts'

type Stored = RouteAnswer<Routes['definition']>
export type Definition<K extends DefinitionKind> = Omit<Stored, 'body'> & { body: DefinitionBody<K> }
export type RuleState = 'template' | 'active' | 'paused'

export const useDefinitions = <K extends DefinitionKind>(kind: K, enabled = true) => useQuery({ enabled, queryKey: keys.kind(kind), queryFn: async () => (await call('definitionsOfKind', { params: { kind } })).definitions as unknown as Definition<K>[] })
export const useDefinition = <K extends DefinitionKind>(kind: K, key: string, enabled = true) => useQuery({ queryKey: keys.definition(kind, key), queryFn: async () => (await call('definition', { params: { kind, key } })) as unknown as Definition<K>, enabled })
export const useVersions = (kind: DefinitionKind, key: string) => useQuery({ queryKey: keys.versions(kind, key), queryFn: () => call('definitionVersions', { params: { kind, key } }) })

export interface Saving<K extends DefinitionKind> { key: string; body: DefinitionBody<K>; state?: RuleState; expectVersion?: number }
export const putDefinition = async <K extends DefinitionKind>(kind: K, { key, body, state, expectVersion }: Saving<K>): Promise<Definition<K>> => {
  const stored = await call('putDefinition', { params: { kind, key }, body: { body: body as unknown as Record<string, unknown>, ...(state ? { state } : {}), ...(expectVersion === undefined ? {} : { expectVersion }) } })
  await forgetDefinitions()
  return stored as unknown as Definition<K>
}

/** Saves and is live at once; a newer version by somebody else is refused, not overwritten. */
export const useSave = <K extends DefinitionKind>(kind: K, onSaved?: (stored: Definition<K>) => void) =>
  useMutation({ mutationFn: (saving: Saving<K>) => putDefinition(kind, saving), onSuccess: (stored) => { say(t('common.savedLive')); onSaved?.(stored) } })

/**
 * Something configured while it is being edited. A colleague's newer version is followed while nothing was changed
 * here; else the draft stays as it is and saving it is refused, because it goes by the version it began from.
 */
export function useDraft<K extends DefinitionKind>(stored: Definition<K> | null, first: DefinitionBody<K>) {
  const [draft, setDraft] = useState(first)
  const [base, setBase] = useState(stored)
  const take = (from: Definition<K>) => { setBase(from); setDraft(from.body) }
  const changed = !base || !same(draft, base.body)
  if (stored && base && stored.version !== base.version && (!changed || same(draft, stored.body))) take(stored)
  return { draft, setDraft, take, changed, version: base?.version ?? 0, giveUp: () => { if (stored) take(stored) } }
}
const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

/** Removes a definition; `undo` puts back what was there. `leave` takes a page that shows it elsewhere before it is forgotten. */
export async function removeDefinition<K extends DefinitionKind>(kind: K, stored: Definition<K>, name: string, leave?: () => Promise<unknown>): Promise<void> {
  await call('deleteDefinition', { params: { kind, key: stored.key } })
  await leave?.()
  await forgetDefinitions()
  say(t('common.deleted', { name }), () => putDefinition(kind, { key: stored.key, body: stored.body, ...(kind === 'rule' ? { state: stored.state as RuleState } : {}) }))
}

/** A short key nobody has to think of. */
export const freshKey = (prefix: string): string => `${prefix}_${crypto.randomUUID().slice(0, 6)}`
export const plainLabel = (text: string): { zh: string; en: string } => ({ zh: text, en: text })
