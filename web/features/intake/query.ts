import { call, queries } from '../../api/client.ts'
import type { Routes, RouteAnswer } from '#contract/api'

export type Submission = RouteAnswer<Routes['submissions']>['items'][number]
export const intakeKey = ['submissions'] as const

export const forgetSubmissions = () => Promise.all([queries.invalidateQueries({ queryKey: intakeKey }), queries.invalidateQueries({ queryKey: ['records'] })])
export const dismiss = async (id: string, reason: string): Promise<void> => { await call('dismissSubmission', { params: { id }, body: { reason } }); await forgetSubmissions() }
export const putBack = async (id: string): Promise<void> => { await call('reopenSubmission', { params: { id } }); await forgetSubmissions() }
