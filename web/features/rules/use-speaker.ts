import { useMemo } from 'react'
import { useCatalogue } from '../../api/catalogue.ts'
import { label } from '../../i18n/index.ts'
import type { Speaker } from './speech.ts'

/** Names of everything a rule may mention. */
export function useSpeaker(): Speaker {
  const catalogue = useCatalogue()
  return useMemo(() => ({ catalogue, policies: new Map(catalogue.assignmentPolicies.map((policy) => [policy.key, label(policy.label)])) }), [catalogue])
}
