import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { RouteAnswer, Routes } from '#contract/api'
import { call, queries } from '../../api/client.ts'
import { useLive } from '../../api/live.ts'
import { say } from '../../design/toast.tsx'
import { t } from '../../i18n/index.ts'

export type Approval = RouteAnswer<Routes['approval']>
export const approvalsQuery = { queryKey: ['approvals'], queryFn: () => call('approvals', {}) }
export const approvalQuery = (id: string) => ({ queryKey: ['approvals', id], queryFn: () => call('approval', { params: { id } }), retry: false })
export const refreshApprovals = (): Promise<void> => queries.invalidateQueries({ queryKey: ['approvals'] })

/** One's own word, said once. Who says no says why. Without a network nothing waits to be said later: it is refused at once. */
export function useDecide(id: string, agree: boolean, onDone: () => void) {
  const [reason, setReason] = useState('')
  const [tried, setTried] = useState(false)
  const decide = useMutation({ networkMode: 'always', mutationFn: () => call('decideApproval', { params: { id }, body: { agree, reason: reason.trim() } }), onSuccess: async () => { say(t(agree ? 'approvals.agreed' : 'approvals.refused')); onDone(); await refreshApprovals() } })
  const submit = () => { setTried(true); if (agree || reason.trim()) decide.mutate() }
  return { reason, setReason, submit, busy: decide.isPending, error: decide.error, missing: tried && !agree && !reason.trim() ? t('records.mustFill') : null }
}

/** Every open list of approvals, and what counts them, follow. */
export const useApprovalsLive = (): void => useLive({ kind: 'approvals' }, () => void refreshApprovals())
export const useApprovals = () => { useApprovalsLive(); return useQuery(approvalsQuery) }
