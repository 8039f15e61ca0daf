import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import type { RecordShape } from '#contract/api'
import { useState } from 'react'
import { call, keepPreviousData, queries } from '../../api/client.ts'
import { sentenceOf } from '../../design/pieces.tsx'
import { say, sayTrouble } from '../../design/toast.tsx'
import { t } from '../../i18n/index.ts'
import { undoOf } from '../records/undo.ts'
import type { Whole } from '../records/in-chunks.ts'

export type PoolView = Awaited<ReturnType<typeof loadPools>>['pools'][number]
const loadPools = () => call('pools', {})
export const poolsQuery = { queryKey: ['records', '$pools'], queryFn: loadPools }
export const usePools = () => useQuery(poolsQuery)
export const nameOf = (pool: PoolView): string => `${pool.object}/${pool.id}`

/** The pool that was asked for; else the first in which somebody waits, and it stays open when the last one is taken. */
export function useOpenPool(pools: readonly PoolView[], asked: string | null | undefined): PoolView | undefined {
  const [first, setFirst] = useState<string | null>(null)
  if (first === null && pools[0]) setFirst(nameOf(pools.find(({ waiting }) => !('exact' in waiting) || waiting.exact > 0) ?? pools[0]))
  return pools.find((each) => nameOf(each) === asked) ?? pools.find((each) => nameOf(each) === first)
}

const PAGE = 50
/** What waits in a pool, page by page. */
export function usePoolRecords(pool: PoolView, search: string) {
  const list = useInfiniteQuery({
    queryKey: ['records', '$pools', pool.object, pool.id, search],
    queryFn: ({ pageParam, signal }) => call('poolRecords', { params: { object: pool.object, pool: pool.id }, query: { limit: PAGE, ...(search ? { search } : {}), ...(pageParam ? { cursor: pageParam } : {}) } }, { signal }),
    initialPageParam: '', getNextPageParam: (page) => page.next ?? undefined, placeholderData: keepPreviousData,
  })
  const pages = list.data?.pages ?? []
  return { list, records: pages.flatMap((page) => page.records) as RecordShape[], fields: pages[0]?.fields ?? [], related: Object.assign({}, ...pages.map((page) => page.related)) as Record<string, { object: string; title: string }> }
}

/** Claims, says what happened and how to take it back; with several refusals the caller shows them row by row. */
export async function claim(pool: PoolView, ids: readonly string[]): Promise<Whole | null> {
  try {
    const { changed, refused, undo } = await call('claim', { body: { object: pool.object, pool: pool.id, ids: [...ids] } })
    if (changed > 0 && refused.length === 0) say(t('pools.claimed', { n: changed }), undoOf(undo))
    if (refused.length > 0 && ids.length === 1) sayTrouble(refused[0]!.message)
    return refused.length > 0 && ids.length > 1 ? { changed, refused: [...refused], undos: undo ? [undo] : [], cancelled: false } : null
  } catch (error) {
    sayTrouble(sentenceOf(error))
    return null
  } finally {
    await Promise.all([['records'], ['record'], ['workbench']].map((queryKey) => queries.invalidateQueries({ queryKey })))
  }
}
