import { call, queries } from '../../api/client.ts'
import type { RouteAnswer, Routes } from '#contract/api'

export type Approval = RouteAnswer<Routes['approval']>
export const approvalsQuery = { queryKey: ['approvals'], queryFn: () => call('approvals', {}) }
export const approvalQuery = (id: string) => ({ queryKey: ['approvals', id], queryFn: () => call('approval', { params: { id } }), retry: false })
export const refreshApprovals = (): Promise<void> => queries.invalidateQueries({ queryKey: ['approvals'] })
