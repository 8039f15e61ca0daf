import { addressFor } from '#contract/client'
import type { RouteAnswer, Routes } from '#contract/api'
import { call, queries } from '../../api/client.ts'
import { t } from '../../i18n/index.ts'

export type Erasure = RouteAnswer<Routes['erasures']>['items'][number]
export type Counts = NonNullable<Erasure['counts']>
export type Plan = RouteAnswer<Routes['planErasure']>

const LOOK_MS = 1_500
export const erasuresQuery = { queryKey: ['erasures'], queryFn: () => call('erasures', {}) }
/** Looked at again until it is carried out. */
export const erasureQuery = (id: string) => ({ queryKey: ['erasures', id], queryFn: () => call('erasure', { params: { id } }), refetchInterval: ({ state: { data } }: { state: { data: { state: string } | undefined } }) => (data?.state === 'agreed' ? LOOK_MS : false as const) })

export const refreshErasures = (): Promise<unknown> => Promise.all([['erasures'], ['records'], ['workbench']].map((queryKey) => queries.invalidateQueries({ queryKey })))

const KINDS = ['records', 'about', 'changes', 'submissions', 'notices', 'files', 'traces', 'acts', 'mentions'] as const
/** Each kind of which there is something. */
export const countFacts = (counts: Counts): (readonly [string, string])[] => KINDS.filter((kind) => counts[kind] > 0).map((kind) => [t(`erasures.n_${kind}`), String(counts[kind])] as const)

export function takeCopy(record: { object: string; id: string }): void {
  const link = document.createElement('a')
  link.href = addressFor('personalCopy', { params: record })
  link.download = ''
  link.click()
}
