import type { ExportShape, RouteAnswer, Routes } from '#contract/api'
import { call } from '../../api/client.ts'

export type { ExportShape }
export type Whose = 'mine' | 'all'
export type Suspect = RouteAnswer<Routes['traceExport']>['suspects'][number]

const TOGETHER = 30
const LOOK_MS = 800
export const isActive = ({ state }: Pick<ExportShape, 'state'>): boolean => state === 'waiting' || state === 'running'

/** Looked at again while something is being made. */
export const exportsQuery = (whose: Whose) => ({
  queryKey: ['exports', whose] as const, initialPageParam: 0,
  queryFn: ({ pageParam, signal }: { pageParam: number; signal: AbortSignal }) => call('exports', { query: { whose, limit: TOGETHER, ...(pageParam && { before: pageParam }) } }, { signal }),
  getNextPageParam: (page: RouteAnswer<Routes['exports']>) => (page.items.length < TOGETHER ? undefined : page.items.at(-1)!.no),
  refetchInterval: ({ state: { data } }: { state: { data: { pages: RouteAnswer<Routes['exports']>[] } | undefined } }) => (data?.pages.some(({ items }) => items.some(isActive)) ? LOOK_MS : false as const),
})
