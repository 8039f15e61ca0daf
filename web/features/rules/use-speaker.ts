import { useMemo } from 'react'
import { useCatalogue } from '../../api/catalogue.ts'
import { useDefinitions } from '../../api/definitions.ts'
import { label } from '../../i18n/index.ts'
import type { Speaker } from './speech.ts'

/** Names of everything a rule may mention. Policies stay nameless for those who may not read them. */
export function useSpeaker(): Speaker {
  const catalogue = useCatalogue()
  const { data } = useDefinitions('assignmentPolicy')
  return useMemo(() => ({ catalogue, policies: new Map((data ?? []).map((policy) => [policy.key, label(policy.body.label)])) }), [catalogue, data])
}
