import type { RouteAnswer, Routes } from '#contract/api'
import { call, queries } from '../../api/client.ts'

export type Deletion = RouteAnswer<Routes['deletions']>['items'][number]

export const deletionsQuery = { queryKey: ['deletions'], queryFn: () => call('deletions', {}) }
export const deletionQuery = (id: string) => ({ queryKey: ['deletions', id], queryFn: () => call('deletion', { params: { id } }) })
export const limitQuery = { queryKey: ['deletions', 'limit'], queryFn: () => call('deletionLimit', {}) }

export const refreshDeletions = (): Promise<unknown> => Promise.all([['deletions'], ['records'], ['workbench']].map((queryKey) => queries.invalidateQueries({ queryKey })))
