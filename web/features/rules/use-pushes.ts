import { useQuery } from '@tanstack/react-query'
import { call } from '../../api/client.ts'

/** What came lately to a rule's address; nothing while the rule is not saved, or has none. */
export const usePushes = (rule: string | undefined, quiet = false) =>
  useQuery({ queryKey: ['pushes', rule], enabled: rule !== undefined, retry: false, queryFn: ({ signal }) => call('pushes', { params: { rule: rule! } }, { signal }), ...(!quiet && { refetchInterval: 5_000 }) })
