import { useQuery } from '@tanstack/react-query'
import { call } from '../../api/client.ts'

/** How rules have done in the last seven days, and what waits or is parked now. */
export const useHealth = (enabled = true) => useQuery({ queryKey: ['ruleHealth'], enabled, queryFn: ({ signal }) => call('ruleHealth', {}, { signal }), staleTime: 30_000 }).data
