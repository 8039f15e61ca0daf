import { useMemo } from 'react'
import { useCatalogue } from '../../api/catalogue.ts'
import { useDefinitions } from '../../api/definitions.ts'
import { label } from '../../i18n/index.ts'
import { mayBuild } from './rule-team.tsx'
import type { Speaker } from './speech.ts'

/** Names of everything a rule may mention. */
export function useSpeaker(): Speaker {
  const catalogue = useCatalogue()
  const { data: rules } = useDefinitions('rule', mayBuild(catalogue))
  return useMemo(() => ({ catalogue, policies: new Map(catalogue.assignmentPolicies.map((policy) => [policy.key, label(policy.label)])), rules: new Map((rules ?? []).map(({ key, body }) => [key, label(body.label)])) }), [catalogue, rules])
}
