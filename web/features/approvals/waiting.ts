import { useQuery } from '@tanstack/react-query'
import { call, queries } from '../../api/client.ts'
import { useLive } from '../../api/live.ts'

/** How many things wait for one's own word; it follows by itself. */
export function useApprovalsWaiting(): number {
  const { data } = useQuery({ queryKey: ['approvals', 'waiting'], queryFn: () => call('approvalsWaiting', {}), refetchInterval: 120_000 })
  useLive({ kind: 'approvals' }, () => void queries.invalidateQueries({ queryKey: ['approvals'] }))
  return data?.waiting ?? 0
}
